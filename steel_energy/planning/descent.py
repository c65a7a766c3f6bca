"""A good schedule before the search for the best: each job in turn is put where it is cheapest, all others as they are.

Jobs that wait for each other or share equipment also move together. Each turn is a small model of few jobs beside a
base load that holds the others, so that all that holds in the whole model holds here.
"""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import combinations

import numpy as np

from steel_energy.arrays import BoolArray
from steel_energy.planning.jobs import FixedJob
from steel_energy.planning.model import build
from steel_energy.planning.pricing import Pricing
from steel_energy.planning.problem import Problem, Restriction, Task
from steel_energy.planning.schedule import Schedule

PASSES = 3
LONGEST_CHAIN = 5
GROUP_S, GROUP_NODES = 0.5, 1000
"""Limits of a small model; where one is reached, the best found counts."""


def descended(problem: Problem, schedule: Schedule, pricing: Pricing, *, until: float) -> Schedule:
    """A schedule in which no job, and no few that wait for each other, could be cheaper, if there is time for that.

    Args:
        problem: the plan's question.
        schedule: one that keeps to the request.
        pricing: what energy and demand cost.
        until: reading of ``time.perf_counter`` at which it stops.
    """
    best, net_krw = schedule, schedule.net_krw(problem)
    for _ in range(PASSES):
        has_moved = False
        for group in _groups(problem):
            if time.perf_counter() > until:
                return best
            tried = _moved(problem, best, group, pricing)
            if tried is not None and (cost := tried.net_krw(problem)) < net_krw - abs(net_krw) * 1e-12:
                best, net_krw, has_moved = tried, cost, True
        if not has_moved:
            break
    return best


def _groups(problem: Problem) -> list[list[int]]:
    """Each task alone, then each with those that it waits for, then those on the same equipment by two."""
    alone = [[at] for at in range(len(problem.tasks))]
    waiting = [
        sorted({at, *(wait.first for wait in task.waits)}) for at, task in enumerate(problem.tasks) if task.waits
    ]
    chains = [sorted(chain) for chain in _chains(problem) if len(chain) <= LONGEST_CHAIN]
    pairs = [[one, other] for users in problem.equipment.values() for one, other in combinations(users, 2)]
    return list({tuple(group): group for group in (*alone, *waiting, *chains, *pairs)}.values())


def _chains(problem: Problem) -> list[set[int]]:
    """Tasks that are connected by waits."""
    chains: list[set[int]] = []
    for at, task in enumerate(problem.tasks):
        linked = {at, *(wait.first for wait in task.waits)}
        touched = [chain for chain in chains if chain & linked]
        chains = [chain for chain in chains if not chain & linked] + [linked.union(*touched)]
    return chains


def _moved(problem: Problem, schedule: Schedule, group: list[int], pricing: Pricing) -> Schedule | None:
    """The schedule with a group where it is cheapest; None where it cannot move by itself."""
    without = replace(schedule, energy_kwh=schedule.energy_kwh.copy(), is_on=schedule.is_on.copy())
    without.energy_kwh[group], without.is_on[group] = 0.0, False
    tasks = []
    for at in group:
        barred = barred_by_others(problem, schedule, at, group)
        if barred is None:
            return None
        tasks.append(_by_itself(problem, schedule, at, group, barred))
    small = replace(
        problem,
        request=problem.request.model_copy(update={"movable": None}),
        tasks=tuple(tasks),
        base=without.load(problem),
        equipment=_within(problem, group),
        crews={},
        moving=[],
    )
    model = build(small, pricing)
    solution = model.linear.solve(time_limit_s=GROUP_S, max_nodes=GROUP_NODES, gap=0.0)
    if not solution.is_found:
        return None
    found = model.schedule(solution.values, small)
    without.energy_kwh[group], without.is_on[group] = found.energy_kwh, found.is_on
    return without


def _within(problem: Problem, group: list[int]) -> dict[str, list[int]]:
    shared = {name: [group.index(at) for at in users if at in group] for name, users in problem.equipment.items()}
    return {name: users for name, users in shared.items() if len(users) > 1}


def _by_itself(problem: Problem, schedule: Schedule, at: int, group: list[int], barred: BoolArray) -> Task:
    """A task as it stands in the small model of its group."""
    task = problem.tasks[at]
    waits = tuple(replace(wait, first=group.index(wait.first)) for wait in task.waits if wait.first in group)
    alone = replace(task, waits=waits, restrictions=(*task.restrictions, Restriction("others", barred)))
    if task.job.is_optional and _is_waited_for(problem, schedule, at):
        return replace(alone, job=task.job.model_copy(update={"value_krw": None}))
    return alone


def barred_by_others(problem: Problem, schedule: Schedule, at: int, group: list[int]) -> BoolArray | None:
    """Intervals that jobs outside of the group leave no room for; None where they hold a task by more than that."""
    barred = _taken(problem, schedule, at, group)
    is_told = _bar_before(barred, problem, schedule, at, group) and _bar_after(barred, problem, schedule, at, group)
    return barred if is_told else None


def _taken(problem: Problem, schedule: Schedule, at: int, group: list[int]) -> BoolArray:
    """Intervals in which its equipment or crew is taken by others; the crew as if the whole group ran at once."""
    taken = np.zeros(problem.horizon.count, dtype=bool)
    shared = [(1, 1, users) for users in problem.equipment.values()]
    shared += [(most, sum(user in group for user in users), users) for most, users in problem.crews.values()]
    for most, own, users in shared:
        if at in users:
            others = [user for user in users if user not in group]
            taken |= schedule.is_on[others].sum(axis=0) > most - own
    return taken


def _bar_before(barred: BoolArray, problem: Problem, schedule: Schedule, at: int, group: list[int]) -> bool:
    """Bar what lies before the jobs that a task waits for, or too long after; False where intervals do not tell."""
    task = problem.tasks[at]
    for wait in task.waits:
        if wait.first in group:
            continue
        if not schedule.is_done(wait.first) or (wait.max_lag is not None and not isinstance(task.job, FixedJob)):
            return False
        end = schedule.runs(wait.first)[-1][1]
        barred[: end + wait.min_lag] = True
        if wait.max_lag is not None:
            barred[end + wait.max_lag + task.steps :] = True
    return True


def _bar_after(barred: BoolArray, problem: Problem, schedule: Schedule, at: int, group: list[int]) -> bool:
    """Bar what lies after the jobs that wait for a task, or too long before; False where intervals do not tell."""
    task = problem.tasks[at]
    for other, later in enumerate(problem.tasks):
        for wait in later.waits:
            if wait.first != at or other in group or not schedule.is_done(other):
                continue
            start = schedule.runs(other)[0][0]
            barred[max(start - wait.min_lag, 0) :] = True
            if wait.max_lag is not None:
                barred[: max(start - wait.max_lag - task.steps, 0)] = True
                if not isinstance(task.job, FixedJob):
                    return False
    return True


def _is_waited_for(problem: Problem, schedule: Schedule, at: int) -> bool:
    return any(
        wait.first == at and schedule.is_done(other) for other, task in enumerate(problem.tasks) for wait in task.waits
    )
