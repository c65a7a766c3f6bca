"""The editor of closed days: choose days, see what the forecast makes of them, and only then keep them."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import replace

import panel as pn
import panel_material_ui as pmui
import param
from bokeh.models import LayoutDOM

from steel_client import questions
from steel_ui.client import INTERVAL, Forecast
from steel_ui.closed_days import SHOWN_DAYS, Calendar, Tried, by_day, marks
from steel_ui.day_bars import day_bars
from steel_ui.figures import Look
from steel_ui.state import Session
from steel_ui.theme import palette
from steel_ui.views.closed_days_words import REASONS, day_label, head_html, hint, legend_html, standing_html, tried_html
from steel_ui.views.page import STRETCH, html_pane
from steel_ui.views.parts.chart import chart_panel, csv
from steel_ui.views.parts.days import Days
from steel_ui.views.parts.inputs import labelled, select
from steel_ui.views.parts.work_bar import work_bar
from steel_ui.words import words
from steel_ui.work import Work

REASON_TEXTS = {f"reason_{name or 'none'}_closed": name for name in REASONS}
REACH = 7 * dt.timedelta(days=1) // INTERVAL


def _about(forecast: Forecast) -> tuple[str, dt.datetime]:
    return forecast.plant, forecast.origin


class ClosedDays(param.Parameterized):
    """Two weeks of the plant's calendar, with the days that the reader would close or open.

    Args:
        session: whose plant and moment.
        kept: called after days were marked, when every forecast is another one.
    """

    calendar = param.ClassSelector(class_=Calendar, default=None, allow_None=True, doc="As it stands; None before.")
    closed = param.Parameter(default=frozenset(), doc="Days that the reader would have closed.")
    tried = param.ClassSelector(class_=Tried, default=None, allow_None=True, doc="What the forecast makes of them.")

    def __init__(self, session: Session, *, kept: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self.session = session
        self._when_kept = kept
        self._forecast: Forecast | None = None
        self.looking, self.trying, self.keeping = Work(), Work(), Work()
        self.reason = select(session, "closed_reason", REASON_TEXTS, width=180)
        self.start = labelled(pmui.DatePicker, session, "closed_from", width=170, value=None, clearable=True)

    def build(self) -> pn.Column:
        """Choice of the days, how they stand, what would change, and the chart of the days."""
        session, chosen = self.session, self.session.param

        def tried(calendar: Calendar | None, found: Tried | None, language: str) -> str:
            return tried_html(calendar, found, language, units=session.service.units)

        self.start.param.watch(lambda _: self.look(), "value")
        parts = (
            self._days(),
            html_pane(pn.bind(standing_html, self.param.calendar, chosen.language)),
            work_bar(self.looking, session, again=lambda _: self.look(), is_question=True),
            work_bar(self.trying, session, again=lambda _: self._try_out(), is_question=True),
            html_pane(pn.bind(tried, self.param.calendar, self.param.tried, chosen.language)),
            self._buttons(),
            work_bar(self.keeping, session, again=lambda _: self.keep()),
            html_pane(pn.bind(legend_html, self.param.calendar, self.param.tried, chosen.language)),
        )
        return chart_panel(
            html_pane(pn.bind(head_html, chosen.language), sizing_mode=None),
            pn.bind(self._draw, self.param.calendar, self.param.tried, chosen.language, chosen.theme),
            session=session,
            name="closed_days",
            title="closed_days",
            table=self._table,
            controls=[self.start],
            between=parts,
        )

    def follow(self, forecast: Forecast) -> None:
        """Show the days from the origin of ``forecast`` on; what was tried by another one is forgotten."""
        is_same = self._forecast is not None and _about(self._forecast) == _about(forecast)
        self._forecast = forecast
        if self.tried is not None and not (is_same and self.tried.is_kept):
            self.tried = None
        self.look()

    def look(self) -> None:
        """Ask how the days stand, and for the forecast of the next seven."""
        if self._forecast is not None:
            self.looking.start(self._looked(self._forecast))

    def choose(self, closed: frozenset[dt.date]) -> None:
        """Have the plant closed on these of the days that are shown, and see what becomes of it."""
        if self.calendar is None or closed == self.closed:
            return
        self.trying.cancel()
        self.param.update(closed=closed, tried=None)
        if self.calendar.changed(closed):
            self._try_out()

    def undo(self) -> None:
        """Back to the calendar as it stands."""
        if self.calendar is not None:
            self.choose(self.calendar.closed)

    def keep(self) -> None:
        """Mark the chosen days."""
        if self.calendar is not None and self.calendar.changed(self.closed):
            self.keeping.start(self._kept(self.calendar))

    async def _looked(self, forecast: Forecast) -> None:
        service, at = self.session.service, forecast.origin
        calendar, usual = await asyncio.gather(
            service.ask(questions.calendar(start=self.start.value or at.date(), days=SHOWN_DAYS, plant=service.plant)),
            service.ask(questions.forecast(at=at, horizon=REACH, plant=service.plant).read_as(Forecast)),
        )
        shown = Calendar(days=tuple(calendar.days), usual=usual)
        self.param.update(calendar=shown, closed=shown.closed)

    def _try_out(self) -> None:
        if self.calendar is not None:
            self.trying.start(self._tried(self.calendar))

    async def _tried(self, calendar: Calendar) -> None:
        service, days = self.session.service, calendar.changed(self.closed)
        reached, forecast = calendar.reached(days), None
        if reached:
            asked = questions.forecast(
                at=calendar.usual.origin,
                horizon=REACH,
                closed_days=[day.day for day in reached if not day.is_closed],
                open_days=[day.day for day in reached if day.is_closed],
                plant=service.plant,
            )
            forecast = await service.ask(asked.read_as(Forecast))
        self.tried = Tried(days, forecast)

    async def _kept(self, calendar: Calendar) -> None:
        service = self.session.service
        wanted = marks(calendar.changed(self.closed), reason=self.reason.value)
        await service.ask(questions.mark_days(wanted, plant=service.plant))
        if self.tried is not None:
            self.tried = replace(self.tried, is_kept=True)
        await self._when_kept()
        self.look()

    def press(self, day: dt.date) -> None:
        """Close a day that is open among the chosen ones, or open it."""
        self.choose(self.closed ^ {day})

    def _days(self) -> Days:
        buttons = Days(sizing_mode=STRETCH)

        def fill(*_: object) -> None:
            say = self.session.words()
            shown = [
                {
                    "value": day.day.isoformat(),
                    "label": day_label(day.day, say),
                    "hint": hint(day, say),
                    "pressed": day.day in self.closed,
                }
                for day in (self.calendar.days if self.calendar else ())
            ]
            buttons.param.update(days=shown, label=say("closed_days"))

        fill()
        self.param.watch(fill, ["calendar", "closed"])
        self.session.param.watch(fill, "language")
        buttons.param.watch(lambda _: self.press(dt.date.fromisoformat(buttons.last)), "done")
        return buttons

    def _buttons(self) -> pn.FlexBox:
        language = self.session.param.language
        is_open = pn.bind(lambda tried: tried is not None and not tried.is_kept, self.param.tried)
        self.reason.visible = is_open
        keep = pmui.Button(
            label=pn.bind(lambda code: words(code)("closed_keep"), language),
            visible=is_open,
            disabled=self.keeping.param.is_running,
            variant="contained",
            disable_elevation=True,
            size="small",
            margin=0,
            on_click=lambda _: self.keep(),
        )
        undo = pmui.Button(
            label=pn.bind(lambda code: words(code)("closed_undo"), language),
            visible=is_open,
            variant="outlined",
            size="small",
            margin=0,
            on_click=lambda _: self.undo(),
        )
        return pn.FlexBox(self.reason, keep, undo, gap="8px", align_items="center", margin=0)

    def _draw(self, calendar: Calendar | None, tried: Tried | None, language: str, theme: str) -> LayoutDOM | None:
        if calendar is None:
            return None
        shown = None if tried and tried.is_kept else tried
        return day_bars(by_day(calendar, shown), look=Look(self.session.words(language), palette(dark=theme == "dark")))

    def _table(self) -> str:
        days = by_day(self.calendar, self.tried) if self.calendar else []
        columns = {"day": "day", "usage_kwh": "usual_kwh", "usage_kwh_with_changes": "tried_kwh"}
        return csv({head: [getattr(day, name) for day in days] for head, name in columns.items()})
