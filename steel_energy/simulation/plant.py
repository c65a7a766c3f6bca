"""A simulated plant: plausible 15-minute readings for any plant file, month by month.

What ``load.py`` lets the plant draw passes the same meter as real readings: pulses, power factors, CO2 and load types
follow from ``meter.py`` and ``calendar.py``, so every law of the readings holds. Damage to them is the matter of
``damage.py``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray
from steel_energy.calendar import interval_grid, known_ahead
from steel_energy.errors import InputError
from steel_energy.months import first_day, month_of, shift_month
from steel_energy.plant import Plant
from steel_energy.schema import INTERVALS_PER_HOUR, readings_schema, require_schema
from steel_energy.simulation.load import Month, idle, limited, net_reactive, production
from steel_energy.simulation.metering import metered
from steel_energy.simulation.seeds import generator
from steel_energy.tariff import Tariff

YEARS = range(1970, 2101)
SMALLEST_RIPPLE_KVARH = 1e-6
MIDDLE_OF_INTERVAL = 0.5


def simulate(plant: Plant, tariff: Tariff, *, start: dt.date, end: dt.date, seed: int) -> Iterator[pl.DataFrame]:
    """Simulate the readings of ``plant`` from ``start`` up to and without ``end``, one frame a month.

    The same seed gives the same readings, and a month is the same whatever period it was asked for in. Nothing is kept
    from month to month, so any number of plant-years streams through constant memory.

    Args:
        plant: its meter, calendar and load profile shape the readings.
        tariff: gives the load types.
        start: first day, on the plant's clock.
        end: day after the last one.
        seed: at least 0.

    Returns:
        Frames of ``readings_schema(plant.zone)``, in time order; a day with a clock change has 92 or 100 rows.

    Raises:
        InputError: the period is empty or outside the years 1970-2100, or the seed is negative.
    """
    if seed < 0:
        raise InputError(f"seed {seed} is negative", field="seed", remedy="give 0 or more")
    return (_month(plant, tariff, first, until, seed) for first, until in months_of(start, end))


def months_of(start: dt.date, end: dt.date) -> list[tuple[dt.date, dt.date]]:
    """``[start, end)`` cut at the ends of months: first day and day after the last of each part, in order.

    Raises:
        InputError: the period is empty or outside the years 1970-2100.

    >>> [f"{first} {until}" for first, until in months_of(dt.date(2018, 1, 30), dt.date(2018, 2, 3))]
    ['2018-01-30 2018-02-01', '2018-02-01 2018-02-03']
    """
    if not (start < end and start.year in YEARS and (end - dt.timedelta(days=1)).year in YEARS):
        raise InputError(
            f"cannot simulate from {start} up to {end}", field="period", remedy="give days in order, 1970-2100"
        )
    cuts = [start]
    while cuts[-1] < end:
        cuts.append(min(_next_month(cuts[-1]), end))
    return list(pairwise(cuts))


def _next_month(day: dt.date) -> dt.date:
    return first_day(shift_month(month_of(day), 1))


def _month(plant: Plant, tariff: Tariff, start: dt.date, end: dt.date, seed: int) -> pl.DataFrame:
    """The readings of ``[start, end)``, which lies in one month: the whole month is simulated and cut."""
    first = start.replace(day=1)
    begin, close = (dt.datetime.combine(day, dt.time()) for day in (first, _next_month(first)))
    known = known_ahead(interval_grid(begin, close, zone=plant.zone), plant=plant, tariff=tariff)
    day = known["interval_start"].dt.day().to_numpy().astype(np.int64)
    hour = (known["slot"].to_numpy() + MIDDLE_OF_INTERVAL) / INTERVALS_PER_HOUR
    month = Month(plant=plant, seed=seed, first=first, day=day, hour=hour)
    rng = generator(seed, plant.id, month_of(first))
    idle_kwh = idle(month, rng)
    usage_kwh = limited(month, idle_kwh + production(month, rng))
    net_kvarh = net_reactive(month, np.maximum(usage_kwh - idle_kwh, 0), rng)
    return _metered(known, usage_kwh, net_kvarh, plant=plant).filter(
        pl.col("interval_start").dt.date().is_between(start, end, closed="left")
    )


def _metered(known: pl.DataFrame, usage_kwh: FloatArray, net_kvarh: FloatArray, *, plant: Plant) -> pl.DataFrame:
    """Pass the energies of the ``known`` intervals through the meter: the readings it shows, in the column contract."""
    ripple = np.maximum(plant.load.ripple_share * usage_kwh, SMALLEST_RIPPLE_KVARH)
    both_kvarh = ripple * np.log1p(np.exp(-np.abs(net_kvarh) / ripple))  # a swing about zero counts in both directions
    lagging_kvarh = np.maximum(net_kvarh, 0) + both_kvarh
    leading_kvarh = lagging_kvarh - net_kvarh
    if plant.is_fuel:
        lagging_kvarh = leading_kvarh = np.zeros_like(usage_kwh)
    shown = metered(usage_kwh, lagging_kvarh, leading_kvarh, meter=plant.meter)
    readings = known.select(pl.lit(plant.id).alias("plant"), "interval_start", "load_type", **shown)
    return require_schema(readings, readings_schema(plant.zone))
