"""The model of a plan in PuLP, solved by CBC: a peer of ``planning``, which gives the same model to HiGHS."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import pulp

from steel_energy.planning.linear import LinearModel


@dataclass(frozen=True)
class CbcAnswer:
    """What CBC found: infinite where it found nothing in time."""

    objective: float
    build_s: float
    solve_s: float


def solved_by_cbc(model: LinearModel, *, time_limit_s: float, gap: float) -> CbcAnswer:
    """The model built in PuLP, variable by variable and row by row, and solved on one thread."""
    began = time.perf_counter()
    problem = _problem(model)
    built = time.perf_counter()
    problem.solve(pulp.PULP_CBC_CMD(msg=False, threads=1, timeLimit=time_limit_s, gapRel=gap))
    is_found = problem.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
    objective = float(pulp.value(problem.objective)) if is_found else float("inf")
    return CbcAnswer(objective, built - began, time.perf_counter() - built)


def _problem(model: LinearModel) -> pulp.LpProblem:
    lower, upper, cost, integer = model.column_arrays()
    row_lower, row_upper = model.row_arrays()
    rows, columns, values = model.cell_arrays()
    problem = pulp.LpProblem("plan", pulp.LpMinimize)
    kinds = np.where(integer > 0, pulp.LpInteger, pulp.LpContinuous)
    ends = [None if np.isinf(one) else float(one) for one in upper]
    variables = [pulp.LpVariable(f"x{at}", float(lower[at]), ends[at], cat=str(kinds[at])) for at in range(len(lower))]
    problem += pulp.LpAffineExpression(
        [(variables[at], cost[at]) for at in np.flatnonzero(cost)], constant=model.offset
    )
    order = np.argsort(rows, kind="stable")
    edges = np.searchsorted(rows[order], np.arange(len(row_lower) + 1))
    for row in range(len(row_lower)):
        cells = order[edges[row] : edges[row + 1]]
        if not len(cells):
            continue
        total = pulp.LpAffineExpression([(variables[columns[at]], float(values[at])) for at in cells])
        _add(problem, total, float(row_lower[row]), float(row_upper[row]))
    return problem


def _add(problem: pulp.LpProblem, total: pulp.LpAffineExpression, lower: float, upper: float) -> None:
    if lower == upper:
        problem += total == lower
        return
    if np.isfinite(upper):
        problem += total <= upper
    if np.isfinite(lower):
        problem += total >= lower
