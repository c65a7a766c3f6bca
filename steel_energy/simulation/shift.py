"""Readings that change for good from some day on, with known truth: what drift detection has to find.

Three kinds happen to the plant and pass its meter, so every law of the readings still holds: more or less load, work
moved into the night, and a stronger season, which is no drift and has to be left alone. Four happen to the meter or to
its clock, and contradict the physics or the calendar; cleaning undoes part of those, and its repairs tell.
"""

from __future__ import annotations

import datetime as dt
import itertools
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray
from steel_energy.calendar import in_zone, interval_end
from steel_energy.errors import InputError
from steel_energy.meter import co2_t
from steel_energy.plant import Meter, Plant
from steel_energy.schema import (
    HOURS_PER_DAY,
    INTERVALS_PER_DAY,
    LOAD_TYPES,
    MEASURED,
    LoadType,
    readings_schema,
    require_schema,
)
from steel_energy.simulation.metering import metered

ShiftKind = Literal[
    "co2_level", "load_type_mix", "outliers", "level_shift", "stuck_sensor", "shift_pattern", "seasonal"
]
ENERGIES = ("usage_kwh", "lagging_reactive_kvarh", "leading_reactive_kvarh")
OUTLIER_FACTORS = (5.0, 50.0)  # a struck energy is so many times the true one
OUTLIER_OFFSET = 30.0  # and this much more (kWh or kvarh), as some true ones are 0; the dirty file's are like it
IDLE_SHARE = 0.25  # a day's usage at this quantile counts as the idle plant's; what is above it is work
LATER = INTERVALS_PER_DAY // 2  # by so many intervals moved work comes later: from noon to midnight
COLDEST_DAY = 15  # of the year, where the seasonal swing is highest
YEAR_DAYS = 365.25
FIRST_PULSE = 1e-6  # share of a pulse counted before the first one, so that floating point loses none


@dataclass(frozen=True)
class _Stretch:
    """The readings to be shifted.

    Attributes:
        readings: data contract's readings in time order, at least one.
        before: the reading just before them, or their own first one.
        size: how far they shift.
        plant: whose meter showed them.
        rng: of this kind and seed.
    """

    readings: pl.DataFrame
    before: pl.DataFrame
    size: float
    plant: Plant
    rng: np.random.Generator

    def values(self, column: str) -> FloatArray:
        """A measured column, shape (rows,)."""
        return self.readings[column].to_numpy()

    def flows(self) -> list[FloatArray]:
        """The three energies that flowed, shape (rows,) each: whole pulses, where the display had rounded them."""
        pulse = self.plant.meter.pulse_kwh
        return [np.rint(self.values(name) / pulse) * pulse for name in ENERGIES]


@dataclass(frozen=True)
class Shift:
    """A kind of change.

    Attributes:
        what: what happens, in words, with ``size`` for "this".
        apply: shifts a stretch of readings.
        size: a usual size.
        sizes: the smallest and the largest one that makes sense.
        is_physical: whether the readings still obey the meter's physics.
    """

    what: str
    apply: Callable[[_Stretch], pl.DataFrame]
    size: float
    sizes: tuple[float, float] = (0.0, 1.0)
    is_physical: bool = False


