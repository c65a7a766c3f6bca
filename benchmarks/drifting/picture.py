"""One picture: a week of each kind of shift with the night on which it was found, and the stable weeks."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import ListedColormap
from matplotlib.dates import DateFormatter, DayLocator
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from PIL import Image

from drifting.judging import Found, Judged
from drifting.scenes import Scene
from steel_energy.reporting.model_style import (
    ACCENT,
    CONTRAST,
    DOTS_PER_INCH,
    INK,
    INK_SOFT,
    MUTED,
    MUTED_PALE,
    STYLE,
)
from steel_energy.schema import INTERVALS_PER_HOUR
from steel_energy.simulation.shift import SHIFTS, ShiftKind, shifted

START = "2018-10-24T10:00"  # of the real year: a Wednesday morning
BEFORE, AFTER = dt.timedelta(days=3), dt.timedelta(days=8)
SIZE = (11.0, 12.4)  # inches
COLOURS = 64
MOST_KW = 1000.0  # outliers go far beyond; what they hide is of interest too
AMBER = "#e0b050"
TITLES: dict[ShiftKind, str] = {
    "co2_level": "Meter books 50 % too much CO2",
    "load_type_mix": "Half of the hours in a dearer band",
    "outliers": "One reading in 20 far too large",
    "level_shift": "30 % more load",
    "stuck_sensor": "Meter hangs",
    "shift_pattern": "Half of the work at night",
    "seasonal": "Stronger season: no drift",
}


def draw(path: Path, *, scene: Scene, found: Sequence[Found], weeks: Sequence[Judged]) -> None:
    """Write the picture.

    Args:
        path: a PNG.
        scene: real readings, of whose starts ``START`` is one.
        found: of every kind at its usual size, cleaned, with this start.
        weeks: stable weeks of any scenes.
    """
    with rc_context(dict[Any, Any]({**STYLE, "font.size": 9})):
        figure = Figure(SIZE, DOTS_PER_INCH, layout=ConstrainedLayoutEngine(h_pad=0.12, w_pad=0.1))
        rows = figure.add_gridspec(2, 1, height_ratios=[4, 1.5])
        upper, lower = (figure.add_subfigure(rows[row]) for row in (0, 1))
        grid = upper.subplots(4, 2).ravel()
        by_kind = {one.cause.name: one for one in found if one.start.isoformat().startswith(START) and one.cleaning}
        for axes, kind in zip(grid, SHIFTS, strict=False):
            _shift(axes, scene, kind, by_kind.get(kind))
        _key(grid[-1])
        _weeks(lower.subplots(), weeks)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        path.write_bytes(_png(np.asarray(canvas.buffer_rgba())[:, :, :3]))


def _shift(axes: Axes, scene: Scene, kind: ShiftKind, found: Found | None) -> None:
    (start,) = (one for one in scene.starts if one.isoformat().startswith(START))
    near = pl.col("interval_start").is_between(start - BEFORE, start + AFTER)
    sent = shifted(
        scene.readings, kind=kind, size=SHIFTS[kind].size, start=start, seed=start.toordinal(), plant=scene.site.plant
    )
    column, factor, unit = _shown(kind)
    at = scene.readings.filter(near)["interval_start"].dt.replace_time_zone(None).to_numpy()
    true, new = (np.minimum(_values(one.filter(near)[column]) * factor, MOST_KW) for one in (scene.readings, sent))
    is_new, begun = at >= np.datetime64(start.replace(tzinfo=None)), start.replace(tzinfo=None)
    axes.axvspan(at[0], begun, color=MUTED_PALE, lw=0)  # type: ignore[arg-type] # dates
    axes.fill_between(at, true, color=MUTED, lw=0, step="post")
    axes.step(at[is_new], new[is_new], color=CONTRAST, lw=0.8, where="post")
    axes.set(ylabel=unit, xlim=(at[0], at[-1]), ylim=(0, None))
    if column == "load_type":
        axes.set(yticks=[0, 1, 2], yticklabels=["light", "medium", "maximum"])
    axes.xaxis.set_major_locator(DayLocator(interval=2))
    axes.xaxis.set_major_formatter(DateFormatter("%a %-d"))
    axes.set_title(f"{TITLES[kind]}\n", loc="left", weight="bold", color=INK, size=10.5)
    _mark(axes, begun, found)


def _mark(axes: Axes, begun: dt.datetime, found: Found | None) -> None:
    """A line where the shift was found, and what found it above."""
    verdict = "not called severe within a week"
    if found is not None and found.delay_days is not None:
        verdict = f"severe after {found.delay_days:.1f} days: {found.first_by[0]}"
        axes.axvline(begun + dt.timedelta(days=found.delay_days), color=ACCENT, lw=1.8)  # type: ignore[arg-type]
    axes.text(0, 1.04, verdict, transform=axes.transAxes, color=ACCENT, size=9)


def _key(axes: Axes) -> None:
    axes.set_axis_off()
    lines = ((MUTED, "what the meter would have shown"), (CONTRAST, "what it showed"), (ACCENT, "night of the verdict"))
    for height, (colour, text) in zip((0.8, 0.62, 0.44), lines, strict=True):
        axes.plot([0.02, 0.1], [height, height], color=colour, lw=2, transform=axes.transAxes)
        axes.text(0.13, height, text, va="center", transform=axes.transAxes, color=INK_SOFT)
    note = (
        "Gwangyang, October 2018; white: the shift is on.\n"
        "The champion was trained until 1 October; asked\n"
        "each midnight, the readings cleaned."
    )
    axes.text(0.02, 0.16, note, va="center", transform=axes.transAxes, color=INK_SOFT)


def _weeks(axes: Axes, weeks: Sequence[Judged]) -> None:
    """A stripe for each champion's stable weeks, by the calendar's week in which they end."""
    names = list(dict.fromkeys(week.scene for week in weeks))
    cells = np.full((len(names), 54), np.nan)
    for week in weeks:
        worst = 2 if week.severe else 1 if week.moderate else 0
        cells[names.index(week.scene), (week.until - dt.timedelta(days=1)).isocalendar().week] = worst
    axes.pcolormesh(cells, cmap=ListedColormap([MUTED_PALE, AMBER, CONTRAST]), vmin=0, vmax=2, edgecolors="white", lw=1)
    axes.set(yticks=np.arange(len(names)) + 0.5, yticklabels=names, xlim=(1, 54), xlabel="week of the year")
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.set_title("Stable weeks: nothing was shifted", loc="left", weight="bold", color=INK, size=10)
    axes.set_title("grey none, yellow moderate, orange severe", loc="right", color=INK_SOFT, size=9)


def _shown(kind: ShiftKind) -> tuple[str, float, str]:
    """The column that shows a kind best, what turns it into the unit, and the unit."""
    if kind == "co2_level":
        return "co2_t", 1000.0, "kg CO2 in 15 min"
    if kind == "load_type_mix":
        return "load_type", 1.0, "load type"
    return "usage_kwh", float(INTERVALS_PER_HOUR), "kW"


def _values(column: pl.Series) -> np.ndarray:
    return (column.to_physical() if column.dtype == pl.Enum else column).cast(pl.Float64).to_numpy()


def _png(pixels: np.ndarray) -> bytes:
    """Few colours: a third of the size."""
    few = Image.fromarray(pixels).quantize(COLOURS, dither=Image.Dither.NONE)
    png = io.BytesIO()
    few.save(png, format="png", optimize=True)
    return png.getvalue()
