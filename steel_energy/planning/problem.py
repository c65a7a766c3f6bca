"""A request, a base load and a tariff as arrays: everything that model, baseline and diagnosis need, checked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.errors import InputError, NotEnoughDataError
from steel_energy.planning.charges import Charges, Load, charges_of
from steel_energy.planning.horizon import Horizon, horizon_of
from steel_energy.planning.jobs import AnyJob, FixedJob, InterruptibleJob
from steel_energy.planning.request import PlanRequest
from steel_energy.plant import Plant
from steel_energy.schema import INTERVAL_MINUTES, INTERVALS_PER_HOUR
from steel_energy.tariff import Tariff

ENERGIES = ("usage_kwh", "lagging_reactive_kvarh", "leading_reactive_kvarh")


@dataclass(frozen=True)
class Restriction:
    """Intervals in which a job must not run, and the field of the request that says so."""

    field: str
    barred: BoolArray


@dataclass(frozen=True)
class Wait:
    """A job that must have ended so many intervals before."""

    field: str
    first: int
    min_lag: int
    max_lag: int | None


@dataclass(frozen=True)
class Task:
    """A job on the plan's intervals; tasks are sorted by name, so that the request's order changes nothing.

    Attributes:
        steps_kwh: energy of each interval from the start of a fixed job; else the most of one interval, once.
        steps: intervals that it runs at least.
        min_run: intervals that a run lasts at least.
        energy_kwh: that it draws in total.
        least_kwh: that a flexible job draws at least in an interval in which it runs.
        waits: by index of the task that comes first.
        planned: position of the planned start.
    """

    job: AnyJob
    steps_kwh: FloatArray
    steps: int
    min_run: int
    energy_kwh: float
    least_kwh: float
    restrictions: tuple[Restriction, ...]
    waits: tuple[Wait, ...]
    planned: int | None

    @property
    def allowed(self) -> BoolArray:
        """Intervals in which nothing bars it."""
        barred: BoolArray = np.logical_or.reduce([one.barred for one in self.restrictions])
        return ~barred

    def starts(self, allowed: BoolArray) -> IntArray:
        """Positions from which a fixed job's whole run is allowed."""
        if len(allowed) < self.steps:
            return np.empty(0, dtype=np.int64)
        return np.flatnonzero(np.lib.stride_tricks.sliding_window_view(allowed, self.steps).all(axis=1))


@dataclass(frozen=True)
class Problem:
    """All of a plan's question in arrays.

    Attributes:
        base: the base load without the jobs that it held.
        known: readings before the period, for the bill.
        co2_t_per_kwh: by interval.
        equipment: tasks that use each piece, for those that more than one uses.
        crews: tasks of each crew that can do only so many at once, with that number.
        moving: positions of each day's hours within which base load may move; empty where none may.
    """

    request: PlanRequest
    plant: Plant
    tariff: Tariff
    horizon: Horizon
    base: Load
    known: pl.DataFrame
    charges: Charges
    co2_t_per_kwh: FloatArray
    tasks: tuple[Task, ...]
    equipment: dict[str, list[int]]
    crews: dict[str, tuple[int, list[int]]]
    moving: Sequence[IntArray]


def problem_of(
    request: PlanRequest, base_load: pl.DataFrame, *, plant: Plant, tariff: Tariff, known: pl.DataFrame | None
) -> Problem:
    """The problem that a request states.

    Raises:
        InputError: a time is outside of the period or off the grid, the base load is negative or lacks a column, or a
            job cannot be where the request says; names the field.
        NotEnoughDataError: the base load does not cover the period.
    """
    horizon = horizon_of(request.start, request.end, zone=plant.zone)
    load = _base_load(base_load, horizon)
    jobs = sorted(request.jobs, key=lambda job: job.name)
    place = {job.name: at for at, job in enumerate(request.jobs)}
    index = {job.name: at for at, job in enumerate(jobs)}
    tasks = tuple(_task(job, f"jobs.{place[job.name]}", index, request, horizon) for job in jobs)
    before = _before(known, horizon, like=base_load)
    return Problem(
        request=request,
        plant=plant,
        tariff=tariff,
        horizon=horizon,
        base=load,
        known=before,
        charges=charges_of(horizon, plant=plant, tariff=tariff, known=before),
        co2_t_per_kwh=_co2(request, horizon, plant),
        tasks=tasks,
        equipment=_shared(tasks),
        crews={
            crew.name: (crew.jobs_at_once, [at for at, task in enumerate(tasks) if task.job.crew == crew.name])
            for crew in request.crews
            if crew.jobs_at_once is not None
        },
        moving=horizon.moving_days(request.movable) if request.movable else [],
    )


def _base_load(frame: pl.DataFrame, horizon: Horizon) -> Load:
    columns = ("interval_start", *ENERGIES)
    if missing := [name for name in columns if name not in frame.columns]:
        raise InputError("is not in the base load", field=missing[0], remedy=f"give it {', '.join(columns)}")
    rows = frame.select(columns).filter(pl.col("interval_start").is_between(horizon.start, horizon.end, closed="left"))
    rows = rows.sort("interval_start")
    if rows.height != horizon.count or rows["interval_start"].n_unique() != horizon.count:
        raise NotEnoughDataError(
            f"the base load has {rows.height} of the period's {horizon.count} intervals",
            field="start",
            remedy="plan a period that the readings or the forecast cover",
        ).named("period_not_known", known=rows.height, intervals=horizon.count)
    usage, lagging, leading = (rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in ENERGIES)
    for name, values in zip(ENERGIES, (usage, lagging, leading), strict=True):
        if not (np.isfinite(values) & (values >= 0)).all():
            raise InputError("is empty, infinite or negative in the base load", field=name, remedy="mend the base load")
    return Load(usage_kwh=usage, lagging_kvarh=lagging, leading_kvarh=leading)