def shifted(
    readings: pl.DataFrame,
    *,
    kind: ShiftKind,
    size: float,
    start: dt.datetime,
    end: dt.datetime | None = None,
    seed: int,
    plant: Plant,
) -> pl.DataFrame:
    """Shift the readings of ``[start, end)``; those outside stay as they are.

    Args:
        readings: data contract's readings of one plant, in any order.
        kind: one of ``SHIFTS``, which says what ``size`` is.
        size: how far; 0 changes nothing, but of ``co2_level``, which books the CO2 anew.
        start: first interval; a naive time is the plant's.
        end: end of the last interval; the end of the readings if left out.
        seed: at least 0; the same readings, kind, size and seed give the same.
        plant: whose meter showed them.

    Returns:
        ``readings_schema(plant.zone)``, sorted by time, as many rows as came in.

    Raises:
        InputError: no such kind, a size that makes no sense for it, or no reading or an unknown cell in the period.
        SchemaError: ``readings`` are not the data contract's.
    """
    shift = _require_known(kind, size)
    whole = require_schema(readings, readings_schema(plant.zone)).sort("interval_start")
    first, last = _period(whole, start, end, plant.zone)
    is_inside = pl.col("interval_start").is_between(first, last, closed="left")
    inside, before = whole.filter(is_inside), whole.filter(pl.col("interval_start") < first)
    if inside.is_empty():
        raise InputError(f"no reading between {first} and {last}", field="start", remedy="name a period they cover")
    if unknown := inside.null_count().sum_horizontal().item():
        raise InputError(f"{unknown} cells are unknown", field="readings", remedy="clean them first: `steel clean`")
    rng = np.random.default_rng([seed, zlib.crc32(kind.encode())])
    stretch = _Stretch(inside, before.tail(1) if before.height else inside.head(1), size, plant, rng)
    after = whole.filter(pl.col("interval_start") >= last)
    return pl.concat([before, shift.apply(stretch), after])


def co2_level(stretch: _Stretch) -> pl.DataFrame:
    """A wrong emission factor in the meter."""
    booked = co2_t(stretch.values("usage_kwh") * (1 + stretch.size), stretch.plant.meter)
    return stretch.readings.with_columns(co2_t=booked)


def load_type_mix(stretch: _Stretch) -> pl.DataFrame:
    """Another tariff's hours: some hours of the clock show the next dearer load type, the same ones each day."""
    hours = stretch.rng.permutation(HOURS_PER_DAY)[: round(stretch.size * HOURS_PER_DAY)]
    dearer = dict(itertools.pairwise(LOAD_TYPES))
    is_moved = pl.col("interval_start").dt.hour().is_in(hours.tolist())
    moved = pl.col("load_type").cast(pl.String).replace(dearer).cast(LoadType)
    return stretch.readings.with_columns(load_type=pl.when(is_moved).then(moved).otherwise("load_type"))


def outliers(stretch: _Stretch) -> pl.DataFrame:
    """Disturbed transmission: single energies far too large, beside power factors and CO2 of the true ones."""
    rows = stretch.readings.height
    struck = np.where(stretch.rng.random(rows) < stretch.size, stretch.rng.integers(len(ENERGIES), size=rows), -1)
    factor = stretch.rng.uniform(*OUTLIER_FACTORS, size=rows)
    wrong = {
        name: np.where(
            struck == number, np.round(stretch.values(name) * factor + OUTLIER_OFFSET, 2), stretch.values(name)
        )
        for number, name in enumerate(ENERGIES)
    }
    return stretch.readings.with_columns(**wrong)


def level_shift(stretch: _Stretch) -> pl.DataFrame:
    """More of the same load, or less: all energies in proportion."""
    return _metered(stretch, *(flow * (1 + stretch.size) for flow in stretch.flows()))


def stuck_sensor(stretch: _Stretch) -> pl.DataFrame:
    """The meter hangs for a part of each day and repeats the reading before."""
    day = stretch.readings["interval_start"].dt.date().rle_id().to_numpy().astype(np.int64)
    slot = np.arange(day.size) - np.searchsorted(day, day)
    length = np.bincount(day)
    hangs_for = np.rint(stretch.size * length).astype(np.int64)
    begins = stretch.rng.integers(0, length - hangs_for + 1)
    hangs = (slot >= begins[day]) & (slot < (begins + hangs_for)[day])
    last_read = np.maximum.accumulate(np.where(hangs, -1, np.arange(day.size)))
    known = pl.concat([stretch.before, stretch.readings]).select(column.name for column in MEASURED)
    return stretch.readings.with_columns(known[last_read + 1])


