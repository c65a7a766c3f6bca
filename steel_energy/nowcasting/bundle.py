"""The virtual meter's model on disk: what the assets publish, the service and the command line read.

``<nowcast>/<plant>/`` holds bundles as ``artifacts`` writes them, ``<onnx>/<plant>/<version>/`` the same trees as ONNX:
made from a bundle afterwards, so they are named by its version and never served with another one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray
from steel_energy.artifacts import BundleFacts, Manifest, champion_version, prune, publish, read_bundle
from steel_energy.errors import REBUILD, BundleError
from steel_energy.lake import replace_folder
from steel_energy.meter import estimate_usage, shown_beside_usage
from steel_energy.nowcasting.evidence import gather
from steel_energy.nowcasting.model import PARTS, UsageModel, load_model
from steel_energy.nowcasting.precision import may_be_shown
from steel_energy.nowcasting.roughening import mixed
from steel_energy.onnx_export import export_booster, is_equal, onnx_engine
from steel_energy.plant import Plant
from steel_energy.quality import Finding
from steel_energy.settings import SteelSettings

NAME = "virtual_meter"
EXAMPLES = 10_000
"""Rows that the engines are compared on."""
KEPT_BUNDLES = 2  # the newest, and the one that a reader may just be loading


@dataclass(frozen=True)
class Fitted:
    """A published model and what its bundle says of it."""

    manifest: Manifest
    model: UsageModel


def publish_model(model: UsageModel, facts: BundleFacts, *, nowcast_dir: Path) -> Manifest:
    """Make the model a bundle and let readers take it from now on; the same model again is the same version."""
    manifest = publish(nowcast_dir, facts, write=model.save, reason="fitted")
    prune(nowcast_dir, facts.plant, keep=KEPT_BUNDLES)
    return manifest


def published_version(settings: SteelSettings, plant_id: str) -> str | None:
    """Version of the plant's model, None where none is fitted yet; reads one small file.

    Raises:
        BundleError: that file is unreadable.
    """
    return champion_version(settings.nowcast_dir, plant_id)


def read_published(settings: SteelSettings, plant: Plant) -> Fitted | None:
    """The plant's model, None where none is fitted yet.

    Raises:
        BundleError: it is damaged, or of another version of the code.
    """
    version = published_version(settings, plant.id)
    return None if version is None else read_version(settings, plant, version)


def require_published(settings: SteelSettings, plant: Plant) -> Fitted:
    """As ``read_published``, for whoever needs one.

    Raises:
        BundleError: none is fitted yet, or it is damaged, or of another version of the code.
    """
    fitted = read_published(settings, plant)
    if fitted is None:
        raise BundleError(f"no fitted model of plant {plant.id}", field=NAME, remedy=REBUILD)
    return fitted


def read_version(settings: SteelSettings, plant: Plant, version: str) -> Fitted:
    """One version of the plant's model.

    Raises:
        BundleError: it is damaged, or of another version of the code.
    """
    manifest = read_bundle(settings.nowcast_dir, plant.id, version)
    return Fitted(manifest, load_model(settings.nowcast_dir / plant.id / version, plant=plant))


def export_onnx(settings: SteelSettings, plant: Plant) -> list[Path]:
    """Write the trees of the plant's model as ONNX, in place of those of older versions; returns the files.

    Raises:
        BundleError: there is no model, or it is damaged.
        ModelUnavailableError: the extra ``onnx`` is not installed.
    """
    import lightgbm as lgb  # noqa: PLC0415 - readers of bundles do without its second

    fitted = require_published(settings, plant)

    def fill(folder: Path) -> None:
        (folder / fitted.manifest.version).mkdir()
        for part in PARTS:
            booster = lgb.Booster(model_str=fitted.model.texts[part])
            export_booster(booster, onnx_file(folder / fitted.manifest.version, part))

    plants = replace_folder(settings.nowcast_onnx_dir / plant.id, fill)
    return [onnx_file(plants / fitted.manifest.version, part) for part in PARTS]


def on_onnx(settings: SteelSettings, fitted: Fitted) -> Fitted:
    """The same model with its trees on ONNX Runtime.

    Raises:
        BundleError: this version has not been exported.
        ModelUnavailableError: the extra ``onnx`` is not installed.
    """
    plant = fitted.model.posterior.plant
    folder = settings.nowcast_onnx_dir / plant.id / fitted.manifest.version
    for part in PARTS:
        if not onnx_file(folder, part).is_file():
            raise BundleError("is missing", field=str(onnx_file(folder, part)), remedy=REBUILD)
    trees = {part: onnx_engine(onnx_file(folder, part)) for part in PARTS}
    return replace(fitted, model=replace(fitted.model, trees=trees))


def engines_agree(settings: SteelSettings, readings: pl.DataFrame, plant: Plant) -> Finding:
    """Both sets of trees answer alike on LightGBM and on ONNX Runtime, on the plant's readings roughened.

    Raises:
        BundleError: there is no model, it is damaged, or it has not been exported.
        ModelUnavailableError: the extra ``onnx`` is not installed.
    """
    fitted = require_published(settings, plant)
    exported = on_onnx(settings, fitted)
    features = example_features(fitted.model, readings)
    native, other = (
        np.concatenate([model.trees[part](features) for part in PARTS]) for model in (fitted.model, exported.model)
    )
    return is_equal(native, other)


def example_features(model: UsageModel, readings: pl.DataFrame) -> FloatArray:
    """What a model sees of the plant's readings (data contract), roughened: ``EXAMPLES`` rows, seeded."""
    random, plant = np.random.default_rng(model.params.seed), model.posterior.plant
    shown = shown_beside_usage(readings)
    rows = random.integers(readings.height, size=EXAMPLES)
    rough = mixed({name: values[rows] for name, values in shown.items()}, random)
    is_shown = may_be_shown(rough, plant.meter)
    features, _ = gather(rough, estimate_usage(rough, plant), is_shown=is_shown, posterior=model.posterior)
    return features


def onnx_file(folder: Path, part: str) -> Path:
    """Where the trees of one of ``PARTS`` lie as ONNX."""
    return folder / f"{part}.onnx"
