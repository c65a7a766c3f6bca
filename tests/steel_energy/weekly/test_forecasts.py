"""The quality of a week's forecasts: what the service told first, then a backtest, errors by hand."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from steel_energy.prediction_log import FORECAST, NOWCAST
from steel_energy.testing import toy_readings
from steel_energy.weekly import Backtests, Missing, WeekForecasts
from steel_energy.weekly.forecasts import week_forecasts

SEOUL = ZoneInfo("Asia/Seoul")
START, END = (dt.datetime(2018, 1, day, tzinfo=SEOUL) for day in (15, 22))
READINGS = toy_readings(days=28)


def forecast(origin: dt.datetime, *, error_kwh: float, horizon: int = 96, band_kwh: float = 1.0) -> pl.DataFrame:
    """Forecasts that are wrong by ``error_kwh`` everywhere, in a band of ``band_kwh`` around what was measured."""
    after = READINGS.filter(pl.col("interval_start") >= origin).head(horizon)
    usage = pl.col("usage_kwh")
    return after.select(
        origin=pl.lit(origin),
        lead=pl.int_range(1, pl.len() + 1),
        interval_start="interval_start",
        usage_kwh=usage,
        mean_kwh=usage + error_kwh,
        q10=usage + error_kwh - band_kwh,
        q90=usage + error_kwh + band_kwh,
    )


def judged(told: pl.DataFrame | None = None, backtests: Backtests | None = None) -> WeekForecasts | Missing:
    return week_forecasts(READINGS, start=START, end=END, told=told, backtests=backtests)


def test_a_backtest_is_judged_against_the_naive_one_at_the_same_intervals() -> None:
    champion = pl.concat([forecast(START, error_kwh=1), forecast(START + dt.timedelta(days=1), error_kwh=-3)])
    naive = pl.concat([forecast(START, error_kwh=4), forecast(START + dt.timedelta(days=1), error_kwh=4)])

    found = judged(backtests=Backtests("lightgbm", champion, naive))

    assert isinstance(found, WeekForecasts)
    assert (found.source, found.model, found.forecasts, found.naive) == ("backtest", "lightgbm", 192, "seasonal_naive")
    assert (found.mae_kwh, found.rmse_kwh) == pytest.approx((2, 5**0.5))
    assert (found.naive_rmse_kwh, found.skill) == pytest.approx((4, 1 - 5**0.5 / 4))
    assert found.within_80 == 0.5
    assert [(day.date.day, day.forecast_kwh - day.usage_kwh) for day in found.days] == [(15, 96), (16, -288)]
    assert found.curve.height == 192


def test_only_the_first_day_ahead_and_the_week_itself_are_judged() -> None:
    long = forecast(START, error_kwh=1, horizon=200)
    before = forecast(START - dt.timedelta(days=2), error_kwh=9)

    found = judged(backtests=Backtests("lightgbm", pl.concat([before, long]), pl.concat([before, long])))

    assert (found.forecasts, found.mae_kwh) == (96, 1)  # type: ignore[union-attr]


def test_what_the_service_told_comes_first_and_is_compared_with_the_week_before() -> None:
    told = (
        forecast(START, error_kwh=2)
        .rename({"mean_kwh": "predicted_kwh"})
        .with_columns(kind=pl.lit(FORECAST), model_version=pl.lit("abc"))
    )
    nowcasts = told.with_columns(kind=pl.lit(NOWCAST), predicted_kwh=pl.lit(99.0))

    found = judged(
        pl.concat([told, nowcasts]), Backtests("x", forecast(START, error_kwh=9), forecast(START, error_kwh=9))
    )

    assert (found.source, found.model, found.forecasts, found.mae_kwh) == ("service", "abc", 96, 2)  # type: ignore[union-attr]
    assert (found.naive, found.naive_rmse_kwh, found.skill) == ("last_week", 0, None)  # type: ignore[union-attr]


def test_a_prediction_that_was_not_measured_yet_does_not_count() -> None:
    told = (
        forecast(START, error_kwh=2)
        .rename({"mean_kwh": "predicted_kwh"})
        .with_columns(kind=pl.lit(FORECAST), model_version=pl.lit("abc"), usage_kwh=pl.lit(None, pl.Float64))
    )

    assert judged(told) == Missing("no_forecasts")


def test_a_day_that_was_forecast_from_noon_is_no_day_ahead() -> None:
    noon = forecast(START + dt.timedelta(hours=12), error_kwh=1)

    found = judged(backtests=Backtests("lightgbm", noon, noon))

    assert (found.days, found.curve.height) == ((), 0)  # type: ignore[union-attr]


def test_without_any_forecast_the_reason_is_told() -> None:
    assert judged() == Missing("no_forecasts")
