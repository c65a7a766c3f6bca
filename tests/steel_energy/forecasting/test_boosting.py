from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from steel_energy.errors import InputError, NotEnoughDataError
from steel_energy.forecasting import (
    FORECAST_COLUMNS,
    QUANTILE_COLUMNS,
    BoostedForecaster,
    LightGBMForecaster,
    XGBoostForecaster,
)
from steel_energy.params import ForecastingParams
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.timeline import MAX_HORIZON, build_timeline


def midnight_of(day: int) -> dt.datetime:
    return dt.datetime(2018, 1, 1) + dt.timedelta(days=day)  # noqa: DTZ001 - plant time


@pytest.fixture(scope="module", params=[LightGBMForecaster, XGBoostForecaster], ids=lambda kind: kind.name)
def blank(request: pytest.FixtureRequest, small_params: ForecastingParams) -> BoostedForecaster:
    return request.param(plant=toy_plant(), tariff=toy_tariff(), params=small_params)


@pytest.fixture(scope="module")
def fitted(blank: BoostedForecaster, noisy_readings: pl.DataFrame) -> BoostedForecaster:
    return blank.fit(noisy_readings[: 49 * 96])


def test_it_learns_the_levels_of_the_bands_and_the_closed_day(fitted: BoostedForecaster, noisy_readings: pl.DataFrame):
    forecast = fitted.predict(noisy_readings, origin=midnight_of(49), horizon=672)
    expected = toy_readings(days=56)["usage_kwh"][49 * 96 :].to_numpy()

    assert tuple(forecast.columns) == FORECAST_COLUMNS
    assert forecast.height == 672
    assert np.abs(forecast["mean_kwh"].to_numpy() - expected).mean() < 1


def test_the_bands_hold_about_their_share_of_a_week_not_seen(fitted: BoostedForecaster, noisy_readings: pl.DataFrame):
    forecast = fitted.predict(noisy_readings, origin=midnight_of(49), horizon=672)
    actual = noisy_readings["usage_kwh"][49 * 96 :]

    assert actual.is_between(forecast["q10"], forecast["q90"]).mean() == pytest.approx(0.8, abs=0.07)


def test_quantiles_rise_and_stay_positive(fitted: BoostedForecaster, noisy_readings: pl.DataFrame):
    quantiles = fitted.predict(noisy_readings, origin=midnight_of(52)).select(QUANTILE_COLUMNS).to_numpy()

    assert (np.diff(quantiles, axis=1) >= 0).all()
    assert (quantiles >= 0).all()


def test_nothing_after_the_origin_is_read(fitted: BoostedForecaster, noisy_readings: pl.DataFrame):
    origin, position = midnight_of(50) + dt.timedelta(hours=7), 50 * 96 + 28
    future = noisy_readings[position:].with_columns(usage_kwh=pl.lit(999.0))
    changed = pl.concat([noisy_readings[:position], future])

    assert fitted.predict(changed, origin=origin).equals(fitted.predict(noisy_readings, origin=origin))
    assert fitted.predict_many(changed, [origin]).equals(fitted.predict_many(noisy_readings, [origin]))


def test_many_origins_give_what_each_gives_alone(fitted: BoostedForecaster, noisy_readings: pl.DataFrame):
    origins = [midnight_of(day) for day in (50, 52)]

    together = fitted.predict_many(noisy_readings, origins, horizon=100)

    alone = pl.concat([fitted.predict(noisy_readings, origin=origin, horizon=100) for origin in origins])
    assert together.drop("origin").equals(alone)
    assert together["origin"].unique().len() == 2


@pytest.mark.parametrize("horizon", [1, 96, 672])
def test_a_shared_timeline_gives_what_the_readings_before_each_origin_give(
    fitted: BoostedForecaster, noisy_readings: pl.DataFrame, horizon: int
):
    timeline = build_timeline(noisy_readings, plant=toy_plant(), tariff=toy_tariff(), ahead=MAX_HORIZON)

    for origin in (midnight_of(50) + dt.timedelta(hours=7), midnight_of(20), midnight_of(56)):
        shared = fitted.predict(timeline, origin=origin, horizon=horizon)

        assert shared.equals(fitted.predict(noisy_readings, origin=origin, horizon=horizon))


def test_the_same_readings_give_the_same_model(blank: BoostedForecaster, noisy_readings: pl.DataFrame):
    first, second = (blank.fit(noisy_readings[: 30 * 96]) for _ in range(2))

    origin = midnight_of(30)
    assert first.predict(noisy_readings, origin=origin).equals(second.predict(noisy_readings, origin=origin))


def test_an_origin_beyond_the_readings_is_refused(fitted: BoostedForecaster, noisy_readings: pl.DataFrame):
    with pytest.raises(InputError, match="outside of the known readings"):
        fitted.predict(noisy_readings, origin=midnight_of(57))


def test_training_on_too_little_says_how_much_is_needed(blank: BoostedForecaster):
    with pytest.raises(NotEnoughDataError, match=r"training needs 21 days of readings, got 20\.0"):
        blank.fit(toy_readings(days=20))


def test_a_forecast_from_too_little_history_says_how_much_is_needed(fitted: BoostedForecaster):
    with pytest.raises(NotEnoughDataError, match=r"a forecast needs 14 days of readings, got 13\.0"):
        fitted.predict(toy_readings(days=20), origin=midnight_of(13))


def test_an_unfitted_forecaster_refuses_to_forecast_and_to_save(blank: BoostedForecaster, tmp_path):
    with pytest.raises(InputError, match="not fitted"):
        blank.predict(toy_readings(days=21), origin=midnight_of(21))
    with pytest.raises(InputError, match="not fitted"):
        blank.save(tmp_path)
