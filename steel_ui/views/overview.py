"""The page's one view: heading, moment, notices, cards, and the chart with its legend and zoom buttons.

Each part is bound to the session's parameters, so a part follows its state by itself and nothing is redrawn by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape

import panel as pn
import panel_material_ui as pmui
from bokeh.models import LayoutDOM

from steel_ui import charts, series
from steel_ui.charts import Chart, Look
from steel_ui.client import Problem
from steel_ui.state import Data, Session
from steel_ui.theme import css_variables, palette, stylesheet
from steel_ui.views.cards import cards_html
from steel_ui.views.heading import heading_html
from steel_ui.views.legend import chart_head_html, legend_html
from steel_ui.views.notices import notices_html
from steel_ui.views.replay import latest_button, moment_picker, replay_html
from steel_ui.words import words

STRETCH = "stretch_width"
PAGE_STYLES = {"gap": "12px", "padding": "14px clamp(12px, 2vw, 28px) 24px", "box-sizing": "border-box"}
CHART_PX = charts.CHART_HEIGHT_PX + charts.STRIP_HEIGHT_PX


class Overview(pn.viewable.Viewer):
    """Shows ``session``."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.chart: Chart | None = None

    def __panel__(self) -> pn.viewable.Viewable:
        """The laid-out view."""
        top = (self._html(heading_html), self._replay_bar(), self._notices())
        return pn.Column(
            *top, self._html(cards_html), self._chart_panel(), sizing_mode=STRETCH, styles=PAGE_STYLES, margin=0
        )

    def show(self, window: str) -> None:
        """Show ``window`` ("1d", "3d", "14d") of the past, with the whole forecast."""
        self.session.window = window
        if self.chart is not None:
            data = self.session.data
            start, end = series.shown_span(data.history, data.forecast, window=window)
            self.chart.x_range.update(start=start, end=end)

    def _replay_bar(self) -> pn.FlexBox:
        return pn.FlexBox(
            moment_picker(self.session),
            latest_button(self.session),
            self._html(replay_html, sizing_mode=None),
            align_items="center",
            gap="8px 12px",
            margin=(6, 0, 0, 0),
        )

    def _chart_panel(self) -> pn.Column:
        chosen = self.session.param
        head = pn.FlexBox(
            self._html(chart_head_html, sizing_mode=None),
            self._zoom_buttons(),
            justify_content="space-between",
            align_items="center",
            gap="8px",
            margin=0,
        )
        drawing = pn.pane.Bokeh(pn.bind(self._draw, chosen.data, chosen.language, chosen.dark), margin=0)
        drawing.sizing_mode = STRETCH
        waiting = self._pane(pn.bind(_waiting_html, chosen.data, chosen.language))
        return pn.Column(
            head,
            self._html(legend_html),
            waiting,
            drawing,
            sizing_mode=STRETCH,
            styles=pn.bind(_panel_styles, chosen.dark),
            margin=0,
        )

    def _draw(self, data: Data, language: str, dark: bool) -> LayoutDOM | None:  # noqa: FBT001 - bound parameter
        if _is_empty(data):
            return None
        look = Look(words=words(language), colours=palette(dark=dark))
        self.chart = charts.overview_chart(
            data.history,
            data.forecast,
            look=look,
            window=self.session.window,
            afterwards=data.afterwards,
            now="now" if data.at is None else "as_of_mark",
        )
        return self.chart.layout

    def _zoom_buttons(self) -> pn.Row:
        return pn.Row(*(self._zoom_button(window) for window in series.WINDOWS), styles={"gap": "6px"}, margin=0)

    def _zoom_button(self, window: str) -> pmui.Button:
        chosen = self.session.param
        return pmui.Button(
            label=pn.bind(lambda language: words(language)(f"window_{window}"), chosen.language),
            variant=pn.bind(lambda current: "contained" if current == window else "outlined", chosen.window),
            size="small",
            disable_elevation=True,
            sx={"border": "1px solid", "padding": "3px 11px", "lineHeight": 1.5},
            margin=0,
            on_click=lambda _: self.show(window),
        )

    def _notices(self) -> pn.pane.HTML:
        session = self.session
        write = partial(_notices, url=session.service.url)
        return self._pane(pn.bind(write, session.param.data, session.param.problems, session.param.language))

    def _html(self, write: Callable[..., str], *, sizing_mode: str | None = STRETCH) -> pn.pane.HTML:
        chosen = self.session.param
        written = pn.bind(lambda data, language: write(data, words=words(language)), chosen.data, chosen.language)
        return self._pane(written, sizing_mode=sizing_mode)

    def _pane(self, content: Callable[[], str], *, sizing_mode: str | None = STRETCH) -> pn.pane.HTML:
        colours = pn.bind(lambda dark: css_variables(dark=dark), self.session.param.dark)
        return pn.pane.HTML(content, stylesheets=[stylesheet()], styles=colours, sizing_mode=sizing_mode, margin=0)


def _notices(data: Data, problems: tuple[Problem, ...], language: str, *, url: str) -> str:
    return notices_html(data, problems, words=words(language), url=url)


def _waiting_html(data: Data, language: str) -> str:
    if not _is_empty(data):
        return ""
    if data.at is not None:
        return f'<p class="nothing">{escape(words(language)("nothing_then"))}</p>'
    return f'<div class="skeleton" style="height:{CHART_PX}px"></div>'


def _is_empty(data: Data) -> bool:
    return data.history is None and data.forecast is None


def _panel_styles(dark: bool) -> dict[str, str]:  # noqa: FBT001 - bound parameter
    colours = palette(dark=dark)
    return {
        "background": colours.surface,
        "border": f"1px solid {colours.line}",
        "border-radius": "8px",
        "padding": "14px 16px 8px",
        "box-sizing": "border-box",
        "gap": "8px",
    }
