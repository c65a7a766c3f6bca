"""A search of seconds: the toy plant with noise, a few small trees, two blocks."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from steel_energy.params import LeadRange, Params, TreeParams, TuningParams, load_params
from steel_energy.settings import PROJECT_ROOT
from steel_energy.testing import toy_readings

PRESENT = TreeParams(
    learning_rate=0.05,
    leaves=31,
    min_rows_in_leaf=60,
    feature_share=0.25,
    row_share=0.7,
    bins=127,
)


@pytest.fixture
def present() -> TreeParams:
    return PRESENT


@pytest.fixture(scope="session")
def small_params() -> Params:
    """Those of the project with one small model for a day's leads, two blocks and three trials."""
    params = load_params(PROJECT_ROOT / "params.yaml")
    ranges = [LeadRange(first=first, last=last, rows_per_origin=1, trees=5) for first, last in ((1, 96), (97, 672))]
    boosting = params.forecasting.boosting.model_copy(update={"lead_ranges": tuple(ranges), "workers": 1})
    forecasting = params.forecasting.model_copy(update={"boosting": boosting, "lightgbm": PRESENT, "xgboost": PRESENT})
    tuning = TuningParams(trials=3, folds=2, leads=(1,), learn_from_one_row_in=1)
    return params.model_copy(update={"forecasting": forecasting, "tuning": tuning})


@pytest.fixture(scope="session")
def noisy_readings() -> pl.DataFrame:
    """Eighty days of the toy plant, each usage times a random factor of mean 1; the test part is the last twenty."""
    readings = toy_readings(days=80)
    factor = np.random.default_rng(3).uniform(0.5, 1.5, readings.height)
    return readings.with_columns(usage_kwh=pl.col("usage_kwh") * factor)
