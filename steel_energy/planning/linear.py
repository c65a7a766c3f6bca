"""A mixed-integer linear model in arrays, and HiGHS, which solves it.

Columns and rows are added in blocks, because a week has tens of thousands of each; what they mean is ``model.py``'s
matter. HiGHS runs on one thread with a fixed seed, so that the same model has the same solution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike
from pydantic import Field

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.config import Record
from steel_energy.errors import SteelError
from steel_energy.schema import DAYS_PER_WEEK, INTERVALS_PER_WEEK

SEED = 0
LEAST_SHARE = 1 / DAYS_PER_WEEK
"""Of a week's time, for a period of a day or less."""
State = Literal["optimal", "stopped", "infeasible"]
Columns = tuple[FloatArray, FloatArray, FloatArray, FloatArray]
"""Lower bounds, upper bounds, costs, and 1 where integer, by column."""


class PlanningParams(Record):
    """How long and how closely a plan is optimised."""

    time_limit_s: float = Field(gt=0)
    max_nodes: int = Field(ge=1)
    gap: float = Field(ge=0, lt=1)
    power_factor_rounds: int = Field(ge=1)
    diagnosis_limit_s: float = Field(gt=0)
    pareto_points: int = Field(ge=2, le=20)

    def seconds(self, intervals: int) -> float:
        """Time for a plan over so many intervals: in proportion to a week's, down to a day's."""
        return self.time_limit_s * max(LEAST_SHARE, intervals / INTERVALS_PER_WEEK)

    def gap_of(self, intervals: int) -> float:
        """Gap at which the search for such a plan may stop: the shorter the period, the closer, by the square."""
        return self.gap * min(1.0, (intervals / INTERVALS_PER_WEEK) ** 2)


@dataclass(frozen=True)
class Solution:
    """What came of solving a model.

    Attributes:
        state: proven best within the gap; stopped by a limit; or without any solution.
        values: by column; empty where no solution was found.
        objective: of ``values``; infinite where there are none.
        bound: no solution's objective is lower.
        reduced: without integers, what a unit more of each column costs at the least; else empty.
    """

    state: State
    values: FloatArray
    objective: float
    bound: float
    reduced: FloatArray

    @property
    def is_found(self) -> bool:
        """Whether there are values."""
        return bool(len(self.values))


@dataclass(frozen=True)
class Duals:
    """Marginal values with all integers fixed: by row, and by column (reduced costs)."""

    rows: FloatArray
    columns: FloatArray


