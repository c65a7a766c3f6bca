"""A person's wish is tried before it is carried out: what cannot serve never takes the place, and changes nothing."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from steel_energy.artifacts import Manifest, champion_version, history, promote, publish, rejected, write_bundle
from steel_energy.artifacts.bundles import locked
from steel_energy.errors import BundleError, BusyError
from steel_energy.forecasting.base import FORECASTER_FILE
from steel_energy.forecasting.seasonal import DailyNaive, NaiveForecaster, SeasonalNaive, WeeklyNaive
from steel_energy.handover import LOCK, hand_over
from steel_energy.params import load_params
from steel_energy.settings import PROJECT_ROOT
from steel_energy.sites import Site
from steel_energy.testing import toy_facts, toy_plant, toy_readings, toy_tariff

SITE = Site(toy_plant(), toy_tariff())
KILL_AFTER_S = (0.02, 0.1)
ENDLESS = """
import sys
from pathlib import Path
from steel_energy.artifacts import champion_version, kept_versions
from steel_energy.handover import hand_over
from steel_energy.sites import Site
from steel_energy.testing import toy_plant, toy_tariff
bundles, site = Path(sys.argv[1]), Site(toy_plant(), toy_tariff())
print("ready", flush=True)
while True:
    for version in kept_versions(bundles, "toy"):
        if version != champion_version(bundles, "toy"):
            hand_over(bundles, site, by="promote", to=version, who="ana", because="again", readings=None)
"""


@pytest.fixture(scope="module")
def readings() -> pl.DataFrame:
    return toy_readings(days=42)


@pytest.fixture
def bundle(tmp_path: Path, readings: pl.DataFrame) -> Callable[..., Manifest]:
    """A bundle of a real forecaster; ``served`` makes it the champion as a build does."""

    def make(kind: type[NaiveForecaster], *, served: bool = False) -> Manifest:
        params = load_params(PROJECT_ROOT / "params.yaml").forecasting
        model = kind(plant=SITE.plant, tariff=SITE.tariff, params=params).fit(readings)
        return (publish if served else write_bundle)(tmp_path, toy_facts(model=kind.name), write=model.save)

    return make


@pytest.fixture
def change(tmp_path: Path, readings: pl.DataFrame) -> Callable[..., str]:
    """Ana's wish; returns the version that serves afterwards."""

    def wish(by: str, to: str | None = None, **options: str) -> str:
        asked = {"who": "ana", "because": "nights too low", "readings": readings} | options
        return hand_over(tmp_path, SITE, by=by, to=to, **asked)[1].version  # type: ignore[arg-type]

    return wish


def test_the_history_keeps_who_did_it_and_why(bundle, change, tmp_path: Path):
    first, second = bundle(SeasonalNaive, served=True), bundle(DailyNaive)

    assert change("promote", second.version) == second.version
    assert change("rollback") == first.version

    told = [(one.version, one.by, one.who, one.reason) for one in history(tmp_path, "toy")[1:]]
    assert told == [
        (second.version, "promote", "ana", "nights too low"),
        (first.version, "rollback", "ana", "nights too low"),
    ]
    assert rejected(history(tmp_path, "toy")) == {second.version}


def test_lines_of_the_history_from_before_names_were_kept_are_read(bundle, tmp_path: Path):
    bundle(SeasonalNaive, served=True)
    for name in ("champion.json", "champions.jsonl"):
        file = tmp_path / "toy" / name
        line = json.loads(file.read_text())
        file.write_text(json.dumps({key: value for key, value in line.items() if key != "who"}) + "\n")

    assert [one.who for one in history(tmp_path, "toy")] == [""]


def altered(folder: Path) -> None:
    (folder / FORECASTER_FILE).write_text("{}")


def of_other_columns(folder: Path) -> None:
    """As a bundle of trees whose features this version of the code does not compute, with hashes that are right."""
    state = {"name": "lightgbm", "features": ["phase_of_the_moon"], "params": {}, "ranges": []}
    folder.mkdir(exist_ok=True)
    (folder / FORECASTER_FILE).write_text(json.dumps(state))


def test_an_altered_bundle_does_not_take_the_place(bundle, change, tmp_path: Path):
    first, second = bundle(SeasonalNaive, served=True), bundle(DailyNaive)
    altered(tmp_path / "toy" / second.version)

    with pytest.raises(BundleError, match="was altered"):
        change("promote", second.version)

    assert champion_version(tmp_path, "toy") == first.version
    assert len(history(tmp_path, "toy")) == 1


def test_a_bundle_of_other_columns_does_not_take_the_place(bundle, change, tmp_path: Path):
    bundle(SeasonalNaive, served=True)
    foreign = write_bundle(tmp_path, toy_facts(model="lightgbm"), write=of_other_columns)

    with pytest.raises(BundleError, match="was trained on other features"):
        change("promote", foreign.version)

    assert len(history(tmp_path, "toy")) == 1


def test_a_bundle_that_cannot_forecast_from_these_readings_does_not_take_the_place(bundle, tmp_path: Path):
    bundle(SeasonalNaive, served=True)
    second = bundle(WeeklyNaive)

    with pytest.raises(BundleError, match="needs"):
        hand_over(
            tmp_path,
            SITE,
            by="promote",
            to=second.version,
            who="ana",
            because="x",
            readings=toy_readings(days=1),
        )

    assert len(history(tmp_path, "toy")) == 1


def test_what_serves_already_or_is_not_what_was_expected_changes_nothing(bundle, change, tmp_path: Path):
    first, second = bundle(SeasonalNaive, served=True), bundle(DailyNaive)

    with pytest.raises(BundleError, match="is the champion already"):
        change("promote", first.version)
    with pytest.raises(BundleError, match=f"{second.version}: is not the champion any more"):
        change("promote", second.version, expected=second.version)
    with pytest.raises(BundleError, match="no previous champion"):
        change("rollback")

    assert len(history(tmp_path, "toy")) == 1


def test_while_one_change_runs_another_is_refused_and_readers_and_builds_go_on(bundle, change, tmp_path: Path):
    bundle(SeasonalNaive, served=True)
    second, third = bundle(DailyNaive), bundle(WeeklyNaive)

    with locked(tmp_path / "toy" / LOCK):
        with pytest.raises(BusyError, match="another change is under way"):
            change("promote", second.version)
        promote(tmp_path, "toy", version=third.version, by="build", reason="better")

    assert champion_version(tmp_path, "toy") == third.version
    assert change("promote", second.version) == second.version


def test_a_kill_at_any_point_leaves_the_old_or_the_new_champion_and_no_lock(bundle, change, tmp_path: Path):
    bundle(SeasonalNaive, served=True)
    bundle(DailyNaive)
    known = 1
    for seconds in KILL_AFTER_S:
        process = subprocess.Popen([sys.executable, "-c", ENDLESS, str(tmp_path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.communicate()

        promotions = history(tmp_path, "toy")
        assert champion_version(tmp_path, "toy") == promotions[-1].version
        assert [one.number for one in promotions] == list(range(1, len(promotions) + 1))
        assert len(promotions) >= known
        known = len(promotions)

    assert known > 1
    assert change("rollback") == champion_version(tmp_path, "toy")
