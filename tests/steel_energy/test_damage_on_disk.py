"""A lake on a bad disk: killed writes, cut-off and altered files, and a disk that is full."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from steel_energy.errors import StorageError
from steel_energy.lake import Lake

WRITE_FOR_EVER = """
import sys, pathlib, polars as pl
from steel_energy.lake import Lake
lake, turn = Lake(pathlib.Path(sys.argv[1])), 0
while True:
    turn += 1
    lake.write("readings", "toy", "2018-02", pl.DataFrame({"turn": [turn] * 20_000}))
    lake.write_facts("readings", "toy", {"turn": turn, "padding": "x" * 20_000})
    print(turn, flush=True)
"""
KILLS = 5


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    for month, value in (("2018-01", 1.0), ("2018-02", 2.0)):
        lake.write("readings", "toy", month, pl.DataFrame({"usage_kwh": [value] * 100}))
    return lake


def test_a_writer_killed_at_any_moment_leaves_whole_files(tmp_path: Path):
    lake = Lake(tmp_path)
    for kill in range(KILLS):
        command = [sys.executable, "-c", WRITE_FOR_EVER, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout
            for _ in range(3 + kill):
                writer.stdout.readline()
            os.kill(writer.pid, signal.SIGKILL)

        turns = lake.read("readings", "toy")["turn"].unique().to_list()
        facts = lake.read_facts("readings", "toy")
        assert facts
        assert len(turns) == 1
        assert turns[0] - facts["turn"] in (0, 1)


def test_a_damaged_month_is_named_and_the_other_months_stay(lake: Lake):
    path = lake.month_path("readings", "toy", "2018-02")
    path.write_bytes(path.read_bytes()[:-100])

    with pytest.raises(StorageError) as refused:
        lake.read("readings", "toy")

    assert refused.value.field == str(path)
    assert lake.damaged("readings", "toy") == [path]
    assert lake.read("readings", "toy", months=["2018-01"])["usage_kwh"].sum() == 100


def test_writing_a_damaged_month_again_mends_it(lake: Lake):
    path = lake.month_path("readings", "toy", "2018-02")
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"usage_kwh", b"usage_mwh"))

    damaged = lake.damaged("readings", "toy")
    lake.write("readings", "toy", "2018-02", pl.DataFrame({"usage_kwh": [2.0] * 100}))

    assert damaged == [path]
    assert path.read_bytes() == whole


@pytest.mark.parametrize("text", ["", '{"kind": "fi', "[1"], ids=["empty", "cut off", "another text"])
def test_a_damaged_record_is_named(lake: Lake, text: str):
    path = lake.write_facts("readings", "toy", {"kind": "file"})
    path.write_text(text, encoding="utf-8")

    with pytest.raises(StorageError, match="is damaged") as refused:
        lake.read_facts("readings", "toy")

    assert refused.value.field == str(path)
    assert lake.damaged("readings", "toy") == [path]


def test_a_full_disk_keeps_the_month_that_is_there_and_takes_no_room(small_disk: Path):
    lake = Lake(small_disk)
    path = lake.write("readings", "toy", "2018-01", pl.DataFrame({"usage_kwh": [1.0]}))

    with pytest.raises(StorageError, match="No space left on device") as refused:
        lake.write("readings", "toy", "2018-01", pl.DataFrame({"usage_kwh": pl.arange(1_000_000, eager=True).hash()}))

    assert refused.value.field == str(path)
    assert "room" in refused.value.remedy
    assert [found.name for found in path.parent.iterdir()] == [path.name]
    assert lake.read("readings", "toy")["usage_kwh"].to_list() == [1.0]
