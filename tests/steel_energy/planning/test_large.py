"""Models too large to be relaxed in time: a bound without a solver, and runs placed one by one."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steel_energy.calendar import interval_grid
from steel_energy.params import load_params
from steel_energy.planning import PlanRequest, plan
from steel_energy.planning.baseline import baseline_of
from steel_energy.planning.bounds import alone_bound_krw
from steel_energy.planning.breaches import breaches
from steel_energy.planning.greedy import run_by_run
from steel_energy.planning.pricing import pricing_at
from steel_energy.planning.problem import Problem, problem_of
from steel_energy.settings import PROJECT_ROOT
from steel_energy.testing import toy_plant, toy_tariff

PARAMS = load_params(PROJECT_ROOT / "params.yaml").planning
ZONE = "Asia/Seoul"
START = dt.datetime(2018, 1, 8, tzinfo=ZoneInfo(ZONE))  # a Monday
NOON = START + dt.timedelta(hours=12)
FLEXIBLE = {"name": "charge", "kind": "flexible", "energy_kwh": 8, "max_kw": 16, "planned_start": NOON}
FIXED = {"name": "melt", "kind": "fixed", "power_kw": 8, "duration_minutes": 60, "planned_start": NOON}
PAUSING = {"name": "pump", "kind": "interruptible", "power_kw": 4, "duration_minutes": 120, "planned_start": NOON}


def asked(jobs: list[dict[str, Any]], *, days: int = 1, **more: Any) -> tuple[PlanRequest, pl.DataFrame]:
    end = START + dt.timedelta(days=days)
    grid = interval_grid(START, end, zone=ZONE)
    base = pl.DataFrame({"interval_start": grid}).with_columns(
        usage_kwh=pl.lit(8.0), lagging_reactive_kvarh=pl.lit(4.0), leading_reactive_kvarh=pl.lit(0.0)
    )
    return PlanRequest.model_validate({"start": START, "end": end, "jobs": jobs, **more}), base


def problem(jobs: list[dict[str, Any]], **more: Any) -> Problem:
    return problem_of(*asked(jobs, **more), plant=toy_plant(), tariff=toy_tariff(), known=None)


def test_the_bound_is_each_job_at_its_cheapest_and_the_least_demand():
    """Each job of 8 kWh adds its energy at 1 KRW a kWh, whatever the other does."""
    alone, both = (problem(jobs) for jobs in ([], [FLEXIBLE, FIXED]))
    bounds = [alone_bound_krw(one, pricing_at(one, one.base)) for one in (alone, both)]

    assert bounds[1] - bounds[0] == pytest.approx(8 + 8)


def test_moving_base_load_lowers_the_bound_by_what_it_could_save_at_the_most():
    still, moving = (problem([]), problem([], movable={"share": 0.5, "max_added_kw": 10}))
    bounds = [alone_bound_krw(one, pricing_at(one, one.base)) for one in (still, moving)]
    dear_kwh = {1: 0.0, 2: 0.0, 3: 0.0}
    for price, kwh in zip(still.charges.energy_krw_per_kwh, still.base.usage_kwh, strict=True):
        dear_kwh[int(price)] += kwh / 2

    assert bounds[0] - bounds[1] == pytest.approx(dear_kwh[2] + 2 * dear_kwh[3])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from([FLEXIBLE, FIXED, PAUSING]), min_size=1, max_size=3, unique_by=lambda job: job["name"]),
    st.sampled_from([{}, {"limits": {"power_kw": 50}}, {"movable": {"share": 0.2, "max_added_kw": 8}}]),
)
def test_no_plan_is_cheaper_than_the_bound_and_placing_runs_never_makes_one_dearer(
    jobs: list[dict[str, Any]], more: dict[str, Any]
):
    request, base = asked(jobs, **more)
    best = plan(request, base, plant=toy_plant(), tariff=toy_tariff(), params=PARAMS)
    one = problem(jobs, **more)
    start = baseline_of(one, PARAMS)
    assert start is not None
    pricing = pricing_at(one, one.base)
    placed = run_by_run(one, start.schedule, pricing)

    assert alone_bound_krw(one, pricing) <= best.planned.total_krw + 1e-6
    assert best.planned.total_krw - 1e-6 <= placed.net_krw(one) <= start.schedule.net_krw(one)
    assert not breaches(one, placed)


def test_a_single_run_is_placed_where_it_is_cheapest():
    one = problem([FIXED])
    start = baseline_of(one, PARAMS)
    assert start is not None
    placed = run_by_run(one, start.schedule, pricing_at(one, one.base))

    assert start.schedule.net_krw(one) - placed.net_krw(one) == pytest.approx(8 * (3 - 1))


def test_a_model_that_cannot_be_relaxed_in_time_still_has_a_plan_and_a_gap():
    jobs = [{**job, "name": f"{job['name']} {number}"} for number in range(10) for job in (FLEXIBLE, FIXED, PAUSING)]
    request, base = asked(jobs, days=7)
    hurried = PARAMS.model_copy(update={"time_limit_s": 1e-3})
    made = plan(request, base, plant=toy_plant(), tariff=toy_tariff(), params=hurried)

    assert made.status == "within_gap"
    assert 0 < made.gap < 1
    assert made.savings.total_krw > 0
