"""The chart of a what-if: which part of the bill the difference comes from; no request and no Panel here."""

from __future__ import annotations

from typing import Any

from bokeh.core.properties import value
from bokeh.models import ColumnDataSource, FactorRange, HoverTool, LabelSet, LayoutDOM, Range1d, Span
from bokeh.plotting import figure

from steel_client.models import WhatIfAnswer
from steel_ui.figures import Look, dress_axes, frame, number_ticks, tooltip
from steel_ui.theme import FONT

PARTS = ("energy_krw", "demand_krw", "power_factor_krw", "co2_krw")
HEIGHT_PX = 230
ROOM = 1.15
"""Of the axis beyond the longest bar, for its number."""


def difference_chart(answer: WhatIfAnswer, *, look: Look) -> LayoutDOM:
    """A bar for each part of the bill: dearer to the right, cheaper to the left."""
    say, colours = look.words, look.colours
    values = [getattr(answer.difference, part) for part in PARTS]
    names = [say(f"saved_{part}") for part in PARTS]
    widest = max((abs(amount) for amount in values), default=0) * ROOM or 1
    ends = Range1d(min(0, *values) * ROOM - widest * 0.3, max(0, *values) * ROOM + widest * 0.3)
    plot: figure = frame(look, height=HEIGHT_PX, x_range=ends, y_range=FactorRange(*reversed(names)))
    source = ColumnDataSource(_columns(answer, names, values, look=look))
    drawn = plot.hbar("name", 0.55, "value", color="colour", line_color=None, alpha=0.9, source=source)
    labels = LabelSet(
        x="value",
        y="name",
        text="text",
        x_offset="offset",
        text_align="align",
        text_baseline="middle",
        text_color=colours.ink,
        text_font=value(FONT),
        text_font_size="13px",
        source=source,
    )
    plot.add_layout(labels)
    plot.add_layout(Span(location=0, dimension="height", line_color=colours.muted, line_width=1))
    lines = ((say("if_baseline"), "before"), (say("if_scenario"), "after"))
    plot.add_tools(HoverTool(renderers=[drawn], tooltips=tooltip(look, *lines)))
    dress_axes(plot, look, unit="")
    plot.yaxis.axis_line_color = None
    plot.xaxis.formatter = number_ticks(look)
    plot.xaxis.ticker.desired_num_ticks = 3
    plot.xaxis.axis_label = answer.currency
    plot.ygrid.grid_line_color = None
    return plot


def _columns(answer: WhatIfAnswer, names: list[str], values: list[float], *, look: Look) -> dict[str, list[Any]]:
    """The bars, their numbers and the texts of their tooltips; one row for each of ``PARTS``."""
    return {
        "name": names,
        "value": values,
        "colour": [look.colours.attention if amount > 0 else look.colours.good for amount in values],
        "text": [look.words.number(amount, signed=round(amount) != 0) for amount in values],
        "align": ["left" if amount >= 0 else "right" for amount in values],
        "offset": [6 if amount >= 0 else -6 for amount in values],
        "when": names,
        "before": [f"{look.words.number(getattr(answer.baseline, part))} {answer.currency}" for part in PARTS],
        "after": [f"{look.words.number(getattr(answer.scenario, part))} {answer.currency}" for part in PARTS],
    }
