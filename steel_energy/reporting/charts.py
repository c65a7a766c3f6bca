"""The look of every chart: colours, axes and the few kinds of chart the reports use.

Colours are names of CSS variables (``page.css``), which ``page.js`` resolves, so a chart follows the reader's light or
dark theme. What a chart shows, and what is said about it, lives in the modules that call this one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import plotly.graph_objects as go

from steel_energy.reporting.wording import number

CLEAR = "rgba(0,0,0,0)"
INK, INK_SOFT, GRID = "var(--ink)", "var(--ink-soft)", "var(--grid)"
PAPER, LINE, MUTED = "var(--paper)", "var(--line)", "var(--muted)"
ACCENT, ACCENT_SOFT, CONTRAST = "var(--accent)", "var(--accent-soft)", "var(--contrast)"
LOAD_COLOURS = {"light": "var(--load-light)", "medium": "var(--load-medium)", "maximum": "var(--load-maximum)"}
HEAT = [[step / 4, f"var(--heat-{step})"] for step in range(5)]
SEQUENTIAL = [[0, "var(--sequence-0)"], [1, "var(--sequence-1)"]]
DIVERGING = [[0, "var(--cold)"], [0.5, "var(--neutral)"], [1, "var(--warm)"]]
FONT = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
AXIS = {
    "gridcolor": GRID,
    "linecolor": LINE,
    "zerolinecolor": LINE,
    "zeroline": False,
    "automargin": True,
    "ticks": "outside",
    "tickcolor": CLEAR,  # unseen, they keep the labels off the axis
    "separatethousands": True,
    "title": {"standoff": 8, "font": {"color": INK_SOFT, "size": 12}},
    "tickfont": {"color": INK_SOFT, "size": 11},
}
LEGEND = {
    "orientation": "h",
    "traceorder": "normal",
    "x": 0,
    "y": 1.02,
    "yanchor": "bottom",
    "font": {"size": 12, "color": INK},
}
BINS = 40
ROOM_FOR_TEXT = 1.15
"""An axis of lying bars reaches this far beyond the longest one, so that its value fits behind it."""
Trace: TypeAlias = go.Bar | go.Box | go.Heatmap | go.Scatter | go.Waterfall
Values: TypeAlias = Sequence[object] | np.ndarray[Any, Any]


@cache
def look() -> go.layout.Template:
    """The reports' look as a Plotly template: fonts, axes, legend, colours of paper and hover."""
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 12, "color": INK},
            "paper_bgcolor": CLEAR,
            "plot_bgcolor": CLEAR,
            "margin": {"l": 8, "r": 14, "t": 26, "b": 8},
            "legend": LEGEND,
            "hoverlabel": {"bgcolor": PAPER, "bordercolor": LINE, "font": {"family": FONT, "color": INK}},
            "modebar": {"bgcolor": CLEAR, "color": MUTED, "activecolor": ACCENT},
            "bargap": 0.15,
            "xaxis": {**AXIS, "showgrid": False},
            "yaxis": AXIS,
        }
    )


def styled(*traces: Trace, x: str = "", y: str = "", height: int = 320, **layout: object) -> go.Figure:
    """A figure of ``traces`` in the reports' look.

    Args:
        *traces: Plotly traces.
        x: title of the x axis with its unit.
        y: title of the y axis with its unit.
        height: in CSS pixels; the width follows the page.
        **layout: further settings of Plotly's layout, such as ``barmode`` or ``bargap``.
    """
    named = sum(bool(trace.name) and trace.showlegend is not False for trace in traces)
    titles = {f"{axis}_title_text": title for axis, title in (("xaxis", x), ("yaxis", y)) if title}
    return go.Figure(list(traces), {"template": look(), "height": height, "showlegend": named > 1, **titles, **layout})


def bars(
    x: Values, y: Values, *, name: str = "", colour: str | Sequence[str] = ACCENT, hover: str = "%{y:,.4~g}"
) -> go.Bar:
    """Upright bars; ``hover`` is the value in Plotly's format with its unit."""
    return go.Bar(
        x=x, y=y, name=name, marker={"color": colour, "line": {"width": 0}}, hovertemplate=_hover("%{x}", hover, name)
    )


