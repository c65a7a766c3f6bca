"""A quick improvement where a model is too large to be searched: each job as one run, where that is cheapest.

A job that may pause, or draw more or less, is tried as one run at its full power; the descent may then part it. All
starts of a job are priced at once, with the peak that each would set beside the others as they are.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.planning.breaches import breaches
from steel_energy.planning.descent import barred_by_others
from steel_energy.planning.pricing import Pricing
from steel_energy.planning.problem import Problem, Task
from steel_energy.planning.schedule import Schedule
from steel_energy.schema import INTERVALS_PER_HOUR

PASSES = 3


def run_by_run(problem: Problem, schedule: Schedule, pricing: Pricing) -> Schedule:
    """A schedule that is no dearer, in which each job was moved to its cheapest run if that helped.

    Args:
        problem: the plan's question.
        schedule: one that keeps to the request.
        pricing: what energy and demand cost.
    """
    best, net_krw = schedule, schedule.net_krw(problem)
    for _ in range(PASSES):
        before_krw = net_krw
        for at in range(len(problem.tasks)):
            tried = _moved(problem, best, at, pricing)
            if tried is not None and (cost := tried.net_krw(problem)) < net_krw and not breaches(problem, tried):
                best, net_krw = tried, cost
        if net_krw == before_krw:
            break
    return best


def _moved(problem: Problem, schedule: Schedule, at: int, pricing: Pricing) -> Schedule | None:
    """The schedule with one job as its cheapest run; None where it is not run or cannot be moved by itself."""
    task, barred = problem.tasks[at], barred_by_others(problem, schedule, at, [at])
    if barred is None or not schedule.is_done(at):
        return None
    moved = replace(schedule, energy_kwh=schedule.energy_kwh.copy(), is_on=schedule.is_on.copy())
    moved.energy_kwh[at], moved.is_on[at] = 0.0, False
    starts = task.starts(task.allowed & ~barred)
    if not len(starts):
        return None
    costs = _costs(problem, task, starts, moved.load(problem).usage_kwh, pricing)
    run = slice(first := int(starts[costs.argmin()]), first + task.steps)
    moved.energy_kwh[at, run], moved.is_on[at, run] = _profile_kwh(task), True
    return moved


def _profile_kwh(task: Task) -> FloatArray:
    """Its energy in each interval of one run."""
    if len(task.steps_kwh) == task.steps:
        return task.steps_kwh
    return np.full(task.steps, task.energy_kwh / task.steps)


def _costs(problem: Problem, task: Task, starts: IntArray, others_kwh: FloatArray, pricing: Pricing) -> FloatArray:
    """What a run from each start costs: its energy, and the demand by which it exceeds the others' peak."""
    profile_kwh = _profile_kwh(task)

    def runs(values: FloatArray) -> FloatArray:
        windows: FloatArray = np.lib.stride_tricks.sliding_window_view(values, task.steps)[starts]
        return windows

    price = pricing.active_krw_per_kwh + task.job.lagging_kvarh_per_kwh * pricing.lagging_krw_per_kvarh
    costs: FloatArray = runs(price) @ profile_kwh
    drawn_kw = (runs(others_kwh) + profile_kwh) * INTERVALS_PER_HOUR
    for month, krw_per_kw in zip(problem.charges.months, pricing.demand_krw_per_kw, strict=True):
        peaks_kw = np.where(runs(month.counts.astype(float)) > 0, drawn_kw, 0.0).max(axis=1)
        costs = costs + krw_per_kw * np.maximum(peaks_kw - month.demand_kw(others_kwh), 0.0)
    limit_kw = problem.request.limits.power_kw
    return costs if limit_kw is None else np.where(drawn_kw.max(axis=1) > limit_kw, np.inf, costs)
