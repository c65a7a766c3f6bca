"""Doing nothing: what would run when without a plan, which a plan is measured against.

A job with a planned start runs from there, whatever that breaks. Every other job that must be done runs as early as the
request and the jobs before it allow: jobs are placed one by one, those that others wait for first, then by priority and
name. Where that way leads to no schedule, the solver looks for the earliest one; limits of the whole plant are dropped
before planned starts are. Optional jobs without a planned start are left out, and no base load moves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from steel_energy.arrays import BoolArray, FloatArray
from steel_energy.errors import InputError
from steel_energy.planning.breaches import TOLERANCE_KW, Breach, breaches
from steel_energy.planning.charges import Load
from steel_energy.planning.jobs import FixedJob
from steel_energy.planning.linear import PlanningParams
from steel_energy.planning.model import build
from steel_energy.planning.pricing import pricing_at
from steel_energy.planning.problem import Problem, Task
from steel_energy.planning.schedule import Schedule, idle
from steel_energy.schema import INTERVALS_PER_HOUR

EARLIEST_GAP = 0.3
"""How far from the very earliest the solver's schedule may be: it is only a yardstick."""


@dataclass(frozen=True)
class Baseline:
    """Doing nothing, and what it breaks.

    Attributes:
        schedule: what runs when.
        breaches: of fields that planned starts break; empty where it could be a plan itself.
    """

    schedule: Schedule
    breaches: tuple[Breach, ...]


def without_held_jobs(problem: Problem) -> Problem:
    """The problem with the base load's own jobs taken out of it, so that they count once.

    Raises:
        InputError: the base load is lower than a job that it is said to hold.
    """
    usage, lagging = problem.base.usage_kwh.copy(), problem.base.lagging_kvarh.copy()
    for task in problem.tasks:
        if task.job.is_in_base_load:
            energy = _as_planned(task, problem.horizon.count)[0]
            usage, lagging = usage - energy, lagging - energy * task.job.lagging_kvarh_per_kwh
            if usage.min() < -1e-9 or lagging.min() < -1e-9:  # noqa: PLR2004 - kWh, of rounding
                raise InputError(
                    f"draws more than the base load from {task.job.planned_start} on",
                    field=f"jobs.{task.job.name}.is_in_base_load",
                    remedy="correct its power and planned_start, or leave is_in_base_load out",
                )
    base = Load(np.maximum(usage, 0.0), np.maximum(lagging, 0.0), problem.base.leading_kvarh)
    return replace(problem, base=base)


def baseline_of(problem: Problem, params: PlanningParams) -> Baseline | None:
    """Doing nothing; None where no schedule keeps to the request."""
    planned = [at for at, task in enumerate(problem.tasks) if task.planned is not None]
    for held in [planned, []] if planned else [[]]:
        for asked in (problem, _unlimited(problem)):
            found = _placed(asked, held)
            if found is None:
                found = _solved_earliest(asked, held, params)
            if found is not None:
                return Baseline(found, tuple(breaches(problem, found)))
    return None


def _unlimited(problem: Problem) -> Problem:
    """The problem without limits of the whole plant."""
    limits = problem.request.limits.model_copy(update={"power_kw": None, "ramp_kw": None, "co2_t": None})
    return replace(problem, request=problem.request.model_copy(update={"limits": limits}))


def _placed(problem: Problem, held: list[int]) -> Schedule | None:
    """Jobs placed one by one, the held ones as planned; None where one has no place left."""
    placed, needed = idle(problem), _needed(problem)
    for at in held:
        placed = _with(placed, at, *_as_planned(problem.tasks[at], problem.horizon.count))
    for at in _order(problem):
        if at in held or at not in needed:
            continue
        found = _earliest(problem, placed, at)
        if found is None:
            return None
        placed = _with(placed, at, *found)
    return None if not held and breaches(problem, placed) else placed


def feasible_start(problem: Problem, baseline: Baseline, params: PlanningParams) -> Schedule | None:
    """A schedule that keeps to the request: the baseline's if it does, else as early as possible; None if not found."""
    if not baseline.breaches:
        return baseline.schedule
    free = replace(problem, tasks=tuple(replace(task, planned=None) for task in problem.tasks))
    found = baseline_of(free, params)
    return None if found is None or found.breaches else found.schedule


def _needed(problem: Problem) -> set[int]:
    """Tasks that are done without a plan: what must be, what is planned, and what these wait for."""
    needed = {at for at, task in enumerate(problem.tasks) if not task.job.is_optional or task.planned is not None}
    while more := {wait.first for at in needed for wait in problem.tasks[at].waits} - needed:
        needed |= more
    return needed


def _with(schedule: Schedule, at: int, energy: FloatArray, is_on: BoolArray) -> Schedule:
    energies, on = schedule.energy_kwh.copy(), schedule.is_on.copy()
    energies[at], on[at] = energy, is_on
    return replace(schedule, energy_kwh=energies, is_on=on)


def _as_planned(task: Task, count: int) -> tuple[FloatArray, BoolArray]:
    """A job from its planned start on, without a break.

    Raises:
        InputError: it would end after the period.
    """
    first = task.planned if task.planned is not None else 0
    if first + task.steps > count:
        raise InputError(
            f"{task.job.name!r} would end after the period",
            field=f"jobs.{task.job.name}.planned_start",
            remedy="plan a longer period or name an earlier start",
        ).named("job_ends_after", job=task.job.name)
    energy, is_on = np.zeros(count), np.zeros(count, dtype=bool)
    is_on[first : first + task.steps] = True
    energy[first : first + task.steps] = _even(task) if not isinstance(task.job, FixedJob) else task.steps_kwh
    return energy, is_on


