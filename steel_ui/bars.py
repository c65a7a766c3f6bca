"""Bars for each day of a month, with a line that they are held against; no request, no session and no Panel here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bokeh.models import (
    ColumnDataSource,
    HoverTool,
    LayoutDOM,
    Range1d,
    Span,
)
from bokeh.models.tickers import AdaptiveTicker

from steel_ui.figures import Look, dress_axes, frame, number_ticks, tooltip

HEIGHT_PX = 210
HEADROOM = 1.08
BAR_SHARE = 0.78
"""Width of a bar over the width of its day."""


@dataclass(frozen=True)
class Bar:
    """One day: its value, whether it stands out, and what the pointer reads."""

    day: dt.date
    value: float
    stands_out: bool
    when: str
    texts: tuple[str, ...]


def bars(bars: Sequence[Bar], *, look: Look, unit: str, labels: Sequence[str], limit: float | None = None) -> LayoutDOM:
    """A bar for each day of one month, the outstanding ones in the colour for attention.

    Args:
        bars: one for each day; at least one.
        look: language and colours.
        unit: beside the axis.
        labels: names of ``Bar.texts`` in the tooltip.
        limit: a line to hold the bars against, in ``unit``.
    """
    top = max([limit or 0, *(bar.value for bar in bars)]) * HEADROOM or 1
    days = Range1d(0.4, _days_in_month(bars[0].day) + 0.6)
    plot = frame(look, height=HEIGHT_PX, x_range=days, y_range=Range1d(0, top))
    colours = {True: look.colours.attention, False: look.colours.expected}
    columns = {
        "day": [bar.day.day for bar in bars],
        "value": [bar.value for bar in bars],
        "colour": [colours[bar.stands_out] for bar in bars],
        "when": [bar.when for bar in bars],
        **{f"text{n}": [bar.texts[n] for bar in bars] for n in range(len(labels))},
    }
    drawn = plot.vbar(
        "day", BAR_SHARE, "value", color="colour", line_color=None, alpha=0.85, source=ColumnDataSource(columns)
    )
    lines = [(label, f"text{n}") for n, label in enumerate(labels)]
    plot.add_tools(HoverTool(renderers=[drawn], mode="vline", tooltips=tooltip(look, *lines), attachment="horizontal"))
    if limit is not None:
        plot.add_layout(Span(location=limit, dimension="width", line_color=look.colours.bad, line_dash=[5, 3]))
    plot.xaxis.ticker = AdaptiveTicker(mantissas=[1, 2, 5], min_interval=1, num_minor_ticks=0)
    plot.yaxis.formatter = number_ticks(look)
    dress_axes(plot, look, unit=unit)
    return plot


def _days_in_month(day: dt.date) -> int:
    following = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return (following - dt.timedelta(days=1)).day
