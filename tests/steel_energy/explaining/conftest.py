"""Tree models of the toy plant, small enough to fit in a moment, alone and blended."""

from __future__ import annotations

import polars as pl
import pytest

from steel_energy.forecasting.base import Forecaster
from steel_energy.forecasting.boosting import LightGBMForecaster, XGBoostForecaster
from steel_energy.forecasting.ensemble import Ensemble
from steel_energy.params import EnsembleParams, ForecastingParams, load_params
from steel_energy.settings import PROJECT_ROOT
from steel_energy.testing import toy_plant, toy_readings, toy_tariff

SMALL_RANGES = [
    {"first": 1, "last": 4, "rows_per_origin": 1, "trees": 10},
    {"first": 5, "last": 672, "rows_per_origin": 1, "trees": 10},
]


@pytest.fixture(scope="session")
def readings() -> pl.DataFrame:
    """Seven weeks in which every open day is the same."""
    return toy_readings(days=49)


@pytest.fixture(scope="session")
def small_params() -> ForecastingParams:
    content = load_params(PROJECT_ROOT / "params.yaml").forecasting.model_dump(mode="json")
    content["boosting"]["lead_ranges"] = SMALL_RANGES
    return ForecastingParams.model_validate(content)


@pytest.fixture(scope="session")
def fitted(readings: pl.DataFrame, small_params: ForecastingParams) -> dict[str, Forecaster]:
    """``lightgbm``, ``xgboost`` and their ``ensemble``: a quarter of LightGBM for an hour, three quarters from then."""
    plant, tariff = toy_plant(), toy_tariff()
    first = LightGBMForecaster(plant=plant, tariff=tariff, params=small_params).fit(readings)
    second = XGBoostForecaster(plant=plant, tariff=tariff, params=small_params).fit(readings)
    ensemble = Ensemble(
        plant=plant,
        tariff=tariff,
        params=EnsembleParams(lead_ends=(4, 672), pull_to_equal=0),
        members=(first, second),
        weights=(0.25, 0.75),
    )
    return {"lightgbm": first, "xgboost": second, "ensemble": ensemble}
