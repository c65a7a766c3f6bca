"""The build as `make build` runs it: whole, again, after a change, after a kill, and with a source that is wrong."""

from __future__ import annotations

import datetime as dt
import io
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import yaml
from rich.console import Console

import steel_assets.build
from steel_assets import freshness
from steel_assets.build import build, main, open_instance, said_once
from steel_assets.definitions import build_resources
from steel_assets.defs.forecasting import MODELS
from steel_assets.settings import AssetsSettings
from steel_energy.artifacts import read_champion
from steel_energy.errors import SteelError
from steel_energy.inbox import Inbox
from steel_energy.lake import Lake
from steel_energy.marked_days import MarkedDay, mark_days
from steel_energy.sources.raw import PUBLISHED_HEADER
from steel_energy.testing import toy_readings

KILLS = 3
SEED = 7
WEEKS = ("12", "13")
pytestmark = pytest.mark.filterwarnings(  # of MLflow's imports and of its own classes
    "ignore::DeprecationWarning", "ignore::FutureWarning", "ignore:.*Any type hint is inferred:UserWarning"
)


def said_by_build(settings: AssetsSettings) -> str:
    text = io.StringIO()
    build(settings, console=Console(file=text, width=200))
    return text.getvalue()


def environment(settings: AssetsSettings) -> dict[str, str]:
    own = {"STEEL_HOME": settings.home, "STEEL_DATA_DIR": settings.data_dir, "STEEL_SOURCE": settings.source}
    return os.environ | {name: str(value) for name, value in own.items()}


def lake_bytes(settings: AssetsSettings) -> dict[str, bytes]:
    """Parquet files and facts by their path; not DuckDB's own file, a copy, nor the stamp, which hashes code."""
    data = [path for path in lake_files(settings) if path.suffix in (".parquet", ".json")]
    files = [path for path in data if path.parts[-3] != freshness.ASSET]
    return {str(path.relative_to(settings.lake_dir)): path.read_bytes() for path in files}


def of_months(files: dict[str, bytes]) -> dict[str, bytes]:
    """What comes of readings alone: no champion has touched it."""
    return {path: content for path, content in files.items() if Path(path).parts[0] in freshness.MONTHLY}


