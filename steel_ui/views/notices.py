"""What the reader must know before believing the page: simulated data, and what is missing with its remedy."""

from __future__ import annotations

from html import escape

from steel_ui.client import Problem
from steel_ui.state import Data
from steel_ui.words import Words


def notices_html(data: Data, problems: tuple[Problem, ...], *, words: Words, url: str, retry_s: float) -> str:
    """The banners, most urgent first; empty where there is nothing to say."""
    return _problems_html(data, problems, words=words, url=url, retry_s=retry_s) + _simulated_html(data, words)


def _problems_html(data: Data, problems: tuple[Problem, ...], *, words: Words, url: str, retry_s: float) -> str:
    if not problems:
        return ""
    title = words("stale_title" if data.is_complete else "problem_title")
    items = "".join(f"<li>{_problem_html(problem, words, url)}</li>" for problem in problems)
    retry = words("retrying", seconds=f"{retry_s:g}")
    return (
        f'<section class="notice" role="alert"><strong>{escape(title)}</strong>'
        f"<ul>{items}</ul><small>{escape(retry)}</small></section>"
    )


def _problem_html(problem: Problem, words: Words, url: str) -> str:
    what, remedy = problem.what, problem.remedy
    if problem.code:
        what, remedy = words(problem.code, url=url, what=what), words(f"{problem.code}_remedy")
    return f"{escape(what)} {escape(remedy)}".strip()


def _simulated_html(data: Data, words: Words) -> str:
    if data.health is None or data.health.source is None or not data.health.source.is_simulated:
        return ""
    return (
        f'<section class="notice" role="status"><strong>{escape(words("simulated_title"))}</strong>'
        f"<p>{escape(words('simulated_text'))}</p></section>"
    )
