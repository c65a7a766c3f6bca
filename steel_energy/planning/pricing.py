"""What an interval's energy and a kW of demand cost in the linear model: the tariff's prices, and the power factor's.

The power-factor clauses make the demand charge dearer or cheaper by a factor that depends on the energies: not linear.
Near a load they are: the factor as it is there on each kW, and what a kWh or kvarh more changes of it as a part of the
energy's price. ``error_krw`` says by how much the model may then flatter a plan, so that its bound stays a bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from steel_energy.arrays import FloatArray
from steel_energy.planning.charges import Clause, Load, Month
from steel_energy.planning.problem import Problem
from steel_energy.schema import INTERVALS_PER_HOUR


@dataclass(frozen=True)
class Pricing:
    """Costs of the linear model.

    Attributes:
        active_krw_per_kwh: by interval, of all energy.
        lagging_krw_per_kvarh: by interval, of reactive energy beyond the base load's.
        demand_krw_per_kw: by month.
        offset_krw: what is added whatever is planned.
        error_krw: the model's cost of any schedule is at most this much above the true one.
    """

    active_krw_per_kwh: FloatArray
    lagging_krw_per_kvarh: FloatArray
    demand_krw_per_kw: FloatArray
    offset_krw: float
    error_krw: float


def pricing_at(problem: Problem, load: Load) -> Pricing:
    """Costs that are exact near ``load``, and everywhere where no clause moves."""
    charges, count = problem.charges, problem.horizon.count
    active = charges.energy_krw_per_kwh + charges.co2_krw_per_kwh
    active = active + problem.request.weights.co2_krw_per_t * problem.co2_t_per_kwh
    lagging, factors, offset, error = np.zeros(count), [], 0.0, 0.0
    for month in charges.months:
        factor, demand_kw = 1.0, month.demand_kw(load.usage_kwh)
        for clause in month.clauses:
            energies = clause.energies(load)
            price = month.krw_per_kw * clause.rule.share_per_point
            slopes = clause.slopes(*energies)
            factor += clause.rule.share_per_point * clause.points(*energies)
            active = active + clause.counts * (price * demand_kw * slopes[0])
            offset -= price * demand_kw * (slopes[0] * energies[0] + slopes[1] * energies[1])
            if clause.rule.reactive == "lagging":
                lagging = lagging + clause.counts * (price * demand_kw * slopes[1])
                base_kvarh = problem.base.lagging_kvarh[clause.counts].sum()
            else:
                base_kvarh = problem.base.leading_kvarh[clause.counts].sum()
            offset += price * demand_kw * slopes[1] * float(base_kvarh)
            error += price * _error_kw_points(problem, month, clause, load)
        factors.append(month.krw_per_kw * factor)
    return Pricing(active, lagging, np.array(factors), offset, error)


def _error_kw_points(problem: Problem, month: Month, clause: Clause, load: Load) -> float:
    """By how many kW times points the tangent may lie above what is billed, over all energies that a plan can have.

    What is billed is D*p(P, Q), the model has D*p0 + D0*slope: the difference is D*(p - p0 - slope) + (D - D0)*slope.
    """
    demand_kw, energies = month.demand_kw(load.usage_kwh), clause.energies(load)
    highest_kw = _highest_kw(problem, month)
    active, reactive = _reachable(problem, clause)
    slopes, points = clause.slopes(*energies), clause.points(*energies)
    changes = [
        slopes[0] * (kwh - energies[0]) + slopes[1] * (kvarh - energies[1]) for kwh in active for kvarh in reactive
    ]
    is_convex = reactive[0] == reactive[1]  # in the active energy alone the points are: no tangent lies above
    fewest = clause.points(active[1], reactive[0])
    above = 0.0 if is_convex else max(0.0, points + max(changes) - fewest)
    apart_kw = max(highest_kw - demand_kw, demand_kw - month.floor_kw)
    return highest_kw * above + apart_kw * max(abs(change) for change in changes)


def _highest_kw(problem: Problem, month: Month) -> float:
    """A demand that no plan exceeds."""
    movable, limit_kw = problem.request.movable, problem.request.limits.power_kw
    highest = float(problem.base.usage_kwh[month.counts].max()) * INTERVALS_PER_HOUR
    highest += sum(float(task.steps_kwh.max()) for task in problem.tasks) * INTERVALS_PER_HOUR
    highest += movable.max_added_kw if movable else 0.0
    return max(month.floor_kw, highest if limit_kw is None else min(highest, limit_kw))


def _reachable(problem: Problem, clause: Clause) -> tuple[tuple[float, float], tuple[float, float]]:
    """Least and most active and reactive energy that a plan can have in a clause's hours."""
    movable = problem.request.movable
    kwh, kvarh = clause.energies(problem.base)
    added = sum(task.energy_kwh for task in problem.tasks if (task.allowed & clause.counts).any())
    is_lagging = clause.rule.reactive == "lagging"
    added_kvarh = is_lagging * sum(
        task.energy_kwh * task.job.lagging_kvarh_per_kwh
        for task in problem.tasks
        if (task.allowed & clause.counts).any()
    )
    moved = movable.share * float(problem.base.usage_kwh[np.concatenate(problem.moving)].sum()) if movable else 0.0
    moved_kvarh = is_lagging * moved * (movable.lagging_kvarh_per_kwh if movable else 0.0)
    return (max(0.0, kwh - moved), kwh + added + moved), (
        max(0.0, kvarh - moved_kvarh),
        kvarh + added_kvarh + moved_kvarh,
    )
