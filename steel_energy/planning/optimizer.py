"""The best plan: solve the model, judge what comes by the true charges, and prove how good it is.

With a power-factor clause the model is exact only near one load, so it is solved again at the plan that came of it,
and what counts is the cheapest by the bill's own rule. Doing nothing is always among the candidates where it keeps to
the request, so no plan costs more.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.planning.answer import answer
from steel_energy.planning.baseline import Baseline, baseline_of, feasible_start, without_held_jobs
from steel_energy.planning.conflicts import infeasible
from steel_energy.planning.linear import PlanningParams
from steel_energy.planning.model import PlanModel, build
from steel_energy.planning.pricing import pricing_at
from steel_energy.planning.problem import Problem, problem_of
from steel_energy.planning.request import PlanRequest
from steel_energy.planning.result import Plan
from steel_energy.planning.schedule import Schedule
from steel_energy.planning.search import search
from steel_energy.plant import Plant
from steel_energy.tariff import Tariff

SAME = 1e-6
"""Relative gap that the solver's own tolerances leave: what it proves within that is the best."""


@dataclass(frozen=True)
class Optimum:
    """The best schedule that was found.

    Attributes:
        net_krw: what it is judged by.
        bound_krw: no schedule's is lower.
        model: in which it was found, for its marginal values.
        is_baseline: whether nothing better than doing nothing was found.
    """

    schedule: Schedule
    net_krw: float
    bound_krw: float
    model: PlanModel
    is_baseline: bool

    @property
    def gap(self) -> float:
        """Highest share by which a better plan could be cheaper; 0 where only rounding is left."""
        gap = _gap(self.net_krw, self.bound_krw)
        return 0.0 if gap < SAME else gap


def plan(
    request: PlanRequest,
    base_load: pl.DataFrame,
    *,
    plant: Plant,
    tariff: Tariff,
    params: PlanningParams,
    known: pl.DataFrame | None = None,
) -> Plan:
    """The cheapest schedule of a request's jobs.

    Args:
        request: what is asked for.
        base_load: ``interval_start`` (plant zone), ``usage_kwh``, ``lagging_reactive_kvarh``,
            ``leading_reactive_kvarh`` of the period: a forecast or past readings, jobs left out unless they say so.
        plant: gives contracted demand, emission factor and clock.
        tariff: which need not be the plant's own.
        params: how long and how closely to optimise.
        known: readings before the period, for the demand that is billed anyhow; none if absent.

    Raises:
        InputError: a field of the request cannot be; names it.
        NotEnoughDataError: the base load does not cover the period.
        InfeasiblePlanError: no schedule keeps to the request; says which fields conflict and what would help.
    """
    problem = without_held_jobs(problem_of(request, base_load, plant=plant, tariff=tariff, known=known))
    began = time.perf_counter()
    baseline = baseline_of(problem, params)
    optimum = optimum_of(problem, baseline, params) if baseline else None
    if baseline is None or optimum is None:
        raise infeasible(problem, params)
    return answer(
        problem,
        baseline,
        optimum.schedule,
        model=optimum.model,
        gap=optimum.gap,
        is_baseline=optimum.is_baseline,
        solve_s=time.perf_counter() - began,
    )


def optimum_of(problem: Problem, baseline: Baseline, params: PlanningParams) -> Optimum | None:
    """The best schedule; None where none keeps to the request."""
    until = time.perf_counter() + params.seconds(problem.horizon.count)
    best, bound = feasible_start(problem, baseline, params), -np.inf
    rounds = params.power_factor_rounds if any(month.clauses for month in problem.charges.months) else 1
    for left in reversed(range(rounds)):
        around = best or baseline.schedule
        pricing = pricing_at(problem, around.load(problem))
        model = build(problem, pricing)
        is_thorough = left == 0 or best is None
        found = search(problem, model, pricing, start=best, until=until, params=params, is_thorough=is_thorough)
        bound, best = max(bound, found.bound_krw), found.schedule
        if best is None or _gap(best.net_krw(problem), bound) < params.gap_of(problem.horizon.count):
            break
    if best is None:
        return None
    net_krw = best.net_krw(problem)
    is_baseline = best is baseline.schedule
    return Optimum(best, net_krw, min(bound, net_krw), model, is_baseline)


def _gap(net_krw: float, bound_krw: float) -> float:
    return (net_krw - bound_krw) / max(abs(net_krw), 1.0)
