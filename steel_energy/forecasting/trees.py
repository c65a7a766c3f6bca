"""Boosted trees of two makers behind one face: train, forecast, explain, save. What they learn from, is ``boosting``'s.

Both use a Tweedie loss, which suits a load that idles near zero and runs at tens of kWh; it has a log link, so the
contributions of the features add up to the logarithm of the forecast. One thread each: on a busy machine the threads of
one model wait for one another far longer than they work.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

import lightgbm as lgb
import numpy as np
import xgboost as xgb

from steel_energy.arrays import FloatArray
from steel_energy.features import FEATURES
from steel_energy.params import TreeParams


class Trees(Protocol):
    """A fitted model of one target from ``FEATURES``; forecasts in kWh."""

    SUFFIX: ClassVar[str]

    @classmethod
    def train(cls, features: FloatArray, usage_kwh: FloatArray, *, rounds: int, params: TreeParams, seed: int) -> Self:
        """Trees on ``features`` of shape ``(n, len(FEATURES))``; the same rows and seed give the same trees."""

    @classmethod
    def load(cls, path: Path) -> Self:
        """What ``save`` wrote, with the same forecasts to the bit."""

    def save(self, path: Path) -> None:
        """Write the trees as text into one file."""

    def predict(self, features: FloatArray) -> FloatArray:
        """Forecasts in kWh, shape ``(n,)``."""

    def contributions(self, features: FloatArray) -> FloatArray:
        """SHAP values in log space, shape ``(n, len(FEATURES) + 1)``: the last is the base; a row sums to log(kWh)."""

    def gain(self) -> FloatArray:
        """Improvement of the loss by each feature's splits, shape ``(len(FEATURES),)``."""


class LightGBMTrees:
    """Trees of LightGBM: leaf-wise, splits at random thresholds."""

    SUFFIX: ClassVar[str] = ".txt"

    def __init__(self, text: str) -> None:
        self.booster = lgb.Booster(model_str=text)

    @classmethod
    def train(cls, features: FloatArray, usage_kwh: FloatArray, *, rounds: int, params: TreeParams, seed: int) -> Self:
        """See ``Trees.train``; read back from their own text so that saved trees are these very trees."""
        data = lgb.Dataset(features, usage_kwh, feature_name=list(FEATURES))
        settings: dict[str, Any] = {
            "objective": "tweedie",
            "tweedie_variance_power": params.tweedie_variance_power,
            "learning_rate": params.learning_rate,
            "num_leaves": params.leaves,
            "min_data_in_leaf": params.min_rows_in_leaf,
            "feature_fraction": params.feature_share,
            "bagging_fraction": params.row_share,
            "bagging_freq": 1,
            "extra_trees": True,
            "max_bin": params.bins,
            "seed": seed,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 1,
            "verbose": -1,
        }
        return cls(lgb.train(settings, data, num_boost_round=rounds).model_to_string())

    @classmethod
    def load(cls, path: Path) -> Self:
        """See ``Trees.load``."""
        return cls(path.read_text(encoding="utf-8"))

    def save(self, path: Path) -> None:
        """See ``Trees.save``."""
        path.write_text(self.booster.model_to_string(), encoding="utf-8")

    def predict(self, features: FloatArray) -> FloatArray:
        """See ``Trees.predict``."""
        forecast: FloatArray = self.booster.predict(features, num_threads=1)
        return forecast

    def contributions(self, features: FloatArray) -> FloatArray:
        """See ``Trees.contributions``."""
        values: FloatArray = self.booster.predict(features, num_threads=1, pred_contrib=True)
        return values

    def gain(self) -> FloatArray:
        """See ``Trees.gain``."""
        values: FloatArray = self.booster.feature_importance("gain")
        return values


class XGBoostTrees:
    """Trees of XGBoost: histogram method, leaf-wise."""

    SUFFIX: ClassVar[str] = ".json"

    def __init__(self, booster: xgb.Booster) -> None:
        self.booster = booster
        self.booster.set_param({"nthread": 1})

    @classmethod
    def train(cls, features: FloatArray, usage_kwh: FloatArray, *, rounds: int, params: TreeParams, seed: int) -> Self:
        """See ``Trees.train``."""
        data = xgb.QuantileDMatrix(features, usage_kwh, feature_names=list(FEATURES), max_bin=params.bins, nthread=1)
        settings: dict[str, Any] = {
            "objective": "reg:tweedie",
            "tweedie_variance_power": params.tweedie_variance_power,
            "eta": params.learning_rate,
            "tree_method": "hist",
            "grow_policy": "lossguide",
            "max_depth": 0,
            "max_leaves": params.leaves,
            "min_child_weight": params.min_rows_in_leaf,
            "colsample_bytree": params.feature_share,
            "subsample": params.row_share,
            "max_bin": params.bins,
            "seed": seed,
            "nthread": 1,
        }
        return cls(xgb.train(settings, data, num_boost_round=rounds))

    @classmethod
    def load(cls, path: Path) -> Self:
        """See ``Trees.load``."""
        return cls(xgb.Booster(model_file=path))

    def save(self, path: Path) -> None:
        """See ``Trees.save``."""
        self.booster.save_model(path)

    def predict(self, features: FloatArray) -> FloatArray:
        """See ``Trees.predict``."""
        return self._run(features).astype(np.float64)

    def contributions(self, features: FloatArray) -> FloatArray:
        """See ``Trees.contributions``."""
        return self._run(features, pred_contribs=True).astype(np.float64)

    def gain(self) -> FloatArray:
        """See ``Trees.gain``."""
        gains = self.booster.get_score(importance_type="total_gain")
        return np.array([gains.get(name, 0.0) for name in FEATURES])

    def _run(self, features: FloatArray, **options: bool) -> FloatArray:
        data = xgb.DMatrix(features, feature_names=list(FEATURES), nthread=1)
        result: FloatArray = self.booster.predict(data, **options)
        return result
