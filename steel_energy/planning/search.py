"""The search for the best schedule in one model: relax, round, improve, and only then search the tree.

Without integers the model is solved in a moment, and its cost is a bound. Among the starts that the relaxed solution
uses there is nearly always a schedule as cheap as the bound; where there is none, jobs are improved one by one, and the
solver searches on from there as long as there is time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from steel_energy.planning.bounds import alone_bound_krw
from steel_energy.planning.breaches import breaches
from steel_energy.planning.descent import descended
from steel_energy.planning.greedy import run_by_run
from steel_energy.planning.linear import PlanningParams, Solution
from steel_energy.planning.model import PlanModel
from steel_energy.planning.pricing import Pricing
from steel_energy.planning.problem import Problem
from steel_energy.planning.schedule import Schedule

ROUNDING = 1e-12
"""Relative difference of costs that is none."""
USED = 1e-7
"""From this share on, the relaxed solution uses a start."""
MIXTURES: tuple[float, ...] = (*np.geomspace(1e-4, 1.0, 41).tolist(), 0.0)
"""Parts of the relaxed bound that are tried."""
RELAXING_SHARE = 0.5
"""Of the time that is left: what is not relaxed by then is too large to be searched."""
QUICK_SHARE, ROUNDING_SHARE, DESCENT_SHARE = 0.65, 0.7, 0.3
"""Of the time that is left: rounding where a round follows, rounding in the last one, and the descent."""


@dataclass(frozen=True)
class Found:
    """The best schedule of a search, None where there is none, and a bound of the true cost of any."""

    schedule: Schedule | None
    bound_krw: float


def search(
    problem: Problem,
    model: PlanModel,
    pricing: Pricing,
    *,
    start: Schedule | None,
    until: float,
    params: PlanningParams,
    is_thorough: bool,
) -> Found:
    """Search the model.

    Args:
        problem: the plan's question.
        model: of the problem.
        pricing: with which it was made.
        start: a schedule that keeps to the request, if one is known.
        until: reading of ``time.perf_counter`` at which it should stop.
        params: how closely to search.
        is_thorough: whether to go beyond relaxing and rounding, and to take most of the time for them.
    """
    gap = params.gap_of(problem.horizon.count)
    relaxed = model.linear.relaxed(time_limit_s=RELAXING_SHARE * _left(until))
    if relaxed.state == "infeasible" and start is None:
        return Found(None, np.inf)
    bound = alone_bound_krw(problem, pricing)
    if relaxed.is_found:
        bound = max(bound, _bound(model, pricing, relaxed, relaxed.bound))
    elif start is not None:  # too large a model to be searched: what jobs gain one by one is what can be had
        return Found(descended(problem, run_by_run(problem, start, pricing), pricing, until=until), bound)
    share = ROUNDING_SHARE if is_thorough else QUICK_SHARE
    best = _cheapest(
        problem, start, _rounded(problem, model, relaxed, start, time_limit_s=share * _left(until), params=params)
    )
    if best is not None and not is_thorough:
        return Found(best, bound)
    if best is not None and relaxed.is_found and _is_close(model, pricing, best, bound=relaxed.bound, gap=gap):
        return Found(best, bound)
    if best is not None:
        half = time.perf_counter() + DESCENT_SHARE * _left(until)
        best = _cheapest(problem, best, descended(problem, best, pricing, until=half))
    solution = model.linear.solve(
        time_limit_s=_left(until),
        max_nodes=params.max_nodes,
        gap=gap,
        start=None if best is None else model.start_values(best),
    )
    found = model.schedule(solution.values, problem) if solution.is_found else None
    if best is not None and solution.state == "infeasible":  # the start is not: what the solver says is no bound
        return Found(best, bound)
    return Found(_cheapest(problem, best, found), max(bound, _bound(model, pricing, relaxed, solution.bound)))


def _bound(model: PlanModel, pricing: Pricing, relaxed: Solution, searched_krw: float) -> float:
    """A bound of the true cost from those of the model: relaxed, and searched.

    The relaxed bound rises with each kW of demand by its reduced cost, and what the model's cost may be wrong by does
    too; the searched one does not rise. Any mixture of the two is a bound, so the best one counts.
    """
    if not relaxed.is_found:
        return searched_krw - pricing.error_krw()
    reduced = relaxed.reduced[model.demand]
    searched_krw = max(searched_krw, relaxed.bound)
    mixed: list[float] = [
        (1 - part) * searched_krw + part * relaxed.bound - pricing.error_krw(part * reduced) for part in MIXTURES
    ]
    return max(mixed)


def _left(until: float) -> float:
    return max(until - time.perf_counter(), 0.05)


def _rounded(
    problem: Problem,
    model: PlanModel,
    relaxed: Solution,
    start: Schedule | None,
    *,
    time_limit_s: float,
    params: PlanningParams,
) -> Schedule | None:
    """The best schedule among what the relaxed solution and the start use, if there is any."""
    if not relaxed.is_found:
        return None
    lower, upper, cost, integer = model.linear.column_arrays()
    used = relaxed.values > USED
    first = None if start is None else model.start_values(start)
    if first is not None:
        used[first[0][first[1] > 0]] = True
    choices = np.concatenate([np.empty(0, np.int64), *(one.choice for one in model.tasks)])
    upper[choices[~used[choices]]] = 0.0
    solution = model.linear.solve(
        time_limit_s=time_limit_s,
        max_nodes=params.max_nodes,
        gap=params.gap_of(problem.horizon.count) / 2,
        start=first,
        changed=(lower, upper, cost, integer),
    )
    return model.schedule(solution.values, problem) if solution.is_found else None


def _is_close(model: PlanModel, pricing: Pricing, schedule: Schedule, *, bound: float, gap: float) -> bool:
    """Whether the model cannot have a schedule that is cheaper by more than the gap and what ties may weigh."""
    ties = 2 * pricing.tie_krw * sum(1 + int(starts) for starts in schedule.starts)
    columns, values = model.start_values(schedule)
    lower, upper, cost, integer = model.linear.column_arrays()
    lower[columns] = upper[columns] = values
    fixed = model.linear.solve(
        time_limit_s=1.0, max_nodes=1, gap=0.0, changed=(lower, upper, cost, np.zeros_like(integer))
    )
    return fixed.is_found and fixed.objective - bound <= gap * abs(fixed.objective) + ties


def _cheapest(problem: Problem, *schedules: Schedule | None) -> Schedule | None:
    """The cheapest by the true charges; the first one of those that differ by rounding alone."""
    best: Schedule | None = None
    for one in schedules:
        if one is None or (one is not schedules[0] and breaches(problem, one)):
            continue
        if best is None or _net(problem, one) < _net(problem, best) - abs(_net(problem, best)) * ROUNDING:
            best = one
    return best


def _net(problem: Problem, schedule: Schedule) -> float:
    return schedule.net_krw(problem)
