"""A simulated plant: plausible 15-minute readings for any plant file, month by month.

Shifts are worked on open days; in each, production runs arrive as a Poisson process with random lengths and powers.
Between them the plant idles. What comes out has passed the same meter as real readings: pulses, power factors, CO2 and
load types follow from ``meter.py`` and ``calendar.py``. The shape of the load is the plant's ``load`` section; damage
to the readings is the matter of ``damage.py``.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from steel_energy.calendar import interval_grid, known_ahead
from steel_energy.candidates import Floats
from steel_energy.errors import InputError
from steel_energy.meter import co2_t, energy_of_pulses, power_factor_percent
from steel_energy.plant import WEEKDAYS, CapacitorBank, LoadProfile, Plant, Shift
from steel_energy.schema import HOURS_PER_DAY, INTERVALS_PER_HOUR, readings_schema, require_schema
from steel_energy.simulation.seeds import daily_uniforms, generator, persistent_levels
from steel_energy.tariff import Tariff

YEARS = range(1970, 2101)
MONTHS_PER_YEAR = 12
LIMIT_KNEE = 0.55  # share of the demand limit from which the load control holds back
IDLE_JITTER = 0.06  # relative swing of the idle power between intervals
REACTIVE_JITTER = 0.14  # relative swing of the inductive load between intervals
PRODUCTION_JITTER = 0.14  # relative swing of the production between intervals
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


@dataclass(frozen=True)
class _Month:
    """One month of one plant: what its intervals (arrays of shape (intervals,)) and days have in common.

    ``day`` counts from 0, ``hour`` is the clock's hour at the interval's middle. Arrays of days begin one day early,
    because a night shift belongs to the day on which it began.
    """

    plant: Plant
    seed: int
    first: dt.date
    known: pl.DataFrame
    day: NDArray[np.int64]
    hour: Floats

    @property
    def eve(self) -> dt.date:
        """The day before the month."""
        return self.first - dt.timedelta(days=1)

    @property
    def days(self) -> int:
        """Days in the arrays of days: those of the month and the day before."""
        return calendar.monthrange(self.first.year, self.first.month)[1] + 1

    def uniforms(self, stream: str) -> Floats:
        """Four uniform numbers for each day, shape (days, 4)."""
        return daily_uniforms(self.seed, self.plant.id, stream, first=self.eve, days=self.days)

    def level(self, stream: str, *, spread: float, persistence: float) -> Floats:
        """A log-normal factor with mean 1 for each day, shape (days,)."""
        level = persistent_levels(
            self.seed, self.plant.id, stream, first=self.eve, days=self.days, persistence=persistence
        )
        return np.exp(spread * level - spread**2 / 2)

    def starts_on(self, shift: Shift) -> NDArray[np.bool_]:
        """On which days a shift may start: its weekdays, unless the plant is closed; shape (days,)."""
        dates = [self.eve + dt.timedelta(days=step) for step in range(self.days)]
        return np.array(
            [WEEKDAYS[d.weekday()] in shift.weekdays and not self.plant.calendar.is_closed(d) for d in dates]
        )

    def seasonal(self, by_month: tuple[float, ...]) -> Floats:
        """Monthly values as a smooth curve through the middles of the months, shape (intervals,)."""
        position = self.first.month - 1 + (self.day + self.hour / HOURS_PER_DAY) / (self.days - 1)
        return np.interp(position, np.arange(MONTHS_PER_YEAR) + 0.5, by_month, period=MONTHS_PER_YEAR)


def _next_month(day: dt.date) -> dt.date:
    """First day of the following month: the longest month has 31 days."""
    return (day.replace(day=1) + dt.timedelta(days=31)).replace(day=1)


def _month(plant: Plant, tariff: Tariff, start: dt.date, end: dt.date, seed: int) -> pl.DataFrame:
    """The readings of ``[start, end)``, which lies in one month: the whole month is simulated and cut."""
    first = start.replace(day=1)
    days = calendar.monthrange(first.year, first.month)[1]
    begin = dt.datetime.combine(first, dt.time())
    grid = interval_grid(begin, begin + dt.timedelta(days=days), zone=plant.zone)
    known = known_ahead(grid, plant=plant, tariff=tariff)
    day = grid.dt.day().to_numpy().astype(np.int64) - 1
    hour = (known["slot"].to_numpy() + MIDDLE_OF_INTERVAL) / INTERVALS_PER_HOUR
    month = _Month(plant=plant, seed=seed, first=first, known=known, day=day, hour=hour)
    rng = generator(seed, plant.id, f"{first:%Y-%m}")
    idle_kwh = _idle(month, rng)
    usage_kwh = _limited(idle_kwh + _production(month, rng), plant)
    readings = _metered(month, usage_kwh, _net_reactive(month, usage_kwh - idle_kwh, rng))
    return readings.filter(pl.col("interval_start").dt.date().is_between(start, end, closed="left"))


def _idle(month: _Month, rng: np.random.Generator) -> Floats:
    """Energy of the idle plant: a seasonal level that wanders slowly from day to day, shape (intervals,)."""
    load = month.plant.load
    wander = month.level("idle", spread=load.idle_spread, persistence=0.8)
    knots = np.append(wander, wander[-1:])
    return (
        _energy_kwh(load.idle_share, month.plant)
        * month.seasonal(load.idle_by_month)
        * np.interp(month.day + 1 + month.hour / HOURS_PER_DAY, np.arange(knots.size), knots)
        * (1 + IDLE_JITTER * rng.uniform(-1, 1, month.hour.size))
    )


def _production(month: _Month, rng: np.random.Generator) -> Floats:
    """Energy of auxiliaries and production runs of all shifts, shape (intervals,)."""
    load = month.plant.load
    level = month.level("production", spread=load.day_spread, persistence=load.day_persistence)
    season = month.seasonal(load.production_by_month)
    total = np.zeros(month.hour.size)
    for number, shift in enumerate(load.shifts):
        runs = _energy_kwh(load.run_share, month.plant) * season * _runs(shift, load, total.size, rng)
        manned, paced = _attendance(month, shift, level, stream=f"shift {number}")
        total += manned * _energy_kwh(shift.base_share, month.plant) + paced * runs
    return total * np.exp(PRODUCTION_JITTER * rng.standard_normal(total.size))


def _attendance(month: _Month, shift: Shift, level: Floats, *, stream: str) -> tuple[Floats, Floats]:
    """How far a shift is manned in each interval, 0-1, and the same times its day's level; shape (intervals,)."""
    attends, late, early, mood = month.uniforms(stream).T
    worked = month.starts_on(shift) & (attends < shift.worked_share)
    begins = shift.start_hour + shift.spread_hours * late
    ends = np.maximum(shift.end_hour - shift.spread_hours * early, begins)
    spread = month.plant.load.shift_spread
    pace = level * np.exp(
        spread * np.sqrt(12) * (mood - 0.5) - spread**2 / 2
    )  # a uniform number has deviation 1/sqrt(12)
    manned, paced = np.zeros(month.hour.size), np.zeros(month.hour.size)
    for nights in (0, 1):
        began, hour = month.day + 1 - nights, month.hour + nights * HOURS_PER_DAY
        rise = (hour - begins[began]) / shift.ramp_hours + 0.5
        fall = (ends[began] - hour) / shift.ramp_hours + 0.5
        share = worked[began] * np.clip(np.minimum(rise, fall), 0, 1)
        manned += share
        paced += share * pace[began]
    return manned, paced


