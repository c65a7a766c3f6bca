"""Contributions of features to forecasts: they add up, they are SHAP's, and they read nothing of the future."""

from __future__ import annotations

import datetime as dt
import warnings

import numpy as np
import polars as pl
import pytest

from steel_energy.errors import InputError, NotEnoughDataError
from steel_energy.explaining import (
    DRIVERS,
    Explainer,
    adds_up,
    explain_forecast,
    explain_history,
    explainer_of,
    telling_origin,
)
from steel_energy.forecasting.base import Forecaster
from steel_energy.forecasting.boosters import LightGBMBooster
from steel_energy.testing import toy_plant, toy_tariff

TREE_KINDS = ("lightgbm", "xgboost")


def trees(forecaster: Forecaster) -> Explainer:
    explainer = explainer_of(forecaster)
    assert explainer is not None
    return explainer


@pytest.mark.parametrize("kind", [*TREE_KINDS, "ensemble"])
def test_base_and_drivers_of_a_forecast_add_up_to_the_forecast(
    kind: str, fitted: dict[str, Forecaster], readings: pl.DataFrame
):
    origin = readings["interval_start"][45 * 96 + 30]
    explained = explain_forecast(trees(fitted[kind]), readings, origin=origin, horizon=96)
    forecast = fitted[kind].predict(readings, origin=origin, horizon=96)
    sums = explained.select(pl.sum_horizontal("base_kwh", *DRIVERS)).to_series().to_numpy()

    assert explained["interval_start"].equals(forecast["interval_start"])
    assert explained["forecast_kwh"].to_numpy() == pytest.approx(forecast["mean_kwh"].to_numpy(), rel=1e-5)
    assert sums == pytest.approx(explained["forecast_kwh"].to_numpy())
    assert adds_up(explained, forecast).passed
    assert not adds_up(explained, forecast.with_columns(mean_kwh=pl.col("mean_kwh") + 0.01)).passed


def test_what_comes_after_the_origin_changes_no_explanation(fitted: dict[str, Forecaster], readings: pl.DataFrame):
    origin = readings["interval_start"][45 * 96]
    future = pl.col("interval_start") >= origin
    other = readings.with_columns(usage_kwh=pl.when(future).then(999.0).otherwise(pl.col("usage_kwh")))
    first, second = (explain_forecast(trees(fitted["lightgbm"]), some, origin=origin) for some in (readings, other))

    assert first.equals(second)


def test_the_trees_own_contributions_are_those_of_the_shap_library(
    fitted: dict[str, Forecaster], readings: pl.DataFrame
):
    with warnings.catch_warnings(category=PendingDeprecationWarning, action="ignore"):  # of its import
        import shap  # noqa: PLC0415
    explainer = trees(fitted["lightgbm"])
    explained = explain_history(explainer, readings, rows_per_range=3, seed=1)
    running = explainer.members[0].models[0].trees.running
    assert isinstance(running, LightGBMBooster)

    expected = shap.TreeExplainer(running.booster).shap_values(explained.features)

    assert running.contributions(explained.features)[:, :-1] == pytest.approx(expected, abs=1e-9)


def test_the_same_seed_draws_the_same_forecasts_of_the_past(fitted: dict[str, Forecaster], readings: pl.DataFrame):
    first, again, other = (
        explain_history(trees(fitted["lightgbm"]), readings, rows_per_range=5, seed=seed).contributions_kwh
        for seed in (1, 1, 2)
    )

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_an_origin_off_the_grid_and_one_without_a_past_are_refused(
    fitted: dict[str, Forecaster], readings: pl.DataFrame
):
    explainer, start = trees(fitted["lightgbm"]), readings["interval_start"]

    with pytest.raises(InputError, match="grid"):
        explain_forecast(explainer, readings, origin=start[4000] + dt.timedelta(minutes=5))
    with pytest.raises(NotEnoughDataError, match="14 days"):
        explain_forecast(explainer, readings, origin=start[96])


def test_the_telling_origin_is_noon_of_the_newest_day_on_which_the_plant_works(readings: pl.DataFrame):
    until_sunday = readings.filter(pl.col("interval_start").dt.date() <= dt.date(2018, 2, 11))
    sunday = readings.filter(pl.col("interval_start").dt.date() == dt.date(2018, 2, 11))
    site = {"plant": toy_plant(), "tariff": toy_tariff()}

    assert telling_origin(until_sunday, **site).isoformat() == "2018-02-10T12:00:00+09:00"
    assert telling_origin(sunday, **site).isoformat() == "2018-02-12T00:00:00+09:00"
