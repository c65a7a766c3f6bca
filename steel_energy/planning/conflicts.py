"""Why no plan keeps to a request: the fields that conflict, and the cheapest way out, in words.

The model is built with a relief for each field (``columns.Reliefs``). A smallest set of fields that cannot be kept
together is found by leaving out one after the other; then each of them alone is relieved by as little as possible, and
priced. Where no field alone suffices, the cheapest combination is given.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from steel_energy.errors import InfeasiblePlanError
from steel_energy.planning.linear import Columns, PlanningParams, Solution
from steel_energy.planning.model import PlanModel, build
from steel_energy.planning.pricing import pricing_at
from steel_energy.planning.problem import Problem
from steel_energy.schema import INTERVALS_PER_HOUR

MOST_WAYS = 6
LEFT_OUT_H = 1000.0
"""What leaving out a job or a wait counts for in a combination, beside an hour or a kW: it is the last resort."""


@dataclass(frozen=True)
class Relaxation:
    """A way out: by how much each field is exceeded, in its unit, and what the plan then costs.

    ``cost_krw`` is infinite where time ran out before it was known.
    """

    amounts: dict[str, float]
    cost_krw: float
    words: str


def _is_job(field: str) -> tuple[bool, str]:
    return field.count(".") == 1 and field.startswith("jobs."), field


@dataclass
class _Probe:
    """The relieved model, and what is left of the time for asking it."""

    model: PlanModel
    columns: Columns
    params: PlanningParams
    until: float

    def solve(self, relieved: dict[str, float], *, cost: np.ndarray) -> Solution:
        """Solve with some fields relieved by at most so much."""
        lower, upper, _, integer = self.columns
        opened = upper.copy()
        for field, most in relieved.items():
            opened[self.model.reliefs.by_field[field]] = min(most, 1.0) if not self.unit(field) else most
        return self.model.linear.solve(
            time_limit_s=max(self.until - time.perf_counter(), 0.05),
            max_nodes=self.params.max_nodes,
            gap=1e-5,
            changed=(lower, opened, cost, integer),
        )

    def unit(self, field: str) -> str:
        return self.model.reliefs.unit[field]

    def is_possible(self, fields: list[str]) -> bool:
        """Whether there is a plan with these fields relieved; where time ran out, it counts as possible."""
        return self.solve(dict.fromkeys(fields, np.inf), cost=np.zeros(self.model.linear.width)).state != "infeasible"


def infeasible(problem: Problem, params: PlanningParams) -> InfeasiblePlanError:
    """The error that says why there is no plan, and what would help."""
    model = build(problem, pricing_at(problem, problem.base), with_reliefs=True)
    probe = _Probe(model, model.linear.column_arrays(), params, time.perf_counter() + params.diagnosis_limit_s)
    conflict = _conflict(probe, sorted(model.reliefs.by_field, key=_is_job))
    priorities = {f"jobs.{task.job.name}": task.job.priority for task in problem.tasks}
    ways = _ways(probe, conflict, priorities)
    fields = " and ".join(_told(field, problem) for field in conflict)
    alone = "cannot be kept" if len(conflict) == 1 else "cannot be kept together"
    error = InfeasiblePlanError(
        f"no plan keeps to all of it: {fields} {alone}",
        field=conflict[0] if conflict else None,
        remedy=ways[0].words if ways else "relax one of these fields",
        conflicts=tuple(conflict),
        relaxations=tuple(way.words for way in ways[:MOST_WAYS]),
    )
    return error.named("no_plan", **_values(conflict, ways, probe, _sizes(problem)))


def _values(
    conflict: list[str], ways: list[Relaxation], probe: _Probe, sizes: dict[str, float]
) -> dict[str, str | float]:
    """What conflicts and how large it is, and the cheapest way out where it relieves one field at a known cost."""
    values: dict[str, str | float] = {}
    for place, field in enumerate(conflict):
        values |= {f"conflict_{place}": field} | ({f"size_{place}": sizes[field]} if field in sizes else {})
    if ways and len(ways[0].amounts) == 1 and np.isfinite(ways[0].cost_krw):
        ((field, amount),) = ways[0].amounts.items()
        values |= {"relief": field, "amount": amount, "unit": probe.unit(field), "cost_krw": ways[0].cost_krw}
    return values


def _sizes(problem: Problem) -> dict[str, float]:
    """How large a field is: a limit in its unit, the hours that a job needs at least, those that a window leaves."""
    limits = problem.request.limits
    sizes = {f"limits.{name}": getattr(limits, name) or 0.0 for name in ("power_kw", "ramp_kw", "co2_t")}
    for task in problem.tasks:
        sizes[f"jobs.{task.job.name}"] = task.steps / INTERVALS_PER_HOUR
        for restriction in task.restrictions:
            sizes[restriction.field] = float((~restriction.barred).sum()) / INTERVALS_PER_HOUR
    return sizes


def _conflict(probe: _Probe, fields: list[str]) -> list[str]:
    """A smallest set of fields that cannot be kept together: without any one of it, the rest could be.

    Fields are left out in blocks, halved where a block is needed: most requests conflict in few fields.
    """
    needed: list[str] = []
    left_out: list[str] = []
    blocks = [fields]
    while blocks:
        block = blocks.pop(0)
        if not probe.is_possible([*left_out, *block]):
            left_out += block
        elif len(block) == 1:
            needed += block
        else:
            half = len(block) // 2
            blocks = [block[:half], block[half:], *blocks]
    return needed


def _ways(probe: _Probe, conflict: list[str], priorities: dict[str, int]) -> list[Relaxation]:
    """Each field's own least relief that makes a plan possible, cheapest plan first; else a combination.

    Leaving out jobs comes last, those of the lowest priority first.
    """
    alone = [way for field in conflict if (way := _way(probe, [field]))]
    every = [*alone] or [way for way in [_way(probe, sorted(probe.model.reliefs.by_field))] if way]

    def rank(way: Relaxation) -> tuple[bool, int, float, str]:
        left_out = [field for field in way.amounts if not probe.unit(field)]
        return bool(left_out), max((priorities.get(field, 0) for field in left_out), default=0), way.cost_krw, way.words

    return sorted(every, key=rank)


def _way(probe: _Probe, fields: list[str]) -> Relaxation | None:
    """The least relief of some fields together, and the cheapest plan with it."""
    cost = np.zeros(probe.model.linear.width)
    for field in fields:
        cost[probe.model.reliefs.by_field[field]] = 1.0 if probe.unit(field) else LEFT_OUT_H
    least = probe.solve(dict.fromkeys(fields, np.inf), cost=cost)
    if not least.is_found:
        return None
    by_field = probe.model.reliefs.by_field
    amounts = {field: float(least.values[by_field[field]]) for field in fields}
    amounts = {field: amount for field, amount in amounts.items() if amount > 1e-6}  # noqa: PLR2004 - of rounding
    allowed = {field: amount * (1 + 1e-6) + 1e-6 for field, amount in amounts.items()}
    priced = probe.solve(allowed, cost=probe.columns[2])
    words = ", and ".join(_relief(field, amount, probe.unit(field)) for field, amount in amounts.items())
    if priced.is_found:
        words = f"{words}; the plan then costs {priced.objective:,.0f} KRW"
    return Relaxation(amounts, priced.objective, words)


def _told(field: str, problem: Problem) -> str:
    """A field with its value, in words."""
    limits = problem.request.limits
    values = {
        "limits.power_kw": f"{limits.power_kw or 0:g} kW",
        "limits.ramp_kw": f"{limits.ramp_kw or 0:g} kW",
        "limits.co2_t": f"{limits.co2_t or 0:g} t",
    }
    for task in problem.tasks:
        hours = task.steps / INTERVALS_PER_HOUR
        values[f"jobs.{task.job.name}"] = f"{task.energy_kwh:g} kWh in at least {hours:g} h"
        for restriction in task.restrictions:
            values[restriction.field] = f"leaves {float((~restriction.barred).sum()) / INTERVALS_PER_HOUR:g} h"
        for wait in task.waits:
            values[wait.field] = f"{task.job.name!r} after {problem.tasks[wait.first].job.name!r}"
    for name, users in problem.equipment.items():
        values[f"equipment.{name}"] = f"one of {len(users)} jobs at a time"
    for name, (most, users) in problem.crews.items():
        values[f"crews.{name}.jobs_at_once"] = f"{most} of {len(users)} jobs"
    return f"{field} ({values[field]})"


def _relief(field: str, amount: float, unit: str) -> str:
    hours = f"{amount:g} h"
    if field.startswith("equipment."):
        return f"let two jobs share {field} for {hours}"
    if field.endswith(".jobs_at_once"):
        return f"let more jobs run than {field} for {hours}"
    if field.startswith("limits.black_outs."):
        return f"let jobs run {hours} within {field}"
    if unit == "h":
        return f"let {'it' if field.endswith('.windows') else 'jobs'} run {hours} outside of {field}"
    if unit:
        return f"raise {field} by {amount:,.1f} {unit}"
    return f"leave out {field}"
