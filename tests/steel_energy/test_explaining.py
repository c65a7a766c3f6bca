"""Contributions of features to forecasts: they add up, they are SHAP's, and they name what drives a toy plant."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from steel_energy.drivers import DRIVERS, SIMILAR
from steel_energy.errors import InputError, NotFittedError
from steel_energy.explaining import (
    OVERALL,
    Explanation,
    driver_importance,
    explain_forecast,
    explain_history,
    explain_rows,
    importance,
    in_kwh,
    range_name,
)
from steel_energy.features import FEATURES
from steel_energy.forecasting import KINDS
from steel_energy.forecasting.boosting import BoostedForecaster
from steel_energy.forecasting.trees import LightGBMTrees
from steel_energy.params import ForecastingParams, LeadRange, load_params
from steel_energy.settings import PROJECT_ROOT
from steel_energy.testing import toy_plant, toy_readings, toy_tariff

TREE_KINDS = ("lightgbm", "xgboost")
LOG_SHARES = arrays(np.float64, (5, 4), elements=st.floats(-3, 3))


@pytest.fixture(scope="module")
def readings() -> pl.DataFrame:
    return toy_readings(days=49)


@pytest.fixture(scope="module")
def fitted(readings: pl.DataFrame) -> dict[str, BoostedForecaster]:
    content = load_params(PROJECT_ROOT / "params.yaml").forecasting.model_dump(mode="json")
    content["boosting"]["lead_ranges"] = [
        {"first": 1, "last": 4, "rows_per_origin": 1, "trees": 10},
        {"first": 5, "last": 672, "rows_per_origin": 1, "trees": 10},
    ]
    params = ForecastingParams.model_validate(content)
    kinds = {kind: KINDS[kind](plant=toy_plant(), tariff=toy_tariff(), params=params) for kind in TREE_KINDS}
    return {kind: forecaster.fit(readings) for kind, forecaster in kinds.items()}  # type: ignore[misc]


@given(LOG_SHARES)
def test_shares_in_kwh_add_up_keep_their_signs_and_their_order(log_shares: np.ndarray):
    base, parts = in_kwh(log_shares)

    assert base + parts.sum(axis=1) == pytest.approx(np.exp(log_shares.sum(axis=1)))
    assert (np.sign(parts) == np.sign(log_shares[:, :-1])).all()
    assert (np.diff(parts) * np.diff(log_shares[:, :-1]) >= 0).all()


def test_features_that_cancel_move_the_forecast_by_nothing():
    base, parts = in_kwh(np.array([[0.5, -0.5, np.log(10)], [0.0, 0.0, np.log(10)]]))

    assert base == pytest.approx([10, 10])
    assert parts == pytest.approx(np.array([[5.0, -5.0], [0.0, 0.0]]))


@pytest.mark.parametrize("kind", TREE_KINDS)
def test_base_and_drivers_of_a_forecast_add_up_to_the_forecast(
    kind: str, fitted: dict[str, BoostedForecaster], readings: pl.DataFrame
):
    origin = readings["interval_start"][45 * 96 + 30]
    explained = explain_forecast(fitted[kind], readings, origin=origin, horizon=96)
    forecast = fitted[kind].predict(readings, origin=origin, horizon=96)

    assert explained["interval_start"].equals(forecast["interval_start"])
    assert explained["forecast_kwh"].to_numpy() == pytest.approx(forecast["mean_kwh"].to_numpy(), rel=1e-5)
    assert explained.select(pl.sum_horizontal("base_kwh", *DRIVERS)).to_series().to_numpy() == pytest.approx(
        explained["forecast_kwh"].to_numpy()
    )


def test_what_comes_after_the_origin_changes_no_explanation(
    fitted: dict[str, BoostedForecaster], readings: pl.DataFrame
):
    origin = readings["interval_start"][45 * 96]
    future = pl.col("interval_start") >= origin
    shuffled = readings.with_columns(usage_kwh=pl.when(future).then(999.0).otherwise(pl.col("usage_kwh")))

    assert explain_forecast(fitted["lightgbm"], readings, origin=origin).equals(
        explain_forecast(fitted["lightgbm"], shuffled, origin=origin)
    )


def test_the_trees_own_contributions_are_those_of_the_shap_library(
    fitted: dict[str, BoostedForecaster], readings: pl.DataFrame
):
    shap = pytest.importorskip("shap")
    explained = explain_history(fitted["lightgbm"], readings, rows_per_range=3, seed=1)
    trees = fitted["lightgbm"].models[0].trees
    assert isinstance(trees, LightGBMTrees)

    expected = shap.TreeExplainer(trees.booster).shap_values(explained.features)

    assert trees.contributions(explained.features)[:, :-1] == pytest.approx(expected, abs=1e-9)


def test_a_plant_that_repeats_its_days_is_explained_by_similar_days(
    fitted: dict[str, BoostedForecaster], readings: pl.DataFrame
):
    sizes = driver_importance(explain_history(fitted["lightgbm"], readings, rows_per_range=200, seed=1))
    overall = sizes.filter(pl.col("lead_range") == OVERALL).sort("mean_abs_kwh", descending=True)

    assert overall["driver"][0] == SIMILAR
    assert sizes["lead_range"].unique(maintain_order=True).to_list() == ["1-4", "5-672", OVERALL]


def test_the_same_seed_draws_the_same_forecasts_of_the_past(
    fitted: dict[str, BoostedForecaster], readings: pl.DataFrame
):
    first, again, other = (
        explain_history(fitted["lightgbm"], readings, rows_per_range=5, seed=seed).contributions_kwh
        for seed in (1, 1, 2)
    )

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_importance_over_a_day_weighs_each_range_by_its_leads():
    near, far = (LeadRange(first=a, last=b, rows_per_origin=1, trees=1) for a, b in ((1, 24), (25, 672)))
    contributions = np.zeros((2, len(FEATURES)))
    contributions[:, 0] = [4.0, -8.0]
    explained = Explanation((near, far), np.array([24, 25]), np.zeros((2, len(FEATURES))), np.ones(2), contributions)

    sizes = importance(explained).filter(pl.col("feature") == FEATURES[0])

    assert dict(sizes.select("lead_range", "mean_abs_kwh").iter_rows()) == {"1-24": 4.0, "25-672": 8.0, OVERALL: 7.0}
    assert [range_name(part) for part in explained.ranges] == ["1-24", "25-672"]


def test_a_forecaster_that_is_not_fitted_and_an_origin_off_the_grid_are_refused(
    fitted: dict[str, BoostedForecaster], readings: pl.DataFrame
):
    model = fitted["lightgbm"]
    unfitted = type(model)(model.plant, model.tariff, model.params)

    with pytest.raises(NotFittedError):
        explain_rows(unfitted, np.zeros((1, len(FEATURES))), np.array([1]))
    with pytest.raises(InputError, match="grid"):
        explain_forecast(model, readings, origin=readings["interval_start"][4000] + dt.timedelta(minutes=5))
