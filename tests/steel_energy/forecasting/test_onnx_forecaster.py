from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from steel_energy.features import FeatureBuilder
from steel_energy.forecasting import BoostedForecaster, LightGBMForecaster, XGBoostForecaster
from steel_energy.onnx_export import export_forecaster, is_equal, onnx_engine
from steel_energy.params import ForecastingParams
from steel_energy.testing import toy_plant, toy_tariff
from steel_energy.timeline import MAX_HORIZON, build_timeline


@pytest.mark.parametrize("kind", [LightGBMForecaster, XGBoostForecaster], ids=lambda kind: kind.name)
def test_each_range_of_leads_answers_alike_as_onnx(
    kind: type[BoostedForecaster], small_params: ForecastingParams, noisy_readings: pl.DataFrame, tmp_path: Path
) -> None:
    readings = noisy_readings[: 35 * 96]
    fitted = kind(plant=toy_plant(), tariff=toy_tariff(), params=small_params).fit(readings)
    line = build_timeline(readings, plant=toy_plant(), tariff=toy_tariff(), ahead=MAX_HORIZON)
    origins = np.arange(line.end - 500, line.end)

    files = export_forecaster(fitted, tmp_path)

    assert [path.name for path in files.values()] == ["leads-001-096.onnx", "leads-097-672.onnx"]
    for model in fitted.models:
        features = FeatureBuilder(line).matrix(origins, np.full(len(origins), model.leads.last))
        assert is_equal(model.predict(features).astype(float), onnx_engine(files[model.leads])(features)).passed
