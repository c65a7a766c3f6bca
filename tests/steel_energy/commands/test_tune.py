"""``steel tune`` as a user calls it, on a toy plant with trees of seconds."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml
from typer.testing import CliRunner, Result

from steel_energy.cli import app
from steel_energy.commands.tune import BoostedModel
from steel_energy.lake import Lake
from steel_energy.params import load_params
from steel_energy.settings import PROJECT_ROOT
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.tuning import TUNED

Steel = Callable[..., Result]


@pytest.fixture
def params_file(tmp_path: Path) -> Path:
    """The project's own file, comments and all, with three trees a model that learn too slowly for so few."""
    text = re.sub(r"trees: \d+", "trees: 3", (PROJECT_ROOT / "params.yaml").read_text(encoding="utf-8"))
    path = tmp_path / "params.yaml"
    path.write_text(text.replace("learning_rate: 0.05", "learning_rate: 0.01"), encoding="utf-8")
    return path


@pytest.fixture
def steel(tmp_path: Path, params_file: Path, monkeypatch: pytest.MonkeyPatch) -> Steel:
    """`steel ARGUMENTS` in a project with the toy plant alone; its readings lie in the lake, each with some noise."""
    for folder, record in (("plants", toy_plant()), ("tariffs", toy_tariff())):
        path = tmp_path / "data" / folder / f"{record.id}.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(yaml.safe_dump(record.model_dump(mode="json")), encoding="utf-8")
    readings = toy_readings(days=80)
    noise = np.random.default_rng(3).uniform(0.5, 1.5, readings.height)
    lake = Lake(tmp_path / "data" / "lake")
    lake.write("cleaned_readings", "toy", "2018-01", readings.with_columns(pl.col("usage_kwh") * noise))
    monkeypatch.setenv("STEEL_HOME", str(params_file.parent))
    monkeypatch.setenv("STEEL_DATA_DIR", str(tmp_path / "data"))
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_what_is_found_is_shown_and_only_written_where_it_is_asked_for(steel: Steel, params_file: Path):
    before = params_file.read_text(encoding="utf-8")

    shown = steel("tune", "--model", "lightgbm", "--trials", 3)
    assert shown.exit_code == 0, shown.output
    assert re.search(r"lightgbm: \S+ kWh, the present values \S+ kWh \(\S+% better, .*; trials: 3,", shown.stdout)
    assert re.search(r"learning_rate +│ 0\.01", shown.stdout)
    assert params_file.read_text(encoding="utf-8") == before

    written = steel("tune", "--model", "lightgbm", "--trials", 3, "--write")
    original, after = load_params(PROJECT_ROOT / "params.yaml").forecasting, load_params(params_file).forecasting
    assert written.exit_code == 0, written.output
    assert after.lightgbm.learning_rate > 0.01
    assert after.xgboost == original.xgboost.model_copy(update={"learning_rate": 0.01})
    assert params_file.read_text(encoding="utf-8").count("#") == before.count("#")

    again = steel("tune", "--model", "lightgbm", "--trials", 3, "--write")
    assert again.exit_code == 2
    assert again.stderr.startswith("error: nothing better than the present values was found (try more: --trials)")


def test_both_models_are_searched_where_none_is_named(steel: Steel):
    result = steel("tune", "--trials", 1)

    assert result.exit_code == 0, result.output
    assert "lightgbm: none is better" in result.stdout
    assert "xgboost: none is better" in result.stdout


def test_every_boosted_model_can_be_named():
    assert {model.value for model in BoostedModel} == set(TUNED)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--plant", "nowhere"], "plant: unknown plant 'nowhere'"),
        (["--trials", 0], "Invalid value for '--trials'"),
        (["--model", "seasonal_naive"], "Invalid value for '--model'"),
    ],
)
def test_what_cannot_be_searched_is_one_error_line(steel: Steel, arguments: list[object], reason: str):
    result = steel("tune", *arguments)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"error: {reason}")
    assert result.stderr.count("\n") == 1


def test_a_plant_without_readings_names_the_remedy(steel: Steel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("STEEL_DATA_DIR", str(tmp_path / "empty"))

    result = steel("tune")

    assert result.exit_code == 2
    assert "make build" in result.stderr
