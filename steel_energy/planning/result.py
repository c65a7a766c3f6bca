"""What a plan answers: the schedule, its bill beside that of doing nothing, and why it is the one.

Records only; ``optimizer.py`` fills them. Words are made from the values beside them, in ``words.py``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from steel_energy.billing import Bill

Status = Literal["optimal", "within_gap", "nothing_better"]
"""Proven best; best found, with the gap to the bound; or doing nothing is as good as the best plan found."""


@dataclass(frozen=True)
class Run:
    """A stretch without a break; moments in the plant's zone, energy in kWh."""

    start: dt.datetime
    end: dt.datetime
    energy_kwh: float


@dataclass(frozen=True)
class JobPlan:
    """What becomes of a job.

    Attributes:
        runs: as planned; empty where an optional job is left out.
        baseline_runs: as it would run without the plan.
        energy_krw: energy charge of the planned runs, at the tariff's prices; no share of the demand charge.
        baseline_energy_krw: the same of the baseline's runs.
        start_cost_krw: of the planned starts.
        why: in words, why it runs then.
    """

    name: str
    runs: tuple[Run, ...]
    baseline_runs: tuple[Run, ...]
    energy_krw: float
    baseline_energy_krw: float
    start_cost_krw: float
    baseline_start_cost_krw: float
    value_krw: float
    baseline_value_krw: float
    why: str


@dataclass(frozen=True)
class Reason:
    """Why the plan is as it is: a code, the values that it is about, and the same in words."""

    code: str
    values: Mapping[str, str | float]
    words: str


@dataclass(frozen=True)
class Marginal:
    """What a little more of a limit would save, all else as planned.

    Attributes:
        field: of the request, such as ``limits.power_kw`` or ``jobs.melt.windows``.
        unit: kW, t or hours.
        krw_per_unit: saved per unit, never negative; for windows, what the first hour more saves at least.
        words: the same in words.
    """

    field: str
    unit: str
    krw_per_unit: float
    words: str


@dataclass(frozen=True)
class Savings:
    """What the plan saves against doing nothing, by kind; negative where it costs more.

    Attributes:
        energy_krw, demand_krw, power_factor_krw, co2_krw: differences of the two bills.
        starts_krw: start costs and costs of moving base load.
        value_krw: worth of optional jobs that are done beyond the baseline's.
        total_krw: the sum.
    """

    energy_krw: float
    demand_krw: float
    power_factor_krw: float
    co2_krw: float
    starts_krw: float
    value_krw: float

    @property
    def total_krw(self) -> float:
        """What it saves in all; never negative where doing nothing keeps to all limits."""
        return (
            self.energy_krw + self.demand_krw + self.power_factor_krw + self.co2_krw + self.starts_krw + self.value_krw
        )


@dataclass(frozen=True)
class Plan:
    """A schedule with its reasons.

    Attributes:
        status: whether it is proven best.
        gap: highest share by which a better plan could be cheaper; 0 where it is proven best.
        schedule: by interval ``interval_start``, ``base_kwh`` (without jobs), ``moved_kwh`` (added to or, negative,
            taken from the base load), ``jobs_kwh``, ``total_kwh``, ``baseline_kwh`` (total without the plan),
            ``billing_band``, ``energy_krw_per_kwh``.
        job_energy: ``job``, ``interval_start``, ``usage_kwh``, ``baseline_kwh``; rows where either is not 0.
        load: the planned load as bills read it: ``interval_start``, ``usage_kwh``, both reactive energies.
        baseline_load: the same without the plan.
        jobs: in the request's order.
        baseline: bill of doing nothing: jobs at their planned start, else as early as possible; no base load moved.
        planned: bill of the plan, by the same rule.
        savings: by kind.
        co2_t, baseline_co2_t: by the request's hourly series, else the meter's factor.
        reasons: binding limits, price differences used, what the plan does about the peak; most telling first.
        marginals: value of each limit, highest first.
        notes: what a reader must know, such as a baseline that breaks a limit.
        solve_s: time that the solver took.
    """

    status: Status
    gap: float
    schedule: pl.DataFrame
    job_energy: pl.DataFrame
    load: pl.DataFrame
    baseline_load: pl.DataFrame
    jobs: tuple[JobPlan, ...]
    baseline: Bill
    planned: Bill
    savings: Savings
    co2_t: float
    baseline_co2_t: float
    reasons: tuple[Reason, ...]
    marginals: tuple[Marginal, ...]
    notes: tuple[str, ...]
    solve_s: float


@dataclass(frozen=True)
class ParetoPoint:
    """One plan of the front between cost, CO2 and peak: none of the three can fall without another rising.

    Attributes:
        cost_krw: bill, start and moving costs less the worth of optional jobs.
        peak_kw: highest demand of the period.
        gap: as of a plan.
    """

    cost_krw: float
    co2_t: float
    peak_kw: float
    gap: float
