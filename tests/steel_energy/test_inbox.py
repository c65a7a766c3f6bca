"""What was added to the inbox is there, whatever else happens; the newest reading of an interval stands."""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steel_energy.errors import StorageError
from steel_energy.inbox import Inbox, new_batch_id
from steel_energy.schema import readings_schema
from steel_energy.testing import toy_readings

SEOUL = "Asia/Seoul"
KILLED_WHILE_ADDING = """
import sys
from pathlib import Path
from steel_energy.inbox import Inbox, new_batch_id
from steel_energy.testing import toy_readings

inbox, readings = Inbox(Path(sys.argv[1])), toy_readings(days=8)
for row in range(readings.height):
    inbox.add("toy", readings[row : row + 1], batch_id=new_batch_id())
    print(row, flush=True)
"""


@pytest.fixture(scope="module")
def day() -> pl.DataFrame:
    return toy_readings(days=1)


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "lake" / "inbox")


def with_usage(row: pl.DataFrame, usage_kwh: float | None) -> pl.DataFrame:
    return row.with_columns(pl.lit(usage_kwh, pl.Float64).alias("usage_kwh"))


def journals(inbox: Inbox) -> list[Path]:
    return sorted((inbox.root / "plant=toy").iterdir())


def test_what_was_added_is_read_back_as_it_was(inbox: Inbox, day: pl.DataFrame) -> None:
    inbox.add("toy", day[:50], batch_id="first")
    inbox.add("toy", day[50:], batch_id="second")

    read = inbox.read("toy", zone=SEOUL)

    assert read.drop("batch", "received_at").equals(day)
    assert read["batch"].to_list() == ["first"] * 50 + ["second"] * 46


def test_an_empty_inbox_has_the_same_columns(inbox: Inbox) -> None:
    read = inbox.read("toy", zone=SEOUL)

    assert read.is_empty()
    assert dict(read.schema) == {
        **readings_schema(SEOUL),
        "batch": pl.String,
        "received_at": pl.Datetime("us", "UTC"),
    }
    assert inbox.batches("toy") == []


def test_cells_that_were_not_sent_stay_null(inbox: Inbox, day: pl.DataFrame) -> None:
    inbox.add("toy", day[:1].with_columns(co2_t=None, load_type=None), batch_id="bare")

    [read] = inbox.read("toy").to_dicts()

    assert (read["usage_kwh"], read["co2_t"], read["load_type"]) == (2.0, None, None)


def test_the_newest_reading_stands_and_every_earlier_one_is_kept(inbox: Inbox, day: pl.DataFrame) -> None:
    for usage_kwh in (1.0, 2.0, 1.0):
        inbox.add("toy", with_usage(day[:1], usage_kwh), batch_id=new_batch_id())

    assert inbox.read("toy")["usage_kwh"].to_list() == [1.0]
    assert inbox.history("toy")["usage_kwh"].to_list() == [1.0, 2.0, 1.0]


def test_plants_do_not_mix(inbox: Inbox, day: pl.DataFrame) -> None:
    inbox.add("toy", day[:1], batch_id="toy's")
    inbox.add("other", day[1:3], batch_id="other's")

    assert inbox.read("toy").height == 1
    assert inbox.read("other")["plant"].to_list() == ["other", "other"]


def test_batches_tell_their_rows_and_the_plants_months(inbox: Inbox, day: pl.DataFrame) -> None:
    at_new_year = day[:2].with_columns(pl.col("interval_start").dt.offset_by("-15m"))
    inbox.add("toy", at_new_year, batch_id="new year")

    [batch] = inbox.batches("toy", zone=SEOUL)

    assert (batch.name, batch.rows, batch.months) == ("new year", 2, ("2017-12", "2018-01"))
    assert [batch.path] == journals(inbox)
    assert inbox.batches("toy", zone="UTC")[0].months == ("2017-12",)  # Seoul's midnight is 15 o'clock the day before


def test_the_fingerprint_changes_when_something_is_added_and_only_then(inbox: Inbox, day: pl.DataFrame) -> None:
    nothing = inbox.fingerprint("toy")
    inbox.add("toy", day[:1], batch_id="one")
    one = inbox.fingerprint("toy")

    assert one != nothing
    assert Inbox(inbox.root).fingerprint("toy") == one


def test_another_inbox_sees_at_once_what_one_adds(inbox: Inbox, day: pl.DataFrame) -> None:
    other = Inbox(inbox.root)
    inbox.add("toy", day[:1], batch_id="one")
    other.add("toy", day[1:2], batch_id="other")
    inbox.add("toy", day[2:3], batch_id="one more")

    assert other.read("toy")["batch"].to_list() == ["one", "other", "one more"]
    assert inbox.read("toy").equals(other.read("toy"))
    assert len(journals(inbox)) == 2  # each writes its own


def test_a_correction_by_another_process_is_newer_also_where_its_clock_is_behind(
    inbox: Inbox, day: pl.DataFrame
) -> None:
    inbox.add("toy", with_usage(day[:1], 1.0), batch_id="first")
    behind = Inbox(inbox.root, now=lambda: dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    behind.read("toy")
    behind.add("toy", with_usage(day[:1], 2.0), batch_id="correction")

    assert inbox.read("toy")["usage_kwh"].to_list() == [2.0]


POSTS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3), st.integers(0, 9)), min_size=1, max_size=8)


