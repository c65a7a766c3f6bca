"""The champion's boosted models as ONNX graphs, and whether they answer as their makers do. Serving stays with those.

A graph takes ``features.FEATURES`` and gives the mean usage of one range of leads; how a graph is written is
``onnx_export``'s. Where the champion is a blend, its tree members are exported; the rest of it has no trees.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from steel_energy.artifacts import read_champion
from steel_energy.explaining import explainer_of
from steel_energy.features import FeatureBuilder
from steel_energy.forecasting import load_forecaster
from steel_energy.forecasting.boosting import BoostedForecaster, sample_rows
from steel_energy.lake import replace_folder
from steel_energy.onnx_export import export_forecaster, is_equal, onnx_engine
from steel_energy.quality import Finding
from steel_energy.sites import Site
from steel_energy.timeline import MAX_HORIZON, build_timeline

COMPARED_ROWS = 10_000


def export_champion(bundles_dir: Path, site: Site, folder: Path) -> list[Path]:
    """Write every tree member of the champion's newest fit as ``<folder>/<model>/leads-….onnx``; returns the files.

    What ``folder`` held before is replaced. A champion without trees leaves it empty.

    Raises:
        BundleError: there is no champion, or it is damaged.
        ModelUnavailableError: the extra ``onnx`` is not installed.
    """

    def fill(scratch: Path) -> None:
        for member in tree_members(bundles_dir, site):
            (scratch / member.name).mkdir()
            export_forecaster(member, scratch / member.name)

    return sorted(replace_folder(folder, fill).rglob("*.onnx"))


def tree_members(bundles_dir: Path, site: Site) -> tuple[BoostedForecaster, ...]:
    """The boosted models in the champion's newest fit, none where it has no trees.

    Raises:
        BundleError: there is no champion, or it is damaged.
    """
    _, bundle = read_champion(bundles_dir, site.plant.id)
    explainer = explainer_of(load_forecaster(bundle, plant=site.plant, tariff=site.tariff))
    return explainer.members if explainer else ()


def engines_agree(bundles_dir: Path, site: Site, folder: Path, readings: pl.DataFrame) -> Finding:
    """ONNX Runtime answers as the maker of the trees does, on features of the plant's own readings.

    Raises:
        BundleError: there is no champion, or it is damaged.
        ModelUnavailableError: the extra ``onnx`` is not installed.
    """
    answers = [
        pair for member in tree_members(bundles_dir, site) for pair in _answers(member, folder / member.name, readings)
    ]
    native, exported = (np.concatenate(side) for side in zip(*answers, strict=True)) if answers else ([], [])
    return is_equal(np.asarray(native), np.asarray(exported))


def _answers(
    member: BoostedForecaster, folder: Path, readings: pl.DataFrame
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Forecasts of both engines, the same number of rows for each range of leads."""
    timeline = build_timeline(readings, plant=member.plant, tariff=member.tariff, ahead=MAX_HORIZON)
    builder = FeatureBuilder(timeline)
    random = np.random.default_rng(member.params.seed)
    for model in member.models:
        features = sample_rows(builder, model.leads, params=member.params).features
        some = features[random.integers(0, len(features), -(-COMPARED_ROWS // len(member.models)))]
        engine = onnx_engine(folder / f"{model.leads.name}.onnx")
        yield model.predict(some), engine(some)
