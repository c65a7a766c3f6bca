"""Gradient boosting by two makers behind one face: train, predict, explain, save. What is forecast is not known here.

One thread each: on a busy machine the threads of one model wait for one another far longer than they work.
Each library is imported with the first model of its kind: they take a second, and most that read this need neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, Self

import numpy as np

from steel_energy.arrays import FloatArray
from steel_energy.features import FEATURES
from steel_energy.params import TreeParams

if TYPE_CHECKING:
    import xgboost as xgb

Target = Literal["share", "level"]
"""What is learned: the share of a yes (0-1, log loss, logistic link) or a level in kWh (squared error, no link)."""


@dataclass(frozen=True)
class Growth:
    """How trees are to grow.

    Attributes:
        rounds: number of trees.
        feature_share: features that a tree (LightGBM) or a split (XGBoost) may use, 0-1.
        params: what is tuned.
        seed: the same rows and seed give the same trees.
    """

    rounds: int
    feature_share: float
    params: TreeParams
    seed: int


class Booster(Protocol):
    """A fitted sum of trees over ``FEATURES``."""

    SUFFIX: ClassVar[str]

    @classmethod
    def train(cls, features: FloatArray, actual: FloatArray, *, target: Target, growth: Growth) -> Self:
        """Trees on ``features`` of shape ``(n, len(FEATURES))`` that give ``actual`` of shape ``(n,)``."""

    @classmethod
    def load(cls, path: Path) -> Self:
        """What ``save`` wrote, with the same predictions to the bit."""

    def save(self, path: Path) -> None:
        """Write the trees as text into one file."""

    def predict(self, features: FloatArray) -> FloatArray:
        """Shares or levels, shape ``(n,)``."""

    def contributions(self, features: FloatArray) -> FloatArray:
        """SHAP values before the link, shape ``(n, len(FEATURES) + 1)``; the last column is the base."""


class LightGBMBooster:
    """LightGBM: leaf-wise, splits at random thresholds, each tree from a share of the features."""

    SUFFIX: ClassVar[str] = ".txt"
    OBJECTIVES: ClassVar = {"share": "binary", "level": "l2"}

    def __init__(self, text: str) -> None:
        import lightgbm as lgb  # noqa: PLC0415 - see above

        self.booster = lgb.Booster(model_str=text)

    @classmethod
    def train(cls, features: FloatArray, actual: FloatArray, *, target: Target, growth: Growth) -> Self:
        """See ``Booster.train``; read back from their own text so that saved trees are these very trees."""
        import lightgbm as lgb  # noqa: PLC0415 - see above

        params = growth.params
        settings: dict[str, Any] = {
            "objective": cls.OBJECTIVES[target],
            "learning_rate": params.learning_rate,
            "num_leaves": params.leaves,
            "min_data_in_leaf": params.min_rows_in_leaf,
            "feature_fraction": growth.feature_share,
            "bagging_fraction": params.row_share,
            "bagging_freq": 1,
            "extra_trees": True,
            "max_bin": params.bins,
            "seed": growth.seed,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 1,
            "verbose": -1,
        }
        data = lgb.Dataset(features, actual, feature_name=list(FEATURES))
        return cls(lgb.train(settings, data, num_boost_round=growth.rounds).model_to_string())

    @classmethod
    def load(cls, path: Path) -> Self:
        """See ``Booster.load``."""
        return cls(path.read_text(encoding="utf-8"))

    def save(self, path: Path) -> None:
        """See ``Booster.save``."""
        path.write_text(self.booster.model_to_string(), encoding="utf-8")

    def predict(self, features: FloatArray) -> FloatArray:
        """See ``Booster.predict``."""
        values: FloatArray = self.booster.predict(features, num_threads=1)
        return values

    def contributions(self, features: FloatArray) -> FloatArray:
        """See ``Booster.contributions``."""
        values: FloatArray = self.booster.predict(features, num_threads=1, pred_contrib=True)
        return values


class XGBoostBooster:
    """XGBoost: leaf-wise on histograms, each split from a share of the features."""

    SUFFIX: ClassVar[str] = ".json"
    OBJECTIVES: ClassVar = {"share": "binary:logistic", "level": "reg:squarederror"}
    CURVATURE_OF_A_ROW: ClassVar = {"share": 0.25, "level": 1.0}  # at most; leaves are limited by its sum
    NAMES: ClassVar[tuple[str, ...]] = FEATURES

    def __init__(self, booster: xgb.Booster) -> None:
        self.booster = booster
        self.booster.set_param({"nthread": 1})

    @classmethod
    def train(cls, features: FloatArray, actual: FloatArray, *, target: Target, growth: Growth) -> Self:
        """See ``Booster.train``."""
        import xgboost as xgb  # noqa: PLC0415 - see above

        bins = growth.params.bins
        data = xgb.QuantileDMatrix(features, actual, feature_names=list(cls.NAMES), max_bin=bins, nthread=1)
        return cls(xgb.train(cls.settings(target, growth), data, num_boost_round=growth.rounds))

    @classmethod
    def settings(cls, target: Target, growth: Growth) -> dict[str, Any]:
        """XGBoost's own parameters."""
        params = growth.params
        return {
            "objective": cls.OBJECTIVES[target],
            "eta": params.learning_rate,
            "tree_method": "hist",
            "grow_policy": "lossguide",
            "max_depth": 0,
            "max_leaves": params.leaves,
            "min_child_weight": params.min_rows_in_leaf * cls.CURVATURE_OF_A_ROW[target],
            "colsample_bynode": growth.feature_share,
            "subsample": params.row_share,
            "max_bin": params.bins,
            "seed": growth.seed,
            "nthread": 1,
        }

    @classmethod
    def load(cls, path: Path) -> Self:
        """See ``Booster.load``."""
        import xgboost as xgb  # noqa: PLC0415 - see above

        return cls(xgb.Booster(model_file=path))

    def save(self, path: Path) -> None:
        """See ``Booster.save``."""
        self.booster.save_model(path)

    def predict(self, features: FloatArray) -> FloatArray:
        """See ``Booster.predict``."""
        return self._run(features)

    def contributions(self, features: FloatArray) -> FloatArray:
        """See ``Booster.contributions``."""
        return self._run(features, pred_contribs=True)

    def _run(self, features: FloatArray, **options: bool) -> FloatArray:
        import xgboost as xgb  # noqa: PLC0415 - see above

        data = xgb.DMatrix(features, feature_names=list(self.NAMES), nthread=1)
        return np.asarray(self.booster.predict(data, **options), dtype=np.float64)
