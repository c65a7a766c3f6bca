"""Readings of one plant as aligned arrays on the 15-minute grid, with the calendar running on past their end.

This is the numeric view that features and forecasters share. Position 0 is local midnight of the first day with
readings; position ``end`` is the first interval that is not known. Nothing here looks at a model.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import polars as pl

from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.calendar import in_utc, in_zone, interval_grid, known_ahead
from steel_energy.errors import InputError, NotEnoughDataError
from steel_energy.plant import Plant
from steel_energy.schema import (
    INTERVAL,
    INTERVAL_MINUTES,
    INTERVALS_PER_DAY,
    INTERVALS_PER_WEEK,
    readings_schema,
    require_schema,
)
from steel_energy.tariff import Tariff

MEASURED_INPUTS = ("usage_kwh", "lagging_reactive_kvarh", "leading_reactive_kvarh", "lagging_power_factor")
"""The measured columns that forecasts use; CO2 and the leading power factor follow from them."""

DEFAULT_HORIZON = INTERVALS_PER_DAY
MAX_HORIZON = INTERVALS_PER_WEEK

DAY_KINDS = ("weekday", "saturday", "sunday")
T = TypeVar("T")


@dataclass(frozen=True)
class Timeline:
    """Arrays by grid position; ``measured`` ends at ``end``, everything else runs ``ahead`` intervals further.

    Attributes:
        interval_start: start of each position, plant zone.
        measured: column to energy or percent, NaN before the first reading; length ``end``.
        slot: quarter hour of the local day, 0-95.
        weekday: 1 = Monday to 7.
        load_type: 0 light, 1 medium, 2 maximum.
        day: local day of each position, counted from 0.
        is_closed: by local day, not by position.
        day_kind: by local day: weekday, Saturday, Sunday (0-2), plus 3 where the plant is closed.
        profile_kwh: usage by local day and slot; NaN unless every interval of the day is known.
    """

    zone: str
    interval_start: pl.Series
    measured: dict[str, FloatArray]
    slot: IntArray
    weekday: IntArray
    load_type: IntArray
    day: IntArray
    is_closed: BoolArray
    day_kind: IntArray
    profile_kwh: FloatArray
    _made: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, make: Callable[..., T], *arguments: Hashable) -> T:
        """``make(self, *arguments)``, made when it is first asked for and kept as long as the timeline."""
        key = (make, *arguments)
        if key not in self._made:  # two threads at once make the same twice, which does no harm
            self._made[key] = make(self, *arguments)
        made: T = self._made[key]
        return made

    @property
    def end(self) -> int:
        """Position of the first interval that is not known."""
        return len(self.measured["usage_kwh"])

    @property
    def usage_kwh(self) -> FloatArray:
        """Measured active energy by position."""
        return self.measured["usage_kwh"]

    @property
    def first(self) -> int:
        """Position of the first reading."""
        return int(np.argmax(~np.isnan(self.usage_kwh)))

    def positions(self, origins: Sequence[dt.datetime] | pl.Series) -> IntArray:
        """Grid positions of forecast origins; naive times are plant time.

        Raises:
            InputError: an origin is off the grid, or not the end of a known interval.
        """
        zero = in_utc(self.interval_start[0], self.zone)
        steps = [in_utc(origin, self.zone) - zero for origin in origins]
        positions = np.array([step // INTERVAL for step in steps], dtype=np.int64)
        for origin, step, position in zip(origins, steps, positions, strict=True):
            if step % INTERVAL:
                raise InputError(
                    f"{origin.isoformat()} is not on the {INTERVAL_MINUTES}-minute grid",
                    field="origin",
                    remedy="use a full quarter of an hour",
                )
            if not self.first < position <= self.end:
                first, last = (self.interval_start[at].isoformat() for at in (self.first + 1, self.end))
                raise InputError(
                    f"{origin.isoformat()} is outside of the known readings",
                    field="origin",
                    remedy=f"choose one from {first} to {last}",
                )
        return positions


History = pl.DataFrame | Timeline
"""What a forecast is made from: readings, or their timeline, which many forecasts may share."""


def check_horizon(horizon: int) -> int:
    """Return ``horizon``.

    Raises:
        InputError: it is not 1 to 672 intervals.
    """
    if not 1 <= horizon <= MAX_HORIZON:
        raise InputError(
            f"must be 1 to {MAX_HORIZON} intervals of 15 minutes, got {horizon}",
            field="horizon",
            remedy=f"{DEFAULT_HORIZON} is one day",
        )
    return horizon


def timeline_of(history: History, *, plant: Plant, tariff: Tariff, ahead: int) -> Timeline:
    """``history`` as a timeline of at least ``ahead`` intervals past its end; see ``build_timeline``.

    Raises:
        InputError: it is a timeline already and ends too soon.
    """
    if not isinstance(history, Timeline):
        return build_timeline(history, plant=plant, tariff=tariff, ahead=ahead)
    if len(history.day) - history.end < ahead:
        raise InputError(f"reaches less than {ahead} intervals ahead", field="history", remedy="build it longer")
    return history


def build_timeline(readings: pl.DataFrame, *, plant: Plant, tariff: Tariff, ahead: int) -> Timeline:
    """The timeline of ``readings``, running ``ahead`` intervals past their end.

    Args:
        readings: data contract, sorted, exactly one row for each interval.
        plant: zone and production calendar.
        tariff: the load types ahead.
        ahead: intervals of calendar after the last reading.

    Raises:
        NotEnoughDataError: there are no readings.
        SchemaError: a column is missing or of another type.
        InputError: an interval is missing, doubled or out of order, or a measured value is.
    """
    readings = require_schema(readings, readings_schema(plant.zone))
    if readings.is_empty():
        raise NotEnoughDataError("there are no readings", field="readings", remedy="widen the period")
    _check_grid(readings)
    start = readings["interval_start"]
    grid = _whole_days(start[0], start[-1], ahead=ahead, zone=plant.zone)
    calendar = known_ahead(grid, plant=plant, tariff=tariff)
    padding = (start[0].astimezone(dt.UTC) - grid[0].astimezone(dt.UTC)) // INTERVAL
    measured = {name: np.concatenate([np.full(padding, np.nan), readings[name].to_numpy()]) for name in MEASURED_INPUTS}
    date = grid.dt.date()
    day = (date - date[0]).dt.total_days().to_numpy()
    slot = calendar["slot"].cast(pl.Int64).to_numpy()
    weekday = calendar["weekday"].cast(pl.Int64).to_numpy()
    first_of_day = np.flatnonzero(np.diff(day, prepend=-1))
    is_closed = calendar["is_closed"].to_numpy()[first_of_day]
    return Timeline(
        zone=plant.zone,
        interval_start=grid,
        measured=measured,
        slot=slot,
        weekday=weekday,
        load_type=calendar["load_type"].to_physical().cast(pl.Int64).to_numpy(),
        day=day,
        is_closed=is_closed,
        day_kind=np.maximum(weekday[first_of_day] - 5, 0) + len(DAY_KINDS) * is_closed,
        profile_kwh=_profiles(measured["usage_kwh"], day, slot),
    )


def _whole_days(first: dt.datetime, last: dt.datetime, *, ahead: int, zone: str) -> pl.Series:
    """The grid from midnight of the first day to ``ahead`` intervals past the last, with one whole day to spare."""
    until = in_zone(last.astimezone(dt.UTC) + INTERVAL * (ahead + 1), zone)
    midnight, end = (dt.datetime.combine(moment.date(), dt.time()) for moment in (first, until))
    return interval_grid(midnight, end + dt.timedelta(days=2), zone=zone)


def _check_grid(readings: pl.DataFrame) -> None:
    steps = readings["interval_start"].diff().drop_nulls()
    if not (steps == INTERVAL).all():
        raise InputError(
            "the readings are not one row for every 15 minutes in order",
            field="interval_start",
            remedy="pass the output of `steel clean`",
        )
    empty = [name for name in MEASURED_INPUTS if readings[name].null_count() or readings[name].is_nan().any()]
    if empty:
        raise InputError("has empty cells", field=empty[0], remedy="pass the output of `steel clean`")


def _profiles(usage_kwh: FloatArray, day: IntArray, slot: IntArray) -> FloatArray:
    """Usage by day and slot; a day with an unknown interval is NaN throughout.

    Where clocks go back, a slot occurs twice and the later one stands; where they go forward, the value before stands
    for the slots that do not exist.
    """
    profile = np.full((int(day[-1]) + 1, INTERVALS_PER_DAY), np.nan)
    known = slice(0, len(usage_kwh))
    profile[day[known], slot[known]] = usage_kwh
    due = np.bincount(day)
    got = np.bincount(day[known], weights=~np.isnan(usage_kwh), minlength=len(due))
    exists = np.maximum.accumulate(np.where(np.isnan(profile), 0, np.arange(INTERVALS_PER_DAY)), axis=1)
    filled: FloatArray = np.take_along_axis(profile, exists, axis=1)
    filled[got < due] = np.nan
    return filled