def _runs(shift: Shift, load: LoadProfile, intervals: int, rng: np.random.Generator) -> Floats:
    """Production runs at work in each interval, weighed by their relative power (mean 1), shape (intervals,).

    Runs start as a Poisson process and last exponentially long, so their number at any moment is Poisson too. They go
    on through the whole month as work at hand; a shift sees those that fall into it.
    """
    lasting = load.run_hours * INTERVALS_PER_HOUR
    under_way = rng.poisson(shift.parallel_runs)
    arriving = rng.poisson(shift.parallel_runs / lasting * intervals)
    start = np.concatenate([np.zeros(under_way), rng.uniform(0, intervals, arriving)])
    end = np.minimum(start + rng.exponential(lasting, start.size), intervals)
    power = np.exp(load.run_spread * rng.standard_normal(start.size) - load.run_spread**2 / 2)
    return _switched_on(start, power, intervals) - _switched_on(end, power, intervals)


def _switched_on(position: Floats, power: Floats, intervals: int) -> Floats:
    """Mean power in each interval of loads switched on at ``position`` (in intervals) for good, shape (intervals,)."""
    whole = position.astype(np.int64)
    part = position - whole
    steps = np.bincount(whole, power * (1 - part), intervals + 2) + np.bincount(whole + 1, power * part, intervals + 2)
    return np.cumsum(steps)[:intervals]


