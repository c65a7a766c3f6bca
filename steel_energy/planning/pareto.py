"""The front between cost, peak and CO2: plans of which none of the three can fall without another one rising.

By bounds: the cheapest plan under each of some limits of the peak, and of CO2 where plans differ in it. With one factor
for every kWh, CO2 follows the energy alone; only an hourly series in the request, or optional jobs, let it vary.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray
from steel_energy.planning.baseline import baseline_of, without_held_jobs
from steel_energy.planning.conflicts import infeasible
from steel_energy.planning.linear import LinearModel, PlanningParams
from steel_energy.planning.model import build
from steel_energy.planning.optimizer import Optimum, optimum_of
from steel_energy.planning.pricing import pricing_at
from steel_energy.planning.problem import Problem, problem_of
from steel_energy.planning.request import PlanRequest
from steel_energy.planning.result import ParetoPoint
from steel_energy.plant import Plant
from steel_energy.schema import INTERVALS_PER_HOUR
from steel_energy.tariff import Tariff

LEAST_GAP = 1e-3
"""How far from the lowest peak or CO2 the front may begin."""
SAME = 1e-6
"""Relative difference of two limits that is none."""


def pareto_front(
    request: PlanRequest,
    base_load: pl.DataFrame,
    *,
    plant: Plant,
    tariff: Tariff,
    params: PlanningParams,
    known: pl.DataFrame | None = None,
) -> tuple[ParetoPoint, ...]:
    """The front of a request, cheapest first; arguments and errors as of ``plan``.

    ``params.pareto_points`` limits are tried of the peak, and with each as many of CO2.
    """
    problem = without_held_jobs(problem_of(request, base_load, plant=plant, tariff=tariff, known=known))
    cheapest = _optimum(problem, params)
    if cheapest is None:
        raise infeasible(problem, params)
    best = _point(problem, cheapest)
    peaks_kw = _levels(_least_peak_kw(problem, params), best.peak_kw, params.pareto_points)
    co2s_t = _levels(_least_co2_t(problem, params), best.co2_t, params.pareto_points)
    points = [best]
    for peak_kw in peaks_kw:
        for co2_t in co2s_t:
            limited = _limited(problem, peak_kw=peak_kw, co2_t=co2_t)
            found = None if (peak_kw, co2_t) == (peaks_kw[-1], co2s_t[-1]) else _optimum(limited, params)
            points += [] if found is None else [_point(problem, found)]
    return tuple(_undominated(points))


def _optimum(problem: Problem, params: PlanningParams) -> Optimum | None:
    baseline = baseline_of(problem, params)
    return None if baseline is None else optimum_of(problem, baseline, params)


def _point(problem: Problem, optimum: Optimum) -> ParetoPoint:
    schedule = optimum.schedule
    weighted_krw = problem.request.weights.co2_krw_per_t * schedule.co2_t(problem)
    peak_kw = float(schedule.load(problem).usage_kwh.max()) * INTERVALS_PER_HOUR
    return ParetoPoint(optimum.net_krw - weighted_krw, schedule.co2_t(problem), peak_kw, optimum.gap)


def _levels(least: float, most: float, count: int) -> list[float | None]:
    """Limits from the least possible up to the cheapest plan's, which is none beyond the request's own."""
    if most - least <= SAME * max(abs(most), 1.0):
        return [None]
    return [*(float(level) for level in np.linspace(least, most, count)[:-1]), None]


def _limited(problem: Problem, *, peak_kw: float | None, co2_t: float | None) -> Problem:
    levels = {"power_kw": peak_kw, "co2_t": co2_t}
    slack = 1 + SAME  # so that a limit that was just reached can be reached again
    limits = problem.request.limits.model_copy(
        update={name: level * slack for name, level in levels.items() if level is not None}
    )
    return replace(problem, request=problem.request.model_copy(update={"limits": limits}))


def _least_peak_kw(problem: Problem, params: PlanningParams) -> float:
    model = build(problem, pricing_at(problem, problem.base))
    (peak,) = model.linear.add_columns(1)
    own = np.arange(problem.horizon.count)
    model.linear.add_rows(len(own), [(own, model.usage, INTERVALS_PER_HOUR), (own, peak, -1.0)], upper=0.0)
    cost = np.zeros(model.linear.width)
    cost[peak] = 1.0
    return _least(problem, model.linear, cost, params)


def _least_co2_t(problem: Problem, params: PlanningParams) -> float:
    model = build(problem, pricing_at(problem, problem.base))
    cost = np.zeros(model.linear.width)
    cost[model.usage] = problem.co2_t_per_kwh
    return _least(problem, model.linear, cost, params)


def _least(problem: Problem, model: LinearModel, cost: FloatArray, params: PlanningParams) -> float:
    """The least of a cost over all plans, as far as it was found in time."""
    lower, upper, _, integer = model.column_arrays()
    solution = model.solve(
        time_limit_s=params.seconds(problem.horizon.count),
        max_nodes=params.max_nodes,
        gap=LEAST_GAP,
        changed=(lower, upper, cost, integer),
    )
    return solution.objective - model.offset


def _undominated(points: list[ParetoPoint]) -> list[ParetoPoint]:
    """Points that no other one is at least as good as in all three; of equal ones the first."""
    kept: list[ParetoPoint] = []
    for point in sorted(points, key=lambda one: (one.cost_krw, one.peak_kw, one.co2_t)):
        if not any(_is_as_good(other, point) for other in kept):
            kept.append(point)
    return kept


def _is_as_good(one: ParetoPoint, other: ParetoPoint) -> bool:
    pairs = zip((one.cost_krw, one.peak_kw, one.co2_t), (other.cost_krw, other.peak_kw, other.co2_t), strict=True)
    return all(mine <= its + 2 * SAME * max(abs(its), 1.0) for mine, its in pairs)
