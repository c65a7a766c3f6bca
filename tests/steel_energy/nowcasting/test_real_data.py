"""The nowcast of the published readings: certain where they are sound, better than trees alone where they are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from steel_energy.nowcasting.rows import nowcast_rows
from steel_energy.nowcasting.trial import beats_physics, beats_raw_trees, bounds_hold, error_table
from steel_energy.params import load_params
from steel_energy.plant import Plant
from steel_energy.settings import PROJECT_ROOT
from steel_energy.sources.file import read_csv

pytestmark = pytest.mark.real_data


def test_sound_readings_are_inverted_as_well_as_by_physics_alone(real_csv: Path, gwangyang: Plant) -> None:
    found = nowcast_rows(read_csv(real_csv, plant=gwangyang).rows, gwangyang)

    error_kwh = (found["predicted_usage_kwh"] - found["usage_kwh"]).to_numpy()
    assert np.sqrt(np.mean(error_kwh**2)) <= 0.068
    assert found.filter(~found["consistent"]).height == 47  # a day whose CO2 was not booked


def test_rough_readings_are_answered_better_than_by_physics_or_by_trees_alone(
    real_readings: pl.DataFrame, gwangyang: Plant
) -> None:
    params = load_params(PROJECT_ROOT / "params.yaml").nowcasting.model_copy(update={"copies": 1, "trees": 100})

    table = error_table(real_readings, plant=gwangyang, params=params)

    assert bounds_hold(real_readings, gwangyang).passed
    rough = table.filter(pl.col("roughening").str.contains("digits|noise|missing"))  # small as the model is here
    assert beats_raw_trees(rough).passed, table
    assert beats_physics(table).passed, table
    assert table.filter(pl.col("consistent_share") == 0)["coverage"].mean() == pytest.approx(0.9, abs=0.05)
