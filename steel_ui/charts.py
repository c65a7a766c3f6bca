"""The chart of the page: columns in, Bokeh figures out; no request, no session and no Panel here.

Behind everything the tariff bands, then the forecast's 90 % and 80 % bands, then what was measured and expected; over
the bands of an earlier forecast, dashed, what was measured afterwards.
A narrow strip under the chart shows the whole span and moves the part that is shown.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bokeh.layouts import column
from bokeh.models import (
    ColumnDataSource,
    CustomJS,
    CustomJSTickFormatter,
    DatetimeTicker,
    HoverTool,
    Label,
    LayoutDOM,
    NumeralTickFormatter,
    Range1d,
    RangeTool,
    Span,
)
from bokeh.plotting import figure

from steel_ui import series
from steel_ui.client import Forecast, History
from steel_ui.figures import Look, dress_axes, frame, tooltip
from steel_ui.theme import FONT

CHART_HEIGHT_PX = 400
STRIP_HEIGHT_PX = 72
HEADROOM = 1.1
"""Height of the chart over the highest value in view, so that the label of the now marker does not cover it."""
INNER_BAND_ALPHA = 0.42
OUTER_BAND_ALPHA = 0.18
TICK_WIDTH_PX = 84
TICKS_JS = f"ticker.desired_num_ticks = Math.max(3, Math.floor(plot.inner_width / {TICK_WIDTH_PX}))"
LABEL_ON_TOP_JS = "label.y = plot.inner_height"
HEIGHT_JS = f"""
let top = 0
for (const {{data}} of sources)
  for (let i = 0; i < data.top.length; i++)
    if (data.right[i] > x_range.start && data.left[i] < x_range.end) top = Math.max(top, data.top[i])
if (top > 0) y_range.end = top * {HEADROOM}
"""
LABELS_JS = """
const moment = new Date(tick), two = (n) => String(n).padStart(2, '0')
const hour = moment.getUTCHours(), minute = moment.getUTCMinutes()
return hour == 0 && minute == 0
  ? `${weekdays[moment.getUTCDay()]} ${moment.getUTCDate()}`
  : `${two(hour)}:${two(minute)}`
