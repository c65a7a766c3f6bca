"""Data quality: what cleaning repaired, where the gaps are, and whether the readings are sound."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape
from typing import ClassVar, Literal

import panel as pn
from bokeh.models import LayoutDOM

from steel_client import questions
from steel_client.models import QualityAnswer
from steel_ui.client import INTERVAL, Problem
from steel_ui.figures import Look
from steel_ui.quality_bars import repaired_bars
from steel_ui.state import SPANS, Session
from steel_ui.theme import palette
from steel_ui.views.page import View, column, page_head_html
from steel_ui.views.parts.chart import chart_panel, csv, exports, panel
from steel_ui.views.parts.inputs import select
from steel_ui.views.quality_tables import cards_html, changes_head_html, changes_html, checks_html, rules_html
from steel_ui.views.quality_upload import Upload
from steel_ui.words import Words

MOST_CHANGES = 1000
"""Changes that are fetched for the table to save."""
FILTER_PX = 230


class QualityView(View):
    """The audit of cleaning over a period, and its newest changes."""

    key = "quality"
    icon = "M9 16.17 4.83 12l-1.42 1.41L9 19 21 7l-1.41-1.41z"

    follows: ClassVar[tuple[str, ...]] = ("span", "rule", "column")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.upload = Upload(session)

    @property
    def by(self) -> Literal["day", "month"]:
        """What the counts over time are of: days of a short period, else months."""
        return "day" if SPANS[self.session.span] else "month"

    async def load(self) -> tuple[QualityAnswer, tuple[Problem, ...]]:
        """The review of the chosen period."""
        session, service = self.session, self.session.service
        days, until = SPANS[session.span], session.health.readings_until if session.health else None
        asked = questions.quality(
            start=until - dt.timedelta(days=days) if days and until else None,
            by=self.by,
            rule=session.rule or None,
            column=session.column or None,
            limit=MOST_CHANGES,
            plant=service.plant,
        )
        return await service.ask(asked), ()

    def build(self) -> pn.viewable.Viewable:
        """Heading, filters, figures, the share over time, rules, checks, sending readings, changes."""
        return column(
            self.html(_heading_html),
            self._filters(),
            self.html(cards_html),
            self._over_time(),
            self.html(rules_html),
            self.html(checks_html),
            self.upload.build(),
            self._changes(),
        )

    def _filters(self) -> pn.FlexBox:
        selects = [self._select(name) for name in self.follows]
        return pn.FlexBox(*selects, gap="12px", align_items="center", margin=0)

    def _select(self, name: str) -> pn.widgets.Select:
        """A list of ``name``; its options are what there is in the period, in the reader's language."""
        session = self.session
        chooser = select(session, f"quality_{name}", width=FILTER_PX)

        def fill(*_: object) -> None:
            say, chosen = session.words(), getattr(session, name)
            chooser.param.update(options=self._options(name, say), value=chosen)

        fill()
        session.param.watch(fill, ["language", name])
        self.param.watch(fill, "data")
        chooser.param.watch(lambda event: session.param.update({name: event.new}), "value")
        return chooser

    def _options(self, name: str, say: Words) -> dict[str, str]:
        if name == "span":
            return {say(f"quality_span_{span}"): span for span in SPANS}
        there: Sequence[str] = ()
        if self.data is not None:
            there = (
                [one.rule for one in self.data.rules] if name == "rule" else [one.column for one in self.data.columns]
            )
        chosen = getattr(self.session, name)
        there = [*there, *([chosen] if chosen and chosen not in there else [])]
        return {say(f"quality_{name}_all"): "", **{say.label(name, one): one for one in there}}

    def _over_time(self) -> pn.Column:
        chosen = self.session.param
        drawing = pn.bind(self._draw, self.param.data, chosen.language, chosen.theme)
        return chart_panel(
            self.html(_over_time_html, sizing_mode=None),
            drawing,
            session=self.session,
            name="repaired",
            title="quality_over_time",
            table=self._parts_table,
        )

    def _draw(self, data: QualityAnswer | None, language: str, theme: str) -> LayoutDOM | None:
        if data is None or not data.parts:
            return None
        look = Look(words=self.session.words(language), colours=palette(dark=theme == "dark"))
        return repaired_bars(data.parts, look=look, are_days=_are_days(data))

    def _parts_table(self) -> str:
        parts = self.data.parts if self.data is not None else []
        names = ("intervals", "repaired_cells", "repaired_share", "rows_removed", "intervals_inserted")
        starts = {"start": [part.start.isoformat() for part in parts]}
        return csv({**starts, **{name: [getattr(part, name) for part in parts] for name in names}})

    def _changes(self) -> pn.Column:
        saved = exports(self.session, name="repairs", title="quality_list", table=self._changes_table)[1]
        head = self.html(changes_head_html, sizing_mode=None)
        top = pn.FlexBox(head, saved, justify_content="space-between", align_items="flex-start", gap="8px", margin=0)
        return panel(top, self.html(changes_html))

    def _changes_table(self) -> str:
        changes = self.data.repairs if self.data is not None else []
        names = ("column", "before", "after", "rule", "confidence")
        starts = {"interval_start": [change.interval_start.isoformat() for change in changes]}
        return csv({**starts, **{name: [_quoted(getattr(change, name)) for change in changes] for name in names}})


def _quoted(cell: object) -> object:
    """Text of a source for a CSV: it may hold commas and line breaks."""
    return '"{}"'.format(cell.replace('"', '""')) if isinstance(cell, str) else cell


def _are_days(data: QualityAnswer) -> bool:
    """Whether the parts are days: months all begin on their first."""
    return any(part.start.day != 1 for part in data.parts)


def _heading_html(data: QualityAnswer | None, *, words: Words) -> str:
    about = words("page_quality_about")
    if data is not None:
        about = words("quality_period", starts=words.day(data.from_), ends=words.day(data.to - INTERVAL))
    return page_head_html(words("page_quality"), about)


def _over_time_html(data: QualityAnswer | None, *, words: Words) -> str:
    about = words("quality_over_time_day" if data and _are_days(data) else "quality_over_time_month")
    return f'<div class="chart-head"><h2>{escape(words("quality_over_time"))}</h2><p>{escape(about)}</p></div>'
