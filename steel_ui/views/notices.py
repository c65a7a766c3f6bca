"""What the reader must know before believing the page: simulated data, and what is missing with its remedy."""

from __future__ import annotations

from html import escape

from steel_ui.client import Problem
from steel_ui.state import Data
from steel_ui.words import Words


def notices_html(data: Data, problems: tuple[Problem, ...], *, words: Words, url: str) -> str:
    """The banners, most urgent first; empty where there is nothing to say.

    Args:
        data: what the page shows at the moment.
        problems: what is missing.
        words: the reader's language; what the service says of itself stays in its own words.
        url: address of the service.
    """
    return _problems_html(data, problems, words=words, url=url) + _simulated_html(data, words)


def _problems_html(data: Data, problems: tuple[Problem, ...], *, words: Words, url: str) -> str:
    if not problems:
        return ""
    title = words("stale_title" if data.is_complete else "problem_title")
    items = "".join(_problem_html(problem, words, url) for problem in problems)
    return (
        f'<section class="notice" role="alert"><strong>{escape(title)}</strong>'
        f"<ul>{items}</ul><small>{escape(words('retrying'))}</small></section>"
    )


def _problem_html(problem: Problem, words: Words, url: str) -> str:
    what, remedy = problem.what, problem.remedy
    if problem.code:
        what, remedy = words(problem.code, url=url, what=what), words(f"{problem.code}_remedy")
    return f"<li>{escape(_sentence(what))} <em>{escape(_sentence(remedy))}</em></li>"


def _sentence(text: str) -> str:
    closed = text if not text or text.endswith((".", "!", "?")) else f"{text}."
    return closed[:1].upper() + closed[1:]


def _simulated_html(data: Data, words: Words) -> str:
    if data.health is None or data.health.source is None or not data.health.source.is_simulated:
        return ""
    return (
        f'<section class="notice" role="status"><strong>{escape(words("simulated_title"))}</strong>'
        f"<p>{escape(words('simulated_text'))}</p></section>"
    )
