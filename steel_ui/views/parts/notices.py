"""What the reader must know before believing the page: what is missing, another model's forecast, simulated data."""

from __future__ import annotations

from html import escape

from steel_ui.client import Forecast, Health, Problem
from steel_ui.words import Words

FAULT = "fault"
FALLBACKS = {
    "previous champion": "fallback_previous",
    "global model": "fallback_global",
}  # as the service names the step


def notices_html(
    problems: tuple[Problem, ...],
    *,
    words: Words,
    url: str,
    health: Health | None = None,
    is_stale: bool = False,
    refused: str = "refused",
    login: str = "",
    is_retried: bool = True,
) -> str:
    """The banners of every page, most urgent first; empty where there is nothing to say.

    Args:
        problems: what is missing.
        words: the reader's language; what the service says of itself stays in its own words.
        url: address of the service.
        health: the service's last word on itself.
        is_stale: whether something from before the problem is still shown.
        refused: names the texts for what the service refuses to show.
        login: address where the reader may sign in; empty where nobody does.
        is_retried: whether what is missing is asked for again without the reader.
    """
    faults = tuple(problem for problem in problems if problem.code == FAULT)
    of_key = tuple(problem for problem in problems if problem.is_of_key and login)
    others = tuple(problem for problem in problems if problem not in faults + of_key)
    return (
        _banner_html(faults[:1], title=words("fault_title"), advice=words("fault_advice"), words=words, url=url)
        + _login_html(of_key, words=words, url=url, login=login)
        + _problems_html(others, words=words, url=url, is_stale=is_stale, refused=refused, is_retried=is_retried)
        + _simulated_html(health, words)
    )


def forecast_notices_html(forecast: Forecast | None, *, words: Words) -> str:
    """The banners of a forecast: that it is not the champion's, or that its model already knew what came."""
    return _fallback_html(forecast, words) + _in_sample_html(forecast, words)


def _problems_html(
    problems: tuple[Problem, ...], *, words: Words, url: str, is_stale: bool, refused: str, is_retried: bool
) -> str:
    title, advice = words("stale_title" if is_stale else "problem_title"), words("retrying") if is_retried else ""
    if any(problem.is_refusal for problem in problems):
        title, advice = words(f"{refused}_title"), words(f"{refused}_advice")
    return _banner_html(problems, title=title, advice=advice, words=words, url=url)


def _login_html(problems: tuple[Problem, ...], *, words: Words, url: str, login: str) -> str:
    link = f'<p><a class="button" href="{escape(login)}">{escape(words("login"))}</a></p>'
    title, advice = words("key_title"), words("key_advice")
    return _banner_html(problems[:1], title=title, advice=advice, words=words, url=url, more=link)


def _banner_html(
    problems: tuple[Problem, ...], *, title: str, advice: str, words: Words, url: str, more: str = ""
) -> str:
    if not problems:
        return ""
    items = "".join(_problem_html(problem, words, url) for problem in problems)
    small = f"<small>{escape(advice)}</small>" if advice else ""
    return (
        f'<section class="notice" role="alert"><strong>{escape(title)}</strong><ul>{items}</ul>{more}{small}</section>'
    )


def _problem_html(problem: Problem, words: Words, url: str) -> str:
    what, remedy = problem.what, problem.remedy
    if problem.code:
        what, remedy = words(problem.code, url=url, what=what), words(f"{problem.code}_remedy", what=what)
    return f"<li>{escape(_sentence(what))} <em>{escape(_sentence(remedy))}</em></li>"


def _sentence(text: str) -> str:
    closed = text if not text or text.endswith((".", "!", "?")) else f"{text}."
    return closed[:1].upper() + closed[1:]


def _fallback_html(forecast: Forecast | None, words: Words) -> str:
    """Says of the forecast shown that it is not the champion's; the reason stays in the service's words."""
    fallback = forecast.fallback if forecast else None
    if fallback is None:
        return ""
    text = words(FALLBACKS.get(fallback.step, "fallback_naive"))
    return (
        f'<section class="notice" role="alert"><strong>{escape(words("fallback_title"))}</strong>'
        f"<p>{escape(text)}</p><small>{escape(_sentence(fallback.because))}</small></section>"
    )


def _in_sample_html(forecast: Forecast | None, words: Words) -> str:
    if forecast is None or not forecast.is_in_sample:
        return ""
    text = words("in_sample_text", moment=words.moment(forecast.model_trained_until))
    return (
        f'<section class="notice" role="status"><strong>{escape(words("in_sample_title"))}</strong>'
        f"<p>{escape(text)}</p></section>"
    )


def _simulated_html(health: Health | None, words: Words) -> str:
    if health is None or health.source is None or not health.source.is_simulated:
        return ""
    return (
        f'<section class="notice" role="status"><strong>{escape(words("simulated_title"))}</strong>'
        f"<p>{escape(words('simulated_text'))}</p></section>"
    )