def _even(task: Task) -> float:
    """Energy of each interval where a job that is not fixed runs as short as it can."""
    return task.energy_kwh / task.steps


def _order(problem: Problem) -> list[int]:
    """Tasks, each after those that it waits for; then by priority, highest first, and name."""
    order: list[int] = []
    left = sorted(range(len(problem.tasks)), key=lambda at: (-problem.tasks[at].job.priority, at))
    while left:
        ready = next(at for at in left if all(wait.first in order for wait in problem.tasks[at].waits))
        order.append(ready)
        left.remove(ready)
    return order


def _earliest(problem: Problem, placed: Schedule, at: int) -> tuple[FloatArray, BoolArray] | None:
    """The earliest place of a task beside those that are placed; None where it has none."""
    task, free = problem.tasks[at], _free(problem, placed, at)
    latest = len(free)
    for wait in task.waits:
        if not placed.is_done(wait.first):
            return None
        end = placed.runs(wait.first)[-1][1]
        free[: end + wait.min_lag] = False
        latest = latest if wait.max_lag is None else min(latest, end + wait.max_lag)
    usage_kwh = placed.load(problem).usage_kwh
    for first in np.flatnonzero(free[: latest + 1]):
        found = _from(task, int(first), free)
        if found is not None and _keeps_limits(problem, usage_kwh + found[0]):
            return found
    return None


def _keeps_limits(problem: Problem, usage_kwh: FloatArray) -> bool:
    limits, power_kw = problem.request.limits, usage_kwh * INTERVALS_PER_HOUR
    is_low = limits.power_kw is None or power_kw.max() <= limits.power_kw + TOLERANCE_KW
    ramp_kw = np.abs(np.diff(power_kw, prepend=power_kw[0])).max()
    return bool(is_low and (limits.ramp_kw is None or ramp_kw <= limits.ramp_kw + TOLERANCE_KW))


def _free(problem: Problem, placed: Schedule, at: int) -> BoolArray:
    """Intervals in which a task may run beside those that are placed, by itself, its equipment and its crew."""
    free = problem.tasks[at].allowed.copy()
    for users in problem.equipment.values():
        if at in users:
            free &= ~placed.is_on[users].any(axis=0)
    for most, users in problem.crews.values():
        if at in users:
            free &= placed.is_on[users].sum(axis=0) < most
    return free


def _from(task: Task, first: int, free: BoolArray) -> tuple[FloatArray, BoolArray] | None:
    """A task that starts at a position: a fixed one at once, others as soon as they can go on."""
    count = len(free)
    energy, is_on = np.zeros(count), np.zeros(count, dtype=bool)
    if isinstance(task.job, FixedJob):
        if not free[first : first + task.steps].all() or first + task.steps > count:
            return None
        energy[first : first + task.steps], is_on[first : first + task.steps] = task.steps_kwh, True
        return energy, is_on
    left, position = task.steps, first
    while left and position < count:
        length = _run_length(free, position, left, task.min_run)
        is_on[position : position + length] = True
        left, position = left - length, position + max(length, 1)
    if left or not is_on[first]:
        return None
    energy[is_on] = _even(task)
    return energy, is_on


def _run_length(free: BoolArray, position: int, left: int, min_run: int) -> int:
    """How long a run from a position is, so that what is left over is nothing or another whole run."""
    barred = np.flatnonzero(~free[position:])
    length = min(left, int(barred[0]) if len(barred) else len(free) - position)
    if 0 < left - length < min_run:
        length = left - min_run
    return length if length >= min_run else 0


def _solved_earliest(problem: Problem, held: list[int], params: PlanningParams) -> Schedule | None:
    """The earliest schedule as the solver finds it, the held jobs as planned; None where there is none."""
    placed = idle(problem)
    for at in held:
        placed = _with(placed, at, *_as_planned(problem.tasks[at], problem.horizon.count))
    plan_model, needed = build(problem, pricing_at(problem, problem.base)), _needed(problem)
    lower, upper, cost, integer = plan_model.linear.column_arrays()
    cost = np.zeros_like(cost)
    for at, one in enumerate(plan_model.tasks):
        if len(one.choice):
            cost[one.choice] = 1.0 + one.at
        else:
            cost[one.energy] = one.at / one.task.energy_kwh
        if at not in needed:
            upper[one.choice] = upper[one.energy] = 0.0
    upper[plan_model.out] = upper[plan_model.added] = 0.0
    columns, values = plan_model.start_values(placed)
    of_held = np.isin(columns, np.concatenate([np.empty(0), *(plan_model.tasks[at].choice for at in held)]))
    lower[columns[of_held]] = upper[columns[of_held]] = values[of_held]
    solution = plan_model.linear.solve(
        time_limit_s=params.seconds(problem.horizon.count) / 2 if held else params.time_limit_s,
        max_nodes=params.max_nodes,
        gap=EARLIEST_GAP,
        changed=(lower, upper, cost, integer),
    )
    return plan_model.schedule(solution.values, problem) if solution.is_found else None
