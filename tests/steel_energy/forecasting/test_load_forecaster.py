from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest

from steel_energy.errors import BundleError
from steel_energy.forecasting import KINDS, load_forecaster
from steel_energy.params import ForecastingParams
from steel_energy.testing import toy_plant, toy_tariff

ALWAYS_THERE = sorted(KINDS.keys() - {"chronos_zero_shot", "timesfm"})  # these need weights from elsewhere


@pytest.mark.parametrize("name", ALWAYS_THERE)
def test_a_loaded_forecaster_is_the_saved_one_to_the_bit(
    name: str, small_params: ForecastingParams, noisy_readings: pl.DataFrame, tmp_path: Path
):
    fitted = KINDS[name](plant=toy_plant(), tariff=toy_tariff(), params=small_params).fit(noisy_readings[: 30 * 96])
    fitted.save(tmp_path)

    loaded = load_forecaster(tmp_path, plant=toy_plant(), tariff=toy_tariff())

    origin = dt.datetime(2018, 1, 31, 6)  # noqa: DTZ001 - plant time
    before, after = (f.predict(noisy_readings, origin=origin, horizon=672) for f in (fitted, loaded))
    assert loaded.name == name
    assert after.equals(before)


@pytest.mark.parametrize("name", ALWAYS_THERE)
def test_saving_twice_gives_the_same_bytes(
    name: str, small_params: ForecastingParams, noisy_readings: pl.DataFrame, tmp_path: Path
):
    fitted = KINDS[name](plant=toy_plant(), tariff=toy_tariff(), params=small_params).fit(noisy_readings[: 30 * 96])
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        fitted.save(folder)

    first, second = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert first == second


@pytest.mark.parametrize(
    "content",
    [None, "{", "{}", json.dumps({"name": "oracle"}), json.dumps({"name": "lightgbm", "features": ["usage_kwh"]})],
    ids=["no file", "no JSON", "no name", "unknown kind", "other features"],
)
def test_a_folder_that_holds_no_forecaster_is_refused(content: str | None, tmp_path: Path):
    if content is not None:
        (tmp_path / "forecaster.json").write_text(content, encoding="utf-8")

    with pytest.raises(BundleError) as refusal:
        load_forecaster(tmp_path, plant=toy_plant(), tariff=toy_tariff())

    assert "make build" in refusal.value.remedy
