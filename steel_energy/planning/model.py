"""The whole model of a plan: the tasks' columns, what they share, the load, its limits and what it costs.

The load of each interval is a column of its own, so that the many rows on it (demand of each month, power limit, ramp)
stay short.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.planning.columns import Reliefs, TaskColumns, add_task
from steel_energy.planning.jobs import FixedJob, FlexibleJob
from steel_energy.planning.linear import LinearModel
from steel_energy.planning.precedence import ROUNDING, add_waits
from steel_energy.planning.pricing import Pricing
from steel_energy.planning.problem import Problem
from steel_energy.planning.schedule import Schedule
from steel_energy.schema import INTERVALS_PER_HOUR

QUIET_TIE_KRW_PER_KWH = 1e-4
"""Between the quietest and the busiest hour that base load may move to: of equally cheap ones the quieter, where a
wrong forecast sets no peak. Far below what counts as a gap."""
MOVING_TIE_KRW_PER_KWH = 1e-7
"""Of equally cheap plans, the one that moves less."""


@dataclass(frozen=True)
class PlanModel:
    """A model with the places of its columns and of the rows whose marginal values are told.

    Attributes:
        usage: column of each interval's energy.
        demand: column of each month's billing demand, kW.
        out, added: columns of the moved base load, by the positions of ``moved``.
        limit_rows: rows of each limit of the request, by field.
    """

    linear: LinearModel
    tasks: tuple[TaskColumns, ...]
    usage: IntArray
    demand: IntArray
    moved: IntArray
    out: IntArray
    added: IntArray
    limit_rows: dict[str, IntArray]
    reliefs: Reliefs

    def schedule(self, values: FloatArray, problem: Problem) -> Schedule:
        """The schedule that a solution means."""
        shape = (len(self.tasks), problem.horizon.count)
        energy, is_on = np.zeros(shape), np.zeros(shape, dtype=bool)
        for at, columns in enumerate(self.tasks):
            energy[at], is_on[at] = _task_schedule(columns, values, shape[1])
        out, added = np.zeros(shape[1]), np.zeros(shape[1])
        net = values[self.added] - values[self.out]
        out[self.moved], added[self.moved] = np.maximum(-net, 0.0), np.maximum(net, 0.0)
        return Schedule(energy_kwh=energy, is_on=is_on, out_kwh=out, in_kwh=added)

    def start_values(self, schedule: Schedule) -> tuple[IntArray, FloatArray]:
        """Integer columns of a schedule and their values, for a solver to begin with."""
        columns, values = [], []
        for at, one in enumerate(self.tasks):
            is_on = schedule.is_on[at]
            if isinstance(one.task.job, FixedJob):
                first = np.flatnonzero(is_on)[:1]
                chosen = np.isin(one.at, first).astype(float)
            else:
                chosen = is_on[one.at].astype(float)
            columns.append(one.choice)
            values.append(chosen if len(one.choice) else np.empty(0))
            if one.done is not None:
                columns.append(np.array([one.done]))
                values.append(np.array([float(is_on.any())]))
        return np.concatenate([np.empty(0, np.int64), *columns]), np.concatenate([np.empty(0), *values])


def _task_schedule(one: TaskColumns, values: FloatArray, count: int) -> tuple[FloatArray, np.ndarray]:
    energy, is_on = np.zeros(count), np.zeros(count, dtype=bool)
    if isinstance(one.task.job, FixedJob):
        for start in one.at[values[one.choice] > 0.5]:  # noqa: PLR2004 - a binary
            energy[start : start + one.task.steps] += one.task.steps_kwh
            is_on[start : start + one.task.steps] = True
    elif isinstance(one.task.job, FlexibleJob):
        drawn = np.clip(values[one.energy], 0.0, one.task.steps_kwh[0])
        energy[one.at] = np.where(drawn > 2 * ROUNDING * one.task.energy_kwh, drawn, 0.0)
        is_on[one.at] = values[one.choice] > 0.5 if len(one.choice) else energy[one.at] > 1e-9  # noqa: PLR2004
        energy[~is_on] = 0.0
        if energy.any():  # rounding of the solver, so that the job gets exactly what it needs
            energy *= one.task.energy_kwh / energy.sum()
    else:
        is_on[one.at] = values[one.choice] > 0.5  # noqa: PLR2004
        energy[is_on] = one.task.steps_kwh[0]
    return energy, is_on


def build(problem: Problem, pricing: Pricing, *, with_reliefs: bool = False) -> PlanModel:
    """The model of a problem.

    Args:
        problem: the plan's question.
        pricing: what energy and demand cost.
        with_reliefs: whether each field of the request may be exceeded, by columns that are closed at first.
    """
    model, reliefs = LinearModel(offset=pricing.offset_krw), Reliefs(wanted=with_reliefs)
    tasks = tuple(
        add_task(model, problem, index, pricing=pricing, reliefs=reliefs) for index in range(len(problem.tasks))
    )
    usage = model.add_columns(problem.horizon.count, cost=pricing.active_krw_per_kwh)
    moved, out, added = _movable(model, problem, pricing.lagging_krw_per_kvarh)
    cells = [cell for one in tasks for cell in one.usage]
    own = np.arange(problem.horizon.count)
    base = problem.base.usage_kwh
    model.add_rows(
        problem.horizon.count,
        [(own, usage, -1.0), *cells, (moved, added, 1.0), (moved, out, -1.0)],
        lower=-base,
        upper=-base,
    )
    demand = _demand(model, problem, pricing, usage)
    for name, users in problem.equipment.items():
        _at_once(model, [tasks[user] for user in users], 1, f"equipment.{name}", reliefs)
    for name, (most, users) in problem.crews.items():
        _at_once(model, [tasks[user] for user in users], most, f"crews.{name}.jobs_at_once", reliefs)
    add_waits(model, tasks, problem, reliefs)
    limit_rows = _limits(model, problem, usage, reliefs)
    return PlanModel(model, tasks, usage, demand, moved, out, added, limit_rows, reliefs)


def _movable(model: LinearModel, problem: Problem, lagging: FloatArray) -> tuple[IntArray, IntArray, IntArray]:
    movable = problem.request.movable
    if movable is None or not len(problem.moving):
        empty = np.empty(0, dtype=np.int64)
        return empty, empty, empty
    moved = np.concatenate(problem.moving)
    most = movable.share * problem.base.usage_kwh[moved]
    ratio = movable.lagging_kvarh_per_kwh
    if ratio:
        most = np.minimum(most, problem.base.lagging_kvarh[moved] / ratio)
    cost = movable.cost_krw_per_kwh + MOVING_TIE_KRW_PER_KWH
    out = model.add_columns(len(moved), upper=most, cost=-lagging[moved] * ratio)
    most_added = movable.max_added_kw / INTERVALS_PER_HOUR
    base_kwh = problem.base.usage_kwh[moved]
    quiet = QUIET_TIE_KRW_PER_KWH * base_kwh / max(float(base_kwh.max()), 1.0)
    added = model.add_columns(len(moved), upper=most_added, cost=cost + quiet + lagging[moved] * ratio)
    day = np.repeat(np.arange(len(problem.moving)), [len(one) for one in problem.moving])
    model.add_rows(len(problem.moving), [(day, added, 1.0), (day, out, -1.0)], lower=0.0, upper=0.0)
    return moved, out, added


def _demand(model: LinearModel, problem: Problem, pricing: Pricing, usage: IntArray) -> IntArray:
    months = problem.charges.months
    floors = np.array([month.floor_kw for month in months])
    demand = model.add_columns(len(months), lower=floors, cost=pricing.demand_krw_per_kw)
    for month, column in zip(months, demand, strict=True):
        counted = usage[month.counts]
        own = np.arange(len(counted))
        model.add_rows(len(counted), [(own, counted, INTERVALS_PER_HOUR), (own, column, -1.0)], upper=0.0)
    return demand


def _at_once(model: LinearModel, users: list[TaskColumns], most: int, field: str, reliefs: Reliefs) -> None:
    """Rows that at most so many of some tasks run in an interval; the relief is in hours with more."""
    cells = [cell for user in users for cell in user.running]
    if not cells:
        return
    count = int(max(cell[0].max(initial=-1) for cell in cells)) + 1
    for relief in reliefs.column(model, field, unit="h"):
        excess, own = model.add_columns(count), np.arange(count)
        cells.append((own, excess, np.full(count, -1.0)))
        hours = np.append(np.full(count, 1 / INTERVALS_PER_HOUR), -1.0)
        model.add_row(np.append(excess, relief), hours, upper=0.0)
    model.add_rows(count, cells, upper=float(most))


def _limits(model: LinearModel, problem: Problem, usage: IntArray, reliefs: Reliefs) -> dict[str, IntArray]:
    limits, count = problem.request.limits, problem.horizon.count
    own = np.arange(count)
    rows: dict[str, IntArray] = {}
    if limits.power_kw is not None:
        relief = reliefs.column(model, "limits.power_kw", unit="kW")
        demand = (own, usage, float(INTERVALS_PER_HOUR))
        excess = [(own, np.array([column]), -1.0) for column in relief]
        rows["limits.power_kw"] = model.add_rows(count, [demand, *excess], upper=limits.power_kw)
    if limits.ramp_kw is not None and count > 1:
        rows["limits.ramp_kw"] = _ramp(model, usage, limits.ramp_kw, reliefs)
    if limits.co2_t is not None:
        relief = reliefs.column(model, "limits.co2_t", unit="t")
        values = np.append(problem.co2_t_per_kwh, np.full(len(relief), -1.0))
        columns = np.append(usage, np.array(relief, dtype=np.int64))
        rows["limits.co2_t"] = model.add_row(columns, values, upper=limits.co2_t)
    return rows


def _ramp(model: LinearModel, usage: IntArray, ramp_kw: float, reliefs: Reliefs) -> IntArray:
    """Rows that the load changes by at most so much from one interval to the next, up and down."""
    pairs = np.arange(len(usage) - 1)
    change = [(pairs, usage[1:], INTERVALS_PER_HOUR), (pairs, usage[:-1], -INTERVALS_PER_HOUR)]
    relief = reliefs.column(model, "limits.ramp_kw", unit="kW")
    up = model.add_rows(len(pairs), [*change, *((pairs, one, -1.0) for one in relief)], upper=ramp_kw)
    down = model.add_rows(len(pairs), [*change, *((pairs, one, 1.0) for one in relief)], lower=-ramp_kw)
    return np.concatenate([up, down])
