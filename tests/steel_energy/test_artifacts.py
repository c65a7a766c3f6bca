from __future__ import annotations

import datetime as dt
import json
import threading
from pathlib import Path

import pytest

from steel_energy.artifacts import Manifest, champion_version, publish, read_champion
from steel_energy.errors import BundleError


def publish_text(bundles: Path, text: str, **changes: object) -> Manifest:
    def write(folder: Path) -> None:
        (folder / "model.txt").write_text(text, encoding="utf-8")
        (folder / "trees").mkdir()
        (folder / "trees" / "a.txt").write_text(text * 2, encoding="utf-8")

    facts = {
        "plant": "toy",
        "model": "seasonal_naive",
        "trained_from": dt.datetime(2018, 1, 1, tzinfo=dt.UTC),
        "trained_until": dt.datetime(2018, 3, 1, tzinfo=dt.UTC),
        "source": {"kind": "simulated", "location": "toy", "missing_columns": ()},
        "metrics": {"test.over_24h.rmse_kwh": 15.5},
    }
    return publish(bundles, write=write, **{**facts, **changes})  # type: ignore[arg-type]


def test_what_is_published_can_be_read_back(tmp_path: Path):
    published = publish_text(tmp_path, "one")

    manifest, folder = read_champion(tmp_path, "toy")

    assert manifest.version == published.version == champion_version(tmp_path, "toy") == folder.name
    assert (manifest.model, manifest.metrics) == ("seasonal_naive", {"test.over_24h.rmse_kwh": 15.5})
    assert (folder / "model.txt").read_text() == "one"
    assert set(manifest.files) == {"model.txt", "trees/a.txt"}


def test_the_same_content_has_the_same_version_and_any_other_content_another(tmp_path: Path):
    first = publish_text(tmp_path, "one")

    assert publish_text(tmp_path, "one") == first
    assert publish_text(tmp_path, "two").version != first.version
    assert publish_text(tmp_path, "one", metrics={}).version != first.version
    assert publish_text(tmp_path, "one", model="lightgbm").version != first.version


def test_the_newest_publication_is_the_champion_and_the_old_bundle_stays_whole(tmp_path: Path):
    publish_text(tmp_path, "one")
    _, old = read_champion(tmp_path, "toy")

    publish_text(tmp_path, "two")

    _, new = read_champion(tmp_path, "toy")
    assert (old / "model.txt").read_text() == "one"
    assert (new / "model.txt").read_text() == "two"


def test_plants_have_champions_of_their_own(tmp_path: Path):
    publish_text(tmp_path, "one")

    assert champion_version(tmp_path, "other") is None


def test_a_failing_writer_leaves_the_champion_and_no_litter(tmp_path: Path):
    published = publish_text(tmp_path, "one")

    def fail(folder: Path) -> None:
        (folder / "half.txt").write_text("half", encoding="utf-8")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        publish(
            tmp_path,
            plant="toy",
            model="lightgbm",
            trained_from=published.trained_from,
            trained_until=published.trained_until,
            source={},
            metrics={},
            write=fail,
        )

    assert champion_version(tmp_path, "toy") == published.version
    assert {path.name for path in (tmp_path / "toy").iterdir()} == {"champion.json", published.version}


def test_a_reader_always_finds_a_whole_bundle_while_champions_change(tmp_path: Path):
    publish_text(tmp_path, "0")
    writer = threading.Thread(target=lambda: [publish_text(tmp_path, str(number % 5)) for number in range(30)])
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


def test_an_altered_file_is_found_and_named(tmp_path: Path):
    version = publish_text(tmp_path, "one").version
    (tmp_path / "toy" / version / "trees" / "a.txt").write_text("evil", encoding="utf-8")

    with pytest.raises(BundleError, match=r"a\.txt: was altered"):
        read_champion(tmp_path, "toy")


def test_a_missing_file_is_found_and_named(tmp_path: Path):
    version = publish_text(tmp_path, "one").version
    (tmp_path / "toy" / version / "model.txt").unlink()

    with pytest.raises(BundleError, match=r"model\.txt: is missing"):
        read_champion(tmp_path, "toy")


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda path: path.unlink(), "is missing"),
        (lambda path: path.write_text("{", encoding="utf-8"), "is not a manifest"),
        (lambda path: path.write_text(path.read_text().replace("15.5", "1.5"), encoding="utf-8"), "was altered"),
    ],
    ids=["missing", "not JSON", "a better score"],
)
def test_a_damaged_manifest_is_refused(damage, complaint: str, tmp_path: Path):
    version = publish_text(tmp_path, "one").version
    damage(tmp_path / "toy" / version / "manifest.json")

    with pytest.raises(BundleError, match=complaint):
        read_champion(tmp_path, "toy")


def test_a_damaged_champion_record_is_refused(tmp_path: Path):
    publish_text(tmp_path, "one")
    (tmp_path / "toy" / "champion.json").write_text(json.dumps([1]), encoding="utf-8")

    with pytest.raises(BundleError, match="not a champion record"):
        champion_version(tmp_path, "toy")


def test_publishing_again_mends_a_damaged_bundle(tmp_path: Path):
    version = publish_text(tmp_path, "one").version
    (tmp_path / "toy" / version / "model.txt").write_text("evil", encoding="utf-8")

    assert publish_text(tmp_path, "one").version == version
    assert read_champion(tmp_path, "toy")[0].version == version


def test_a_score_that_is_no_number_is_refused_before_anything_changes(tmp_path: Path):
    with pytest.raises(ValueError, match="finite"):
        publish_text(tmp_path, "one", metrics={"rmse": float("nan")})

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
def test_a_past_origin_is_answered_by_a_fit_that_ends_before_it(
    tmp_path: Path, origin_day: int, seen_until_day: int
) -> None:
    days = [dt.datetime(2018, 1, day, tzinfo=dt.UTC) for day in (5, 10)]
    manifest = publish_text(tmp_path, "one", trained_until=days[1], earlier_fits=days[:1])

    assert manifest.trained_until_for(dt.datetime(2018, 1, origin_day, tzinfo=dt.UTC)).day == seen_until_day
