"""A schedule as people read it: its frames, both bills, what it saves by kind, and what becomes of each job."""

from __future__ import annotations

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray
from steel_energy.billing import Bill, Kind, bill
from steel_energy.planning.baseline import Baseline
from steel_energy.planning.marginals import marginals_of
from steel_energy.planning.model import PlanModel
from steel_energy.planning.problem import Problem
from steel_energy.planning.reasons import reasons_of, why_job
from steel_energy.planning.result import JobPlan, Plan, Run, Savings, Status
from steel_energy.planning.schedule import Schedule


def answer(
    problem: Problem,
    baseline: Baseline,
    schedule: Schedule,
    *,
    model: PlanModel,
    gap: float,
    is_baseline: bool,
    solve_s: float,
) -> Plan:
    """The plan that a schedule is.

    Args:
        problem: the question.
        baseline: doing nothing.
        schedule: what is planned.
        model: in which it was found.
        gap: share by which a better plan could be cheaper.
        is_baseline: whether nothing better than doing nothing was found.
        solve_s: time that it took.
    """
    planned, without = billed(problem, schedule), billed(problem, baseline.schedule)
    savings = _savings(problem, schedule, baseline.schedule, planned=planned, without=without)
    status: Status = "nothing_better" if is_baseline else ("within_gap" if gap else "optimal")
    return Plan(
        status=status,
        gap=gap,
        schedule=_frame(problem, schedule, baseline.schedule),
        job_energy=_job_energy(problem, schedule, baseline.schedule),
        load=schedule.load(problem).frame(problem.horizon),
        baseline_load=baseline.schedule.load(problem).frame(problem.horizon),
        jobs=_jobs(problem, schedule, baseline.schedule),
        baseline=without,
        planned=planned,
        savings=savings,
        co2_t=schedule.co2_t(problem),
        baseline_co2_t=baseline.schedule.co2_t(problem),
        reasons=tuple(reasons_of(problem, schedule, baseline.schedule, planned=planned, without=without)),
        marginals=tuple(marginals_of(problem, schedule, model)),
        notes=tuple(_notes(problem, baseline, planned)),
        solve_s=solve_s,
    )


def billed(problem: Problem, schedule: Schedule) -> Bill:
    """The bill of a schedule's load, by the rule of all bills."""
    horizon = problem.horizon
    readings = pl.concat([problem.known, schedule.load(problem).frame(horizon)], how="vertical_relaxed")
    return bill(readings, plant=problem.plant, tariff=problem.tariff, start=horizon.start, end=horizon.end)


def _savings(problem: Problem, schedule: Schedule, before: Schedule, *, planned: Bill, without: Bill) -> Savings:
    def saved(kind: Kind) -> float:
        return without.amount_krw(kind) - planned.amount_krw(kind)

    extra = before.moving_krw(problem) - schedule.moving_krw(problem)
    return Savings(
        energy_krw=saved("energy"),
        demand_krw=saved("demand"),
        power_factor_krw=saved("power_factor"),
        co2_krw=saved("co2"),
        starts_krw=float((before.starts_krw(problem) - schedule.starts_krw(problem)).sum()) + extra,
        value_krw=float((schedule.values_krw(problem) - before.values_krw(problem)).sum()),
    )


def _frame(problem: Problem, schedule: Schedule, before: Schedule) -> pl.DataFrame:
    charges = problem.charges
    return pl.DataFrame(
        {
            "interval_start": problem.horizon.grid,
            "base_kwh": problem.base.usage_kwh,
            "moved_kwh": schedule.in_kwh - schedule.out_kwh,
            "jobs_kwh": schedule.energy_kwh.sum(axis=0),
            "total_kwh": schedule.load(problem).usage_kwh,
            "baseline_kwh": before.load(problem).usage_kwh,
            "billing_band": charges.billing_band,
            "energy_krw_per_kwh": charges.energy_krw_per_kwh,
        }
    )


def _job_energy(problem: Problem, schedule: Schedule, before: Schedule) -> pl.DataFrame:
    names = [task.job.name for task in problem.tasks]
    task, interval = np.nonzero((schedule.energy_kwh > 0) | (before.energy_kwh > 0))
    return pl.DataFrame(
        {
            "job": pl.Series([names[at] for at in task], dtype=pl.String),
            "interval_start": problem.horizon.grid.gather(interval),
            "usage_kwh": schedule.energy_kwh[task, interval],
            "baseline_kwh": before.energy_kwh[task, interval],
        }
    )


def _jobs(problem: Problem, schedule: Schedule, before: Schedule) -> tuple[JobPlan, ...]:
    at_of = {task.job.name: at for at, task in enumerate(problem.tasks)}
    prices = problem.charges.energy_krw_per_kwh

    def job_plan(name: str) -> JobPlan:
        at = at_of[name]
        return JobPlan(
            name=name,
            runs=_runs(problem, schedule, at),
            baseline_runs=_runs(problem, before, at),
            energy_krw=_energy_krw(schedule, at, prices),
            baseline_energy_krw=_energy_krw(before, at, prices),
            start_cost_krw=float(schedule.starts_krw(problem)[at]),
            baseline_start_cost_krw=float(before.starts_krw(problem)[at]),
            value_krw=float(schedule.values_krw(problem)[at]),
            baseline_value_krw=float(before.values_krw(problem)[at]),
            why=why_job(problem, schedule, before, at),
        )

    return tuple(job_plan(job.name) for job in problem.request.jobs)


def _energy_krw(schedule: Schedule, at: int, prices: FloatArray) -> float:
    return float(schedule.energy_kwh[at] @ prices)


def _runs(problem: Problem, schedule: Schedule, at: int) -> tuple[Run, ...]:
    moment = problem.horizon.moment
    return tuple(
        Run(moment(first), moment(last), float(schedule.energy_kwh[at, first:last].sum()))
        for first, last in schedule.runs(at)
    )


def _notes(problem: Problem, baseline: Baseline, planned: Bill) -> list[str]:
    notes = [f"doing nothing breaks {breach.field}: {breach.words}" for breach in baseline.breaches]
    if baseline.breaches:
        notes.append("so it could be no plan, and a plan may cost more than it")
    if any(month.clauses for month in problem.charges.months):
        notes.append(
            "the power-factor clause is not linear: the plan is made with its value near the planned load, the bill "
            "has the exact one, and the gap covers the difference"
        )
    return [*notes, *planned.notes]
