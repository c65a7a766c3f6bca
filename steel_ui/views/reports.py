"""The reports: the newest week on top, then every report, to look at or to keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape

import panel as pn

from steel_client import questions
from steel_client.models import Report, ReportsAnswer
from steel_ui.client import Problem
from steel_ui.handing import report_address
from steel_ui.shelf import Volume, volumes
from steel_ui.views.page import View, column, page_head_html
from steel_ui.views.parts.states import nothing_html, skeleton_panel_html
from steel_ui.views.parts.table import Column, table_html
from steel_ui.words import DASH, Words

KB = 1000
NEWEST = 2
"""Weekly reports on top: the newest may be of a week that has only begun."""


class ReportsView(View):
    """What was written for people."""

    key = "reports"
    icon = "M14 2H6v20h14V8l-6-6zm2 16H8v-2h8v2zm0-4H8v-2h8v2zm-3-5V3.5L18.5 9H13z"

    async def load(self) -> tuple[ReportsAnswer, tuple[Problem, ...]]:
        """The list; a report itself is fetched when it is opened."""
        service = self.session.service
        return await service.ask(questions.reports(plant=service.plant)), ()

    def build(self) -> pn.viewable.Viewable:
        """Heading and list."""
        return column(self.html(_heading_html), self.html(reports_html))


def _heading_html(_: ReportsAnswer | None, *, words: Words) -> str:
    return page_head_html(words("page_reports"), words("reports_about"))


def reports_html(data: ReportsAnswer | None, *, words: Words) -> str:
    """The newest weekly reports as a card, and a table of all."""
    if data is None:
        return skeleton_panel_html(words("loading"))
    found = volumes(data.reports, language=words.language)
    if not found:
        return nothing_html(words("reports_none"))
    newest = _newest_html([volume for volume in found if volume.kind == "weekly"][:NEWEST], data.plant, words)
    columns = [Column(words(f"reports_{name}")) for name in ("title", "kind", "written", "open", "keep")]
    rows = [_cells(volume, data.plant, words) for volume in found]
    return f'{newest}<section class="panel">{table_html(columns, rows, caption=words("page_reports"))}</section>'


def _newest_html(weekly: Sequence[Volume], plant: str, words: Words) -> str:
    if not weekly:
        return ""
    rows = "".join(_row_html(volume, plant, words) for volume in weekly)
    return f'<section class="panel newest"><h2>{escape(words("reports_newest"))}</h2>{rows}</section>'


def _row_html(volume: Volume, plant: str, words: Words) -> str:
    links = "".join(
        f'<a class="button" target="_blank" rel="noopener" href="{report_address(form.name, plant=plant)}"'
        f' aria-label="{escape(words("reports_view", name=form.name))}">{escape(_form(form))}</a>'
        for form in volume.forms
    )
    return f"<div><p>{escape(volume.title)}{_week_html(volume, words)}</p><span>{links}</span></div>"


def _week_html(volume: Volume, words: Words) -> str:
    if volume.week is None:
        return ""
    first, last = (words.day(dt.datetime.combine(day, dt.time())) for day in volume.week)
    return f"<small>{escape(words('reports_week', first=first, last=last))}</small>"


def _cells(volume: Volume, plant: str, words: Words) -> tuple[str, ...]:
    written = volume.forms[0].created_at
    opened = " · ".join(_link(form, plant, words, download=False) for form in volume.forms if _is_shown(form))
    kept = " · ".join(_link(form, plant, words, download=True) for form in volume.forms)
    kind = words.label("report_kind", volume.kind)
    return (
        f"{escape(volume.title)}{_week_html(volume, words)}",
        escape(kind),
        escape(words.day(written)),
        opened or DASH,
        kept,
    )


def _link(form: Report, plant: str, words: Words, *, download: bool) -> str:
    address = escape(report_address(form.name, plant=plant, download=download))
    how = "download" if download else 'target="_blank" rel="noopener"'
    size = f' <span class="muted">{_size(form.size_bytes, words)}</span>' if download else ""
    label = escape(words("reports_download" if download else "reports_view", name=form.name))
    return f'<a href="{address}" {how} aria-label="{label}">{escape(_form(form))}</a>{size}'


def _is_shown(form: Report) -> bool:
    return form.media_type in {"text/html", "application/pdf"}


def _form(form: Report) -> str:
    return form.name.rpartition(".")[2].upper()


def _size(size_bytes: int, words: Words) -> str:
    if size_bytes < KB * KB:
        return f"{words.number(size_bytes / KB)} kB"
    return f"{words.number(size_bytes / KB / KB, digits=1)} MB"
