"""The small pictures of the copilot's answers, as they are specified; no request, no session and no Panel here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bokeh.models import ColumnDataSource, CustomJSTickFormatter, DatetimeTicker, FactorRange, HoverTool, LayoutDOM
from bokeh.plotting import figure
from bokeh.transform import dodge

from steel_client.models import ChatChart, ChatSeries
from steel_ui.charts import LABELS_JS
from steel_ui.figures import Look, dress_axes, frame, tooltip
from steel_ui.series import wall

HEIGHT_PX = 240
ROW_PX = 30
"""Height of a bar that lies."""
BARS_SHARE = 0.8
BAND_ALPHA = 0.25


def chat_chart(chart: ChatChart, *, look: Look) -> LayoutDOM:
    """The picture of an answer; its words are the answer's own, its colours the page's."""
    plot = _over_time(chart, look) if chart.x_kind == "time" else _by_name(chart, look)
    if plot.legend:
        _dress_legend(plot, look)
    return plot


def table(chart: ChatChart) -> dict[str, Sequence[object]]:
    """The columns of the picture, for a saved table."""
    columns: dict[str, Sequence[object]] = {"time" if chart.x_kind == "time" else "name": chart.x}
    for series in chart.series:
        columns[series.name] = series.values
        if series.lower is not None and series.upper is not None:
            columns |= {f"{series.name} (low)": series.lower, f"{series.name} (high)": series.upper}
    return columns


def _colours(look: Look) -> tuple[str, ...]:
    colours = look.colours
    return (colours.expected, colours.measured, colours.attention, colours.good, colours.bad)


def _over_time(chart: ChatChart, look: Look) -> figure:
    plot = frame(look, height=HEIGHT_PX, x_axis_type="datetime")
    moments = [wall(dt.datetime.fromisoformat(moment)) for moment in chart.x]
    when = [look.words.moment(moment) for moment in moments]
    width = (moments[1] - moments[0]) * BARS_SHARE if len(moments) > 1 else dt.timedelta(hours=1)
    for series, colour in zip(chart.series, _cycled(look, len(chart.series)), strict=True):
        source = _source(series, look, x=moments, when=when)
        label = {"legend_label": series.name} if len(chart.series) > 1 else {}
        if series.lower is not None:
            plot.varea("x", "lower", "upper", source=source, fill_color=colour, fill_alpha=BAND_ALPHA)
        if chart.kind == "bar":
            drawn = plot.vbar("x", width, "value", source=source, color=colour, line_color=None, **label)
        else:
            drawn = plot.line("x", "value", source=source, color=colour, line_width=2, **label)
        _point_out(plot, drawn, series, chart, look)
    plot.xaxis.formatter = CustomJSTickFormatter(
        args={"weekdays": [*look.words.weekdays[6:], *look.words.weekdays[:6]]}, code=LABELS_JS
    )
    plot.xaxis.ticker = DatetimeTicker(desired_num_ticks=6, num_minor_ticks=0)
    dress_axes(plot, look, unit=chart.unit)
    return plot


def _by_name(chart: ChatChart, look: Look) -> figure:
    """Bars that lie, so that names of any length can be read."""
    height = max(ROW_PX * len(chart.x) * len(chart.series) + 50, 120)
    plot = frame(look, height=height, y_range=FactorRange(*reversed(chart.x)))
    many = len(chart.series)
    for number, (series, colour) in enumerate(zip(chart.series, _cycled(look, many), strict=True)):
        source = _source(series, look, x=list(chart.x), when=list(chart.x))
        place = dodge("x", BARS_SHARE * ((many - 1) / 2 - number) / many, range=plot.y_range)
        label = {"legend_label": series.name} if many > 1 else {}
        drawn = plot.hbar(place, BARS_SHARE / many, "value", source=source, color=colour, line_color=None, **label)
        _point_out(plot, drawn, series, chart, look)
    dress_axes(plot, look, unit="")
    plot.xaxis.axis_label = chart.unit
    plot.xaxis.formatter = CustomJSTickFormatter(
        args={"language": look.words.language}, code="return tick.toLocaleString(language, {notation: 'compact'})"
    )
    plot.xaxis.ticker.desired_num_ticks = 4
    plot.xgrid.grid_line_color = look.colours.line
    plot.ygrid.grid_line_color = None
    return plot


def _cycled(look: Look, many: int) -> list[str]:
    colours = _colours(look)
    return [colours[number % len(colours)] for number in range(many)]


def _source(series: ChatSeries, look: Look, *, x: Sequence[object], when: Sequence[str]) -> ColumnDataSource:
    texts = ["" if value is None else look.words.number(value, digits=_digits(series)) for value in series.values]
    columns = {"x": x, "value": series.values, "when": when, "text": texts}
    if series.lower is not None and series.upper is not None:
        columns |= {"lower": series.lower, "upper": series.upper}
    return ColumnDataSource(columns)


def _digits(series: ChatSeries) -> int:
    largest = max((abs(value) for value in series.values if value is not None), default=0)
    return 0 if largest >= 1000 else 1 if largest >= 10 else 2  # noqa: PLR2004 - as many as a reader takes in


def _point_out(plot: figure, drawn: object, series: ChatSeries, chart: ChatChart, look: Look) -> None:
    tips = tooltip(look, (f"{series.name}, {chart.unit}", "text"))
    plot.add_tools(HoverTool(renderers=[drawn], tooltips=tips, attachment="horizontal"))


def _dress_legend(plot: figure, look: Look) -> None:
    legend = plot.legend[0]
    legend.update(
        location="top_left",
        orientation="horizontal",
        background_fill_alpha=0,
        border_line_color=None,
        label_text_color=look.colours.ink,
        label_text_font_size="12px",
        padding=0,
        margin=0,
    )
    plot.add_layout(legend, "above")