def lines(
    x: Values,
    y: Values,
    *,
    name: str = "",
    colour: str = ACCENT,
    hover: str = "%{y:,.4~g}",
    width: float = 2,
    dash: str = "solid",
) -> go.Scatter:
    """A line; missing values leave a gap."""
    return go.Scatter(
        x=x,
        y=y,
        name=name,
        mode="lines",
        line={"color": colour, "width": width, "dash": dash},
        hovertemplate=_hover("%{x}", hover, name),
    )


def band(x: Values, lower: Values, upper: Values, *, name: str) -> tuple[go.Scatter, go.Scatter]:
    """The area between two lines: an invisible lower edge and a filled upper one."""
    hidden = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    edge = go.Scatter(x=x, y=lower, showlegend=False, **hidden)
    return edge, go.Scatter(x=x, y=upper, name=name, fill="tonexty", fillcolor=ACCENT_SOFT, **hidden)


def ranking(
    labels: Sequence[str], values: Sequence[float], *, name: str = "", colour: str | Sequence[str] = ACCENT, hover: str
) -> go.Bar:
    """Lying bars with the value written beside each; ``hover`` formats ``%{x}`` with its unit."""
    return go.Bar(
        x=list(values),
        y=list(labels),
        name=name,
        orientation="h",
        marker={"color": colour, "line": {"width": 0}},
        texttemplate=hover,
        textposition="outside",
        cliponaxis=False,
        textfont={"color": INK_SOFT, "size": 11},
        hovertemplate=_hover("%{y}", hover, name),
    )


def heatmap(
    x: Values,
    y: Values,
    z: Values,
    *,
    unit: str,
    scale: Sequence[Sequence[object]] | None = None,
    hover: str,
    **settings: object,
) -> go.Heatmap:
    """A heatmap with a slim colour bar titled by ``unit``; missing cells stay empty."""
    return go.Heatmap(
        x=x,
        y=y,
        z=z,
        colorscale=scale or HEAT,
        hovertemplate=f"{hover}<extra></extra>",
        hoverongaps=False,
        colorbar={
            "title": {"text": unit, "font": {"size": 11}},
            "thickness": 10,
            "outlinewidth": 0,
            "len": 0.9,
            "tickfont": {"size": 10, "color": INK_SOFT},
        },
        **settings,
    )


def waterfall(steps: Mapping[str, float], *, total: str, unit: str) -> go.Figure:
    """A start, what was added to and taken from it, and the sum as ``total``; signed values are written at each bar."""
    values = list(steps.values())
    trace = go.Waterfall(
        x=[*steps, total],
        y=[*values, None],
        measure=["absolute", *["relative"] * (len(values) - 1), "total"],
        text=[
            number(values[0]),
            *(("+" if value > 0 else "") + number(value) for value in values[1:]),
            number(sum(values)),
        ],
        insidetextfont={"color": PAPER},
        outsidetextfont={"color": INK_SOFT},
        textposition="auto",
        cliponaxis=False,
        connector={"line": {"color": MUTED, "width": 1}},
        increasing={"marker": {"color": LOAD_COLOURS["light"]}},
        decreasing={"marker": {"color": CONTRAST}},
        totals={"marker": {"color": ACCENT}},
        hovertemplate=f"%{{x}}<br><b>%{{text}} {unit}</b><extra></extra>",
    )
    return styled(trace, y=unit, height=330, bargap=0.4)


def histogram(values: np.ndarray[Any, Any], *, unit: str) -> go.Figure:
    """Counts of ``values`` (no NaN) in equal bins, on a log axis since idle hours outnumber all others."""
    counts, edges = np.histogram(values, bins=BINS)
    middles = (edges[:-1] + edges[1:]) / 2
    shown = bars(middles, np.where(counts > 0, counts, np.nan), hover="%{y:,} intervals")
    return styled(shown, x=unit, y="intervals", height=230, bargap=0.03).update_yaxes(
        type="log", dtick=1, exponentformat="power"
    )


def _hover(where: str, value: str, name: str) -> str:
    return f"{where}<br><b>{value}</b><extra>{name}</extra>"
