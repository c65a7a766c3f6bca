"""What forecasts of the toy plant are worth, on days that a person can add up.

A working day of the toy plant takes 10 kWh in each medium quarter of an hour from 8 to 12, at 2 KRW, and 20 kWh in each
maximum one from 12 to 16, at 3 KRW. A tenth may move between 8 and 16: 32 kWh at a gain of 1 KRW.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from steel_energy.errors import NotEnoughDataError
from steel_energy.params import load_params
from steel_energy.savings.regret import ForecastValue, daily_origins, forecast_values, planning_days
from steel_energy.savings.standard import StandardJob, StandardPlanParams
from steel_energy.settings import PROJECT_ROOT
from steel_energy.tariff import DemandCharge
from steel_energy.testing import toy_plant, toy_readings, toy_tariff

SEOUL = ZoneInfo("Asia/Seoul")
MONDAY = dt.datetime(2018, 1, 15, tzinfo=SEOUL)
MOVING = StandardPlanParams(days=1, movable_share=0.1, max_added_share=1, from_hour=8, to_hour=16, jobs=())
FREE_PEAKS = toy_tariff().model_copy(update={"demand": DemandCharge(krw_per_kw=0)})
FURNACE = StandardJob(name="furnace", kind="fixed", power_share=0.25, hours=1, from_hour=12, to_hour=13, usual_hour=12)
READINGS = toy_readings(days=20)


def forecast(times: float, *, days: int = 2, first: dt.datetime = MONDAY) -> pl.DataFrame:
    """A backtest with an origin a day, each forecast so many times what came."""
    rows = []
    for day in range(days):
        origin = first + dt.timedelta(days=day)
        part = READINGS.filter(
            pl.col("interval_start").is_between(origin, origin + dt.timedelta(days=1), closed="left")
        )
        rows.append(
            part.select(
                pl.lit(origin).dt.cast_time_unit("us").dt.convert_time_zone("Asia/Seoul").alias("origin"),
                pl.int_range(1, 97).alias("lead"),
                "interval_start",
                "usage_kwh",
                mean_kwh=pl.col("usage_kwh") * times,
            )
        )
    return pl.concat(rows)


def valued(backtests: dict[str, pl.DataFrame], *, standard: StandardPlanParams = MOVING) -> dict[str, ForecastValue]:
    params = load_params(PROJECT_ROOT / "params.yaml").planning
    return forecast_values(backtests, READINGS, plant=toy_plant(), tariff=FREE_PEAKS, standard=standard, params=params)


def test_a_forecast_that_was_right_is_worth_all_that_could_be_saved():
    value = valued({"right": forecast(1)})["right"]

    assert value.days == 2
    assert value.value_krw_per_week == pytest.approx(7 * 32)
    assert value.regret_krw_per_week == pytest.approx(0, abs=1e-6)


def test_a_forecast_of_nothing_moves_nothing_and_misses_all_of_it():
    value = valued({"nothing": forecast(0)})["nothing"]

    assert value.value_krw_per_week == pytest.approx(0, abs=1e-6)
    assert value.regret_krw_per_week == pytest.approx(7 * 32)


def test_a_forecast_of_twice_as_much_draws_energy_in_vain():
    """64 kWh are drawn early at 2 KRW, 32 of them are not needed at 3 KRW: 32 KRW lost instead of 32 saved."""
    value = valued({"twice": forecast(2)})["twice"]

    assert value.value_krw_per_week == pytest.approx(7 * -32)
    assert value.regret_krw_per_week == pytest.approx(7 * 64)


def test_a_peak_is_paid_for_by_the_day_that_sets_it_and_once_in_its_month():
    """100 kW on top of 80 at 10 KRW: 1,000 KRW on the first day, nothing on the second."""
    monday, tuesday = planning_days(
        {"right": forecast(1)},
        READINGS,
        plant=toy_plant(),
        tariff=toy_tariff(),
        standard=MOVING.model_copy(update={"jobs": (FURNACE,)}),
        params=load_params(PROJECT_ROOT / "params.yaml").planning,
    )

    assert monday.unplanned_krw - tuesday.unplanned_krw == pytest.approx(1000)
    assert tuesday.unplanned_krw == pytest.approx(1696 + 100 * 3)
    assert monday.perfect_krw <= monday.unplanned_krw


def test_who_shaved_a_peak_pays_for_the_next_one():
    """160 kW on both days, 80 before: no plan pays for it on Monday. Shaved to 144 then, 16 are left to pay."""
    at_noon = pl.col("interval_start").dt.time() == dt.time(12)
    peaky = READINGS.with_columns(
        usage_kwh=pl.when(at_noon & (pl.col("interval_start") >= MONDAY)).then(40.0).otherwise("usage_kwh")
    )
    forecasts = pl.concat([forecast(1, days=1), forecast(0, days=1, first=MONDAY + dt.timedelta(days=1))])
    right_at_first = forecasts.with_columns(
        mean_kwh=pl.when(at_noon & (pl.col("mean_kwh") > 0)).then(40.0).otherwise("mean_kwh")
    )

    monday, tuesday = planning_days(
        {"right at first": right_at_first},
        peaky,
        plant=toy_plant(),
        tariff=toy_tariff(),
        standard=MOVING,
        params=load_params(PROJECT_ROOT / "params.yaml").planning,
    )

    assert monday.unplanned_krw - tuesday.unplanned_krw == pytest.approx(800)
    assert monday.planned_krw["right at first"] == pytest.approx(monday.perfect_krw)
    assert tuesday.planned_krw["right at first"] - tuesday.unplanned_krw == pytest.approx(160)


def test_a_days_plan_never_costs_less_than_perfect_foresight():
    values = valued({f"{times}": forecast(times, days=5) for times in (0.3, 0.8, 1.0, 1.2, 3.0)})

    assert min(value.regret_krw_per_week for value in values.values()) >= -1e-6
    assert values["1.0"].value_krw_per_week == max(value.value_krw_per_week for value in values.values())


def test_origins_are_a_day_apart_and_the_first_after_midnight():
    origins = [MONDAY + dt.timedelta(hours=9 + 6 * step) for step in range(12)]
    backtest = pl.concat(forecast(1, days=1, first=origin) for origin in origins)

    chosen = daily_origins(backtest)

    assert [f"{origin:%d %H:%M}" for origin in chosen] == ["16 03:00", "17 03:00", "18 03:00"]


def test_backtests_shorter_than_a_day_are_refused():
    with pytest.raises(NotEnoughDataError, match="a day long"):
        valued({"short": forecast(1).filter(pl.col("lead") <= 8)})
