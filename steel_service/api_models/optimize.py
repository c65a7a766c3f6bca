"""The JSON of /optimize: a plan request in, the schedule with its bill and reasons out. The request is the domain's."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from steel_energy.fields import Moment
from steel_energy.planning import PlanRequest, Status
from steel_energy.tariff import Band
from steel_service.api_models.bill import BillUnderTariff
from steel_service.api_models.fields import PLANT_MEANING, AnswerModel, PlantId, Source
from steel_service.api_models.what_if import WhatIfForecast


class OptimizeRequest(PlanRequest):
    """What is to be planned, and on which load."""

    plant: PlantId | None = Field(default=None, description=PLANT_MEANING)
    tariff: str | None = Field(
        default=None, description="Id of a file in data/tariffs; the plant's own if absent.", examples=[None]
    )
    at: Moment | None = Field(
        default=None,
        description="Plan as at this moment, on the forecast made then. If absent, what was measured of the period is "
        "its base load, and the forecast from the end of the known readings the rest.",
        examples=[None],
    )
    front: bool = Field(
        default=False, description="Whether to answer the plans between least cost, CO2 and peak too; takes longer."
    )


class PlannedInterval(AnswerModel):
    """One interval of the schedule."""

    interval_start: dt.datetime
    base_kwh: float = Field(description="Load without the jobs.")
    moved_kwh: float = Field(description="Added to the base load, or taken from it if negative.")
    jobs_kwh: float = Field(description="All jobs together.")
    total_kwh: float
    baseline_kwh: float = Field(description="The total without the plan.")
    billing_band: Band
    energy_krw_per_kwh: float


class JobRun(AnswerModel):
    """A stretch without a break."""

    start: dt.datetime
    end: dt.datetime = Field(description="Exclusive.")
    energy_kwh: float


class PlannedJob(AnswerModel):
    """What becomes of a job."""

    name: str
    runs: list[JobRun] = Field(description="As planned; empty where an optional job is left out.")
    baseline_runs: list[JobRun] = Field(description="As it would run without the plan.")
    energy_krw: float = Field(description="Energy charge of the planned runs.")
    baseline_energy_krw: float
    start_cost_krw: float
    baseline_start_cost_krw: float
    value_krw: float = Field(description="Worth of an optional job that is done, else 0.")
    baseline_value_krw: float
    why: str = Field(description="Why it runs then.")


class PlanSavings(AnswerModel):
    """What the plan saves against doing nothing; negative where it costs more."""

    total_krw: float = Field(description="Sum of the others; never negative where doing nothing is possible.")
    energy_krw: float
    demand_krw: float
    power_factor_krw: float
    co2_krw: float
    starts_krw: float = Field(description="Start costs and costs of moving base load.")
    value_krw: float = Field(description="Worth of optional jobs done beyond those of the baseline.")


class PlanReason(AnswerModel):
    """Why the plan is as it is."""

    code: str = Field(description="Stable name of the kind of reason.")
    values: dict[str, str | float] = Field(description="What it is about.")
    words: str


class PlanMarginal(AnswerModel):
    """What a little more of a limit would save, all else as planned."""

    field: str = Field(description="Field of the request, as limits.power_kw.")
    unit: str = Field(description="kW, t or hours.")
    krw_per_unit: float = Field(description="Saved per unit; never negative.")
    words: str


class FrontPoint(AnswerModel):
    """One plan of the front: none of the three can fall without another rising."""

    cost_krw: float = Field(description="Bill, start and moving costs less the worth of optional jobs.")
    co2_t: float
    peak_kw: float
    gap: float = Field(description="As of the plan.")


class OptimizeAnswer(AnswerModel):
    """The cheapest schedule, beside doing nothing, and why it is the one. It is advice: nothing is switched."""

    plant: str
    zone: str = Field(description="IANA time zone of the plant.")
    start: dt.datetime
    end: dt.datetime = Field(description="Exclusive.")
    source: Source | None
    currency: Literal["KRW"] = "KRW"
    contract_kw: float = Field(description="Demand that the plant has contracted.")
    forecast: WhatIfForecast | None = Field(description="Null where the whole base load was measured.")
    status: Status = Field(
        description="optimal: proven; within_gap: the best found, with its gap; nothing_better than doing nothing."
    )
    gap: float = Field(description="Highest share by which a better plan could be cheaper; 0 where proven.")
    solve_s: float = Field(description="Seconds that the search took.")
    savings: PlanSavings
    baseline: BillUnderTariff = Field(description="Doing nothing: jobs as planned before, else as early as possible.")
    planned: BillUnderTariff
    baseline_peak_kw: float
    planned_peak_kw: float
    baseline_co2_t: float
    planned_co2_t: float
    jobs: list[PlannedJob] = Field(description="In the request's order.")
    schedule: list[PlannedInterval]
    reasons: list[PlanReason] = Field(description="The most telling first.")
    marginals: list[PlanMarginal] = Field(description="Value of each limit, the highest first.")
    front: list[FrontPoint] | None = Field(
        description="Plans between least cost, CO2 and peak, cheapest first; null where it was not asked for."
    )
    notes: list[str] = Field(description="What a reader must know.")
