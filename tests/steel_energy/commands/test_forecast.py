"""``steel forecast`` as a user calls it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import yaml
from typer.testing import CliRunner, Result

from steel_energy.artifacts import publish
from steel_energy.cleaning import clean, place
from steel_energy.cli import app
from steel_energy.forecasting import FORECAST_COLUMNS, SeasonalNaive
from steel_energy.history import readings_end
from steel_energy.lake import Lake
from steel_energy.params import load_params
from steel_energy.plant import Plant
from steel_energy.settings import PROJECT_ROOT
from steel_energy.sources.raw import to_published
from steel_energy.sources.simulated import simulated_readings
from steel_energy.tariff import Tariff
from steel_energy.testing import toy_facts

Steel = Callable[..., Result]
MONTH = "2018-01"
AT = "2018-01-25T06:00"


@pytest.fixture(scope="module")
def raw(gwangyang: Plant, kepco: Tariff) -> pl.DataFrame:
    """A simulated January as raw rows."""
    return simulated_readings(gwangyang.model_copy(update={"last_month": MONTH}), kepco, seed=5).rows


@pytest.fixture(scope="module")
def readings(raw: pl.DataFrame, gwangyang: Plant, kepco: Tariff) -> pl.DataFrame:
    return clean(place(raw, gwangyang), plant=gwangyang, tariff=kepco).readings


@pytest.fixture
def steel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steel:
    """`steel ARGUMENTS` in a folder of its own, with a data folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STEEL_DATA_DIR", str(tmp_path / "data"))
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def champion(readings: pl.DataFrame, gwangyang: Plant, kepco: Tariff, tmp_path: Path) -> SeasonalNaive:
    """The seasonal naive forecast, published; the cleaned month lies in the lake."""
    params = load_params(PROJECT_ROOT / "params.yaml").forecasting.model_copy(update={"min_training_days": 21})
    fitted = SeasonalNaive(plant=gwangyang, tariff=kepco, params=params).fit(readings)
    facts = toy_facts(
        plant=gwangyang.id, trained_from=readings["interval_start"][0], trained_until=readings_end(readings)
    )
    publish(tmp_path / "data" / "bundles", facts, write=fitted.save)
    Lake(tmp_path / "data" / "lake").write("cleaned_readings", gwangyang.id, MONTH, readings)
    return fitted


@pytest.mark.usefixtures("champion")
def test_it_forecasts_the_day_after_the_lakes_readings(steel: Steel, tmp_path: Path):
    result = steel("forecast", "--out", "forecast.parquet")

    forecast = pl.read_parquet(tmp_path / "forecast.parquet")
    assert result.exit_code == 0, result.output
    assert "2018-02-01T00:00:00+09:00" in result.stdout
    assert "note:" not in result.stderr
    assert tuple(forecast.columns) == FORECAST_COLUMNS
    assert forecast.height == 96
    assert forecast["interval_start"][0].isoformat() == "2018-02-01T00:00:00+09:00"


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_files_readings_after_the_origin_are_not_read(
    kind: str, steel: Steel, champion: SeasonalNaive, readings: pl.DataFrame, raw: pl.DataFrame
):
    start = pl.col("interval_start")
    later = start >= pl.lit(AT).str.to_datetime(time_zone="Asia/Seoul", time_unit="us")
    readings.with_columns(usage_kwh=pl.when(later).then(999.0).otherwise("usage_kwh")).write_parquet("changed.parquet")
    first_changed = 24 * 96 + 24
    after = pl.int_range(pl.len()) >= first_changed
    to_published(raw.with_columns(usage_kwh=pl.when(after).then(pl.lit("999")).otherwise("usage_kwh"))).write_csv(
        "changed.csv"
    )

    result = steel("forecast", "--readings", f"changed.{kind}", "--at", AT, "--horizon", 200, "--out", "out.parquet")

    assert result.exit_code == 0, result.output
    assert "fitted on readings before 2018-02-01T00:00:00+09:00" in result.stdout
    assert "no fit is as old as --at" in result.stderr
    expected = champion.predict(readings, origin=readings["interval_start"][first_changed], horizon=200)
    assert pl.read_parquet("out.parquet").equals(expected)


