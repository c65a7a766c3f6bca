from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from steel_energy.forecasting import QUANTILE_COLUMNS, Ensemble, SeasonalNaive, load_forecaster
from steel_energy.forecasting.seasonal import WeeklyNaive
from steel_energy.params import EnsembleParams, ForecastingParams
from steel_energy.testing import toy_plant, toy_readings, toy_tariff

PARAMS = EnsembleParams(lead_ends=(2, 672), pull_to_equal=0.0)
ORIGIN = dt.datetime(2018, 2, 12, 6)  # noqa: DTZ001 - plant time


def blank(params: ForecastingParams, *, pull_to_equal: float = 0.0) -> Ensemble:
    plant, tariff = toy_plant(), toy_tariff()
    kinds = (SeasonalNaive, WeeklyNaive)
    first, second = (kind(plant=plant, tariff=tariff, params=params) for kind in kinds)
    blend = PARAMS.model_copy(update={"pull_to_equal": pull_to_equal})
    return Ensemble(plant=plant, tariff=tariff, params=blend, members=(first, second))


def backtest(mean_kwh: list[float], *, actual: list[float], spread_kwh: float = 1.0) -> pl.DataFrame:
    """Leads 1 to 4 again and again; the quantiles lie evenly around the mean, ``spread_kwh`` apart."""
    quantiles = {
        name: pl.Series(mean_kwh) + spread_kwh * step for step, name in zip(range(-3, 4), QUANTILE_COLUMNS, strict=True)
    }
    leads = np.resize(np.arange(1, 5), len(mean_kwh))
    return pl.DataFrame({"lead": leads, "usage_kwh": actual, "mean_kwh": mean_kwh, **quantiles})


def test_each_range_of_leads_has_the_share_that_errs_least(small_params: ForecastingParams):
    # Near, the first member is right; far, the truth lies a quarter of the way from the first to the second.
    actual = [0.0, 0.0, 1.0, 1.0]
    learnt = blank(small_params).learn(
        [backtest([0.0, 0.0, 0.0, 0.0], actual=actual), backtest([9.0, 9.0, 4.0, 4.0], actual=actual)]
    )

    assert learnt.weights == pytest.approx((1.0, 0.75))
    assert learnt.label == "88% seasonal_naive + 12% seasonal_naive_week"


def test_shares_are_pulled_to_equal_ones_and_never_leave_0_to_1(small_params: ForecastingParams):
    actual = [5.0] * 4  # beyond both members: the first alone would be best, and more of it better still
    members = [backtest([1.0] * 4, actual=actual), backtest([0.0] * 4, actual=actual)]

    assert blank(small_params).learn(members).weights == (1.0, 1.0)
    assert blank(small_params, pull_to_equal=0.5).learn(members).weights == (0.75, 0.75)


def test_members_that_never_differ_share_equally(small_params: ForecastingParams):
    same = backtest([2.0] * 4, actual=[1.0] * 4)

    assert blank(small_params).learn([same, same]).weights == (0.5, 0.5)


def test_a_range_without_forecasts_shares_equally(small_params: ForecastingParams):
    near = pl.col("lead") <= 2
    members = [backtest([mean] * 4, actual=[0.0] * 4).filter(near) for mean in (0.0, 9.0)]

    assert blank(small_params).learn(members).weights == (1.0, 0.5)


def test_bands_that_the_mean_makes_too_wide_hold_as_much_as_the_members_did(small_params: ForecastingParams):
    # Two members whose errors are independent: their mean errs by less, and their bands do not know.
    random = np.random.default_rng(1)
    actual = random.normal(50, 20, 4000)
    means = [actual + random.normal(0, 3, 4000) for _ in range(2)]
    levels = np.array([-1.645, -1.282, -0.674, 0, 0.674, 1.282, 1.645])
    members = [
        backtest(mean.tolist(), actual=actual.tolist()).with_columns(
            **{name: mean + 3 * level for name, level in zip(QUANTILE_COLUMNS, levels, strict=True)}
        )
        for mean in means
    ]
    learnt = blank(small_params).learn(members)

    _, quantiles = learnt.blend(members, leads=members[0]["lead"].to_numpy())

    assert learnt.width == pytest.approx(1 / np.sqrt(2), abs=0.03)
    assert np.mean((actual >= quantiles[:, 1]) & (actual <= quantiles[:, 5])) == pytest.approx(0.8, abs=0.02)


def test_nothing_learnt_means_equal_shares_and_the_members_own_width(
    small_params: ForecastingParams, noisy_readings: pl.DataFrame
):
    fitted = blank(small_params).fit(noisy_readings[: 40 * 96])

    forecast = fitted.predict(noisy_readings, origin=ORIGIN, horizon=672)

    first, second = (member.predict(noisy_readings, origin=ORIGIN, horizon=672) for member in fitted.members)
    for column in ("mean_kwh", *QUANTILE_COLUMNS):
        half = (first[column] + second[column]) / 2
        np.testing.assert_allclose(forecast[column].to_numpy(), half.to_numpy(), rtol=1e-12)


def test_a_fit_keeps_the_shares(small_params: ForecastingParams, noisy_readings: pl.DataFrame):
    actual = [0.0] * 4
    learnt = blank(small_params).learn([backtest([0.0] * 4, actual=actual), backtest([9.0] * 4, actual=actual)])

    fitted = learnt.fit(noisy_readings[: 40 * 96])

    assert fitted.weights == (1.0, 1.0)
    near = fitted.predict(noisy_readings, origin=ORIGIN)["mean_kwh"]
    assert near.equals(fitted.members[0].predict(noisy_readings, origin=ORIGIN)["mean_kwh"])


def test_saved_members_and_shares_come_back_to_the_bit(
    small_params: ForecastingParams, noisy_readings: pl.DataFrame, tmp_path: Path
):
    actual = [1.0] * 4
    learnt = blank(small_params).learn([backtest([0.0] * 4, actual=actual), backtest([3.0] * 4, actual=actual)])
    fitted = learnt.fit(noisy_readings[: 40 * 96])
    fitted.save(tmp_path)

    loaded = load_forecaster(tmp_path, plant=toy_plant(), tariff=toy_tariff())

    assert isinstance(loaded, Ensemble)
    assert (loaded.name, loaded.label, loaded.weights) == ("ensemble", fitted.label, fitted.weights)
    assert loaded.predict(noisy_readings, origin=ORIGIN).equals(fitted.predict(noisy_readings, origin=ORIGIN))


def test_many_origins_are_forecast_as_each_alone(small_params: ForecastingParams):
    readings = toy_readings(days=56)
    fitted = blank(small_params).fit(readings[: 40 * 96])
    origins = [ORIGIN, ORIGIN + dt.timedelta(days=2)]

    many = fitted.predict_many(readings, origins, horizon=5)

    alone = pl.concat([fitted.predict(readings, origin=origin, horizon=5) for origin in origins])
    assert many.drop("origin").equals(alone)
