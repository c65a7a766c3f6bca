"""A disk that is full: nothing is promised, nothing that was there is lost, and with room again all goes on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from steel_energy.artifacts import champion_version, history, kept_versions, promote, publish, write_bundle
from steel_energy.errors import StorageError
from steel_energy.inbox import Inbox
from steel_energy.testing import toy_facts, toy_readings


def fill(disk: Path) -> Path:
    """Take all the room there is; gives back what took it."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1024))
    return filler


def model_of(size: int) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "model.txt").write_text("m" * size, encoding="utf-8")

    return write


def test_readings_are_promised_only_once_they_are_kept_and_none_is_kept_twice(small_disk: Path):
    inbox, day = Inbox(small_disk / "inbox"), toy_readings(days=2)
    inbox.add("toy", day.head(96), batch_id="first")
    filler = fill(small_disk)

    with pytest.raises(StorageError, match="No space left on device"):
        inbox.add("toy", day.tail(96), batch_id="second")
    kept = inbox.read("toy").height
    filler.unlink()
    inbox.add("toy", day.tail(96), batch_id="second again")

    assert kept == 96
    assert inbox.read("toy")["usage_kwh"].to_list() == day["usage_kwh"].to_list()
    assert [(batch.name, batch.rows) for batch in inbox.batches("toy")] == [("first", 96), ("second again", 96)]
    assert [batch.name for batch in Inbox(small_disk / "inbox").batches("toy")] == ["first", "second again"]


def test_the_champion_stays_where_there_is_no_room_to_promote_another(small_disk: Path):
    first = publish(small_disk, toy_facts(), write=model_of(10))
    second = write_bundle(small_disk, toy_facts(model="lightgbm"), write=model_of(20))
    filler = fill(small_disk)

    with pytest.raises(StorageError, match="No space left on device"):
        promote(small_disk, "toy", version=second.version, by="build", reason="better")
    served, told = champion_version(small_disk, "toy"), history(small_disk, "toy")
    filler.unlink()
    promote(small_disk, "toy", version=second.version, by="build", reason="better")

    assert (served, len(told)) == (first.version, 1)
    assert champion_version(small_disk, "toy") == second.version
    assert [promotion.number for promotion in history(small_disk, "toy")] == [1, 2]


def test_a_bundle_that_does_not_fit_leaves_nothing_behind(small_disk: Path):
    first = publish(small_disk, toy_facts(), write=model_of(10))

    with pytest.raises(StorageError, match="No space left on device"):
        publish(small_disk, toy_facts(model="lightgbm"), write=model_of(2_000_000))

    assert kept_versions(small_disk, "toy") == [first.version]
    assert [path.name for path in (small_disk / "toy").glob(".*")] == []
    assert champion_version(small_disk, "toy") == first.version
