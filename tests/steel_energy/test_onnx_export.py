"""Trees of both makers on ONNX Runtime: the same way at every split, missing values and thresholds included."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
import pytest
import xgboost as xgb

from steel_energy import onnx_export
from steel_energy.errors import InputError, ModelUnavailableError
from steel_energy.onnx_export import export_booster, is_equal, onnx_engine, two_states_to_onnx
from steel_energy.tree_tables import lightgbm_table

ROWS, TREES = 10_000, 60


@pytest.fixture(scope="module")
def features() -> np.ndarray:
    """Values with two decimals, as a meter shows them, so that many lie on a threshold; some are missing."""
    random = np.random.default_rng(1)
    values = np.round(random.normal(50, 30, (ROWS, 6)), 2)
    values[random.random(values.shape) < 0.05] = np.nan
    return values


@pytest.fixture(scope="module")
def usage(features: np.ndarray) -> np.ndarray:
    return 5 + np.nan_to_num(features[:, 0]) ** 2 / 100 + np.nan_to_num(features[:, 1]).clip(0) / 10


def lightgbm(features: np.ndarray, usage: np.ndarray, **settings: Any) -> lgb.Booster:
    shared = {"num_threads": 1, "verbose": -1, "seed": 1}
    categories = settings.pop("categories", "auto")
    return lgb.train(shared | settings, lgb.Dataset(features, usage, categorical_feature=categories), TREES)


def xgboost(features: np.ndarray, usage: np.ndarray, **settings: Any) -> xgb.Booster:
    return xgb.train({"nthread": 1, "seed": 1} | settings, xgb.DMatrix(features, usage), TREES)


@pytest.mark.parametrize("objective", ["l2", "huber", "quantile", "tweedie"])
@pytest.mark.parametrize("seen_missing", [True, False], ids=["missing values seen", "none seen"])
def test_lightgbm_answers_alike(
    objective: str, features: np.ndarray, usage: np.ndarray, tmp_path: Path, *, seen_missing: bool
) -> None:
    booster = lightgbm(features if seen_missing else np.nan_to_num(features), usage, objective=objective)

    engine = onnx_engine(export_booster(booster, tmp_path / "trees.onnx"))

    assert is_equal(booster.predict(features), engine(features)).passed


@pytest.mark.parametrize("objective", ["reg:squarederror", "reg:tweedie"])
@pytest.mark.parametrize("shift", [0.0, 1e-7], ids=["on the thresholds", "closer than a float can tell"])
def test_xgboost_answers_alike(
    objective: str, features: np.ndarray, usage: np.ndarray, tmp_path: Path, shift: float
) -> None:
    booster = xgboost(features, usage, objective=objective, max_leaves=31, grow_policy="lossguide")
    asked = features + shift

    engine = onnx_engine(export_booster(booster, tmp_path / "trees.onnx"))

    assert is_equal(booster.predict(xgb.DMatrix(asked)).astype(float), engine(asked)).passed


def test_log_odds_become_shares_for_both_makers(features: np.ndarray, usage: np.ndarray, tmp_path: Path) -> None:
    runs = (usage > np.median(usage)).astype(float)
    by_lightgbm, by_xgboost = (
        lightgbm(features, runs, objective="binary"),
        xgboost(features, runs, objective="binary:logistic"),
    )

    engines = [onnx_engine(export_booster(booster, tmp_path / "trees.onnx")) for booster in (by_lightgbm, by_xgboost)]

    assert is_equal(by_lightgbm.predict(features), engines[0](features)).passed
    assert is_equal(by_xgboost.predict(xgb.DMatrix(features)).astype(float), engines[1](features)).passed


def test_two_states_are_put_together_and_drawn_towards_the_usual_where_it_is_known(
    features: np.ndarray, usage: np.ndarray, tmp_path: Path
) -> None:
    chance = lightgbm(features, (usage > np.median(usage)).astype(float), objective="binary")
    running, idle = lightgbm(features, usage), lightgbm(features, usage / 10)
    tables = {"chance": chance, "running": running, "idle": idle}
    path = tmp_path / "states.onnx"

    path.write_bytes(
        two_states_to_onnx(
            {name: lightgbm_table(booster) for name, booster in tables.items()}, usual_column=1, usual_share=0.25
        )
    )

    share, high, low = (booster.predict(features) for booster in tables.values())
    mean, usual = low + share * (high - low), features[:, 1]
    expected = np.where(np.isnan(usual), mean, 0.75 * mean + 0.25 * usual)
    assert np.isnan(usual).any()
    assert np.allclose(onnx_engine(path)(features), expected, rtol=1e-5, atol=1e-5)


def test_a_feature_that_two_floats_cannot_tell_from_a_threshold_still_goes_lightgbms_way(tmp_path: Path) -> None:
    step = np.repeat([1.0, 1.0 + 4e-8], 50)[:, None]  # equal as floats
    booster = lgb.train(
        {"verbose": -1, "min_data_in_leaf": 1, "min_data_in_bin": 1, "num_threads": 1},
        lgb.Dataset(step, step[:, 0] > 1),
        5,
    )

    answered = onnx_engine(export_booster(booster, tmp_path / "trees.onnx"))(step)

    assert np.allclose(answered, booster.predict(step), rtol=1e-6)
    assert answered[0] < answered[-1]


def test_a_single_row_and_none_are_answered(features: np.ndarray, usage: np.ndarray, tmp_path: Path) -> None:
    booster = lightgbm(features, usage)
    engine = onnx_engine(export_booster(booster, tmp_path / "trees.onnx"))

    assert engine(features[:1]) == pytest.approx(booster.predict(features[:1]), rel=1e-6)
    assert engine(features[:0]).shape == (0,)


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        pytest.param({"linear_tree": True}, "linear leaves", id="linear leaves"),
        pytest.param({"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.5}, "a forest", id="forest"),
        pytest.param({"categories": [0]}, "splits of categories", id="categories"),
        pytest.param({"zero_as_missing": True}, "zeros as missing", id="zeros as missing"),
        pytest.param({"objective": "cross_entropy"}, "the loss cross_entropy", id="another loss"),
    ],
)
def test_what_is_not_written_is_refused(
    settings: dict[str, Any], what: str, features: np.ndarray, usage: np.ndarray, tmp_path: Path
) -> None:
    sound = np.abs(np.nan_to_num(features)).round(-1)
    booster = lightgbm(sound, usage / usage.max(), **settings)

    with pytest.raises(InputError, match=what):
        export_booster(booster, tmp_path / "trees.onnx")


def test_a_difference_is_found_by_its_share() -> None:
    native = np.array([100.0, 0.001])

    assert is_equal(native, native * (1 + 9e-6)).passed
    assert not is_equal(native, native + np.array([0.0, 1e-7])).passed


def test_a_missing_extra_is_named_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(onnx_export, "import_module", absent)

    with pytest.raises(ModelUnavailableError, match=r"onnxruntime is not installed \(pip install"):
        onnx_engine(tmp_path / "trees.onnx")