def _before(known: pl.DataFrame | None, horizon: Horizon, *, like: pl.DataFrame) -> pl.DataFrame:
    rows = like.head(0) if known is None else known
    return rows.select("interval_start", *ENERGIES).filter(pl.col("interval_start") < horizon.start)


def _co2(request: PlanRequest, horizon: Horizon, plant: Plant) -> FloatArray:
    if not request.co2_t_per_kwh:
        return np.full(horizon.count, plant.meter.emission_factor_t_per_kwh)
    hours = math.ceil(horizon.count / INTERVALS_PER_HOUR)
    if len(request.co2_t_per_kwh) != hours:
        raise InputError(
            f"has {len(request.co2_t_per_kwh)} values for {hours} hours",
            field="co2_t_per_kwh",
            remedy="give one value for each hour of the period",
        )
    return np.repeat(np.asarray(request.co2_t_per_kwh), INTERVALS_PER_HOUR)[: horizon.count]


def _task(job: AnyJob, field: str, index: dict[str, int], request: PlanRequest, horizon: Horizon) -> Task:
    waits = tuple(
        Wait(
            field=f"{field}.after.{at}",
            first=index[after.job],
            min_lag=after.min_lag_minutes // INTERVAL_MINUTES,
            max_lag=None if after.max_lag_minutes is None else after.max_lag_minutes // INTERVAL_MINUTES,
        )
        for at, after in enumerate(job.after)
    )
    steps_kwh, steps, min_run, energy_kwh, least_kwh = _needs(job)
    if steps > horizon.count:
        raise InputError(
            f"job {job.name!r} runs {steps * INTERVAL_MINUTES} minutes, the period has "
            f"{horizon.count * INTERVAL_MINUTES}",
            field=field,
            remedy="plan a longer period or shorten the job",
        ).named(
            "job_too_long",
            job=job.name,
            hours=steps / INTERVALS_PER_HOUR,
            period_hours=horizon.count / INTERVALS_PER_HOUR,
        )
    planned = None
    if job.planned_start is not None:
        planned = horizon.position(job.planned_start, field=f"{field}.planned_start")
    return Task(
        job=job,
        steps_kwh=steps_kwh,
        steps=steps,
        min_run=min_run,
        energy_kwh=energy_kwh,
        least_kwh=least_kwh,
        restrictions=tuple(_restrictions(job, field, request, horizon)),
        waits=waits,
        planned=planned,
    )


def _needs(job: AnyJob) -> tuple[FloatArray, int, int, float, float]:
    """Energies of its steps, number of steps, least run, total energy, least energy of an interval."""
    if isinstance(job, FixedJob):
        profile = np.asarray(job.powers_kw) / INTERVALS_PER_HOUR
        return profile, len(profile), len(profile), float(profile.sum()), 0.0
    min_run = job.min_run_minutes // INTERVAL_MINUTES
    if isinstance(job, InterruptibleJob):
        steps = job.duration_minutes // INTERVAL_MINUTES
        step_kwh = job.power_kw / INTERVALS_PER_HOUR
        return np.array([step_kwh]), steps, min_run, step_kwh * steps, step_kwh
    most_kwh = job.max_kw / INTERVALS_PER_HOUR
    steps = max(math.ceil(job.energy_kwh / most_kwh - 1e-9), min_run)  # 1e-9: of rounding, in intervals
    return np.array([most_kwh]), steps, min_run, job.energy_kwh, job.min_kw / INTERVALS_PER_HOUR


def _restrictions(job: AnyJob, field: str, request: PlanRequest, horizon: Horizon) -> list[Restriction]:
    within = horizon.covered(job.windows, field=f"{field}.windows") if job.windows else np.ones(horizon.count, bool)
    restrictions = [Restriction(f"{field}.windows", ~within)]
    for place, crew in enumerate(request.crews):
        if crew.name == job.crew:
            restrictions.append(Restriction(f"crews.{place}.shifts", ~horizon.on_shift(crew.shifts)))
    for place, black_out in enumerate(request.limits.black_outs):
        if black_out.equipment is None or black_out.equipment in job.equipment:
            barred = np.zeros(horizon.count, dtype=bool)
            barred[horizon.span(black_out, field=f"limits.black_outs.{place}")] = True
            restrictions.append(Restriction(f"limits.black_outs.{place}", barred))
    return restrictions


def _shared(tasks: Sequence[Task]) -> dict[str, list[int]]:
    users: dict[str, list[int]] = {}
    for at, task in enumerate(tasks):
        for name in task.job.equipment:
            users.setdefault(name, []).append(at)
    return {name: sorted(set(at)) for name, at in sorted(users.items()) if len(set(at)) > 1}
