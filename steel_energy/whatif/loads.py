"""A load while it is being changed: aligned arrays of energies by interval, and what is known of each interval.

A frame with ``interval_start``, ``usage_kwh`` and both reactive energies goes in and comes out. What changes a load
lives in ``applying``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.calendar import known_ahead
from steel_energy.plant import Plant
from steel_energy.schema import INTERVALS_PER_HOUR
from steel_energy.tariff import Tariff
from steel_energy.timeline import DAY_KINDS

ENERGIES = ("usage_kwh", "lagging_reactive_kvarh", "leading_reactive_kvarh")
LOAD_COLUMNS = ("interval_start", *ENERGIES)


@dataclass(frozen=True)
class Grid:
    """What is known ahead of each interval; arrays of shape (intervals,).

    Attributes:
        interval_start: plant zone, in order.
        day: calendar day as ``datetime64[D]``, plant's clock.
        hour: 0-23.
        slot: quarter hour of the day, 0-95.
        day_kind: weekday, Saturday, Sunday (0-2), plus 3 where the plant is closed.
        load_type: 0 light, 1 medium, 2 maximum.
    """

    interval_start: pl.Series
    day: np.typing.NDArray[np.datetime64]
    hour: IntArray
    slot: IntArray
    day_kind: IntArray
    load_type: IntArray

    @property
    def is_closed(self) -> BoolArray:
        """Whether the plant is closed on the interval's day."""
        closed: BoolArray = self.day_kind >= len(DAY_KINDS)
        return closed

    def on_days(self, days: Iterable[dt.date] | None) -> BoolArray:
        """Which intervals lie on one of ``days``; all of them for None."""
        if days is None:
            return np.ones(self.hour.size, dtype=bool)
        chosen: BoolArray = np.isin(self.day, np.array(list(days), dtype="datetime64[D]"))
        return chosen


def grid_of(interval_start: pl.Series, *, plant: Plant, tariff: Tariff) -> Grid:
    """The grid of some intervals; ``tariff`` gives the load types, as in the readings."""
    ahead = known_ahead(interval_start, plant=plant, tariff=tariff)
    slot = ahead["slot"].cast(pl.Int64).to_numpy()
    weekday, is_closed = ahead["weekday"].cast(pl.Int64).to_numpy(), ahead["is_closed"].to_numpy()
    return Grid(
        interval_start=interval_start,
        day=interval_start.dt.date().to_numpy().astype("datetime64[D]"),
        hour=slot // INTERVALS_PER_HOUR,
        slot=slot,
        day_kind=np.maximum(weekday - 5, 0) + len(DAY_KINDS) * is_closed,
        load_type=ahead["load_type"].to_physical().cast(pl.Int64).to_numpy(),
    )


@dataclass(frozen=True)
class Load:
    """Energies of a period; arrays of shape (intervals,).

    Attributes:
        usage_kwh: active energy.
        lagging_kvarh: lagging reactive energy before any change.
        leading_kvarh: leading reactive energy before any change.
        added_kvarh: net reactive energy that changes have added so far, negative where they took lagging away.
    """

    grid: Grid
    usage_kwh: FloatArray
    lagging_kvarh: FloatArray
    leading_kvarh: FloatArray
    added_kvarh: FloatArray

    def lagging(self) -> FloatArray:
        """Lagging reactive energy after the changes: what is added first takes leading energy away."""
        more, less = np.maximum(self.added_kvarh, 0.0), np.maximum(-self.added_kvarh, 0.0)
        found: FloatArray = np.maximum(self.lagging_kvarh - less, 0.0) + np.maximum(more - self.leading_kvarh, 0.0)
        return found

    def leading(self) -> FloatArray:
        """Leading reactive energy after the changes: what is taken first takes lagging energy away."""
        more, less = np.maximum(self.added_kvarh, 0.0), np.maximum(-self.added_kvarh, 0.0)
        found: FloatArray = np.maximum(self.leading_kvarh - more, 0.0) + np.maximum(less - self.lagging_kvarh, 0.0)
        return found

    def drawing(self, usage_kwh: FloatArray, *, kvarh_per_kwh: float) -> Load:
        """The same load with another usage, which brings its reactive energy along."""
        added = self.added_kvarh + kvarh_per_kwh * (usage_kwh - self.usage_kwh)
        return replace(self, usage_kwh=usage_kwh, added_kvarh=added)

    def frame(self) -> pl.DataFrame:
        """``LOAD_COLUMNS``, one row for each interval."""
        energies = zip(ENERGIES, (self.usage_kwh, self.lagging(), self.leading()), strict=True)
        return pl.DataFrame([self.grid.interval_start, *(pl.Series(name, values) for name, values in energies)])


def load_of(frame: pl.DataFrame, grid: Grid) -> Load:
    """The load of a frame with ``LOAD_COLUMNS``, as yet unchanged."""
    usage, lagging, leading = (frame[name].cast(pl.Float64).to_numpy() for name in ENERGIES)
    return Load(grid, usage, lagging, leading, np.zeros(grid.hour.size))
