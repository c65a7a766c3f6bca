"""What an interval's energy and a kW of demand cost in the linear model: the tariff's prices, and the power factor's.

The power-factor clauses make the demand charge dearer or cheaper by a factor that depends on the energies: not linear.
Near a load they are: the factor as it is there on each kW, and what a kWh or kvarh more changes of it as a part of the
energy's price. ``MonthError`` says how far the model's bound may then be wrong, so that what is told is a bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from steel_energy.arrays import FloatArray
from steel_energy.planning.charges import Clause, Load, Month
from steel_energy.planning.problem import Problem
from steel_energy.schema import INTERVALS_PER_HOUR

TIE_SHARE = 1e-7
"""Share of the energy's cost by which equally cheap plans are told apart: above the solver's tolerance."""


@dataclass(frozen=True)
class MonthError:
    """By how much the linear model may flatter doing without a plan, so that its bound is corrected.

    Of a clause, D*p(P, Q) is billed and the model has D*p0 + D0*slope*(change of energies). The difference is
    D*(p - p0 - slope*change), of which ``bent_krw`` is the worst, and (D - D0)*slope*change.

    Attributes:
        bent_krw: where the points bend away from the tangent.
        krw_per_kw: the most that the second part grows by for each kW between D and D0.
        demand_kw: D0.
        lowest_kw, highest_kw: between which D lies.
    """

    bent_krw: float
    krw_per_kw: float
    demand_kw: float
    lowest_kw: float
    highest_kw: float

    def krw(self, reduced_krw_per_kw: float) -> float:
        """The worst case, where a kW above the lowest demand costs at least so much in the model."""
        below = self.krw_per_kw * (self.demand_kw - self.lowest_kw)
        above = self.krw_per_kw * (self.highest_kw - self.demand_kw)
        above -= max(reduced_krw_per_kw, 0.0) * (self.highest_kw - self.lowest_kw)
        return self.bent_krw + max(below, above, 0.0)


@dataclass(frozen=True)
class Pricing:
    """Costs of the linear model.

    Attributes:
        active_krw_per_kwh: by interval, of all energy.
        lagging_krw_per_kvarh: by interval, of reactive energy beyond the base load's.
        demand_krw_per_kw: by month.
        offset_krw: what is added whatever is planned.
        tie_krw: spread over each task's starts, so that of equally cheap plans one with few, early runs is chosen.
        errors: by month, how far the model's cost of a schedule may lie above the true one.
    """

    active_krw_per_kwh: FloatArray
    lagging_krw_per_kvarh: FloatArray
    demand_krw_per_kw: FloatArray
    offset_krw: float
    tie_krw: float
    errors: tuple[MonthError, ...]

    def error_krw(self, demand_krw_per_kw: FloatArray | None = None) -> float:
        """By how much the bound of the model may lie above the true cost of a schedule.

        Args:
            demand_krw_per_kw: what a kW of each month's demand costs in the relaxed model beyond what it saves; with
                it, demands that are too dear to be worth it count less.
        """
        reduced = np.zeros(len(self.errors)) if demand_krw_per_kw is None else demand_krw_per_kw
        return sum(error.krw(float(kw)) for error, kw in zip(self.errors, reduced, strict=True))


def pricing_at(problem: Problem, load: Load) -> Pricing:
    """Costs that are exact near ``load``, and everywhere where no clause moves."""
    charges, count = problem.charges, problem.horizon.count
    active = charges.energy_krw_per_kwh + charges.co2_krw_per_kwh
    active = active + problem.request.weights.co2_krw_per_t * problem.co2_t_per_kwh
    lagging, factors, offset, errors = np.zeros(count), [], 0.0, []
    for month in charges.months:
        factor, demand_kw, bent_krw, krw_per_kw = 1.0, month.demand_kw(load.usage_kwh), 0.0, 0.0
        highest_kw = _highest_kw(problem, month)
        for clause in month.clauses:
            energies = clause.energies(load)
            price = month.krw_per_kw * clause.rule.share_per_point
            slopes = clause.slopes(*energies)
            factor += clause.rule.share_per_point * clause.points(*energies)
            active = active + clause.counts * (price * demand_kw * slopes[0])
            offset -= price * demand_kw * (slopes[0] * energies[0] + slopes[1] * energies[1])
            if clause.rule.reactive == "lagging":
                lagging = lagging + clause.counts * (price * demand_kw * slopes[1])
            offset += price * demand_kw * slopes[1] * clause.energies(problem.base)[1]
            bent, change = _bent_and_change(problem, clause, energies)
            bent_krw, krw_per_kw = bent_krw + price * highest_kw * bent, krw_per_kw + price * change
        factors.append(month.krw_per_kw * factor)
        errors.append(MonthError(bent_krw, krw_per_kw, demand_kw, month.floor_kw, highest_kw))
    tie_krw = TIE_SHARE * float(active @ (load.usage_kwh + 1.0)) / max(len(problem.tasks), 1)
    return Pricing(active, lagging, np.array(factors), offset, tie_krw, tuple(errors))


def _bent_and_change(problem: Problem, clause: Clause, energies: tuple[float, float]) -> tuple[float, float]:
    """By how many points the tangent may lie above the clause, and how far it may move, over all plans."""
    active, reactive = _reachable(problem, clause)
    slopes, points = clause.slopes(*energies), clause.points(*energies)
    changes = [
        slopes[0] * (kwh - energies[0]) + slopes[1] * (kvarh - energies[1]) for kwh in active for kvarh in reactive
    ]
    is_convex = reactive[0] == reactive[1]  # in the active energy alone the points are: no tangent lies above
    bent = 0.0 if is_convex else max(0.0, points + max(changes) - clause.points(active[1], reactive[0]))
    return bent, max(abs(change) for change in changes)


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