def _limited(usage_kwh: Floats, plant: Plant) -> Floats:
    """Hold the demand below its limit: from the knee on, ever less of the wish is granted."""
    limit = _energy_kwh(plant.load.demand_limit_share, plant)
    knee, room = limit * LIMIT_KNEE, limit * (1 - LIMIT_KNEE)
    excess = np.maximum(usage_kwh - knee, 0)
    return np.minimum(usage_kwh, knee) + room * (1 - np.exp(-excess / room))


def _net_reactive(month: _Month, production_kwh: Floats, rng: np.random.Generator) -> Floats:
    """Lagging minus leading reactive energy in kvarh: what production and idle draw less what capacitors give."""
    load = month.plant.load
    tan_phi = load.tan_phi * month.level("tan phi", spread=load.tan_phi_spread, persistence=load.day_persistence)
    jitter = 1 + REACTIVE_JITTER * rng.standard_normal(production_kwh.size)
    idle_kvarh = _energy_kwh(load.idle_reactive_share, month.plant)
    inductive = (idle_kvarh + tan_phi[month.day + 1] * production_kwh) * jitter
    return inductive - sum(_compensation(bank, month) for bank in load.capacitors)


def _compensation(bank: CapacitorBank, month: _Month) -> Floats:
    """Reactive energy in kvarh that a capacitor bank gives, shape (intervals,)."""
    connected = np.zeros(month.hour.size)
    for on, off in bank.on_hours:
        share = np.minimum(month.hour - on, off - month.hour) * INTERVALS_PER_HOUR + 0.5
        connected = np.maximum(connected, np.clip(share, 0, 1))
    return _energy_kwh(bank.power_share, month.plant) * connected


def _metered(month: _Month, usage_kwh: Floats, net_kvarh: Floats) -> pl.DataFrame:
    """Pass the energies through the meter: the readings it shows, in the column contract."""
    plant = month.plant
    ripple = np.maximum(plant.load.ripple_share * usage_kwh, SMALLEST_RIPPLE_KVARH)
    both_kvarh = ripple * np.log1p(np.exp(-np.abs(net_kvarh) / ripple))  # a swing about zero counts in both directions
    lagging_kvarh = np.maximum(net_kvarh, 0) + both_kvarh
    usage, lagging, leading = (
        energy_of_pulses(_pulses(energy, plant.meter.pulse_kwh), plant.meter)
        for energy in (usage_kwh, lagging_kvarh, lagging_kvarh - net_kvarh)
    )
    readings = month.known.select(
        pl.lit(plant.id).alias("plant"),
        "interval_start",
        "load_type",
        usage_kwh=usage,
        lagging_reactive_kvarh=lagging,
        leading_reactive_kvarh=leading,
        lagging_power_factor=power_factor_percent(usage, lagging),
        leading_power_factor=power_factor_percent(usage, leading),
        co2_t=co2_t(usage, plant.meter),
    )
    return require_schema(readings, readings_schema(plant.zone))


def _pulses(energy: Floats, pulse_kwh: float) -> Floats:
    """Whole pulses of each interval; the meter carries the rest on to the next one."""
    return np.diff(np.floor(np.cumsum(np.maximum(energy, 0)) / pulse_kwh), prepend=0)


def _energy_kwh(share: float, plant: Plant) -> float:
    """Energy of an interval at a share of the contracted demand."""
    return share * plant.contract_kw / INTERVALS_PER_HOUR