@dataclass
class LinearModel:
    """Columns and rows in the order in which they were added; the objective is minimised."""

    offset: float = 0.0
    _columns: list[tuple[FloatArray, ...]] = field(default_factory=list)
    _rows: list[tuple[FloatArray, FloatArray]] = field(default_factory=list)
    _cells: list[tuple[IntArray, IntArray, FloatArray]] = field(default_factory=list)
    width: int = 0
    height: int = 0

    def add_columns(
        self,
        count: int,
        *,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = np.inf,
        cost: ArrayLike = 0.0,
        is_integer: bool = False,
    ) -> IntArray:
        """Add ``count`` columns; returns their indices."""
        block = (*(_full(values, count) for values in (lower, upper, cost)), np.full(count, float(is_integer)))
        self._columns.append(block)
        self.width += count
        return np.arange(self.width - count, self.width)

    def add_rows(
        self,
        count: int,
        cells: Sequence[tuple[ArrayLike, ArrayLike, ArrayLike]],
        *,
        lower: ArrayLike = -np.inf,
        upper: ArrayLike = np.inf,
    ) -> IntArray:
        """Add ``count`` rows ``lower <= sum of cells <= upper``; returns their indices.

        Args:
            count: number of rows.
            lower: bounds of each row, or one for all.
            upper: the same.
            cells: blocks of row (from 0 within these rows), column and coefficient, each broadcast to one length; no
                two of them for the same row and column.
        """
        self._rows.append((_full(lower, count), _full(upper, count)))
        for rows, columns, values in cells:
            at, column, value = np.broadcast_arrays(rows, columns, values)
            self._cells.append(
                (
                    at.ravel().astype(np.int64) + self.height,
                    column.ravel().astype(np.int64),
                    value.ravel().astype(float),
                )
            )
        self.height += count
        return np.arange(self.height - count, self.height)

    def add_row(
        self, columns: ArrayLike, values: ArrayLike, *, lower: float = -np.inf, upper: float = np.inf
    ) -> IntArray:
        """Add one row."""
        return self.add_rows(1, [(0, columns, values)], lower=lower, upper=upper)

    def column_arrays(self) -> Columns:
        """Lower bounds, upper bounds, costs, and 1 where integer."""
        lower, upper, cost, integer = (np.concatenate(parts) for parts in zip(*self._columns, strict=True))
        return lower, upper, cost, integer

    def row_arrays(self) -> tuple[FloatArray, FloatArray]:
        """Lower and upper bounds."""
        lower, upper = (np.concatenate(parts) for parts in zip(*self._rows, strict=True))
        return lower, upper

    def cell_arrays(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Row, column and coefficient of every cell."""
        rows, columns, values = (np.concatenate(parts) for parts in zip(*self._cells, strict=True))
        return rows, columns, values

    def solve(
        self,
        *,
        time_limit_s: float,
        max_nodes: int,
        gap: float,
        start: tuple[IntArray, FloatArray] | None = None,
        changed: Columns | None = None,
        has_presolve: bool = True,
    ) -> Solution:
        """Minimise.

        Args:
            time_limit_s: after which the best found counts.
            max_nodes: of the search, after which it does, on any machine.
            gap: relative difference of objective and bound at which the search may stop.
            start: columns and their values that are tried first, all integer ones at least.
            changed: bounds, costs and integers of all columns in place of the model's own.
            has_presolve: whether HiGHS may make the model smaller first.
        """
        limits = {"time_limit": time_limit_s, "mip_max_nodes": max_nodes, "mip_rel_gap": gap, "mip_abs_gap": 1e-7}
        solver = _solver(**limits, presolve="choose" if has_presolve else "off")
        self._pass_to(solver, changed)
        if start is not None:
            solver.setSolution(len(start[0]), start[0].astype(np.int32), start[1])
        solver.run()
        is_mip = bool((changed or self.column_arrays())[3].any())
        return _solution(solver, is_mip=is_mip)

    def relaxed(self, *, time_limit_s: float) -> Solution:
        """Minimise without asking for integers: its objective is a bound of the model's."""
        lower, upper, cost, integer = self.column_arrays()
        free = (lower, upper, cost, np.zeros_like(integer))
        solution = self.solve(time_limit_s=time_limit_s, max_nodes=1, gap=0.0, changed=free)
        if solution.state != "infeasible":
            return solution
        # HiGHS may take a presolved model for infeasible that is not, by its tolerances; without presolve it does not
        return self.solve(time_limit_s=time_limit_s, max_nodes=1, gap=0.0, changed=free, has_presolve=False)

    def duals(self, values: FloatArray) -> Duals:
        """Marginal values where every integer column stays at ``values``."""
        lower, upper, cost, integer = self.column_arrays()
        fixed = integer > 0
        solver = _solver(presolve="off")
        bounds = (np.where(fixed, np.rint(values), lower), np.where(fixed, np.rint(values), upper))
        self._pass_to(solver, (*bounds, cost, np.zeros(self.width)))
        solver.run()
        found = solver.getSolution()
        return Duals(rows=np.asarray(found.row_dual), columns=np.asarray(found.col_dual))

    def _pass_to(self, solver: Any, columns: Columns | None = None) -> None:  # noqa: ANN401 - untyped
        import highspy  # noqa: PLC0415 - slow to import

        lower, upper, cost, integer = columns or self.column_arrays()
        row_lower, row_upper = self.row_arrays()
        rows, at, values = self.cell_arrays()
        order = np.lexsort((at, rows))
        starts = np.searchsorted(rows[order], np.arange(self.height + 1)).astype(np.int32)
        integers = integer.astype(np.int32)
        shape = (self.width, self.height, len(values))
        form = (int(highspy.MatrixFormat.kRowwise), int(highspy.ObjSense.kMinimize), self.offset)
        bounds = (cost, lower, upper, row_lower, row_upper)
        cells = (starts, at[order].astype(np.int32), values[order])
        status = solver.passModel(*shape, *form, *bounds, *cells, integers)
        if status == highspy.HighsStatus.kError:
            raise SteelError("HiGHS refuses the model", remedy="please report this request: it is a fault of ours")


def _solver(**options: Any) -> Any:  # noqa: ANN401 - highspy ships no types
    import highspy  # noqa: PLC0415 - slow to import

    solver = highspy.Highs()
    settings = {"output_flag": False, "threads": 1, "parallel": "off", "random_seed": SEED, **options}
    for name, value in settings.items():
        solver.setOptionValue(name, value)
    return solver


def _solution(solver: Any, *, is_mip: bool) -> Solution:  # noqa: ANN401 - highspy ships no types
    import highspy  # noqa: PLC0415 - slow to import

    status, info = solver.getModelStatus(), solver.getInfo()
    states = highspy.HighsModelStatus
    is_found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if status in (states.kInfeasible, states.kUnboundedOrInfeasible):
        return Solution("infeasible", np.empty(0), np.inf, np.inf, np.empty(0))
    objective = float(info.objective_function_value) if is_found else np.inf
    bound = float(info.mip_dual_bound) if is_mip else (objective if status == states.kOptimal else -np.inf)
    found = solver.getSolution()
    values = np.asarray(found.col_value) if is_found else np.empty(0)
    reduced = np.empty(0) if is_mip or not is_found else np.asarray(found.col_dual)
    return Solution("optimal" if status == states.kOptimal else "stopped", values, objective, bound, reduced)


def _full(values: ArrayLike, count: int) -> FloatArray:
    return np.array(np.broadcast_to(np.asarray(values, dtype=float), count))
