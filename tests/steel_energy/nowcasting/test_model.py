from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from steel_energy.errors import BundleError, NotEnoughDataError
from steel_energy.meter import Readings, estimate_usage, shown_beside_usage
from steel_energy.nowcasting.bands import Bands
from steel_energy.nowcasting.model import STATE_FILE, UsageModel, fit_model, load_model
from steel_energy.nowcasting.roughening import noisy
from steel_energy.params import NowcastParams
from steel_energy.plant import Plant


def estimates(model: UsageModel, readings: Readings, plant: Plant) -> np.ndarray:
    """Usage and bounds of readings that are not believed to be exact, shape (3, rows)."""
    disbelieved = np.zeros(readings["co2_t"].size, dtype=bool)
    return np.array(model.estimate(readings, estimate_usage(readings, plant), disbelieved))


def test_the_model_corrects_what_noise_does_and_its_bounds_hold_about_nine_in_ten(
    model: UsageModel, later: pl.DataFrame, shown: Readings, plant: Plant
) -> None:
    rough, truth = noisy(shown, np.random.default_rng(4), noise=0.02), later["usage_kwh"].to_numpy()

    usage, lower, upper = estimates(model, rough, plant)

    literal = estimate_usage(rough, plant).usage_kwh
    assert np.mean((usage - truth) ** 2) < 0.5 * np.mean((literal - truth) ** 2)
    assert (lower <= usage).all()
    assert (usage <= upper).all()
    assert 0.85 < np.mean((lower <= truth) & (truth <= upper)) < 1


def test_the_same_readings_give_the_same_model(
    model: UsageModel, readings: pl.DataFrame, plant: Plant, params: NowcastParams
) -> None:
    again = fit_model(shown_beside_usage(readings), readings["usage_kwh"].to_numpy(), plant=plant, params=params)

    assert again.texts == model.texts
    assert again.bands.to_json() == model.bands.to_json()


def test_its_files_give_a_model_back_to_the_bit(
    model: UsageModel, shown: Readings, plant: Plant, tmp_path: Path
) -> None:
    model.save(tmp_path)

    loaded = load_model(tmp_path, plant=plant)

    rough = noisy(shown, np.random.default_rng(4), noise=0.05)
    assert np.array_equal(estimates(loaded, rough, plant), estimates(model, rough, plant))


def test_readings_without_any_missing_or_with_all_but_one_missing_are_answered(
    model: UsageModel, shown: Readings, plant: Plant
) -> None:
    only_co2 = {name: np.full_like(values, np.nan) for name, values in shown.items()} | {"co2_t": shown["co2_t"]}

    usage, lower, upper = estimates(model, only_co2, plant)

    assert np.isfinite(usage).all()
    assert np.mean(upper - lower) > 5  # one booked unit of CO2 is 10 kWh here


def test_few_days_train_nothing(readings: pl.DataFrame, plant: Plant, params: NowcastParams) -> None:
    week = readings.head(7 * 96)

    with pytest.raises(NotEnoughDataError, match=r"needs 42 days of readings, got 7\.0"):
        fit_model(shown_beside_usage(week), week["usage_kwh"].to_numpy(), plant=plant, params=params)


def test_a_model_of_other_features_is_refused(model: UsageModel, plant: Plant, tmp_path: Path) -> None:
    model.save(tmp_path)
    state = json.loads((tmp_path / STATE_FILE).read_text(encoding="utf-8"))
    (tmp_path / STATE_FILE).write_text(json.dumps(state | {"features": ["another"]}), encoding="utf-8")

    with pytest.raises(BundleError, match="was trained on other features"):
        load_model(tmp_path, plant=plant)


def test_margins_are_the_conformal_quantile_of_their_group() -> None:
    expected = np.repeat([1.0, 10.0], 40)
    errors = np.concatenate([np.arange(1.0, 41.0), np.arange(101.0, 141.0)])

    bands = Bands.learn(expected, errors, coverage=0.9)

    assert bands.margin(np.array([1.0, 5.5, 10.0, 99.0])).tolist() == [37.0, 87.0, 137.0, 137.0]
