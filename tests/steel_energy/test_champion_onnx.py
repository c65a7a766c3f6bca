from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from steel_energy.artifacts import publish
from steel_energy.champion_onnx import COMPARED_ROWS, engines_agree, export_champion
from steel_energy.errors import BundleError
from steel_energy.forecasting import Forecaster, LightGBMForecaster, SeasonalNaive
from steel_energy.params import BoostingParams, ForecastingParams, LeadRange, load_params
from steel_energy.settings import PROJECT_ROOT
from steel_energy.sites import Site
from steel_energy.testing import toy_facts, toy_plant, toy_readings, toy_tariff

SITE = Site(toy_plant(), toy_tariff())
RANGES = (
    LeadRange(first=1, last=96, rows_per_origin=1, trees=5),
    LeadRange(first=97, last=672, rows_per_origin=1, trees=5),
)


@pytest.fixture(scope="module")
def readings() -> pl.DataFrame:
    """Seven weeks of the toy plant, each usage times a random factor, so that near and far leads learn other trees."""
    exact = toy_readings(days=50)
    factor = np.random.default_rng(3).uniform(0.5, 1.5, exact.height)
    return exact.with_columns(usage_kwh=pl.col("usage_kwh") * factor)


@pytest.fixture(scope="module")
def params() -> ForecastingParams:
    boosting = BoostingParams(lead_ranges=RANGES, all_features_until_lead=0, workers=1)
    return load_params(PROJECT_ROOT / "params.yaml").forecasting.model_copy(update={"boosting": boosting})


@pytest.fixture(scope="module")
def trees(params: ForecastingParams, readings: pl.DataFrame) -> LightGBMForecaster:
    return LightGBMForecaster(plant=SITE.plant, tariff=SITE.tariff, params=params).fit(readings)


def crown(forecaster: Forecaster, bundles_dir: Path) -> None:
    publish(bundles_dir, toy_facts(model=forecaster.name), write=forecaster.save)


def test_every_range_of_leads_of_the_champion_becomes_a_graph_that_agrees(
    trees: LightGBMForecaster, readings: pl.DataFrame, tmp_path: Path
):
    crown(trees, tmp_path / "bundles")
    files = export_champion(tmp_path / "bundles", SITE, tmp_path / "onnx")
    finding = engines_agree(tmp_path / "bundles", SITE, tmp_path / "onnx", readings)

    assert [str(path.relative_to(tmp_path / "onnx")) for path in files] == [
        "lightgbm/leads-001-096.onnx",
        "lightgbm/leads-097-672.onnx",
    ]
    assert finding.passed
    assert f"{COMPARED_ROWS:,} rows" in finding.expected


def test_graphs_of_another_model_do_not_agree(trees: LightGBMForecaster, readings: pl.DataFrame, tmp_path: Path):
    crown(trees, tmp_path / "bundles")
    near, far = export_champion(tmp_path / "bundles", SITE, tmp_path / "onnx")
    near.write_bytes(far.read_bytes())

    assert not engines_agree(tmp_path / "bundles", SITE, tmp_path / "onnx", readings).passed


def test_a_champion_without_trees_leaves_no_graphs_of_the_one_before(
    trees: LightGBMForecaster, params: ForecastingParams, readings: pl.DataFrame, tmp_path: Path
):
    crown(trees, tmp_path / "bundles")
    export_champion(tmp_path / "bundles", SITE, tmp_path / "onnx")
    crown(SeasonalNaive(plant=SITE.plant, tariff=SITE.tariff, params=params).fit(readings), tmp_path / "bundles")

    assert export_champion(tmp_path / "bundles", SITE, tmp_path / "onnx") == []
    assert list((tmp_path / "onnx").iterdir()) == []


def test_without_a_champion_nothing_is_exported(tmp_path: Path):
    with pytest.raises(BundleError, match="no champion"):
        export_champion(tmp_path / "bundles", SITE, tmp_path / "onnx")