"""


@dataclass(frozen=True)
class Chart:
    """A finished chart and the range that its zoom buttons move."""

    layout: LayoutDOM
    x_range: Range1d


def forecast_chart(
    history: History | None,
    forecast: Forecast | None,
    *,
    look: Look,
    window: str,
    afterwards: History | None = None,
    now: str = "now",
) -> Chart:
    """Readings, forecast with its bands, and tariff bands, over a strip of the whole span.

    Args:
        history: the readings, or None while they are missing.
        forecast: the forecast, or None while it is missing; one of the two must be there.
        look: language and colours.
        window: how much of the past to show at first: "1d", "3d" or "14d".
        afterwards: what was measured in the intervals of the forecast, as far as it is known.
        now: key of the text at the forecast's origin.
    """
    x_range = _time_range(series.shown_span(history, forecast, window=window), history, forecast)
    whole = _time_range(series.full_span(history, forecast), history, forecast)
    main, strip = (
        _frame(height, span, _highest_kwh(history, forecast, afterwards, span) * HEADROOM, look)
        for height, span in ((CHART_HEIGHT_PX, x_range), (STRIP_HEIGHT_PX, whole))
    )
    for plot in (main, strip):
        _draw_tariff(plot, history, forecast, look)
        _draw_forecast(plot, forecast, look)
        _draw_history(plot, history, look)
    _draw_afterwards(main, afterwards, look)
    _dress_axes(main, look)
    _mark_repairs(main, history, look)
    _mark_now(main, forecast, look, text=look.words(now))
    _add_hover(main, look, *_hovered(history, forecast, afterwards, look))
    _dress_strip(strip, x_range, look)
    return Chart(column(main, strip, sizing_mode="stretch_width", spacing=4), x_range)


def _time_range(span: tuple[dt.datetime, dt.datetime], history: History | None, forecast: Forecast | None) -> Range1d:
    return Range1d(*span, bounds=series.full_span(history, forecast))


def _highest_kwh(
    history: History | None, forecast: Forecast | None, afterwards: History | None, span: Range1d
) -> float:
    came_kwh = [row.usage_kwh for row in afterwards.rows] if afterwards else []
    return max(series.highest_kwh(history, forecast, start=span.start, end=span.end), *came_kwh, 0.0)


def _frame(height: int, x_range: Range1d, top: float, look: Look) -> figure:
    return frame(look, height=height, x_axis_type="datetime", x_range=x_range, y_range=Range1d(0, top))


def _draw_tariff(plot: figure, history: History | None, forecast: Forecast | None, look: Look) -> None:
    runs = series.band_runs(series.all_rows(history, forecast))
    source = ColumnDataSource(
        {
            "start": [run.start for run in runs],
            "end": [run.end for run in runs],
            "colour": [look.colours.band(run.band) for run in runs],
        }
    )
    plot.vstrip(x0="start", x1="end", fill_color="colour", line_color=None, level="underlay", source=source)


def _draw_forecast(plot: figure, forecast: Forecast | None, look: Look) -> None:
    if forecast is None:
        return
    source = ColumnDataSource(series.expected_line(forecast))
    colour = look.colours.expected
    for lower, upper, alpha in (("q05", "q95", OUTER_BAND_ALPHA), ("q10", "q90", INNER_BAND_ALPHA - OUTER_BAND_ALPHA)):
        plot.varea_step("time", lower, upper, step_mode="after", color=colour, alpha=alpha, source=source)
    plot.step("time", "mean_kwh", mode="after", color=colour, width=2.2, source=source)


def _draw_history(plot: figure, history: History | None, look: Look) -> None:
    if history is None:
        return
    source = ColumnDataSource(series.measured_line(history))
    plot.step("time", "usage_kwh", mode="after", color=look.colours.measured, width=1.4, source=source)


def _draw_afterwards(plot: figure, afterwards: History | None, look: Look) -> None:
    if afterwards is None:
        return
    source = ColumnDataSource(series.measured_line(afterwards))
    colour = look.colours.measured
    plot.step("time", "usage_kwh", mode="after", color=colour, width=1.1, line_dash=[5, 2], source=source)


def _mark_repairs(plot: figure, history: History | None, look: Look) -> None:
    if history is None:
        return
    source = ColumnDataSource(series.repaired_points(history))
    plot.scatter(
        "time",
        "usage_kwh",
        marker="diamond",
        size=9,
        color=look.colours.attention,
        line_color=look.colours.surface,
        source=source,
    )


def _mark_now(plot: figure, forecast: Forecast | None, look: Look, *, text: str) -> None:
    if forecast is None:
        return
    now = series.wall(forecast.origin)
    plot.add_layout(Span(location=now, dimension="height", line_color=look.colours.ink, line_dash=[4, 3], line_width=1))
    label = Label(
        x=now,
        y=CHART_HEIGHT_PX,
        y_units="screen",
        x_offset=6,
        y_offset=-4,
        text=text,
        text_baseline="top",
        text_color=look.colours.ink,
        text_font=FONT,
        text_font_size="13px",
        text_font_style="bold",
    )
    plot.add_layout(label)
    plot.js_on_change("inner_height", CustomJS(args={"plot": plot, "label": label}, code=LABEL_ON_TOP_JS))


def _hovered(
    history: History | None, forecast: Forecast | None, afterwards: History | None, look: Look
) -> list[ColumnDataSource]:
    columns = []
    if history:
        columns.append(series.hover_columns(history.rows, words=look.words))
    if forecast:
        columns.append(series.hover_columns(forecast.intervals, words=look.words, afterwards=afterwards))
    return [ColumnDataSource(one) for one in columns]


def _add_hover(plot: figure, look: Look, *sources: ColumnDataSource) -> None:
    for source in sources:
        boxes = plot.quad(
            left="left",
            right="right",
            bottom=0,
            top="top",
            fill_alpha=0,
            line_alpha=0,
            hover_fill_alpha=0.25,
            hover_fill_color=look.colours.expected,
            hover_line_alpha=0,
            source=source,
        )
        plot.add_tools(HoverTool(renderers=[boxes], mode="vline", tooltips=_tooltip(look), attachment="horizontal"))
    _follow_height(plot, list(sources))


def _follow_height(plot: figure, sources: list[ColumnDataSource]) -> None:
    """Let the chart be as high as what is in view, also while the strip is dragged."""
    fit = CustomJS(args={"sources": sources, "x_range": plot.x_range, "y_range": plot.y_range}, code=HEIGHT_JS)
    for edge in ("start", "end"):
        plot.x_range.js_on_change(edge, fit)


def _tooltip(look: Look) -> str:
    words = look.words
    lines = ((words("hover_energy"), "energy"), (words("hover_power"), "power"), (words("bands"), "band"))
    return tooltip(look, *lines, foot="@note")


def dress_time_axis(plot: figure, look: Look) -> None:
    """Days and hours under ``plot``, as many as there is room for."""
    plot.xaxis.ticker = ticker = DatetimeTicker(desired_num_ticks=12, num_minor_ticks=0)
    plot.js_on_change("inner_width", CustomJS(args={"plot": plot, "ticker": ticker}, code=TICKS_JS))
    plot.xaxis.formatter = CustomJSTickFormatter(args={"weekdays": _from_sunday(look)}, code=LABELS_JS)


def _dress_axes(plot: figure, look: Look) -> None:
    dress_time_axis(plot, look)
    plot.yaxis.formatter = NumeralTickFormatter(format="0.[0]")
    dress_axes(plot, look, unit=look.words("axis_energy"))


def _from_sunday(look: Look) -> list[str]:
    *workdays, sunday = look.words.weekdays
    return [sunday, *workdays]


def _dress_strip(strip: figure, x_range: Range1d, look: Look) -> None:
    strip.axis.visible = False
    tool = RangeTool(x_range=x_range)
    tool.overlay.fill_color = look.colours.accent
    tool.overlay.fill_alpha = 0.14
    tool.overlay.line_color = look.colours.accent
    tool.overlay.line_dash = "solid"
    strip.add_tools(tool)
