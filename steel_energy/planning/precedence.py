"""Rows that a job starts after another one has ended, with the least and the longest time between.

Each task that waits or is waited for has a running count of its starts, its intervals or its energy, so that a row
holds a few cells instead of one for each earlier interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from steel_energy.arrays import IntArray
from steel_energy.planning.columns import Reliefs, TaskColumns
from steel_energy.planning.jobs import FixedJob, FlexibleJob
from steel_energy.planning.linear import LinearModel
from steel_energy.planning.problem import Problem, Wait

Cell = tuple[ArrayLike, ArrayLike, ArrayLike]
"""Rows, columns and coefficients."""

ROUNDING = 1e-6
"""Share of a flexible job's energy that may be missing when it is over: the solver rounds."""


@dataclass(frozen=True)
class _Count:
    """A running count: ``columns[t]`` is what of a task has happened up to and with interval ``t``.

    Attributes:
        whole: the count of a task that is over.
        delay: intervals from the one that completes the count to the first after the task: a start counts at once.
    """

    one: TaskColumns
    columns: IntArray
    whole: float
    delay: int


def add_waits(model: LinearModel, tasks: Sequence[TaskColumns], problem: Problem, reliefs: Reliefs) -> None:
    """Add the rows of all waits."""
    coupled = {wait.first for task in problem.tasks for wait in task.waits}
    coupled |= {at for at, task in enumerate(problem.tasks) if task.waits}
    counts = {at: _count(model, tasks[at], problem.horizon.count) for at in sorted(coupled)}
    for at, task in enumerate(problem.tasks):
        for wait in task.waits:
            relief = reliefs.column(model, wait.field, unit="")
            _not_before(model, counts[wait.first], counts[at], wait, relief)
            if wait.max_lag is not None:
                _not_after(model, counts[wait.first], counts[at], wait.max_lag, relief)


def _count(model: LinearModel, one: TaskColumns, count: int) -> _Count:
    columns, own = model.add_columns(count), np.arange(count)
    is_flexible = isinstance(one.task.job, FlexibleJob)
    counted = one.energy if is_flexible else one.choice
    model.add_rows(
        count, [(own, columns, 1.0), (own[1:], columns[:-1], -1.0), (one.at, counted, -1.0)], lower=0.0, upper=0.0
    )
    if isinstance(one.task.job, FixedJob):
        return _Count(one, columns, whole=1.0, delay=one.task.steps)
    return _Count(one, columns, whole=one.task.energy_kwh if is_flexible else float(one.task.steps), delay=1)


def _not_before(model: LinearModel, first: _Count, then: _Count, wait: Wait, relief: list[int]) -> None:
    """Where ``then`` runs in an interval, ``first`` has been over for the least lag."""
    count = len(first.columns)
    is_fixed = isinstance(then.one.task.job, FixedJob)
    at = np.arange(count) if is_fixed else then.one.at
    runs = then.columns if is_fixed else then.one.choice
    before = at - first.delay - wait.min_lag
    has = np.flatnonzero(before >= 0)
    own = np.arange(len(at))
    whole = first.whole * (1 - ROUNDING) if isinstance(first.one.task.job, FlexibleJob) else first.whole
    cells: list[Cell] = [(own, runs, whole), (has, first.columns[before[has]], -1.0)]
    cells += [(own, column, -whole) for column in relief]
    model.add_rows(len(at), cells, upper=0.0)


def _not_after(model: LinearModel, first: _Count, then: _Count, max_lag: int, relief: list[int]) -> None:
    """Where ``first`` has been over for the longest lag, ``then`` has begun; unless it is left out."""
    count = len(first.columns)
    over = np.arange(first.delay, count - max_lag)  # interval at whose start it is over; later ones bind nothing
    if not len(over):
        return
    own = np.arange(len(over))
    cells: list[Cell] = [(own, first.columns[over - first.delay], 1.0), (own, then.columns[over + max_lag], -1.0)]
    cells += [(own, column, -1.0) for column in relief]
    upper = first.whole - 1.0  # a whole count less this is 1, which the other's count must reach
    if then.one.task.job.is_optional:
        upper = first.whole
        is_fixed = isinstance(then.one.task.job, FixedJob)
        done = then.columns[-1] if is_fixed or then.one.done is None else then.one.done
        counts = own[over + max_lag < count - 1] if is_fixed else own  # a fixed job's last count says both
        cells.append((counts, np.full(len(counts), done), np.ones(len(counts))))
    model.add_rows(len(over), cells, upper=upper)
