"""The share of repaired cells over time as bars; columns in, a Bokeh figure out, no request and no Panel here."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bokeh.models import ColumnDataSource, FixedTicker, HoverTool, LayoutDOM, Range1d

from steel_client.models import QualityPart
from steel_ui.figures import Look, dress_axes, frame, number_ticks, tooltip
from steel_ui.words import Words

HEIGHT_PX = 220
HEADROOM = 1.12
BAR_SHARE = 0.76
MOST_TICKS = 7
LEAST_PERCENT = 0.1
"""The axis reaches this far at least, so that one cell of a year does not fill it."""


def repaired_bars(parts: Sequence[QualityPart], *, look: Look, are_days: bool) -> LayoutDOM:
    """A bar for each of ``parts`` (at least one), in percent of its cells."""
    say, places = look.words, list(range(len(parts)))
    percents = [100 * part.repaired_share for part in parts]
    top = max([LEAST_PERCENT, *percents]) * HEADROOM
    plot = frame(look, height=HEIGHT_PX, x_range=Range1d(-0.6, len(parts) - 0.4), y_range=Range1d(0, top))
    source = ColumnDataSource(
        {
            "place": places,
            "percent": percents,
            "when": [part_name(part, say, are_days=are_days) for part in parts],
            "share": [say.percent(part.repaired_share, digits=2) for part in parts],
            "cells": [say.number(part.repaired_cells) for part in parts],
            "removed": [say.number(part.rows_removed) for part in parts],
            "filled": [say.number(part.intervals_inserted) for part in parts],
        }
    )
    colour = look.colours.attention
    drawn = plot.vbar("place", BAR_SHARE, "percent", color=colour, line_color=None, alpha=0.85, source=source)
    lines = [
        (say("quality_share"), "share"),
        (say("quality_cells"), "cells"),
        (say("quality_removed"), "removed"),
        (say("quality_missing"), "filled"),
    ]
    plot.add_tools(HoverTool(renderers=[drawn], mode="vline", tooltips=tooltip(look, *lines), attachment="horizontal"))
    shown = places[:: math.ceil(len(parts) / MOST_TICKS)]
    plot.xaxis.ticker = FixedTicker(ticks=shown)
    plot.xaxis.major_label_overrides = {place: _tick(parts[place], say, are_days=are_days) for place in shown}
    plot.yaxis.formatter = number_ticks(look)
    dress_axes(plot, look, unit="%")
    return plot


def part_name(part: QualityPart, words: Words, *, are_days: bool) -> str:
    """The day, or month and year."""
    return words.day(part.start) if are_days else f"{words.months[part.start.month - 1]} {part.start.year}"


def _tick(part: QualityPart, words: Words, *, are_days: bool) -> str:
    month = words.months[part.start.month - 1]
    return f"{part.start.day} {month}" if are_days else month
