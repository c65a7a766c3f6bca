"""The load behind the meter of a simulated plant: energies of one month, before the meter has counted them.

The plant idles; on open days shifts are worked, and in each of them production runs arrive as a Poisson process with
random lengths and powers. Capacitors on time switches compensate the reactive load. The numbers are the plant's
``load`` section; counting and showing the energies is the matter of ``plant.py``.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

import numpy as np

from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.plant import WEEKDAYS, CapacitorBank, LoadProfile, Plant, Shift
from steel_energy.schema import HOURS_PER_DAY, INTERVALS_PER_HOUR
from steel_energy.simulation.seeds import daily_uniforms, persistent_levels

MONTHS_PER_YEAR = 12
LIMIT_KNEE = 0.55  # share of the demand limit from which the load control holds back
IDLE_PERSISTENCE = 0.8  # correlation of the idle power with the day before
IDLE_JITTER = 0.06  # relative swing of the idle power between intervals
REACTIVE_JITTER = 0.14  # relative swing of the inductive load between intervals
PRODUCTION_JITTER = 0.14  # relative swing of the production between intervals


@dataclass(frozen=True)
class Month:
    """One month of one plant, and the days around it.

    Attributes:
        plant: whose load it is.
        seed: of the simulation.
        first: first day of the month.
        day: day of each interval, counted from the day before the month, so the first of the month is 1;
            shape (intervals,).
        hour: the clock's hour at the middle of each interval; shape (intervals,).
    """

    plant: Plant
    seed: int
    first: dt.date
    day: IntArray
    hour: FloatArray

    @property
    def dates(self) -> list[dt.date]:
        """Days from the eve of the month, whose night shift may reach into it, to the day after its last."""
        length = calendar.monthrange(self.first.year, self.first.month)[1]
        return [self.first + dt.timedelta(days=step) for step in range(-1, length + 1)]

    def uniforms(self, stream: str) -> FloatArray:
        """Four uniform numbers for each day, shape (days, 4)."""
        return daily_uniforms(self.seed, self.plant.id, stream, first=self.dates[0], days=len(self.dates))

    def level(self, stream: str, *, spread: float, persistence: float) -> FloatArray:
        """A log-normal factor with mean 1 for each day, shape (days,)."""
        level = persistent_levels(
            self.seed, self.plant.id, stream, first=self.dates[0], days=len(self.dates), persistence=persistence
        )
        return np.exp(spread * level - spread**2 / 2)

    def starts_on(self, shift: Shift) -> BoolArray:
        """On which days a shift may start: its weekdays, unless the plant is closed; shape (days,)."""
        calendar_days = [(WEEKDAYS[date.weekday()], self.plant.calendar.is_closed(date)) for date in self.dates]
        return np.array([weekday in shift.weekdays and not is_closed for weekday, is_closed in calendar_days])

    def seasonal(self, by_month: tuple[float, ...]) -> FloatArray:
        """Monthly values as a smooth curve through the middles of the months, shape (intervals,)."""
        elapsed = (self.day - 1 + self.hour / HOURS_PER_DAY) / (len(self.dates) - 2)
        middles = np.arange(MONTHS_PER_YEAR) + 0.5
        return np.interp(self.first.month - 1 + elapsed, middles, by_month, period=MONTHS_PER_YEAR)

    def energy_kwh(self, share: float) -> float:
        """Energy of an interval (kWh or kvarh) at a share of the contracted demand."""
        return share * self.plant.contract_kw / INTERVALS_PER_HOUR


def idle(month: Month, rng: np.random.Generator) -> FloatArray:
    """Energy in kWh of the idle plant: a seasonal level that wanders slowly from day to day, shape (intervals,)."""
    load = month.plant.load
    wander = month.level("idle", spread=load.idle_spread, persistence=IDLE_PERSISTENCE)
    return (
        month.energy_kwh(load.idle_share)
        * month.seasonal(load.idle_by_month)
        * np.interp(month.day + month.hour / HOURS_PER_DAY, np.arange(wander.size), wander)
        * (1 + IDLE_JITTER * rng.uniform(-1, 1, month.hour.size))
    )


def production(month: Month, rng: np.random.Generator) -> FloatArray:
    """Energy in kWh of auxiliaries and production runs of all shifts, shape (intervals,)."""
    load = month.plant.load
    level = month.level("production", spread=load.day_spread, persistence=load.day_persistence)
    season = month.seasonal(load.production_by_month)
    total = np.zeros(month.hour.size)
    for number, shift in enumerate(load.shifts):
        runs = month.energy_kwh(load.run_share) * season * _runs(shift, load, total.size, rng)
        manned, paced = _attendance(month, shift, level, stream=f"shift {number}")
        total += manned * month.energy_kwh(shift.base_share) + paced * runs
    return total * np.exp(PRODUCTION_JITTER * rng.standard_normal(total.size))


def _attendance(month: Month, shift: Shift, level: FloatArray, *, stream: str) -> tuple[FloatArray, FloatArray]:
    """How far a shift is manned in each interval, 0-1, and the same times its day's level; shape (intervals,)."""
    attends, late, early, mood = month.uniforms(stream).T
    worked = month.starts_on(shift) & (attends < shift.worked_share)
    begins = shift.start_hour + shift.spread_hours * late
    ends = np.maximum(shift.end_hour - shift.spread_hours * early, begins)
    spread = month.plant.load.shift_spread
    deviations = (mood - 0.5) * np.sqrt(12)  # of mean 0 and variance 1, like the day's level
    pace = level * np.exp(spread * deviations - spread**2 / 2)
    manned, paced = np.zeros(month.hour.size), np.zeros(month.hour.size)
    for nights in (0, 1):
        began, hour = month.day - nights, month.hour + nights * HOURS_PER_DAY
        rise = (hour - begins[began]) / shift.ramp_hours + 0.5
        fall = (ends[began] - hour) / shift.ramp_hours + 0.5
        share = worked[began] * np.clip(np.minimum(rise, fall), 0, 1)
        manned += share
        paced += share * pace[began]
    return manned, paced


