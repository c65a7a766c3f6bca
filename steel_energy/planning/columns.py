"""The columns of a plan's model and each task's own rows: its starts or switched-on intervals, its energy.

A fixed job has one binary for each start; the others one for each interval in which they are on, and one for each
interval in which a run begins. What tasks share is in ``model.py``. Where the model is to say what hinders a plan, it
is built with *reliefs*: a column for each field of the request by which that field may be exceeded.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.planning.jobs import FixedJob, FlexibleJob
from steel_energy.planning.linear import LinearModel
from steel_energy.planning.pricing import Pricing
from steel_energy.planning.problem import Problem, Task
from steel_energy.schema import INTERVALS_PER_HOUR

Cells = list[tuple[IntArray, IntArray, FloatArray]]
"""Blocks of interval, column and coefficient."""


@dataclass(frozen=True)
class TaskColumns:
    """Where a task stands in the model.

    Attributes:
        at: starts of a fixed job, else the intervals in which it may be on, by column of ``choice``.
        choice: binaries of the starts or of being on; empty for a flexible job that needs none.
        begins: by column of ``choice`` of other jobs, whether a run begins; empty where there are no choices.
        energy: energies of a flexible job, by ``at``; else empty.
        done: the binary that an optional job other than a fixed one is done; none for what must be.
        usage: energy of each interval, as cells.
        running: whether it runs in each interval, as cells.
    """

    task: Task
    at: IntArray
    choice: IntArray
    begins: IntArray
    energy: IntArray
    done: int | None
    usage: Cells
    running: Cells


@dataclass
class Reliefs:
    """Columns by which fields of the request may be exceeded, each in a unit of its own; none in a model that plans."""

    wanted: bool
    by_field: dict[str, int] = field(default_factory=dict)
    unit: dict[str, str] = field(default_factory=dict)

    def column(self, model: LinearModel, name: str, *, unit: str) -> list[int]:
        """The column of a field, made when it is first asked for; nothing where none are wanted."""
        if not self.wanted:
            return []
        if name not in self.by_field:
            (self.by_field[name],) = model.add_columns(1, upper=0.0, is_integer=unit == "")
            self.unit[name] = unit
        return [self.by_field[name]]


def cells_of(columns: IntArray, values: float | FloatArray = 1.0) -> tuple[IntArray, IntArray, FloatArray]:
    """Cells of one row."""
    return np.zeros(len(columns), dtype=np.int64), columns, np.broadcast_to(np.asarray(values, float), columns.shape)


def add_task(model: LinearModel, problem: Problem, index: int, *, pricing: Pricing, reliefs: Reliefs) -> TaskColumns:
    """Add a task's columns and rows.

    Args:
        model: which they are added to.
        problem: the plan's question.
        index: of the task.
        pricing: what reactive energy costs, and how much ties weigh.
        reliefs: with them, nothing of the request bars an interval by itself.
    """
    task = problem.tasks[index]
    tie = pricing.tie_krw * (1 + index / len(problem.tasks))
    krw_per_kwh = pricing.lagging_krw_per_kvarh * task.job.lagging_kvarh_per_kwh
    if isinstance(task.job, FixedJob):
        added = _fixed(model, task, krw_per_kwh, tie=tie, reliefs=reliefs)
    else:
        added = _switched(model, problem, index, krw_per_kwh, tie=tie, reliefs=reliefs)
    if reliefs.wanted:
        _relieved_restrictions(model, added, reliefs)
    return added


def _must(model: LinearModel, task: Task, reliefs: Reliefs) -> list[int]:
    """The column that lets a mandatory task be left out."""
    return [] if task.job.is_optional else reliefs.column(model, f"jobs.{task.job.name}", unit="")


def _fixed(model: LinearModel, task: Task, krw_per_kwh: FloatArray, *, tie: float, reliefs: Reliefs) -> TaskColumns:
    count = len(krw_per_kwh)
    at = task.starts(np.ones(count, dtype=bool) if reliefs.wanted else task.allowed)
    steps = np.arange(task.steps)
    cost = (
        task.job.start_cost_krw
        - (task.job.value_krw or 0.0)
        + np.correlate(krw_per_kwh, task.steps_kwh)[at]
        + tie * at / count
    )
    choice = model.add_columns(len(at), upper=1.0, cost=cost, is_integer=True)
    relief = np.array(_must(model, task, reliefs), dtype=np.int64)
    model.add_row(np.concatenate([choice, relief]), 1.0, lower=0.0 if task.job.is_optional else 1.0, upper=1.0)
    rows, columns = np.broadcast_arrays(at[:, None] + steps, choice[:, None])
    energies = np.broadcast_to(task.steps_kwh, rows.shape)
    empty = np.empty(0, dtype=np.int64)
    return TaskColumns(
        task=task,
        at=at,
        choice=choice,
        begins=empty,
        energy=empty,
        done=None,
        usage=[(rows.ravel(), columns.ravel(), energies.ravel())],
        running=[(rows.ravel(), columns.ravel(), np.ones(rows.size))],
    )


def _switched(
    model: LinearModel, problem: Problem, index: int, krw_per_kwh: FloatArray, *, tie: float, reliefs: Reliefs
) -> TaskColumns:
    task, count = problem.tasks[index], problem.horizon.count
    at = np.arange(count) if reliefs.wanted else np.flatnonzero(task.allowed)
    choice = begins = np.empty(0, dtype=np.int64)
    if _needs_choice(problem, index) or reliefs.wanted:
        earliness = tie * at / count / task.steps
        power = krw_per_kwh[at] * task.steps_kwh[0] if not isinstance(task.job, FlexibleJob) else 0.0
        choice = model.add_columns(len(at), upper=1.0, cost=earliness + power, is_integer=True)
        begins = _begins(model, task, at, choice, count, cost_krw=task.job.start_cost_krw + tie)
    energy = _energies(model, task, at, choice, krw_per_kwh[at] + tie * at / count / task.energy_kwh)
    done = None
    if task.job.is_optional:
        (done,) = model.add_columns(1, upper=1.0, cost=-(task.job.value_krw or 0.0), is_integer=True)
    _total(model, task, energy if len(energy) else choice, done, reliefs)
    if len(begins):
        _fewest_runs(model, task, begins, count=count, done=done, reliefs=reliefs)
    if done is not None and len(choice):  # a job that is left out is off
        model.add_rows(len(at), [(np.arange(len(at)), choice, 1.0), (np.arange(len(at)), done, -1.0)], upper=0.0)
    usage = (at, energy, np.ones(len(at))) if len(energy) else (at, choice, np.full(len(at), task.steps_kwh[0]))
    running = [(at, choice, np.ones(len(at)))] if len(choice) else []
    return TaskColumns(task, at, choice, begins, energy, done, [usage], running)


def _needs_choice(problem: Problem, index: int) -> bool:
    """Whether it matters when a task is on, beside the energy that it draws."""
    task = problem.tasks[index]
    if not isinstance(task.job, FlexibleJob):
        return True
    is_coupled = bool(task.waits) or any(wait.first == index for other in problem.tasks for wait in other.waits)
    shares = any(index in users for users in problem.equipment.values())
    is_crewed = any(index in users for _, users in problem.crews.values())
    has_runs = task.least_kwh > 0 or task.min_run > 1 or task.job.start_cost_krw > 0
    return is_coupled or shares or is_crewed or has_runs


def _begins(model: LinearModel, task: Task, at: IntArray, choice: IntArray, count: int, *, cost_krw: float) -> IntArray:
    """Columns that a run begins, and the rows that a run lasts as long as it must."""
    begins = model.add_columns(len(at), upper=1.0, cost=cost_krw)
    own = np.arange(len(at))
    follows = np.flatnonzero(np.diff(at, prepend=-2) == 1)
    model.add_rows(len(at), [(own, choice, 1.0), (own, begins, -1.0), (follows, choice[follows - 1], -1.0)], upper=0.0)
    rows = at[:, None] + np.arange(task.min_run)  # a run that begins at the column is on in each of these
    columns = np.broadcast_to(begins[:, None], rows.shape)
    too_late = begins[at + task.min_run > count]
    if len(too_late):
        model.add_row(too_late, 1.0, upper=0.0)
    fits = rows < count
    model.add_rows(count, [(rows[fits], columns[fits], 1.0), (at, choice, -1.0)], upper=0.0)
    return begins


def _fewest_runs(
    model: LinearModel, task: Task, begins: IntArray, *, count: int, done: int | None, reliefs: Reliefs
) -> None:
    """The row that a job begins as often as it must: otherwise a relaxed job begins by a small fraction everywhere."""
    allowed = np.ones(count, dtype=bool) if reliefs.wanted else task.allowed
    edges = np.flatnonzero(np.diff(np.concatenate([[0], allowed.astype(np.int8), [0]])))
    longest = int((edges[1::2] - edges[::2]).max(initial=1))
    fewest = float(np.ceil(task.steps / longest))
    left_out = _must(model, task, reliefs) if done is None else [done]
    values = np.append(np.ones(len(begins)), np.full(len(left_out), fewest if done is None else -fewest))
    model.add_row(np.append(begins, left_out).astype(np.int64), values, lower=fewest if done is None else 0.0)


def _energies(model: LinearModel, task: Task, at: IntArray, choice: IntArray, cost: FloatArray) -> IntArray:
    """Energies of a flexible job between its least and its most while it is on; nothing for others."""
    if not isinstance(task.job, FlexibleJob):
        return np.empty(0, dtype=np.int64)
    energy, own = model.add_columns(len(at), upper=task.steps_kwh[0], cost=cost), np.arange(len(at))
    if len(choice):
        model.add_rows(len(at), [(own, energy, 1.0), (own, choice, -task.steps_kwh[0])], upper=0.0)
        if task.least_kwh > 0:
            model.add_rows(len(at), [(own, energy, 1.0), (own, choice, -task.least_kwh)], lower=0.0)
    return energy


def _total(model: LinearModel, task: Task, columns: IntArray, done: int | None, reliefs: Reliefs) -> None:
    """The row that a job gets all that it needs, or an optional one nothing."""
    needed = task.energy_kwh if isinstance(task.job, FlexibleJob) else float(task.steps)
    relief = np.array(_must(model, task, reliefs) if done is None else [done], dtype=np.int64)
    sign = 1.0 if done is None else -1.0
    total = needed if done is None else 0.0
    values = np.concatenate([np.ones(len(columns)), np.full(len(relief), sign * needed)])
    model.add_row(np.concatenate([columns, relief]), values, lower=total, upper=total)


def _relieved_restrictions(model: LinearModel, added: TaskColumns, reliefs: Reliefs) -> None:
    """Rows by which windows, crews and black-outs bar a task, each with its relief in hours."""
    task = added.task
    for restriction in task.restrictions:
        barred = restriction.barred.astype(float) / INTERVALS_PER_HOUR
        if not barred.any():
            continue
        hours = barred[added.at]
        if isinstance(task.job, FixedJob):
            hours = np.correlate(barred, np.ones(task.steps))[added.at]
        (relief,) = reliefs.column(model, restriction.field, unit="h")
        columns, values = np.append(added.choice, relief), np.append(hours, -1.0)
        model.add_row(columns, values, upper=0.0)
