"""Drift: whether the newest readings still look like those that the model learned from, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from types import MappingProxyType

import panel as pn

from steel_client import questions
from steel_client.models import ColumnDrift, DriftAnswer, FigureDrift
from steel_ui.client import Problem
from steel_ui.views.page import View, column, page_head_html
from steel_ui.views.parts.card import Tone, chip_html
from steel_ui.views.parts.states import skeleton_panel_html
from steel_ui.views.parts.table import Column, table_html
from steel_ui.words import DASH, Words

TONES: MappingProxyType[str, Tone] = MappingProxyType({"none": "good", "moderate": "warn", "severe": "bad"})
IN_HOURS = frozenset({"working_hours", "unchanged"})
"""Figures that are hours; the others are shares."""
WORST_FIRST = ("severe", "moderate", "none")


class DriftView(View):
    """The verdict, what moved, and every column and figure behind it."""

    key = "drift"
    icon = "M9.01 14H2v2h7.01v3L13 15l-3.99-4v3zm5.98-1v-3H22V8h-7.01V5L11 9l3.99 4z"

    async def load(self) -> tuple[DriftAnswer, tuple[Problem, ...]]:
        """The newest days against the training of the model that answers."""
        service = self.session.service
        return await service.ask(questions.drift(plant=service.plant)), ()

    def build(self) -> pn.viewable.Viewable:
        """Heading, verdict, figures, columns."""
        return column(
            self.html(_heading_html), self.html(verdict_html), self.html(figures_html), self.html(columns_html)
        )


def _heading_html(data: DriftAnswer | None, *, words: Words) -> str:
    about = words("drift_about")
    if data is not None:
        about = words("drift_period", starts=words.moment(data.newest_from), ends=words.moment(data.newest_until))
    return page_head_html(words("page_drift"), about)


def verdict_html(data: DriftAnswer | None, *, words: Words) -> str:
    """The verdict in a sentence, what moved, and what to do about each."""
    if data is None:
        return skeleton_panel_html(words("loading"), lines=3)
    chip = chip_html(words(f"verdict_{data.verdict}"), TONES[data.verdict])
    parts: list[FigureDrift | ColumnDrift] = [*data.figures, *data.columns]
    moved = [part for part in parts if part.verdict != "none"]
    moved.sort(key=lambda part: WORST_FIRST.index(part.verdict))
    items = "".join(f"<li>{_moved_html(part, words)}</li>" for part in moved)
    return (
        f'<section class="panel" role="status"><h2>{chip} {escape(words(f"verdict_{data.verdict}_text"))}</h2>'
        f'<p class="muted small">{escape(_compared(data, words))}</p>{f"<ul>{items}</ul>" if items else ""}</section>'
    )


def _compared(data: DriftAnswer, words: Words) -> str:
    return words(
        "drift_compared",
        newest=words.number(data.newest_rows),
        reference=words.number(data.reference_rows),
        model=data.champion.version,
        starts=words.day(data.trained_from),
        ends=words.day(data.trained_until),
    )


def _moved_html(part: FigureDrift | ColumnDrift, words: Words) -> str:
    if isinstance(part, FigureDrift):
        value = _amount(part.figure, part.value, words)
        what, todo = words.label("moved", part.figure), words.label("remedy", part.figure)
        usual, limit = (_amount(part.figure, amount, words) for amount in (part.usual, part.moderate_at))
        what = what.format(value=value, usual=usual, limit=limit)
    else:
        what = words("moved_column", column=words.label("column", part.column))
        todo = words(f"remedy_column_{part.verdict}")
    return f"<b>{escape(what)}</b> {escape(todo)}"


def figures_html(data: DriftAnswer | None, *, words: Words) -> str:
    """What production leaves alone: its value, what is usual, and from where on it has moved."""
    if data is None:
        return skeleton_panel_html(words("loading"))
    columns = _columns(("figure", "value", "usual", "moderate", "severe", "verdict"), words)
    rows = [_figure_cells(figure, words) for figure in data.figures]
    return _panel(words("drift_figures"), words("drift_figures_about"), columns, rows)


def _figure_cells(figure: FigureDrift, words: Words) -> tuple[str, ...]:
    name = words.label("figure", figure.figure)
    of = f": {words.label('column', figure.column)}" if figure.column else ""
    amounts = (figure.value, figure.usual, figure.moderate_at, figure.severe_at)
    cells = (_amount(figure.figure, amount, words) for amount in amounts)
    return (escape(name + of), *(escape(cell) for cell in cells), _verdict_chip(figure.verdict, words))


def columns_html(data: DriftAnswer | None, *, words: Words) -> str:
    """Every measured column: how far its distribution moved, beside how far it moves anyway."""
    if data is None:
        return skeleton_panel_html(words("loading"))
    columns = _columns(("column", "psi", "usual_psi", "trained", "newest", "verdict"), words)
    rows = [_column_cells(moved, words) for moved in data.columns]
    thresholds = data.thresholds
    about = words(
        "drift_columns_about",
        moderate=words.number(thresholds.psi_moderate, digits=2),
        severe=words.number(thresholds.psi_severe, digits=2),
    )
    return _panel(words("drift_columns"), about, columns, rows)


def _column_cells(moved: ColumnDrift, words: Words) -> tuple[str, ...]:
    return (
        escape(words.label("column", moved.column)),
        words.number(moved.psi, digits=2),
        words.number(moved.usual_psi, digits=2),
        _mean(moved.trained_mean, words),
        _mean(moved.newest_mean, words),
        _verdict_chip(moved.verdict, words),
    )


def _panel(title: str, about: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> str:
    table = table_html(columns, rows, caption=title)
    return f'<section class="panel"><h2>{escape(title)}</h2><p class="muted small">{escape(about)}</p>{table}</section>'


def _columns(names: Sequence[str], words: Words) -> list[Column]:
    texts = {"figure", "column", "verdict"}
    return [Column(words(f"drift_{name}"), is_number=name not in texts) for name in names]


def _verdict_chip(verdict: str, words: Words) -> str:
    return chip_html(words(f"verdict_{verdict}"), TONES[verdict])


def _amount(figure: str, value: float | None, words: Words) -> str:
    if value is None:
        return DASH
    if figure in IN_HOURS:
        return f"{words.number(value, digits=1)} h"
    return words.percent(value, digits=1, signed=figure == "level")


def _mean(value: float | None, words: Words) -> str:
    return DASH if value is None else words.number(value, digits=3 if abs(value) < 1 else 1)