@settings(max_examples=20, deadline=None)
@given(POSTS)
def test_reading_on_and_reading_all_at_once_give_the_same(
    tmp_path_factory: pytest.TempPathFactory, day: pl.DataFrame, posts: list[tuple[str, int, int]]
) -> None:
    root = tmp_path_factory.mktemp("inbox")
    writers = {"a": Inbox(root), "b": Inbox(root)}
    newest = dict[int, float]()
    for writer, interval, usage_kwh in posts:
        writers[writer].read("toy")
        writers[writer].add("toy", with_usage(day[interval : interval + 1], usage_kwh), batch_id=new_batch_id())
        newest[interval] = usage_kwh

    read = Inbox(root).read("toy")

    assert read["usage_kwh"].to_list() == [newest[interval] for interval in sorted(newest)]
    assert all(writer.read("toy").equals(read) for writer in writers.values())


def test_threads_lose_nothing(inbox: Inbox, day: pl.DataFrame) -> None:
    with ThreadPoolExecutor(8) as threads:
        rows = [day[row : row + 1] for row in range(day.height)]
        list(threads.map(lambda row: inbox.add("toy", row, batch_id=new_batch_id()), rows))

    assert inbox.read("toy", zone=SEOUL).drop("batch", "received_at").equals(day)


def test_a_torn_last_line_is_left_out_and_nothing_is_written_behind_it(inbox: Inbox, day: pl.DataFrame) -> None:
    inbox.add("toy", day[:2], batch_id="whole")
    [journal] = journals(inbox)
    whole = journal.read_bytes()
    journal.write_bytes(whole + whole[: len(whole) // 2])  # a process that died in the middle of a write
    later = Inbox(inbox.root)
    later.add("toy", day[2:3], batch_id="later")

    assert later.read("toy")["batch"].to_list() == ["whole", "whole", "later"]


def test_a_last_line_that_a_power_cut_left_as_zeros_is_left_out(inbox: Inbox, day: pl.DataFrame) -> None:
    inbox.add("toy", day[:2], batch_id="whole")
    [journal] = journals(inbox)
    journal.write_bytes(journal.read_bytes() + b"\0" * 100 + b"\n")

    assert inbox.read("toy").height == 2


def test_damage_in_the_middle_of_a_journal_is_told_and_not_read_over(inbox: Inbox, day: pl.DataFrame) -> None:
    inbox.add("toy", day[:1], batch_id="first")
    inbox.add("toy", day[1:2], batch_id="second")
    [journal] = journals(inbox)
    journal.write_bytes(b"?" + journal.read_bytes()[1:])

    with pytest.raises(StorageError, match="a line is damaged") as raised:
        inbox.read("toy")

    assert raised.value.field == str(journal)


def test_a_removed_journal_is_no_longer_known(inbox: Inbox, day: pl.DataFrame) -> None:
    inbox.add("toy", day[:1], batch_id="first")
    inbox.read("toy")
    journals(inbox)[0].unlink()

    assert inbox.read("toy").is_empty()

    inbox.add("toy", day[1:2], batch_id="second")

    assert inbox.read("toy")["batch"].to_list() == ["second"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, day: pl.DataFrame) -> None:
    (tmp_path / "inbox").write_text("a file where the folder should be")

    with pytest.raises(StorageError, match="cannot be written") as raised:
        Inbox(tmp_path / "inbox").add("toy", day, batch_id="lost")

    assert "room" in raised.value.remedy


def test_a_full_disk_is_told_and_once_it_has_room_nothing_is_missing(inbox: Inbox, day: pl.DataFrame) -> None:
    inbox.add("toy", day[:1], batch_id="before")
    with files_of_at_most(journals(inbox)[0].stat().st_size + 100), pytest.raises(StorageError, match="large"):
        inbox.add("toy", day[1:2], batch_id="refused")
    inbox.add("toy", day[2:3], batch_id="after")

    assert inbox.read("toy")["batch"].to_list() == ["before", "after"]
    assert Inbox(inbox.root).read("toy")["batch"].to_list() == ["before", "after"]


@contextmanager
def files_of_at_most(size_bytes: int) -> Iterator[None]:
    """No file may grow beyond: a write is cut short as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_file_and_folders_are_on_the_disk_before_a_batch_is_promised(
    inbox: Inbox, day: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[str, int]] = []
    fsync = os.fsync

    def noting(handle: int) -> None:
        path = Path(f"/proc/self/fd/{handle}").readlink()
        synced.append((path.name if path.is_dir() else path.suffix, path.stat().st_size if path.is_file() else 0))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", noting)
    inbox.add("toy", day[:1], batch_id="one")
    size_bytes = journals(inbox)[0].stat().st_size

    assert [name for name, _ in synced] == ["lake", "inbox", "plant=toy", ".jsonl"]
    assert synced[-1] == (".jsonl", size_bytes)


def test_a_killed_process_loses_nothing_it_had_added(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED_WHILE_ADDING, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as adding:
        assert adding.stdout is not None
        promised = [next(adding.stdout) for _ in range(100)]
        adding.kill()
        promised += adding.stdout.readlines()

    read = Inbox(tmp_path).read("toy", zone=SEOUL).drop("batch", "received_at")

    assert 0 <= read.height - len(promised) <= 1  # one more may have been written and not yet been told
    assert read.equals(toy_readings(days=8)[: read.height])


def test_a_line_can_be_read_by_a_person(inbox: Inbox, day: pl.DataFrame) -> None:
    inbox.add("toy", day[:2], batch_id="one")

    line = json.loads(journals(inbox)[0].read_text())

    assert line["interval_start"] == ["2017-12-31T15:00:00.000000Z", "2017-12-31T15:15:00.000000Z"]
    assert line["usage_kwh"] == [2.0, 2.0]
    assert line["load_type"] == ["light", "light"]