@pytest.mark.usefixtures("champion")
@pytest.mark.parametrize(
    ("arguments", "reasons"),
    [
        (["--at", "tomorrow"], ["--at", "tomorrow", "2018-11-06T07:15"]),
        (["--at", "2018-01-25T06:07"], ["origin", "grid"]),
        (["--at", "2018-03-01"], ["origin", "outside of the known readings"]),
        (["--at", "2018-01-03"], ["needs 8 days"]),
        (["--at", "2010-01-01"], ["no readings"]),
        (["--at", "0001-01-01"], ["--at", "is no time"]),
        (["--horizon", "0"], ["horizon", "1 to 672"]),
        (["--horizon", "673"], ["horizon", "1 to 672"]),
        (["--plant", "atlantis"], ["atlantis", "gwangyang"]),
        (["--readings", "nowhere.csv"], ["nowhere.csv", "no such file"]),
        (["--readings", "nowhere.parquet"], ["nowhere.parquet"]),
    ],
)
def test_a_wrong_argument_is_one_clear_line(steel: Steel, arguments: list[str], reasons: list[str]):
    assert_one_error_line(steel("forecast", *arguments, "--out", "forecast.parquet"), *reasons)


def test_without_readings_the_remedy_is_named(steel: Steel):
    assert_one_error_line(steel("forecast", "--out", "forecast.parquet"), "no cleaned_readings", "make build")


@pytest.mark.usefixtures("champion")
def test_a_damaged_champion_is_stepped_down_from_and_that_is_said(steel: Steel, tmp_path: Path, monkeypatch):
    model = next((tmp_path / "data" / "bundles" / "gwangyang").glob("*/forecaster.json"))
    model.write_text("{}", encoding="utf-8")
    short_history = yaml.safe_load((PROJECT_ROOT / "params.yaml").read_text(encoding="utf-8"))
    short_history["forecasting"]["min_training_days"] = 21
    shutil.copytree(PROJECT_ROOT / "data" / "plants", tmp_path / "home" / "data" / "plants")
    shutil.copytree(PROJECT_ROOT / "data" / "tariffs", tmp_path / "home" / "data" / "tariffs")
    (tmp_path / "home" / "params.yaml").write_text(yaml.safe_dump(short_history), encoding="utf-8")
    monkeypatch.setenv("STEEL_HOME", str(tmp_path / "home"))

    result = steel("forecast", "--out", "forecast.parquet")

    assert result.exit_code == 0, result.output
    assert "by seasonal_naive on-the-spot" in result.stdout
    assert "note: not the champion, the seasonal naive answers." in result.stderr
    assert "forecaster.json: was altered" in result.stderr
    assert pl.read_parquet("forecast.parquet").height == 96


@pytest.mark.usefixtures("champion")
def test_where_nothing_can_answer_the_champions_fault_is_the_error(steel: Steel, tmp_path: Path):
    next((tmp_path / "data" / "bundles" / "gwangyang").glob("*/forecaster.json")).unlink()

    result = steel("forecast", "--out", "forecast.parquet")

    assert_one_error_line(result, "forecaster.json: is missing", "make build")


@pytest.mark.usefixtures("champion")
def test_a_file_without_a_reading_before_the_origin_is_refused(steel: Steel, raw: pl.DataFrame):
    to_published(raw).write_csv("export.csv")

    result = steel("forecast", "--readings", "export.csv", "--at", "2010-01-01", "--out", "f.parquet")

    assert_one_error_line(result, "export.csv", "no reading lies before --at")


@pytest.mark.usefixtures("champion")
def test_readings_of_another_plant_are_refused(steel: Steel, readings: pl.DataFrame):
    readings.with_columns(plant=pl.lit("elsewhere")).write_parquet("other.parquet")

    assert_one_error_line(
        steel("forecast", "--readings", "other.parquet", "--out", "f.parquet"), "elsewhere", "--plant"
    )


def assert_one_error_line(result: Result, *reasons: str) -> None:
    lines = [line for line in result.stderr.splitlines() if line.strip()]
    assert result.exit_code == 2, result.output
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("error: ")
    assert all(reason in lines[0] for reason in reasons), lines[0]
