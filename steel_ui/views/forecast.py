"""The forecast page: what is expected after now or after an earlier moment, why, and how far it can be trusted."""

from __future__ import annotations

from html import escape
from typing import ClassVar

import panel as pn
import panel_material_ui as pmui
from bokeh.models import LayoutDOM

from steel_ui import charts, series
from steel_ui.charts import Chart
from steel_ui.client import Problem
from steel_ui.expected import Data, expected, reasons
from steel_ui.figures import Look
from steel_ui.replay import moment_of
from steel_ui.state import HORIZONS, Session
from steel_ui.theme import palette
from steel_ui.views.accuracy import accuracy_panel
from steel_ui.views.cards import cards_html
from steel_ui.views.closed_days import ClosedDays
from steel_ui.views.heading import heading_html
from steel_ui.views.legend import chart_head_html, legend_html
from steel_ui.views.page import View, column, html_pane
from steel_ui.views.parts.chart import chart_panel, csv
from steel_ui.views.parts.notices import forecast_notices_html
from steel_ui.views.reasons import reasons_panel
from steel_ui.views.replay import latest_button, moment_picker, replay_html
from steel_ui.words import Words, words
from steel_ui.work import Work

BUTTONS_SX = {"& .MuiToggleButton-root": {"padding": "3px 10px", "whiteSpace": "nowrap", "lineHeight": 1.5}}
CHART_PX = charts.CHART_HEIGHT_PX + charts.STRIP_HEIGHT_PX


class ForecastView(View):
    """Readings and forecast as of now or of an earlier moment."""

    key = "forecast"
    icon = "M3.5 18.49l6-6.01 4 4L22 6.92l-1.41-1.41-7.09 7.97-4-4L2 16.99z"
    follows: ClassVar[tuple[str, ...]] = ("at", "horizon")
    refused = "moment_refused"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.data = Data()
        self.chart: Chart | None = None
        self.reasons = Work()
        self.closed_days = ClosedDays(session, kept=self._marked)

    async def load(self) -> tuple[Data, tuple[Problem, ...]]:
        """Everything as of the chosen moment; one that cannot be read is a problem, and the latest is shown."""
        session, moment = self.session, moment_of(self.session.at)
        unread, at = ((moment,), None) if isinstance(moment, Problem) else ((), moment)
        hours = HORIZONS[session.horizon]
        data, problems = await expected(session.service, session.health, at=at, hours=hours)
        return data, unread + problems

    @property
    def has_answers(self) -> bool:
        """As of every page; here the parts of an answer come one by one."""
        return not _is_empty(self.data)

    def build(self) -> pn.viewable.Viewable:
        """Heading, moment, notices, figures, chart, closed days, reasons, accuracy."""
        return column(
            self.html(heading_html),
            self._replay_bar(),
            self.html(_notices),
            self.html(cards_html),
            self._chart_panel(),
            self.closed_days.build(),
            reasons_panel(self.reasons, self.session, again=self._explain),
            accuracy_panel(self),
        )

    def show(self, window: str) -> None:
        """Show ``window`` ("1d", "3d", "14d") of the past, with the whole forecast."""
        self.session.window = window
        if self.chart is not None:
            start, end = series.shown_span(self.data.history, self.data.forecast, window=window)
            self.chart.x_range.update(start=start, end=end)

    def loaded(self) -> None:
        """Ask for the reasons behind the forecast that is shown, and for the days ahead; both take longer."""
        if self.data.forecast is None:
            self.reasons.cancel()
        else:
            self._explain()
            self.closed_days.follow(self.data.forecast)

    def _explain(self, *_: object) -> None:
        if self.data.forecast is not None:
            self.reasons.start(reasons(self.session.service, self.data.forecast))

    async def _marked(self) -> None:
        """Other days are closed now: what every page shows of forecasts is out of date."""
        self.session.news += 1
        await self.refresh()

    def _replay_bar(self) -> pn.FlexBox:
        return pn.FlexBox(
            moment_picker(self.session),
            latest_button(self.session),
            self.html(replay_html, sizing_mode=None),
            align_items="center",
            gap="8px 12px",
            margin=0,
        )

    def _chart_panel(self) -> pn.Column:
        chosen = self.session.param
        head = self.html(chart_head_html, sizing_mode=None)
        waiting = html_pane(pn.bind(_waiting_html, self.param.data, chosen.language))
        drawing = pn.bind(self._draw, self.param.data, chosen.language, chosen.theme)
        return chart_panel(
            head,
            drawing,
            session=self.session,
            name="forecast",
            title="chart_title",
            table=self._table,
            controls=[_horizon_buttons(self.session), *self._zoom_buttons()],
            between=[self.html(legend_html), waiting],
        )

    def _draw(self, data: Data, language: str, theme: str) -> LayoutDOM | None:
        if _is_empty(data):
            return None
        self.chart = charts.forecast_chart(
            data.history,
            data.forecast,
            look=Look(words=self.session.words(language), colours=palette(dark=theme == "dark")),
            window=self.session.window,
            afterwards=data.afterwards,
            now="now" if data.at is None else "as_of_mark",
        )
        return self.chart.layout

    def _table(self) -> str:
        columns = series.table(self.data.history, self.data.forecast, self.data.afterwards)
        return csv({self.session.service.units.column(name): values for name, values in columns.items()})

    def _zoom_buttons(self) -> list[pmui.Button]:
        return [self._zoom_button(window) for window in series.WINDOWS]

    def _zoom_button(self, window: str) -> pmui.Button:
        chosen = self.session.param
        return pmui.Button(
            label=pn.bind(lambda language: words(language)(f"window_{window}"), chosen.language),
            variant=pn.bind(lambda current: "contained" if current == window else "outlined", chosen.window),
            size="small",
            disable_elevation=True,
            sx={"border": "1px solid", "padding": "2px 10px", "lineHeight": 1.5},
            margin=0,
            on_click=lambda _: self.show(window),
        )


def _horizon_buttons(session: Session) -> pmui.RadioButtonGroup:
    buttons = pmui.RadioButtonGroup(value=session.horizon, label="", size="small", margin=0, sx=BUTTONS_SX)

    def name(*_: object) -> None:
        say = session.words()
        buttons.param.update(
            options={say(f"horizon_{horizon}"): horizon for horizon in HORIZONS}, value=session.horizon
        )

    name()
    session.param.watch(name, ["language", "horizon"])
    buttons.param.watch(lambda event: session.param.update(horizon=event.new or session.horizon), "value")
    return buttons


def _notices(data: Data, *, words: Words) -> str:
    return forecast_notices_html(data.forecast, words=words)


def _waiting_html(data: Data, language: str) -> str:
    if not _is_empty(data):
        return ""
    if data.at is not None:
        return f'<p class="nothing">{escape(words(language)("nothing_then"))}</p>'
    return f'<div class="skeleton" style="height:{CHART_PX}px"></div>'


def _is_empty(data: Data) -> bool:
    return data.history is None and data.forecast is None
