from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from steel_energy.artifacts import Manifest, champion_version, kept_versions, publish, read_bundle, read_champion
from steel_energy.errors import BundleError, StorageError
from steel_energy.testing import toy_facts

Put = Callable[..., Manifest]


def test_what_is_published_can_be_read_back(put: Put, tmp_path: Path):
    published = put("one", metrics={"test.over_24h.rmse_kwh": 15.5}, label="made for a test")

    manifest, folder = read_champion(tmp_path, "toy")

    assert manifest.version == published.version == champion_version(tmp_path, "toy") == folder.name
    assert (manifest.model, manifest.metrics) == ("seasonal_naive", {"test.over_24h.rmse_kwh": 15.5})
    assert manifest.label == "made for a test"
    assert (folder / "model.txt").read_text() == "one"
    assert set(manifest.files) == {"model.txt", "trees/a.txt"}


def test_a_bundle_that_nobody_promoted_is_kept_and_not_served(put: Put, bundle: Put, tmp_path: Path):
    served = put("one").version

    made = bundle("two").version

    assert kept_versions(tmp_path, "toy") == [served, made]
    assert champion_version(tmp_path, "toy") == served


@pytest.mark.parametrize(
    "change",
    [
        {"metrics": {"rmse_kwh": 1.0}},
        {"model": "lightgbm"},
        {"label": "new"},
        {"data_sha256": "1" * 64},
        {"source": {"kind": "file", "location": "toy"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_other_content_has_another_version(put: Put, change: dict[str, object]):
    assert put("one", **change).version != put("one").version
    assert put("two").version != put("one").version


def test_the_same_content_has_the_same_version_however_it_came_about(put: Put, tmp_path: Path):
    first = put("one", params={"forecasting": {"seed": 1}})

    again = put("one", params={"forecasting": {"seed": 2}}, source={"kind": "simulated", "location": "elsewhere"})

    assert again == first
    assert kept_versions(tmp_path, "toy") == [first.version]


def test_the_newest_publication_is_the_champion_and_the_old_bundle_stays_whole(put: Put, tmp_path: Path):
    put("one")
    _, old = read_champion(tmp_path, "toy")

    put("two")

    _, new = read_champion(tmp_path, "toy")
    assert (old / "model.txt").read_text() == "one"
    assert (new / "model.txt").read_text() == "two"


def test_plants_have_champions_of_their_own(put: Put, tmp_path: Path):
    put("one")

    assert champion_version(tmp_path, "other") is None


def test_a_failing_writer_leaves_the_champion_and_no_litter(put: Put, tmp_path: Path):
    published = put("one")

    def fail(folder: Path) -> None:
        (folder / "half.txt").write_text("half", encoding="utf-8")
        raise OSError("disk full")

    with pytest.raises(StorageError, match="disk full"):
        publish(tmp_path, toy_facts(), write=fail)

    assert champion_version(tmp_path, "toy") == published.version
    names = {path.name for path in (tmp_path / "toy").iterdir()}
    assert names == {"champion.json", "champions.jsonl", published.version}


def test_what_a_killed_writer_left_is_removed_by_the_next_one(put: Put, tmp_path: Path):
    (tmp_path / "toy" / ".new-killed").mkdir(parents=True)

    put("one")

    assert not (tmp_path / "toy" / ".new-killed").exists()


def test_a_reader_always_finds_a_whole_bundle_while_champions_change(put: Put, tmp_path: Path):
    put("0")
    writer = threading.Thread(target=lambda: [put(str(number % 5)) for number in range(30)])
    writer.start()
    seen = set()
    while writer.is_alive():
        manifest, folder = read_champion(tmp_path, "toy")
        seen.add(manifest.version)
        assert (folder / "trees" / "a.txt").read_text() == (folder / "model.txt").read_text() * 2
    writer.join()

    assert len(seen) >= 1


def test_without_a_champion_the_remedy_is_named(tmp_path: Path):
    with pytest.raises(BundleError, match="no champion of plant toy") as refusal:
        read_champion(tmp_path, "toy")

    assert "make build" in refusal.value.remedy


def test_an_altered_file_is_found_and_named(put: Put, tmp_path: Path):
    version = put("one").version
    (tmp_path / "toy" / version / "trees" / "a.txt").write_text("evil", encoding="utf-8")

    with pytest.raises(BundleError, match=r"a\.txt: was altered"):
        read_champion(tmp_path, "toy")


def test_a_missing_file_is_found_and_named(put: Put, tmp_path: Path):
    version = put("one").version
    (tmp_path / "toy" / version / "model.txt").unlink()

    with pytest.raises(BundleError, match=r"model\.txt: is missing"):
        read_champion(tmp_path, "toy")


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda path: path.unlink(), "is missing"),
        (lambda path: path.write_text("{", encoding="utf-8"), "is not a manifest"),
        (lambda path: path.write_text(path.read_text().replace("15.5", "1.5"), encoding="utf-8"), "was altered"),
        (lambda path: path.write_text(path.read_text().replace('"leaves": 31', '"leaves": 7')), "was altered"),
        (lambda path: path.write_text(path.read_text().replace('"python": "3', '"python": "4')), "was altered"),
    ],
    ids=["missing", "not JSON", "a better score", "other parameters", "another Python"],
)
def test_a_damaged_manifest_is_refused(damage, complaint: str, put: Put, tmp_path: Path):
    version = put("one", metrics={"rmse_kwh": 15.5}, params={"leaves": 31}).version
    damage(tmp_path / "toy" / version / "manifest.json")

    with pytest.raises(BundleError, match=complaint):
        read_champion(tmp_path, "toy")


def test_a_bundle_under_another_name_is_refused(put: Put, tmp_path: Path):
    version = put("one").version
    (tmp_path / "toy" / version).rename(tmp_path / "toy" / "abc")

    with pytest.raises(BundleError, match="was altered"):
        read_bundle(tmp_path, "toy", "abc")


def test_a_damaged_champion_record_is_refused(put: Put, tmp_path: Path):
    put("one")
    (tmp_path / "toy" / "champion.json").write_text(json.dumps([1]), encoding="utf-8")

    with pytest.raises(BundleError, match="not a champion record"):
        champion_version(tmp_path, "toy")


def test_publishing_again_mends_a_damaged_bundle(put: Put, tmp_path: Path):
    version = put("one").version
    (tmp_path / "toy" / version / "model.txt").write_text("evil", encoding="utf-8")

    assert put("one").version == version
    assert read_champion(tmp_path, "toy")[0].version == version


def test_a_score_that_is_no_number_is_refused_before_anything_changes(put: Put, tmp_path: Path):
    with pytest.raises(ValueError, match="finite"):
        put("one", metrics={"rmse": float("nan")})

    assert champion_version(tmp_path, "toy") is None


@pytest.mark.parametrize(
    ("origin_day", "seen_until_day"),
    [
        pytest.param(1, 5, id="no fit is as old: the oldest"),
        pytest.param(5, 5, id="an earlier fit"),
        pytest.param(9, 5, id="between two fits"),
        pytest.param(20, 10, id="the newest"),
    ],
)
def test_a_past_origin_is_answered_by_a_fit_that_ends_before_it(put: Put, origin_day: int, seen_until_day: int) -> None:
    days = [dt.datetime(2018, 1, day, tzinfo=dt.UTC) for day in (5, 10)]
    manifest = put("one", trained_until=days[1], earlier_fits=days[:1])

    assert manifest.trained_until_for(dt.datetime(2018, 1, origin_day, tzinfo=dt.UTC)).day == seen_until_day
