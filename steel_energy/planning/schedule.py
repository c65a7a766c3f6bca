"""A schedule in arrays: which task runs when and what of the base load moves; its load and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.planning.charges import Load
from steel_energy.planning.problem import Problem


@dataclass(frozen=True)
class Schedule:
    """What runs when; arrays by task and interval, or by interval.

    Attributes:
        energy_kwh: of each task in each interval.
        is_on: whether it runs there, which it may at 0 kWh.
        out_kwh: taken from the base load.
        in_kwh: added to it.
    """

    energy_kwh: FloatArray
    is_on: BoolArray
    out_kwh: FloatArray
    in_kwh: FloatArray

    @property
    def starts(self) -> IntArray:
        """How often each task starts."""
        before = np.pad(self.is_on, ((0, 0), (1, 0)))[:, :-1]
        counted: IntArray = (self.is_on & ~before).sum(axis=1)
        return counted

    def runs(self, task: int) -> list[tuple[int, int]]:
        """First position and end of each of a task's runs."""
        edges = np.diff(np.concatenate([[0], self.is_on[task].astype(np.int8), [0]]))
        pairs = zip(np.flatnonzero(edges > 0), np.flatnonzero(edges < 0), strict=True)
        return [(int(first), int(last)) for first, last in pairs]

    def is_done(self, task: int) -> bool:
        """Whether the task runs at all."""
        return bool(self.is_on[task].any())

    def load(self, problem: Problem) -> Load:
        """Base load and tasks together."""
        movable = problem.request.movable
        moved = self.in_kwh - self.out_kwh
        ratios = np.array([task.job.lagging_kvarh_per_kwh for task in problem.tasks], dtype=float)
        lagging = problem.base.lagging_kvarh + ratios @ self.energy_kwh
        if movable:
            lagging = lagging + moved * movable.lagging_kvarh_per_kwh
        return Load(
            usage_kwh=problem.base.usage_kwh + self.energy_kwh.sum(axis=0) + moved,
            lagging_kvarh=lagging,
            leading_kvarh=problem.base.leading_kvarh,
        )

    def starts_krw(self, problem: Problem) -> FloatArray:
        """Start costs of each task."""
        cost: FloatArray = self.starts * np.array([task.job.start_cost_krw for task in problem.tasks], dtype=float)
        return cost

    def values_krw(self, problem: Problem) -> FloatArray:
        """Worth of each optional task that is done."""
        worth = np.array([task.job.value_krw or 0.0 for task in problem.tasks], dtype=float)
        return worth * self.is_on.any(axis=1)

    def moving_krw(self, problem: Problem) -> float:
        """What moving base load costs."""
        movable = problem.request.movable
        return float(self.in_kwh.sum()) * movable.cost_krw_per_kwh if movable else 0.0

    def co2_t(self, problem: Problem) -> float:
        """CO2 of the whole load, by the request's series."""
        return float(self.load(problem).usage_kwh @ problem.co2_t_per_kwh)

    def net_krw(self, problem: Problem) -> float:
        """What a plan is judged by: bill, starts, moving and weighted CO2, less the worth of what is done."""
        return (
            problem.charges.cost_krw(self.load(problem))
            + float(self.starts_krw(problem).sum())
            + self.moving_krw(problem)
            - float(self.values_krw(problem).sum())
            + problem.request.weights.co2_krw_per_t * self.co2_t(problem)
        )


def idle(problem: Problem) -> Schedule:
    """No task runs, nothing moves."""
    shape = (len(problem.tasks), problem.horizon.count)
    return Schedule(
        energy_kwh=np.zeros(shape),
        is_on=np.zeros(shape, dtype=bool),
        out_kwh=np.zeros(shape[1]),
        in_kwh=np.zeros(shape[1]),
    )
