"""The next days of the toy plant from the middle of a day on, and what is found wrong with forecasts and plans."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from steel_energy.forecasting import QUANTILE_COLUMNS
from steel_energy.params import Params, load_params
from steel_energy.planning import Plan
from steel_energy.savings.day_ahead import (
    conserves_energy,
    covers_the_days,
    day_ahead_forecast,
    day_ahead_plan,
    day_ahead_request,
    days_ahead,
    keeps_to_request,
    plan_facts,
    plan_table,
    quantiles_in_order,
    saves,
)
from steel_energy.settings import PROJECT_ROOT
from steel_energy.sites import Site
from steel_energy.testing import toy_plant, toy_readings, toy_tariff

SITE = Site(toy_plant(), toy_tariff())
SEOUL = ZoneInfo("Asia/Seoul")
READINGS = toy_readings(days=57)[: -9 * 4]  # to Monday the 26th of February, 15:00


@pytest.fixture(scope="module")
def params() -> Params:
    return load_params(PROJECT_ROOT / "params.yaml")


@pytest.fixture(scope="module")
def forecast(params: Params, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    nowhere = tmp_path_factory.mktemp("bundles")
    answered = day_ahead_forecast(nowhere, SITE, READINGS, days=2, params=params.forecasting)
    assert answered.step == "seasonal naive"
    return answered.value


@pytest.fixture(scope="module")
def plan(params: Params, forecast: pl.DataFrame) -> Plan:
    return day_ahead_plan(forecast, READINGS, SITE, standard=params.savings.standard_plan, params=params.planning)


@pytest.mark.parametrize(
    ("zone", "start", "hours"),
    [
        pytest.param("Asia/Seoul", "2018-03-01 00:00", 48, id="from midnight"),
        pytest.param("Asia/Seoul", "2018-03-01 15:00", 57, id="after the rest of the day"),
        pytest.param("Europe/Madrid", "2018-03-24 00:00", 47, id="where the clock is set forward"),
    ],
)
def test_whole_days_end_at_midnight_of_the_plants_clock(zone: str, start: str, hours: int):
    first, last = days_ahead(dt.datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone)), days=2, zone=zone)

    assert (last.astimezone(dt.UTC) - first.astimezone(dt.UTC)) / dt.timedelta(hours=1) == hours
    assert last.time() == dt.time()


def test_the_rest_of_the_day_is_forecast_before_the_whole_ones(forecast: pl.DataFrame):
    assert forecast["interval_start"][0] == dt.datetime(2018, 2, 26, 15, tzinfo=SEOUL)
    assert forecast.height == (9 + 48) * 4
    # an hour of maximum load, four of medium, four of light; then two whole days
    assert forecast["mean_kwh"].sum() == pytest.approx(80 + 4 * 40 + 4 * 8 + 2 * 736)
    assert forecast["cost_krw"].sum() == pytest.approx(80 * 3 + 160 * 2 + 32 + 2 * 1696)
    assert covers_the_days(forecast, READINGS, days=2, zone="Asia/Seoul").passed
    assert quantiles_in_order(forecast).passed


def test_a_forecast_with_a_gap_or_crossing_quantiles_is_found(forecast: pl.DataFrame):
    low, high = QUANTILE_COLUMNS[0], QUANTILE_COLUMNS[-1]

    assert not covers_the_days(forecast.slice(1), READINGS, days=2, zone="Asia/Seoul").passed
    assert not covers_the_days(forecast, READINGS, days=3, zone="Asia/Seoul").passed
    assert not covers_the_days(
        forecast.with_columns(mean_kwh=-pl.col("mean_kwh")), READINGS, days=2, zone="Asia/Seoul"
    ).passed
    assert not quantiles_in_order(forecast.with_columns(pl.col(high).alias(low), pl.col(low).alias(high) - 1)).passed


def test_the_plan_keeps_to_the_request_saves_and_conserves_energy(plan: Plan, forecast: pl.DataFrame, params: Params):
    request = day_ahead_request(forecast, READINGS, SITE, params.savings.standard_plan)
    table, facts = plan_table(plan), plan_facts(plan)

    assert [job.name for job in request.jobs] == [
        f"{name} 2018-02-{day}" for day in (27, 28) for name in ("annealing", "pumping")
    ]
    assert keeps_to_request(table, request).passed
    assert conserves_energy(table, request).passed
    assert saves(facts).passed
    billed_krw = plan.baseline.total_krw - plan.planned.total_krw
    assert facts["savings_krw"] - facts["starts_savings_krw"] == pytest.approx(billed_krw)
    assert facts["savings_krw"] > 0


def test_a_plan_that_breaks_its_request_is_found(plan: Plan, forecast: pl.DataFrame, params: Params):
    request = day_ahead_request(forecast, READINGS, SITE, params.savings.standard_plan)
    table = plan_table(plan)
    late = table.with_columns(pl.col("annealing 2018-02-27_kwh").reverse())
    greedy = table.with_columns(moved_kwh=pl.col("moved_kwh") * 10)

    assert "outside of its windows" in keeps_to_request(late, request).actual
    assert "movable share" in keeps_to_request(greedy, request).actual
    assert not conserves_energy(table.with_columns(pl.col("total_kwh") + 1), request).passed
    assert not saves({**plan_facts(plan), "savings_krw": -5.0}).passed
    assert not saves(None).passed


def test_what_a_plan_comes_to_is_the_same_each_time(plan: Plan, forecast: pl.DataFrame, params: Params):
    again = day_ahead_plan(forecast, READINGS, SITE, standard=params.savings.standard_plan, params=params.planning)

    assert plan_facts(again) == plan_facts(plan)
    assert plan_table(again).equals(plan_table(plan))


def test_the_picture_of_a_plan_is_a_png(plan: Plan):
    from steel_energy.reporting.plan_pictures import plan_pictures  # noqa: PLC0415 - imports Matplotlib

    pictures = plan_pictures(plan.schedule, title="toy, 26 to 28 February 2018")

    assert list(pictures) == ["planned_load"]
    assert pictures["planned_load"].startswith(b"\x89PNG")
