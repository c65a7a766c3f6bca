from __future__ import annotations

import logging
import os
import time
from pathlib import Path

import pytest

from steel_energy.errors import InputError, SourceError
from steel_energy.sources import read_source
from steel_energy.sources.http import Patience
from steel_energy.testing import toy_plant, toy_tariff

HURRIED = Patience(connect_s=0.3, read_s=0.15, total_s=1, attempts=2, pause_s=0.01)
NO_SERVER = "http://127.0.0.1:1/851.zip"


def read(setting: str, raw_dir: Path, *, plant=None, url: str = NO_SERVER):
    plant = plant or toy_plant()
    return read_source(
        setting, plant=plant, tariff=toy_tariff(), raw_dir=raw_dir, seed=1, uci_url=url, patience=HURRIED
    )


def test_auto_takes_the_newest_meter_export_of_the_raw_folder(tmp_path: Path, day_csv):
    for age, name in enumerate(["new.csv", "old.csv"]):
        (tmp_path / name).write_bytes(day_csv)
        os.utime(tmp_path / name, (1000 - age, 1000 - age))

    origin = read("auto", tmp_path).origin

    assert (origin.kind, Path(origin.location).name, origin.skipped) == ("file", "new.csv", ())


def test_auto_prefers_the_plants_own_folder(tmp_path: Path, day_csv):
    (tmp_path / "toy").mkdir()
    for path in (tmp_path / "toy" / "own.csv", tmp_path / "shared.csv"):
        path.write_bytes(day_csv)

    assert Path(read("auto", tmp_path).origin.location).name == "own.csv"


def test_auto_steps_over_a_broken_file_and_says_so(tmp_path: Path, day_csv, caplog):
    (tmp_path / "b.csv").write_bytes(day_csv)
    (tmp_path / "a.csv").write_bytes(b"<html>not found</html>")
    os.utime(tmp_path / "b.csv", (1000, 1000))

    with caplog.at_level(logging.WARNING):
        origin = read("auto", tmp_path).origin

    assert Path(origin.location).name == "b.csv"
    assert "web page" in origin.skipped[0]
    assert "web page" in caplog.text


def test_auto_without_file_and_network_falls_to_the_simulated_plant_quickly_and_says_why(tmp_path: Path, caplog):
    gwangyang_like = toy_plant().model_copy(update={"dataset": "uci-851"})
    began = time.monotonic()

    with caplog.at_level(logging.WARNING):
        origin = read("auto", tmp_path, plant=gwangyang_like).origin

    assert origin.is_simulated
    assert [reason.split(":")[0] for reason in origin.skipped] == ["file", "uci"]
    assert "cannot be fetched" in caplog.text
    assert time.monotonic() - began < 30  # and not the minute that a patient reader would wait


def test_the_archive_is_not_asked_for_a_plant_it_does_not_hold(server, tmp_path: Path):
    server.answers = [500]

    assert "does not hold plant toy" in read("auto", tmp_path, url=server.url).origin.skipped[1]
    with pytest.raises(SourceError, match="does not hold plant toy"):
        read("uci", tmp_path, url=server.url)
    assert server.requests == 0


def test_a_named_source_that_fails_is_an_error_and_never_replaced(server, tmp_path: Path):
    server.answers = [503]

    with pytest.raises(InputError, match="no such file"):
        read(str(tmp_path / "none.csv"), tmp_path)
    with pytest.raises(SourceError, match="503"):
        read(server.url, tmp_path)


def test_a_path_and_an_address_are_read(server, tmp_path: Path, day, day_csv):
    server.answers = [day_csv]
    path = tmp_path / "year.csv"
    path.write_bytes(day_csv)

    for setting in (str(path), server.url):
        found = read(setting, tmp_path)
        assert found.rows.equals(day)
        assert (found.origin.kind, found.origin.location) == ("file", setting)


@pytest.mark.real_data
def test_uci_gives_the_archive_kept_in_the_plants_folder(server, tmp_path: Path, real_csv: Path, gwangyang):
    server.answers = [real_csv.read_bytes()]

    origin = read("uci", tmp_path, plant=gwangyang, url=server.url).origin

    assert (origin.kind, origin.location) == ("uci", server.url)
    assert read("auto", tmp_path, plant=gwangyang).origin.kind == "uci"
    assert (tmp_path / "gwangyang" / "uci-851.csv").exists()
