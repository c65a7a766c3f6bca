"""What a little more of each limit would save, all else as planned.

Limits on the whole load have a marginal value in the model with its integers fixed. Windows, crews and black-outs bar
starts, which no such value tells of: there, each job alone is tried within the first hour beyond.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from steel_energy.arrays import BoolArray
from steel_energy.planning.breaches import breaches
from steel_energy.planning.jobs import FixedJob
from steel_energy.planning.model import PlanModel
from steel_energy.planning.problem import Problem, Restriction, Task
from steel_energy.planning.result import Marginal
from steel_energy.planning.schedule import Schedule
from steel_energy.schema import INTERVALS_PER_HOUR

UNITS = {"limits.power_kw": "kW", "limits.ramp_kw": "kW", "limits.co2_t": "t"}
SOME_KRW = 0.005


def marginals_of(problem: Problem, schedule: Schedule, model: PlanModel) -> list[Marginal]:
    """The values of all limits that have one, highest first."""
    found = [*_of_limits(schedule, model), *_of_restrictions(problem, schedule)]
    best: dict[str, Marginal] = {}
    for one in found:
        if one.field not in best or best[one.field].krw_per_unit < one.krw_per_unit:
            best[one.field] = one
    return sorted(best.values(), key=lambda one: (-one.krw_per_unit, one.field))


def _of_limits(schedule: Schedule, model: PlanModel) -> Iterator[Marginal]:
    if not model.limit_rows:
        return
    columns, values = model.start_values(schedule)
    chosen = np.zeros(model.linear.width)
    chosen[columns] = values
    duals = model.linear.duals(chosen)
    for field, rows in model.limit_rows.items():
        value = float(np.abs(duals.rows[rows]).sum()) if len(duals.rows) else 0.0
        if value > SOME_KRW:
            unit = UNITS[field]
            words = f"one {unit} more of {field} would save {value:,.0f} KRW, the same jobs running at the same times"
            yield Marginal(field, unit, value, words)


def _of_restrictions(problem: Problem, schedule: Schedule) -> Iterator[Marginal]:
    now = schedule.net_krw(problem)
    for at, task in enumerate(problem.tasks):
        if not isinstance(task.job, FixedJob) or not schedule.is_done(at):
            continue
        for restriction in task.restrictions:
            if restriction.barred.any():
                yield from _hour_more(problem, schedule, at, restriction, now)


def _hour_more(
    problem: Problem, schedule: Schedule, at: int, restriction: Restriction, now_krw: float
) -> Iterator[Marginal]:
    """What a job alone would save within the first hour that a restriction bars."""
    task = problem.tasks[at]
    wider = _widened(problem, at, restriction)
    new = np.setdiff1d(wider.tasks[at].starts(wider.tasks[at].allowed), task.starts(task.allowed))
    tried = [(_moved(schedule, at, task, int(start)), int(start)) for start in new]
    costs = sorted((one.net_krw(problem), start) for one, start in tried)
    by_start = {start: one for one, start in tried}
    for cost, start in costs:
        if now_krw - cost <= SOME_KRW:
            return
        if not breaches(wider, by_start[start]):
            saved, when = now_krw - cost, problem.horizon.moment(start)
            words = (
                f"an hour more in {restriction.field} would save at least {saved:,.0f} KRW: {task.job.name!r} alone "
                f"would start on {when:%Y-%m-%d %H:%M}"
            )
            yield Marginal(restriction.field, "h", saved, words)
            return


def _widened(problem: Problem, at: int, restriction: Restriction) -> Problem:
    """The problem in which a restriction of a task ends an hour later and begins an hour earlier."""
    open_before: BoolArray = ~restriction.barred
    reach = np.convolve(open_before, np.ones(2 * INTERVALS_PER_HOUR + 1), mode="same") > 0
    task = problem.tasks[at]
    restrictions = tuple(replace(one, barred=~reach) if one is restriction else one for one in task.restrictions)
    tasks = list(problem.tasks)
    tasks[at] = replace(task, restrictions=restrictions)
    return replace(problem, tasks=tuple(tasks))


def _moved(schedule: Schedule, at: int, task: Task, start: int) -> Schedule:
    energy, is_on = schedule.energy_kwh.copy(), schedule.is_on.copy()
    energy[at], is_on[at] = 0.0, False
    energy[at, start : start + task.steps] = task.steps_kwh
    is_on[at, start : start + task.steps] = True
    return replace(schedule, energy_kwh=energy, is_on=is_on)
