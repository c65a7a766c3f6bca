"""``steel nowcast`` as a user calls it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from steel_energy.cli import app
from steel_energy.meter import shown_beside_usage
from steel_energy.nowcasting.bundle import NAME, publish_model
from steel_energy.nowcasting.model import UsageModel, fit_model
from steel_energy.params import load_params
from steel_energy.plant import Plant
from steel_energy.settings import PROJECT_ROOT, SteelSettings
from steel_energy.sources.raw import to_published, to_raw
from steel_energy.testing import toy_facts, varied_readings

Steel = Callable[..., Result]


@pytest.fixture(scope="module")
def readings(gwangyang: Plant) -> pl.DataFrame:
    """Two months of varied readings of the plant."""
    return varied_readings(days=60, plant=gwangyang)


@pytest.fixture(scope="module")
def model(readings: pl.DataFrame, gwangyang: Plant) -> UsageModel:
    params = load_params(PROJECT_ROOT / "params.yaml").nowcasting.model_copy(update={"trees": 10, "copies": 1})
    usage_kwh = readings["usage_kwh"].to_numpy()
    return fit_model(shown_beside_usage(readings), usage_kwh, plant=gwangyang, params=params)


@pytest.fixture
def steel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steel:
    """`steel ARGUMENTS` in a folder of its own, with a data folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STEEL_DATA_DIR", str(tmp_path / "data"))
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def export(readings: pl.DataFrame, gwangyang: Plant, tmp_path: Path) -> Path:
    """A hundred readings as an export; in ten of them the reactive energy is off by what no meter shows."""
    rough = readings.head(100).with_columns(
        pl.col("lagging_reactive_kvarh") + 0.001 * (pl.int_range(pl.len()) < 10).cast(pl.Float64)
    )
    path = tmp_path / "export.csv"
    to_published(to_raw(rough, gwangyang.zone)).write_csv(path)
    return path


def test_it_says_how_many_rows_each_answered_and_by_which_model(
    steel: Steel, export: Path, model: UsageModel, tmp_path: Path
) -> None:
    settings = SteelSettings(data_dir=tmp_path / "data")
    manifest = publish_model(model, toy_facts(plant="gwangyang", model=NAME), nowcast_dir=settings.nowcast_dir)

    result = steel("nowcast", export, "--out", "nowcast.parquet")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "100 rows, 90 by physics, 10 by model, 0 without an answer: nowcast.parquet",
        "10 rows contradict themselves or are not as the meter shows them",
        f"model {manifest.version}, fitted on readings before 2018-03-01T09:00:00+09:00",
    ]
    methods = pl.read_parquet("nowcast.parquet")["method"].to_list()
    assert methods == ["model"] * 10 + ["physics"] * 90


def test_without_a_fitted_model_physics_answers_alone_and_that_is_said(steel: Steel, export: Path) -> None:
    result = steel("nowcast", export, "--out", "nowcast.csv")

    assert result.exit_code == 0
    assert result.stdout.startswith("100 rows, 100 by physics, 0 without an answer: nowcast.csv")
    assert "no model of this plant is fitted, so physics answered alone (make build fits one)" in result.stderr


def test_a_damaged_model_is_one_clear_line(steel: Steel, export: Path, model: UsageModel, tmp_path: Path) -> None:
    settings = SteelSettings(data_dir=tmp_path / "data")
    manifest = publish_model(model, toy_facts(plant="gwangyang", model=NAME), nowcast_dir=settings.nowcast_dir)
    (settings.nowcast_dir / "gwangyang" / manifest.version / "error.txt").unlink()

    result = steel("nowcast", export, "--out", "nowcast.csv")

    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert result.stderr.rstrip().endswith("error.txt: is missing (build it again: make build)")
