from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from steel_energy.errors import BundleError
from steel_energy.meter import Readings
from steel_energy.nowcasting import nowcast
from steel_energy.nowcasting.bundle import (
    NAME,
    engines_agree,
    export_onnx,
    on_onnx,
    publish_model,
    read_published,
    require_published,
)
from steel_energy.nowcasting.model import UsageModel
from steel_energy.nowcasting.roughening import mixed
from steel_energy.plant import Plant
from steel_energy.settings import SteelSettings
from steel_energy.testing import toy_facts


@pytest.fixture
def settings(tmp_path: Path) -> SteelSettings:
    return SteelSettings(data_dir=tmp_path)


@pytest.fixture
def published(settings: SteelSettings, model: UsageModel) -> str:
    return publish_model(model, toy_facts(model=NAME), nowcast_dir=settings.nowcast_dir).version


def test_before_anything_is_fitted_there_is_no_model_and_that_is_said(settings: SteelSettings, plant: Plant) -> None:
    assert read_published(settings, plant) is None
    with pytest.raises(BundleError, match="no fitted model of plant toy"):
        require_published(settings, plant)


def test_publishing_the_same_model_again_keeps_its_version(
    settings: SteelSettings, published: str, model: UsageModel, plant: Plant
) -> None:
    again = publish_model(model, toy_facts(model=NAME), nowcast_dir=settings.nowcast_dir)

    assert again.version == published
    assert require_published(settings, plant).manifest.version == published


def test_an_altered_file_is_refused(settings: SteelSettings, published: str, plant: Plant) -> None:
    file = settings.nowcast_dir / "toy" / published / "correction.txt"
    file.write_text(file.read_text(encoding="utf-8") + " ", encoding="utf-8")

    with pytest.raises(BundleError, match="was altered"):
        read_published(settings, plant)


@pytest.mark.usefixtures("published")
def test_onnx_answers_as_lightgbm_does(
    settings: SteelSettings, later: pl.DataFrame, shown: Readings, plant: Plant
) -> None:
    export_onnx(settings, plant)

    native = require_published(settings, plant)
    exported = on_onnx(settings, native)

    rough = mixed(shown, np.random.default_rng(8))
    found = [nowcast(rough, plant, fitted.model).usage_kwh for fitted in (native, exported)]
    assert np.allclose(*found, rtol=1e-5, atol=0, equal_nan=True)
    assert engines_agree(settings, later, plant).passed


def test_trees_that_were_exported_from_another_version_are_not_served(
    settings: SteelSettings, published: str, plant: Plant
) -> None:
    (file, _) = export_onnx(settings, plant)
    file.parent.rename(file.parent.with_name("older"))

    with pytest.raises(BundleError, match="is missing") as caught:
        on_onnx(settings, require_published(settings, plant))

    assert published in str(caught.value)