def _runs(shift: Shift, load: LoadProfile, intervals: int, rng: np.random.Generator) -> FloatArray:
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


def _switched_on(position: FloatArray, power: FloatArray, intervals: int) -> FloatArray:
    """Mean power in each interval of loads switched on at ``position`` (in intervals) for good, shape (intervals,)."""
    whole = position.astype(np.int64)
    part = position - whole
    steps = np.bincount(whole, power * (1 - part), intervals + 2) + np.bincount(whole + 1, power * part, intervals + 2)
    return np.cumsum(steps)[:intervals]


def limited(month: Month, usage_kwh: FloatArray) -> FloatArray:
    """Hold the demand below its limit: from the knee on, ever less of the wish is granted."""
    limit = month.energy_kwh(month.plant.load.demand_limit_share)
    knee, room = limit * LIMIT_KNEE, limit * (1 - LIMIT_KNEE)
    excess = np.maximum(usage_kwh - knee, 0)
    return np.minimum(usage_kwh, knee) + room * (1 - np.exp(-excess / room))


def net_reactive(month: Month, production_kwh: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Reactive energy in kvarh, positive for lagging: what the load draws less what capacitors give; (intervals,)."""
    load = month.plant.load
    tan_phi = load.tan_phi * month.level("tan phi", spread=load.tan_phi_spread, persistence=load.day_persistence)
    jitter = 1 + REACTIVE_JITTER * rng.standard_normal(production_kwh.size)
    idle_kvarh = month.energy_kwh(load.idle_reactive_share)
    inductive = (idle_kvarh + tan_phi[month.day] * production_kwh) * jitter
    return inductive - sum(_compensation(bank, month) for bank in load.capacitors)


def _compensation(bank: CapacitorBank, month: Month) -> FloatArray:
    """Reactive energy in kvarh that a capacitor bank gives, shape (intervals,)."""
    connected = np.zeros(month.hour.size)
    for on, off in bank.on_hours:
        share = np.minimum(month.hour - on, off - month.hour) * INTERVALS_PER_HOUR + 0.5
        connected = np.maximum(connected, np.clip(share, 0, 1))
    return month.energy_kwh(bank.power_share) * connected
