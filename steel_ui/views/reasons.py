"""Why the forecast is what it is: what each driver adds or takes, for the whole period and for its peak."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import panel as pn

from steel_client.models import ForecastContribution, ForecastExplanationAnswer
from steel_ui.client import Problem
from steel_ui.expected import Reasons
from steel_ui.state import Session
from steel_ui.views.page import LED_TO_CSS, html_pane
from steel_ui.views.parts.chart import panel
from steel_ui.views.parts.work_bar import work_bar
from steel_ui.words import Words
from steel_ui.work import Work

ENDS = ("base", "rest")


def reasons_panel(work: Work, session: Session, *, again: Callable[[object], object]) -> pn.Column:
    """The reasons as ``work`` finds them; ``again`` is called when the reader wants another try."""

    def write(found: Reasons | None, problem: Problem | None, language: str) -> str:
        return _reasons_html(found, problem, session.words(language))

    written = pn.bind(write, work.param.result, work.param.problem, session.param.language)
    shown = panel(html_pane(written), work_bar(work, session, again=again, is_question=True, shows_refusals=False))
    shown.css_classes = ["at-reasons"]
    shown.stylesheets = [LED_TO_CSS]
    return shown


def _reasons_html(found: Reasons | None, problem: Problem | None, words: Words) -> str:
    head = f"<h2>{escape(words('reasons'))}</h2>"
    if problem is not None and problem.is_refusal:
        return f'{head}<p class="muted">{escape(words("reasons_none"))}</p>'
    return head if found is None else head + reasons_html(found, words=words)


def reasons_html(found: Reasons, *, words: Words) -> str:
    """Two lists of drivers beside each other: of the whole period, and of its peak."""
    about = words("reasons_about", share=_explained(found.whole, words))
    lists = [_list_html(words("reasons_whole"), found.whole, words, kind="whole")]
    if found.peak.interval is not None:
        when = words.short_moment(found.peak.interval)
        lists.append(_list_html(words("reasons_peak", moment=when), found.peak, words, kind="peak"))
    return f'<p class="muted small">{escape(about)}</p><div class="reasons">{"".join(lists)}</div>'


def _explained(answer: ForecastExplanationAnswer, words: Words) -> str:
    return words("reasons_all" if answer.is_whole else "reasons_part")


def _list_html(title: str, answer: ForecastExplanationAnswer, words: Words, *, kind: str) -> str:
    drivers = [part for part in answer.contributions if part.driver not in ENDS]
    drivers.sort(key=lambda part: -abs(part.kwh))
    base, rest = (_named(answer.contributions, name) for name in ENDS)
    widest = max((abs(part.kwh) for part in drivers), default=0) or 1
    rows = [_total(words("driver_base"), base.kwh if base else 0, words)]
    rows += [_bar(part, widest, words) for part in (*drivers, *([rest] if rest else []))]
    rows.append(_total(words("driver_forecast"), answer.forecast_kwh, words))
    table = f'<table class="drivers"><tbody>{"".join(rows)}</tbody></table>'
    return f'<div class="at-{kind}"><h3>{escape(title)}</h3>{table}</div>'


def _named(parts: Sequence[ForecastContribution], name: str) -> ForecastContribution | None:
    return next((part for part in parts if part.driver == name), None)


def _total(name: str, kwh: float, words: Words) -> str:
    value = words.number(kwh, digits=_digits(kwh))
    return f'<tr class="here"><td>{escape(name)}</td><td class="number">{value} {words.units.energy}</td><td></td></tr>'


def _bar(part: ForecastContribution, widest: float, words: Words) -> str:
    name = words.label("driver", part.driver.replace(" ", "_"))
    side = "up" if part.kwh > 0 else "down"
    width = 50 * min(abs(part.kwh) / widest, 1)
    value = words.number(part.kwh, digits=_digits(part.kwh), signed=True)
    drawn = f'<span class="bar" aria-hidden="true"><i class="{side}" style="width:{width:.1f}%"></i></span>'
    return f'<tr><td>{escape(name)}</td><td class="number">{value} {words.units.energy}</td><td>{drawn}</td></tr>'


def _digits(kwh: float) -> int:
    return 0 if abs(kwh) >= 100 else 1  # noqa: PLR2004 - three figures are enough to read
