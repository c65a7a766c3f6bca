from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from steel_energy.params import (
    BoostingParams,
    ChronosParams,
    ChronosShape,
    ChronosTraining,
    ForecastingParams,
    LeadRange,
    NetworkParams,
    TimesFMParams,
    TreeParams,
)
from steel_energy.testing import toy_readings

SMALL_TREES = TreeParams(
    learning_rate=0.2,
    leaves=15,
    min_rows_in_leaf=10,
    feature_share=1.0,
    row_share=1.0,
    bins=63,
)
SMALL_TRAINING = ChronosTraining(context=96, steps=3, batch=4, learning_rate=0.003)
NO_WEIGHTS = NetworkParams(
    model=None, revision=None, hub_timeout_s=1, device="cpu", threads=1, held_out_every_weeks=3
).model_dump()
SMALL_CHRONOS = ChronosParams(
    **NO_WEIGHTS,
    compact=ChronosShape(patch=16, width=16, layers=1, heads=2, dropout=0.1),
    target_only=SMALL_TRAINING,
    covariates=SMALL_TRAINING,
    fine_tuning=SMALL_TRAINING,
)
FIRST = dt.datetime(2018, 1, 1, tzinfo=ZoneInfo("Asia/Seoul"))


@pytest.fixture(scope="session")
def small_params() -> ForecastingParams:
    """Training in a second or two."""
    return ForecastingParams(
        seed=1,
        min_training_days=21,
        warm_up_days=14,
        calibration_folds=2,
        calibration_levels=3,
        boosting=BoostingParams(
            lead_ranges=(
                LeadRange(first=1, last=96, rows_per_origin=1, trees=40),
                LeadRange(first=97, last=672, rows_per_origin=1, trees=40),
            ),
            all_features_until_lead=0,
            workers=2,
        ),
        lightgbm=SMALL_TREES,
        xgboost=SMALL_TREES,
        chronos=SMALL_CHRONOS,
        timesfm=TimesFMParams(**NO_WEIGHTS, context=96),
    )


@pytest.fixture(scope="session")
def noisy_readings() -> pl.DataFrame:
    """Eight weeks of the toy plant, each usage times a random factor of mean 1."""
    readings = toy_readings(days=56)
    factor = np.random.default_rng(3).uniform(0.5, 1.5, readings.height)
    return readings.with_columns(usage_kwh=pl.col("usage_kwh") * factor)
