"""The virtual meter's model: boosted trees that correct the first guess where physics cannot decide.

Trained on the plant's own readings, roughened on purpose, so one model meets all that happens to readings. Two sets of
trees: the correction of the first guess, and the error to expect. Bounds come from errors on later readings that
neither has seen. Trees are any function of the features, so that ONNX Runtime can stand in for LightGBM.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from steel_energy.arrays import BoolArray, FloatArray
from steel_energy.errors import REBUILD, BundleError, NotEnoughDataError
from steel_energy.meter import Readings, UsageEstimate, estimate_usage
from steel_energy.nowcasting.bands import Bands
from steel_energy.nowcasting.evidence import FEATURES, gather
from steel_energy.nowcasting.posterior import Posterior
from steel_energy.nowcasting.precision import is_decided, may_be_shown
from steel_energy.nowcasting.roughening import mixed
from steel_energy.params import NowcastParams
from steel_energy.plant import Plant
from steel_energy.schema import INTERVALS_PER_DAY

STATE_FILE = "virtual_meter.json"
CORRECTION, ERROR = "correction", "error"
PARTS = (CORRECTION, ERROR)
"""The sets of trees: what to add to the first guess, and the absolute error to expect then, both in kWh."""
ERROR_TREES_SHARE = 1 / 3  # of the trees of the correction: how large errors are is simpler than which

Trees = Callable[[FloatArray], FloatArray]
"""From features of shape (rows, len(FEATURES)) to kWh of shape (rows,)."""


@dataclass(frozen=True)
class Lessons:
    """Roughened readings: features (rows, len(FEATURES)), first guess and true usage in kWh, each (rows,)."""

    features: FloatArray
    guess_kwh: FloatArray
    usage_kwh: FloatArray

    def errors(self, correction: Trees) -> FloatArray:
        """Absolute errors in kWh after the correction, shape (rows,)."""
        return np.abs(self.guess_kwh + correction(self.features) - self.usage_kwh)


@dataclass(frozen=True)
class UsageModel:
    """A fitted model of one plant.

    Attributes:
        posterior: of the plant.
        params: what it was trained with.
        bands: margins by expected error.
        texts: LightGBM's own form of each of ``PARTS``.
        trees: each of ``PARTS`` as it is computed here.
    """

    posterior: Posterior
    params: NowcastParams
    bands: Bands
    texts: Mapping[str, str]
    trees: Mapping[str, Trees]

    def estimate(
        self, readings: Readings, exact: UsageEstimate, is_shown: BoolArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Usage and the bounds that hold it with the nominal coverage, kWh, each of shape (rows,).

        Args:
            readings: see ``meter.Readings``.
            exact: what physics makes of them.
            is_shown: whether each may be taken as what the meter showed.
        """
        features, guess = gather(readings, exact, is_shown=is_shown, posterior=self.posterior)
        usage = np.maximum(guess + self.trees[CORRECTION](features), 0.0)
        margin = self.bands.margin(self.trees[ERROR](features))
        return usage, np.maximum(usage - margin, 0.0), usage + margin

    def save(self, folder: Path) -> None:
        """Write the trees as text and everything else as JSON; ``load_model`` gives the same to the bit."""
        for part in PARTS:
            trees_file(folder, part).write_text(self.texts[part], encoding="utf-8")
        state = {
            "features": list(FEATURES),
            "params": self.params.model_dump(mode="json"),
            "prior": self.posterior.prior.tolist(),
            "bands": self.bands.to_json(),
        }
        (folder / STATE_FILE).write_text(json.dumps(state), encoding="utf-8")


def fit_model(readings: Readings, usage_kwh: FloatArray, *, plant: Plant, params: NowcastParams) -> UsageModel:
    """Train on the older part of the readings and take the bounds from the rest; the same input gives the same model.

    Args:
        readings: sound readings in time order, see ``meter.Readings``.
        usage_kwh: what the meter showed beside them, shape (rows,).
        plant: whose meter.
        params: how to train.

    Raises:
        NotEnoughDataError: fewer days of readings than ``params.min_training_days``.
    """
    days = usage_kwh.size / INTERVALS_PER_DAY
    if days < params.min_training_days:
        raise NotEnoughDataError(
            f"the virtual meter's model needs {params.min_training_days} days of readings, got {days:.1f}",
            field="readings",
            remedy="give a longer history",
        )
    seen = int(usage_kwh.size * (1 - params.calibration_share))
    old, new = ({name: values[part] for name, values in readings.items()} for part in (slice(seen), slice(seen, None)))
    posterior = Posterior.learn(usage_kwh[:seen], plant)
    lessons = _lessons(old, usage_kwh[:seen], posterior, params=params, stream=0)
    texts = _train(lessons, params)
    trees = {part: native_trees(text) for part, text in texts.items()}
    unseen = _lessons(new, usage_kwh[seen:], posterior, params=params, stream=1)
    bands = Bands.learn(trees[ERROR](unseen.features), unseen.errors(trees[CORRECTION]), coverage=params.coverage)
    return UsageModel(posterior, params, bands, texts, trees)


