"""The lake: atomic, repeatable writes and reads in month order."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from steel_energy.errors import NotEnoughDataError, StorageError
from steel_energy.lake import Lake, replace_folder, write_atomically


def numbers(*values):
    return pl.DataFrame({"value": list(values)})


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "it's a lake")


def test_months_are_read_in_order_of_time_not_of_writing(lake):
    for month, value in (("2018-10", 3), ("2018-02", 2), ("2017-12", 1)):
        lake.write("readings", "toy", month, numbers(value))

    assert lake.months("readings", "toy") == ["2017-12", "2018-02", "2018-10"]
    assert lake.read("readings", "toy")["value"].to_list() == [1, 2, 3]
    assert lake.read("readings", "toy", months=["2018-02", "2018-03"])["value"].to_list() == [2]


def test_a_month_lies_where_others_expect_it(lake):
    path = lake.write("readings", "toy", "2018-01", numbers(1))

    assert path == lake.root / "readings" / "plant=toy" / "month=2018-01.parquet"


def test_the_same_frame_gives_the_same_bytes(lake):
    first = lake.write("readings", "toy", "2018-01", numbers(1, 2)).read_bytes()
    second = lake.write("readings", "toy", "2018-01", numbers(1, 2)).read_bytes()

    assert first == second


@pytest.mark.parametrize("months", [None, ["2018-05"], []])
def test_nothing_on_disk_is_an_error_and_not_an_empty_frame(lake, months):
    lake.write("readings", "other", "2018-01", numbers(1))

    with pytest.raises(NotEnoughDataError, match="the lake has no readings of toy"):
        lake.read("readings", "toy", months=months)


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "value.txt"
    path.write_text("old", encoding="utf-8")

    def half_written(scratch):
        scratch.write_text("ne", encoding="utf-8")
        raise OSError("the disk is full")

    with pytest.raises(StorageError, match="cannot be written: the disk is full"):
        write_atomically(path, half_written)

    assert path.read_text(encoding="utf-8") == "old"


def test_what_a_killed_write_left_is_neither_read_nor_in_the_way(lake):
    path = lake.write("readings", "toy", "2018-01", numbers(1))
    leftover = path.with_name(f".{path.name}.0a1b2c3d.tmp")
    leftover.write_bytes(b"half a file")
    os.utime(leftover, (0, 0))

    assert lake.read("readings", "toy")["value"].to_list() == [1]
    lake.write("readings", "toy", "2018-01", numbers(2))
    assert lake.read("readings", "toy")["value"].to_list() == [2]
    assert not leftover.exists()


def test_two_writers_of_a_folder_do_not_meet(tmp_path):
    folder, leftover = tmp_path / "pictures", tmp_path / ".pictures.0a1b2c3d.tmp"
    leftover.mkdir()
    os.utime(leftover, (0, 0))

    def late(scratch: Path) -> None:
        (scratch / "first").write_text("late")
        replace_folder(folder, lambda quick: [(quick / "first").write_text("quick")])
        (scratch / "second").write_text("late")

    replace_folder(folder, late)

    assert {path.name: path.read_text() for path in folder.iterdir()} == {"first": "late", "second": "late"}
    assert list(tmp_path.iterdir()) == [folder]


def test_facts_come_back_as_written(lake):
    assert lake.read_facts("readings", "toy") is None

    lake.write_facts("readings", "toy", {"kind": "simulated", "where": "Gwangyang, 광양"})

    assert lake.read_facts("readings", "toy") == {"kind": "simulated", "where": "Gwangyang, 광양"}


def test_duckdb_sees_every_plant_and_month_in_one_view(lake):
    lake.write("readings", "toy", "2018-01", numbers(1))
    lake.write("readings", "toy", "2018-02", numbers(2))
    lake.write("readings", "other", "2018-01", numbers(4))
    lake.write_facts("empty", "toy", {})

    with lake.connect() as connection:
        total = connection.execute("select sum(value) from readings").fetchone()
        views = connection.execute("select view_name from duckdb_views() where not internal").fetchall()

    assert total == (7,)
    assert views == [("readings",)]


def test_months_that_a_later_source_does_not_have_are_removed(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    for month in ("2018-01", "2018-02", "2018-03"):
        lake.write("cleaned_readings", "toy", month, pl.DataFrame({"usage_kwh": [1.0]}))

    lake.keep_only("cleaned_readings", "toy", ["2018-01", "2018-02"])

    assert lake.months("cleaned_readings", "toy") == ["2018-01", "2018-02"]
