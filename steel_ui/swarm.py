"""What features add to forecasts as a swarm of dots; no request, no session and no Panel here."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from bokeh.models import ColumnDataSource, HoverTool, LayoutDOM, Range1d, Span

from steel_client.models import FeatureSwarm
from steel_ui.feature_names import feature_name
from steel_ui.figures import Look, dress_axes, frame, tooltip
from steel_ui.model_charts import dress_lying, label
from steel_ui.words import DASH

ROW_PX = 56
SLOTS = 90
"""Places along the axis where dots pile up; finer ones would not touch."""
STEP = 0.07
HIGHEST = 0.3
"""Of a row, up to which the largest pile reaches to either side."""
MARGIN = 1.05


def swarm(features: Sequence[FeatureSwarm], *, look: Look) -> LayoutDOM:
    """A row of dots for each feature, the strongest on top.

    A dot is one forecast of the past: where it stands is what the feature added, its colour how high the feature was
    then among all of them.
    """
    names = [feature_name(one.feature, one.label, words=look.words) for one in features]
    reach = max((abs(point.kwh) for one in features for point in one.points), default=1) * MARGIN or 1
    rows = len(features)
    plot = frame(look, height=ROW_PX * rows + 60, x_range=Range1d(-reach, reach), y_range=Range1d(-0.6, rows - 0.4))
    plot.add_layout(Span(location=0, dimension="height", line_color=look.colours.muted, line_width=1))
    source = ColumnDataSource(_dots(features, names, reach, look))
    drawn = plot.scatter("kwh", "height", size=6, color="colour", line_color=None, alpha=0.75, source=source)
    say = look.words
    lines = [(say("swarm_value"), "value"), (say("swarm_added"), "added")]
    plot.add_tools(HoverTool(renderers=[drawn], tooltips=tooltip(look, *lines), attachment="horizontal"))
    heights = [rows - 1 - n + HIGHEST + STEP / 2 for n in range(rows)]
    heads = ColumnDataSource({"x": [-reach] * rows, "y": heights, "text": names})
    label(plot, look, x="x", y="y", text="text", source=heads)
    dress_axes(plot, look, unit="")
    dress_lying(plot, look, unit=say("axis_added"))
    plot.yaxis.visible = False
    return plot


def _dots(features: Sequence[FeatureSwarm], names: Sequence[str], reach: float, look: Look) -> dict[str, list[object]]:
    columns: dict[str, list[object]] = {name: [] for name in ("kwh", "height", "colour", "when", "value", "added")}
    for number, (one, name) in enumerate(zip(features, names, strict=True)):
        known = sorted(point.value for point in one.points if point.value is not None)
        slots = [round(point.kwh / reach * SLOTS / 2) for point in one.points]
        step = min(STEP, 2 * HIGHEST / max(Counter(slots).values(), default=1))
        piled: Counter[int] = Counter()
        for point, slot in zip(one.points, slots, strict=True):
            columns["kwh"].append(point.kwh)
            columns["height"].append(len(features) - 1 - number + _offset(piled[slot], step))
            columns["colour"].append(_colour(point.value, known, look))
            columns["when"].append(name)
            columns["value"].append(DASH if point.value is None else look.words.number(point.value, digits=1))
            columns["added"].append(f"{look.words.number(point.kwh, digits=2, signed=True)} {look.words.units.energy}")
            piled[slot] += 1
    return columns


def _offset(place: int, step: float) -> float:
    """0, then by turns above and below.

    >>> [_offset(place, 0.5) for place in range(4)]
    [0.0, 0.5, -0.5, 1.0]
    """
    height = (place + 1) // 2 * step
    return height if place % 2 else -height + 0.0


def _colour(value: float | None, known: Sequence[float], look: Look) -> str:
    """Between the colours of low and high, by the rank among the known values."""
    if value is None or not known:
        return look.colours.muted
    share = (bisect_left(known, value)) / max(len(known) - 1, 1)
    return mixed(look.colours.expected, look.colours.bad, min(share, 1.0))


def mixed(low: str, high: str, share: float) -> str:
    """A colour between two.

    >>> mixed("#000000", "#ff8000", 0.5)
    '#804000'
    """
    pairs = [(int(low[n : n + 2], 16), int(high[n : n + 2], 16)) for n in (1, 3, 5)]
    return "#" + "".join(f"{round(one + (other - one) * share):02x}" for one, other in pairs)