@pytest.fixture(autouse=True, scope="module")
def few_weeks() -> Iterator[None]:
    """A build tells of as many weeks as this, since each page of drift takes three seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(steel_assets.build, "NEWEST_WEEKS", len(WEEKS))
        yield


def standing(settings: AssetsSettings) -> freshness.Standing:
    with open_instance(settings) as instance:
        return freshness.standing(build_resources(settings)["project"], "toy", instance=instance)


def reasons_to_build(settings: AssetsSettings) -> list[str]:
    return standing(settings).reasons


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, make_toy_project) -> AssetsSettings:
    """A toy project after an undisturbed build."""
    settings = make_toy_project(tmp_path_factory.mktemp("built"))
    said_by_build(settings)
    return settings


def test_everything_is_materialised_and_the_champion_can_be_read(built: AssetsSettings):
    manifest, folder = read_champion(built.bundles_dir, "toy")

    with open_instance(built) as instance:
        keys = {key.to_user_string() for key in instance.all_asset_keys()}
    assert {"raw_readings", "cleaned_readings", "repairs", "features", "leaderboard", "champion", "warehouse"} <= keys
    assert manifest.source["kind"] == "simulated"
    assert (folder / "forecaster.json").is_file()
    weekly = {
        f"weekly-2018-W{week}-{language}.{kind}"
        for week in WEEKS
        for language in ("en", "es")
        for kind in ("pdf", "xlsx")
    }
    written = {path.name for path in (built.reports_dir / "plant=toy").iterdir()}
    drift = {f"drift-2018-W{week}.html" for week in WEEKS}
    assert written == {"eda.html", "models.html", "quality.html"} | weekly | drift
    for table in ("drift_report", "performance"):
        weeks = {path.name for path in (built.lake_dir / table / "plant=toy").iterdir()}
        assert weeks == {f"week=2018-03-{monday}.parquet" for monday in ("19", "26")}


def test_the_warehouse_holds_the_lake_and_the_tariff_bands(built: AssetsSettings):
    with duckdb.connect(str(built.warehouse_file), read_only=True) as connection:
        readings = connection.execute("select count(*) from cleaned_readings").fetchall()
        bands = connection.execute("select count(*) from tariff_bands where tariff = 'toy'").fetchall()
        plants = connection.execute("select id, zone, pulse_kwh from plants").fetchall()

    assert readings == [((31 + 28 + 31) * 96,)]
    assert bands == [(12 * 24,)]
    assert plants == [("toy", "Asia/Seoul", 1.0)]


def test_the_registered_champion_forecasts_the_next_day(built: AssetsSettings, monkeypatch: pytest.MonkeyPatch):
    import mlflow  # noqa: PLC0415 - as the assets do

    monkeypatch.setenv("STEEL_HOME", str(built.home))
    build_resources(built)["tracking"].client()

    model = mlflow.pyfunc.load_model("models:/toy-forecast@champion")
    forecast = model.predict(Lake(built.lake_dir).read("cleaned_readings", "toy").to_pandas())

    assert len(forecast) == 96
    assert str(forecast["interval_start"].iloc[0]) == "2018-04-01 00:00:00+09:00"


def test_a_second_build_finds_everything_up_to_date(built: AssetsSettings):
    before = lake_bytes(built)

    said = said_by_build(built)

    assert (
        said.strip() == "toy: SIMULATED readings, not from a meter (toy, seed 20180101), 2018-01 to 2018-03: up to date"
    )
    assert lake_bytes(built) == before


@pytest.mark.parametrize(
    ("file", "reason"),
    [("params.yaml", "params"), ("data/plants/toy.yaml", "plant"), ("data/tariffs/toy.yaml", "tariff")],
)
def test_a_changed_file_is_named_as_the_reason_to_build_again(built: AssetsSettings, file: str, reason: str):
    path = built.home / file
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}# changed\n", encoding="utf-8")

    reasons = reasons_to_build(built)
    path.write_text(text, encoding="utf-8")

    assert reasons == [reason]


def test_a_marked_day_is_a_reason_to_build_the_months_and_no_model(built: AssetsSettings):
    mark_days(built.calendars_dir, "toy", marks=[MarkedDay(day=dt.date(2018, 1, 3), state="closed")])

    after_mark = standing(built)
    shutil.rmtree(built.calendars_dir)

    assert (after_mark.reasons, after_mark.keeps_models) == (["marked days"], True)


def test_posted_readings_are_a_reason_to_build_the_months_and_no_model(built: AssetsSettings):
    Inbox(built.inbox_dir).add("toy", toy_readings(days=1), batch_id="one")

    after_post = standing(built)
    shutil.rmtree(built.inbox_dir)

    assert (after_post.reasons, after_post.keeps_models) == (["posted"], True)
    assert not standing(built.model_copy(update={"profile": "full"})).keeps_models


@pytest.mark.parametrize(
    ("asset", "file", "reasons"),
    [
        ("cleaned_readings", "month=2018-02.parquet", ["lake files damaged"]),
        ("raw_readings", "facts.json", ["lake files damaged"]),
        ("build", "facts.json", ["the record of the last build is damaged"]),
    ],
)
def test_a_damaged_file_is_a_reason_to_build_and_a_months_one_is_none_for_models(
    built: AssetsSettings, asset: str, file: str, reasons: list[str]
):
    path = built.lake_dir / asset / "plant=toy" / file
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])

    after_damage = standing(built)
    path.write_bytes(whole)

    assert after_damage.reasons == reasons
    assert after_damage.keeps_models is (asset != "build")
    assert reasons_to_build(built) == []


def test_another_source_or_profile_and_missing_files_are_reasons_to_build_again(built: AssetsSettings, tmp_path: Path):
    other = tmp_path / "other.csv"
    rows = build_resources(built)["project"].take_in("toy").placed.select(list(PUBLISHED_HEADER)).head(5000)
    rows.rename(PUBLISHED_HEADER).write_csv(other)

    assert reasons_to_build(built.model_copy(update={"profile": "full"})) == ["profile"]
    assert reasons_to_build(built.model_copy(update={"source": str(other)}))[:2] == ["source", "readings"]
    assert reasons_to_build(built.model_copy(update={"data_dir": tmp_path})) == ["not built yet"]


def test_a_kill_at_any_moment_leaves_nothing_that_the_next_build_does_not_mend(
    built: AssetsSettings, tmp_path: Path, make_toy_project
):
    settings = make_toy_project(tmp_path / "killed")
    leave_out_all_but(settings, "seasonal_naive")
    moments = random.Random(SEED)
    for _ in range(KILLS):
        kill_while_writing(settings, after_files=moments.randrange(1, 12))

    said = said_by_build(settings)

    assert "building" in said.splitlines()[0]
    assert of_months(lake_bytes(settings)) == of_months(lake_bytes(built))
    assert lake_bytes(settings).keys() == lake_bytes(built).keys()
    assert read_champion(settings.bundles_dir, "toy")[0].model == "seasonal_naive"


def test_a_source_that_is_no_meter_export_is_one_clear_line(
    settings: AssetsSettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    nonsense = settings.home / "nonsense.csv"
    nonsense.write_text("a,b\n1,2\n", encoding="utf-8")
    for name, value in environment(settings.model_copy(update={"source": str(nonsense)})).items():
        if name.startswith("STEEL_"):
            monkeypatch.setenv(name, value)

    code = main()

    error = capsys.readouterr().err
    assert code == 2
    assert error.startswith("error: ")
    assert error.count("\n") == 1


def test_months_that_the_plant_does_not_have_are_refused_with_the_remedy(settings: AssetsSettings):
    plant = settings.plants_dir / "toy.yaml"
    plant.write_text(plant.read_text(encoding="utf-8").replace("2018-03", "2017-12").replace("2018-01", "2017-11"))

    with pytest.raises(SteelError):
        said_by_build(settings.model_copy(update={"source": str(settings.home / "missing.csv")}))


def leave_out_all_but(settings: AssetsSettings, model: str) -> None:
    """Only ``model`` is tried out."""
    params = yaml.safe_load(settings.params_file.read_text(encoding="utf-8"))
    params["evaluation"]["left_out"] = [one for one in (*MODELS, "ensemble") if one != model]
    settings.params_file.write_text(yaml.safe_dump(params), encoding="utf-8")


def kill_while_writing(settings: AssetsSettings, *, after_files: int) -> None:
    """Start a build and kill it as soon as it has replaced so many files of the lake."""
    started = time.time()
    process = subprocess.Popen([sys.executable, "-m", "steel_assets.build"], env=environment(settings))
    while process.poll() is None and files_since(settings, started) < after_files:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()


def files_since(settings: AssetsSettings, moment: float) -> int:
    return sum(path.suffix in (".parquet", ".json") and path.stat().st_mtime > moment for path in lake_files(settings))


def lake_files(settings: AssetsSettings) -> list[Path]:
    return [Path(folder) / name for folder, _, names in os.walk(settings.lake_dir) for name in names]


def test_a_source_that_is_looked_for_twice_is_said_to_be_missing_once():
    passes = said_once()
    record = logging.makeLogRecord({"msg": "source %s skipped", "args": ("uci",)})

    assert [passes(record), passes(record)] == [True, False]
