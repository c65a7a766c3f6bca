"""A bound of any plan's cost that needs no solver: each job by itself at its cheapest, with the least demand there is.

What jobs have in common (equipment, crews, waits, limits, the peak) only makes plans dearer. The bound is loose, but
there is one where a model is too large to be relaxed in time.
"""

from __future__ import annotations

import numpy as np

from steel_energy.arrays import FloatArray
from steel_energy.planning.jobs import FixedJob
from steel_energy.planning.pricing import Pricing
from steel_energy.planning.problem import Problem, Task


def alone_bound_krw(problem: Problem, pricing: Pricing) -> float:
    """No schedule's true cost is lower."""
    energy_krw = float(pricing.active_krw_per_kwh @ problem.base.usage_kwh)
    floors_kw = np.array([month.floor_kw for month in problem.charges.months])
    demand_krw = float(pricing.demand_krw_per_kw @ floors_kw)
    jobs_krw = sum(_job_krw(task, pricing) for task in problem.tasks)
    return pricing.offset_krw + energy_krw + demand_krw + jobs_krw - _moved_krw(problem, pricing) - pricing.error_krw()


def _job_krw(task: Task, pricing: Pricing) -> float:
    """What a job costs at the least, its worth deducted where it is optional."""
    price = pricing.active_krw_per_kwh + task.job.lagging_kvarh_per_kwh * pricing.lagging_krw_per_kvarh
    least_krw = _energy_krw(task, price) + task.job.start_cost_krw
    return least_krw if task.job.value_krw is None else min(least_krw - task.job.value_krw, 0.0)


def _energy_krw(task: Task, price: FloatArray) -> float:
    """Its energy at the cheapest times that it may run; 0 where it may run nowhere, which other rules tell."""
    if isinstance(task.job, FixedJob):
        starts = task.starts(task.allowed)
        costs = np.lib.stride_tricks.sliding_window_view(price, task.steps)[starts] @ task.steps_kwh
        return float(costs.min(initial=np.inf)) if len(starts) else 0.0
    cheapest = np.sort(price[task.allowed])
    most_kwh = float(task.steps_kwh[0])
    drawn = np.clip(task.energy_kwh - most_kwh * np.arange(len(cheapest)), 0.0, most_kwh)
    return float(cheapest @ drawn)


def _moved_krw(problem: Problem, pricing: Pricing) -> float:
    """What moving base load saves at the most: all that may leave goes to the cheapest hour of its day."""
    movable = problem.request.movable
    if movable is None:
        return 0.0
    price = pricing.active_krw_per_kwh + movable.lagging_kvarh_per_kwh * pricing.lagging_krw_per_kvarh
    return sum(
        float(movable.share * problem.base.usage_kwh[day] @ (price[day] - price[day].min())) for day in problem.moving
    )
