"""What every figure looks like: an empty frame in the theme's colours, and its axes; charts are drawn elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bokeh.models import ContinuousTicker, CustomJSTickFormatter
from bokeh.plotting import figure

from steel_ui.theme import FONT, Palette
from steel_ui.words import Words


@dataclass(frozen=True)
class Look:
    """How a chart is dressed: its language and its colours."""

    words: Words
    colours: Palette


def frame(look: Look, *, height: int, **ranges: Any) -> figure:  # noqa: ANN401 - of Bokeh
    """An empty figure of ``height`` pixels, as wide as its place; ``ranges`` are Bokeh's own options."""
    plot = figure(
        height=height,
        sizing_mode="stretch_width",
        tools="",
        toolbar_location=None,
        background_fill_color=look.colours.surface,
        border_fill_color=look.colours.surface,
        outline_line_color=None,
        min_border_left=4,
        min_border_right=24,
        **ranges,
    )
    plot.grid.grid_line_color = None
    return plot


def dress_axes(plot: figure, look: Look, *, unit: str) -> None:
    """Quiet axes with ``unit`` beside the vertical one."""
    colours = look.colours
    if isinstance(plot.yaxis[0].ticker, ContinuousTicker):
        plot.yaxis.ticker.num_minor_ticks = 0
    plot.yaxis.axis_label = unit
    plot.ygrid.grid_line_color = colours.line
    plot.ygrid.grid_line_alpha = 0.8
    plot.axis.axis_line_color = None
    plot.xaxis.axis_line_color = colours.muted
    plot.axis.major_tick_line_color = None
    plot.xaxis.major_tick_line_color = colours.muted
    plot.xaxis.major_tick_in = 0
    for text in ("major_label", "axis_label"):
        for name, value in (("color", colours.muted), ("font", FONT), ("font_size", "13px"), ("font_style", "normal")):
            setattr(plot.axis, f"{text}_text_{name}", value)


def number_ticks(look: Look) -> CustomJSTickFormatter:
    """Ticks with the reader's marks between the digits."""
    code = "return tick.toLocaleString(language, {useGrouping: 'always'})"
    return CustomJSTickFormatter(args={"language": look.words.language}, code=code)


def tooltip(look: Look, *lines: tuple[str, str], head: str = "@when", foot: str = "") -> str:
    """HTML of a tooltip: a head, a line for each label and column, and a foot."""
    colours = look.colours
    rows = "".join(f"<div>{label} <b>@{name}</b></div>" for label, name in lines)
    last = f'<div style="color:{colours.muted}">{foot}</div>' if foot else ""
    return f"""
    <div style="font:13px/1.5 {FONT};color:{colours.ink};background:{colours.surface};
      border:1px solid {colours.line};margin:-6px;padding:6px 10px">
      <div style="color:{colours.muted}">{head}</div>{rows}{last}
    </div>"""