def load_model(folder: Path, *, plant: Plant, trees: Mapping[str, Trees] | None = None) -> UsageModel:
    """What ``UsageModel.save`` wrote.

    Args:
        folder: of the model.
        plant: whose meter.
        trees: each of ``PARTS`` on another engine, such as ONNX Runtime.

    Raises:
        BundleError: it was trained on other features than this version of the code computes.
    """
    state: dict[str, Any] = json.loads((folder / STATE_FILE).read_text(encoding="utf-8"))
    if state["features"] != list(FEATURES):
        raise BundleError("was trained on other features", field=str(folder), remedy=REBUILD)
    texts = {part: trees_file(folder, part).read_text(encoding="utf-8") for part in PARTS}
    return UsageModel(
        posterior=Posterior(plant, np.array(state["prior"])),
        params=NowcastParams.model_validate(state["params"]),
        bands=Bands.from_json(state["bands"]),
        texts=texts,
        trees=trees or {part: native_trees(text) for part, text in texts.items()},
    )


def native_trees(text: str) -> Trees:
    """LightGBM's trees from their text, on one thread."""
    import lightgbm as lgb  # noqa: PLC0415 - physics alone, and `steel --help`, do without its second

    booster = lgb.Booster(model_str=text)
    return lambda features: np.asarray(booster.predict(features, num_threads=1))


def trees_file(folder: Path, part: str) -> Path:
    """Where one of ``PARTS`` lies."""
    return folder / f"{part}.txt"


def boost(features: FloatArray, target_kwh: FloatArray, params: NowcastParams, objective: dict[str, Any]) -> str:
    """LightGBM's trees as text, grown on one thread by ``params`` towards an objective of its own.

    Args:
        features: shape (rows, columns).
        target_kwh: shape (rows,).
        params: how trees grow.
        objective: LightGBM's loss and number of iterations.
    """
    import lightgbm as lgb  # noqa: PLC0415 - as above

    settings = {
        "learning_rate": params.learning_rate,
        "num_leaves": params.leaves,
        "min_data_in_leaf": params.min_rows_in_leaf,
        "feature_fraction": params.feature_share,
        "bagging_fraction": params.row_share,
        "bagging_freq": 1,
        "max_bin": params.bins,
        "seed": params.seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbose": -1,
    }
    data = lgb.Dataset(features, target_kwh)
    text: str = lgb.train(settings | objective, data).model_to_string()
    return text


def _lessons(
    readings: Readings, usage_kwh: FloatArray, posterior: Posterior, *, params: NowcastParams, stream: int
) -> Lessons:
    """Several roughened copies of the readings, of them what physics cannot decide.

    Whether a reading that looks sound is believed depends on the table it comes in, so here on a coin.
    """
    random = np.random.default_rng([params.seed, stream])
    copies = [mixed(readings, random) for _ in range(params.copies)]
    rough = {name: np.concatenate([copy[name] for copy in copies]) for name in readings}
    exact = estimate_usage(rough, posterior.plant, widenings=0)  # what agrees by halves alone is not believed anyway
    is_shown = may_be_shown(rough, posterior.plant.meter) & (random.random(exact.usage_kwh.size) < 0.5)  # noqa: PLR2004
    rows = ~is_decided(rough, exact, is_shown, within_kwh=params.decided_within_kwh)
    rough = {name: values[rows] for name, values in rough.items()}
    features, guess = gather(rough, exact.of(rows), is_shown=is_shown[rows], posterior=posterior)
    return Lessons(features, guess, np.tile(usage_kwh, params.copies)[rows])


def _train(lessons: Lessons, params: NowcastParams) -> dict[str, str]:
    """Both sets: the correction by Huber's loss, so that gross errors do not rule; then how large errors get."""
    correction = boost(
        lessons.features,
        lessons.usage_kwh - lessons.guess_kwh,
        params,
        {"objective": "huber", "alpha": params.huber_kwh, "num_iterations": params.trees},
    )
    error = boost(
        lessons.features,
        lessons.errors(native_trees(correction)),
        params,
        {
            "objective": "quantile",
            "alpha": params.coverage,
            "num_iterations": int(np.ceil(params.trees * ERROR_TREES_SHARE)),
        },
    )
    return {CORRECTION: correction, ERROR: error}
