"""A toy plant with a fine pulse, two months of varied readings, and a small model fitted on them."""

from __future__ import annotations

import polars as pl
import pytest

from steel_energy.meter import Readings, shown_beside_usage
from steel_energy.nowcasting.model import UsageModel, fit_model
from steel_energy.params import NowcastParams, load_params
from steel_energy.plant import Plant
from steel_energy.settings import PROJECT_ROOT
from steel_energy.testing import toy_plant, varied_readings


@pytest.fixture(scope="session")
def plant() -> Plant:
    return toy_plant(pulse_kwh=0.036)


@pytest.fixture(scope="session")
def params() -> NowcastParams:
    """The project's parameters with fewer trees and copies: enough to learn what the toy readings have to teach."""
    params = load_params(PROJECT_ROOT / "params.yaml").nowcasting
    return params.model_copy(update={"trees": 40, "copies": 1, "min_rows_in_leaf": 20})


@pytest.fixture(scope="session")
def readings(plant: Plant) -> pl.DataFrame:
    return varied_readings(days=60, plant=plant)


@pytest.fixture(scope="session")
def model(readings: pl.DataFrame, plant: Plant, params: NowcastParams) -> UsageModel:
    return fit_model(shown_beside_usage(readings), readings["usage_kwh"].to_numpy(), plant=plant, params=params)


@pytest.fixture(scope="session")
def later(plant: Plant) -> pl.DataFrame:
    """Ten days that the model has not seen."""
    return varied_readings(days=10, plant=plant, seed=2)


@pytest.fixture
def shown(later: pl.DataFrame) -> Readings:
    return shown_beside_usage(later)
