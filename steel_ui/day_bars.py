"""Bars of the coming days, as they are expected and as they would be; no request, no session and no Panel here."""

from __future__ import annotations

from collections.abc import Sequence

from bokeh.models import ColumnDataSource, FactorRange, HoverTool, LayoutDOM, Range1d
from bokeh.plotting import figure
from bokeh.transform import dodge

from steel_ui.closed_days import DayEnergy
from steel_ui.figures import Look, dress_axes, frame, number_ticks, tooltip
from steel_ui.words import DASH, Words

HEIGHT_PX = 200
HEADROOM = 1.1
BAR_SHARE = 0.36
"""Width of each of two bars over the room of a day."""


def day_bars(days: Sequence[DayEnergy], *, look: Look) -> LayoutDOM:
    """A bar for each day and, where another calendar is tried, a second one beside it.

    Args:
        days: at least one, in order.
        look: language and colours.
    """
    names = [day_name(day, look.words) for day in days]
    highest = max(kwh for day in days for kwh in (day.usual_kwh, day.tried_kwh or 0))
    top = Range1d(0, highest * HEADROOM or 1)
    plot = frame(look, height=HEIGHT_PX, x_range=FactorRange(*names, range_padding=0.02), y_range=top)
    source = ColumnDataSource(
        {
            "day": names,
            "usual": [day.usual_kwh for day in days],
            "tried": [day.tried_kwh or 0 for day in days],
            "usual_text": [_kwh(day.usual_kwh, look.words) for day in days],
            "tried_text": [_kwh(day.tried_kwh, look.words) for day in days],
        }
    )
    is_tried = any(day.tried_kwh is not None for day in days)
    _draw(plot, source, "usual", look.colours.measured if is_tried else look.colours.expected, -1 if is_tried else 0)
    if is_tried:
        _draw(plot, source, "tried", look.colours.expected, 1)
    lines = [(look.words("closed_usual"), "usual_text")] + [(look.words("closed_tried"), "tried_text")] * is_tried
    plot.add_tools(HoverTool(mode="vline", tooltips=tooltip(look, *lines, head="@day"), attachment="horizontal"))
    plot.yaxis.formatter = number_ticks(look)
    dress_axes(plot, look, unit=look.words("axis_day_energy"))
    return plot


def day_name(day: DayEnergy, words: Words) -> str:
    """Weekday and day of the month."""
    return f"{words.weekdays[day.day.weekday()]} {day.day.day}"


def _draw(plot: figure, source: ColumnDataSource, name: str, colour: str, side: int) -> None:
    width = BAR_SHARE if side else 2 * BAR_SHARE
    place = dodge("day", side * BAR_SHARE / 2, range=plot.x_range)
    plot.vbar(place, width, name, color=colour, line_color=None, alpha=0.85, source=source)


def _kwh(value: float | None, words: Words) -> str:
    return DASH if value is None else f"{words.number(value)} {words.units.energy}"
