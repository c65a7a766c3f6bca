from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from steel_energy.errors import ModelUnavailableError
from steel_energy.forecasting import FORECAST_COLUMNS, QUANTILE_COLUMNS, load_forecaster
from steel_energy.forecasting.timesfm import TimesFMForecaster
from steel_energy.params import ForecastingParams
from steel_energy.testing import toy_plant, toy_tariff

ORIGIN = dt.datetime(2018, 2, 19)  # noqa: DTZ001 - plant time, day 49
POSITION = 49 * 96


@pytest.fixture(scope="module")
def pretrained(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder as the hub would give it, with a network of the library's own classes, tiny and untrained."""
    import torch  # noqa: PLC0415 - slow
    from timesfm3.torch import TimesFM3Torch  # noqa: PLC0415 - slow

    block = {"hidden_dims": 16, "output_dims": 16, "use_bias": True, "activation": "swish"}
    transformer = {
        "model_dims": 16,
        "hidden_dims": 16,
        "num_heads": 2,
        "attention_norm": "rms",
        "feedforward_norm": "rms",
        "qk_norm": "rms",
        "use_bias": False,
        "use_rope_seq": True,
        "use_rope_var": True,
        "ff_activation": "swish",
        "deterministic": True,
    }
    with torch.random.fork_rng():
        torch.manual_seed(1)
        network = TimesFM3Torch(
            input_patch_len=8,
            output_patch_len=16,
            quantiles=[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
            residual_block_config=block,
            transformer_config={"num_layers": 1, "transformer": transformer},
        )
    folder = tmp_path_factory.mktemp("pretrained")
    network.save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def fitted(pretrained: str, small_params: ForecastingParams, noisy_readings: pl.DataFrame) -> TimesFMForecaster:
    timesfm = small_params.timesfm.model_copy(update={"model": pretrained})
    params = small_params.model_copy(update={"timesfm": timesfm})
    blank = TimesFMForecaster(plant=toy_plant(), tariff=toy_tariff(), params=params)
    return blank.fit(noisy_readings[:POSITION])


def test_without_pretrained_weights_there_is_no_timesfm(small_params: ForecastingParams, noisy_readings: pl.DataFrame):
    blank = TimesFMForecaster(plant=toy_plant(), tariff=toy_tariff(), params=small_params)

    with pytest.raises(ModelUnavailableError, match=r"forecasting\.timesfm\.model: no pretrained weights"):
        blank.fit(noisy_readings)


def test_a_week_is_forecast_with_rising_positive_quantiles(fitted: TimesFMForecaster, noisy_readings: pl.DataFrame):
    forecast = fitted.predict(noisy_readings, origin=ORIGIN, horizon=672)
    quantiles = forecast.select(QUANTILE_COLUMNS).to_numpy()

    assert tuple(forecast.columns) == FORECAST_COLUMNS
    assert forecast.height == 672
    assert np.isfinite(forecast.drop("interval_start").to_numpy()).all()
    assert (np.diff(quantiles, axis=1) >= 0).all()
    assert (quantiles >= 0).all()


def test_nothing_after_the_origin_is_read(fitted: TimesFMForecaster, noisy_readings: pl.DataFrame):
    future = noisy_readings[POSITION:].with_columns(usage_kwh=pl.lit(999.0))
    changed = pl.concat([noisy_readings[:POSITION], future])

    assert fitted.predict_many(changed, [ORIGIN]).equals(fitted.predict_many(noisy_readings, [ORIGIN]))


def test_a_loaded_forecaster_is_the_saved_one_to_the_bit(
    fitted: TimesFMForecaster, pretrained: str, noisy_readings: pl.DataFrame, tmp_path: Path
):
    fitted.save(tmp_path)

    loaded = load_forecaster(tmp_path, plant=toy_plant(), tariff=toy_tariff())

    assert loaded.label == f"weights in {pretrained}"
    assert loaded.predict(noisy_readings, origin=ORIGIN).equals(fitted.predict(noisy_readings, origin=ORIGIN))
