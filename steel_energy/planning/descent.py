"""A good schedule before the search for the best: each job in turn is put where it is cheapest, all others as they are.

Each turn is a small model of one job beside a base load that holds the others, so that everything that holds in the
whole model holds here. The solver then begins from what came of it.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from steel_energy.arrays import BoolArray
from steel_energy.planning.jobs import FixedJob
from steel_energy.planning.model import build
from steel_energy.planning.pricing import Pricing
from steel_energy.planning.problem import Problem, Restriction, Task
from steel_energy.planning.schedule import Schedule

PASSES = 3
ALONE_S, ALONE_NODES = 1.0, 1000
"""Limits of one job's model; where one is reached, the best found counts."""


def descended(problem: Problem, schedule: Schedule, pricing: Pricing, *, until: float) -> Schedule:
    """A schedule that keeps to the request and in which no job alone could be cheaper, if there is time to get there.

    Args:
        problem: the plan's question.
        schedule: one that keeps to the request.
        pricing: what energy and demand cost.
        until: reading of ``time.perf_counter`` at which it stops.
    """
    best, net_krw = schedule, schedule.net_krw(problem)
    for _ in range(PASSES):
        has_moved = False
        for at in range(len(problem.tasks)):
            if time.perf_counter() > until:
                return best
            tried = _alone(problem, best, at, pricing)
            if tried is not None and (cost := tried.net_krw(problem)) < net_krw - abs(net_krw) * 1e-12:
                best, net_krw, has_moved = tried, cost, True
        if not has_moved:
            break
    return best


def _alone(problem: Problem, schedule: Schedule, at: int, pricing: Pricing) -> Schedule | None:
    """The schedule with one task where it is cheapest; None where it cannot move by itself."""
    barred = _barred_by_others(problem, schedule, at)
    if barred is None:
        return None
    without = replace(schedule, energy_kwh=schedule.energy_kwh.copy(), is_on=schedule.is_on.copy())
    without.energy_kwh[at], without.is_on[at] = 0.0, False
    task = problem.tasks[at]
    alone = replace(task, waits=(), restrictions=(*task.restrictions, Restriction("others", barred)))
    if task.job.is_optional and _is_waited_for(problem, schedule, at):
        alone = replace(alone, job=task.job.model_copy(update={"value_krw": None}))
    request = problem.request.model_copy(update={"movable": None})
    small = replace(
        problem, request=request, tasks=(alone,), base=without.load(problem), equipment={}, crews={}, moving=[]
    )
    model = build(small, pricing)
    solution = model.linear.solve(time_limit_s=ALONE_S, max_nodes=ALONE_NODES, gap=0.0)
    if not solution.is_found:
        return None
    found = model.schedule(solution.values, small)
    without.energy_kwh[at], without.is_on[at] = found.energy_kwh[0], found.is_on[0]
    return without


def _barred_by_others(problem: Problem, schedule: Schedule, at: int) -> BoolArray | None:
    """Intervals that other jobs leave no room for; None where they hold the task by more than intervals."""
    task = problem.tasks[at]
    barred = np.zeros(problem.horizon.count, dtype=bool)
    for users in problem.equipment.values():
        if at in users:
            barred |= schedule.is_on[[user for user in users if user != at]].any(axis=0)
    for most, users in problem.crews.values():
        if at in users:
            barred |= schedule.is_on[[user for user in users if user != at]].sum(axis=0) >= most
    for wait in task.waits:
        if not schedule.is_done(wait.first):
            return None
        end = schedule.runs(wait.first)[-1][1]
        barred[: end + wait.min_lag] = True
        if wait.max_lag is not None:
            if not isinstance(task.job, FixedJob):
                return None
            barred[end + wait.max_lag + task.steps :] = True
    for other, later in enumerate(problem.tasks):
        for wait in later.waits:
            if wait.first == at and schedule.is_done(other):
                start = schedule.runs(other)[0][0]
                barred[max(start - wait.min_lag, 0) :] = True
                if wait.max_lag is not None and not _keep_close(barred, task, start - wait.max_lag):
                    return None
    return barred


def _keep_close(barred: BoolArray, task: Task, earliest_end: int) -> bool:
    """Bar what would end a fixed task too early; False for others, whose end intervals do not tell."""
    barred[: max(earliest_end - task.steps, 0)] = True
    return isinstance(task.job, FixedJob)


def _is_waited_for(problem: Problem, schedule: Schedule, at: int) -> bool:
    return any(
        wait.first == at and schedule.is_done(other) for other, task in enumerate(problem.tasks) for wait in task.waits
    )