def shift_pattern(stretch: _Stretch) -> pl.DataFrame:
    """A night shift: a share of the work is done half a day later, its reactive load with it."""
    usage, lagging, leading = stretch.flows()
    day = stretch.readings["interval_start"].dt.date().rle_id().to_numpy().astype(np.int64)
    idle = np.array([np.quantile(usage[day == one], IDLE_SHARE) for one in range(day.max() + 1)])
    moved = stretch.size * np.maximum(usage - idle[day], 0)
    change = np.concatenate([np.zeros(min(LATER, moved.size)), moved[:-LATER]]) - moved
    both, net = np.minimum(lagging, leading), lagging - leading + _reactive_share(usage, lagging - leading) * change
    return _metered(stretch, usage + change, np.maximum(net, 0) + both, np.maximum(-net, 0) + both)


def seasonal(stretch: _Stretch) -> pl.DataFrame:
    """A stronger season: all energies swing over the year, highest in mid-January; no step where it begins."""
    days = stretch.readings["interval_start"].dt.ordinal_day().to_numpy()
    swing = 1 + stretch.size * np.cos(2 * np.pi * (days - COLDEST_DAY) / YEAR_DAYS)
    return _metered(stretch, *(flow * swing / swing[0] for flow in stretch.flows()))


SHIFTS: dict[ShiftKind, Shift] = {
    "co2_level": Shift("the meter books this share more CO2", co2_level, 0.5, sizes=(-1, 10)),
    "load_type_mix": Shift("this share of the hours shows the next dearer load type", load_type_mix, 0.5),
    "outliers": Shift("this share of the intervals has an energy far too large", outliers, 0.05),
    "level_shift": Shift("the plant draws this share more", level_shift, 0.3, sizes=(-1, 10), is_physical=True),
    "stuck_sensor": Shift("the meter hangs for this share of each day", stuck_sensor, 1.0),
    "shift_pattern": Shift("this share of the work is done at night", shift_pattern, 0.5, is_physical=True),
    "seasonal": Shift("the year swings by this share more", seasonal, 0.2, sizes=(0, 0.9), is_physical=True),
}
"""Every kind of shift by name."""


def _metered(stretch: _Stretch, usage: FloatArray, lagging: FloatArray, leading: FloatArray) -> pl.DataFrame:
    """Pass energies through the plant's meter: what it shows of them."""
    meter: Meter = stretch.plant.meter
    first = np.zeros(usage.size)
    first[0] = FIRST_PULSE * meter.pulse_kwh
    return stretch.readings.with_columns(**metered(usage + first, lagging + first, leading + first, meter=meter))


def _reactive_share(usage: FloatArray, net: FloatArray) -> float:
    """Net reactive energy (kvarh) that each kWh of work brings: the slope between successive intervals.

    Capacitors are switched on and off a few times a day, so they hardly count in it.
    """
    step_kwh, step_kvarh = np.diff(usage), np.diff(net)
    return float(step_kwh @ step_kvarh) / max(float(step_kwh @ step_kwh), FIRST_PULSE)


def _require_known(kind: ShiftKind, size: float) -> Shift:
    if kind not in SHIFTS:
        raise InputError(f"{kind} is no kind of shift", field="kind", remedy=f"give one of {', '.join(SHIFTS)}")
    shift = SHIFTS[kind]
    smallest, largest = shift.sizes
    if not smallest <= size <= largest:
        raise InputError(
            f"{size} makes no sense for {kind}",
            field="size",
            remedy=f"{shift.what}: give {smallest} to {largest}",
        )
    return shift


def _period(
    readings: pl.DataFrame, start: dt.datetime, end: dt.datetime | None, zone: str
) -> tuple[dt.datetime, dt.datetime]:
    if readings.is_empty():
        raise InputError("there are no readings", field="readings", remedy="pass some")
    newest: dt.datetime = readings["interval_start"][-1]
    return in_zone(start, zone), in_zone(end, zone) if end else interval_end(newest)
