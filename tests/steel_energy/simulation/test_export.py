"""Month files of simulated plants, through the functions and through the command line."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from typer.testing import CliRunner

from steel_energy.cli import app
from steel_energy.errors import InputError
from steel_energy.schema import readings_schema
from steel_energy.simulation.export import month_files, plants_like, write_month
from steel_energy.simulation.plant import simulate
from steel_energy.sources.raw import PUBLISHED_HEADER
from steel_energy.testing import toy_plant, toy_tariff

FIRST, LAST = dt.date(2018, 1, 30), dt.date(2018, 2, 2)


def files(folder, file_format="parquet", plants=1):
    return month_files(plants_like(toy_plant(), plants), first=FIRST, last=LAST, folder=folder, file_format=file_format)


def test_there_is_one_file_for_each_plant_and_month(tmp_path):
    paths = [file.path.relative_to(tmp_path).as_posix() for file in files(tmp_path, plants=2)]

    assert paths == [
        "plant=plant-0001/month=2018-01.parquet",
        "plant=plant-0001/month=2018-02.parquet",
        "plant=plant-0002/month=2018-01.parquet",
        "plant=plant-0002/month=2018-02.parquet",
    ]


def test_parquet_holds_the_column_contract_of_the_asked_days(tmp_path):
    for file in files(tmp_path):
        write_month(file, toy_tariff(), seed=1)

    readings = pl.read_parquet(tmp_path / "plant=toy" / "*.parquet", hive_partitioning=False)

    assert readings.schema == readings_schema("Asia/Seoul")
    assert readings.equals(
        pl.concat(simulate(toy_plant(), toy_tariff(), start=FIRST, end=LAST + dt.timedelta(days=1), seed=1))
    )


def test_csv_reads_like_the_published_file(tmp_path):
    january = write_month(files(tmp_path, "csv")[0], toy_tariff(), seed=1)

    rows = pl.read_csv(january, infer_schema=False)

    assert rows.columns == list(PUBLISHED_HEADER.values())
    assert rows["date"].head(1).item() == "30/01/2018 00:15"
    assert rows["date"].tail(1).item() == "31/01/2018 00:00"
    assert rows.select("NSM", "WeekStatus", "Day_of_week", "Load_Type").row(47) == (
        "43200",
        "Weekday",
        "Tuesday",
        "Medium_Load",
    )


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for file_format in ("parquet", "csv"):
        one, again = (write_month(files(tmp_path / name, file_format)[0], toy_tariff(), seed=3) for name in "ab")

        assert one.read_bytes() == again.read_bytes()


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")

    with pytest.raises(InputError, match="cannot be written"):
        write_month(files(tmp_path / "taken")[0], toy_tariff(), seed=1)


def test_no_plants_are_refused():
    with pytest.raises(InputError, match="cannot simulate 0 plants"):
        plants_like(toy_plant(), 0)


def test_the_command_writes_month_files_to_the_last_day_inclusive(tmp_path):
    arguments = [
        "--plant",
        "gwangyang",
        "--from",
        "2018-06-29",
        "--to",
        "2018-07-01",
        "--seed",
        "7",
        "--out",
        str(tmp_path),
    ]

    outcome = CliRunner().invoke(app, ["simulate", *arguments])

    assert outcome.exit_code == 0
    assert "2 files of 1 simulated plant(s)" in outcome.stdout
    heights = [pl.read_parquet(path).height for path in sorted(tmp_path.rglob("*.parquet"))]
    assert heights == [2 * 96, 96]


@pytest.mark.parametrize(
    ("first", "last", "plant"),
    [
        pytest.param("2018-06-02", "2018-06-01", "gwangyang", id="backwards"),
        pytest.param("9999-12-31", "9999-12-31", "gwangyang", id="the end of time"),
        pytest.param("2018-06-01", "2018-06-02", "none", id="an unknown plant"),
    ],
)
def test_the_command_refuses_with_one_line_and_exit_code_2(tmp_path, first, last, plant):
    arguments = ["--plant", plant, "--from", first, "--to", last, "--out", str(tmp_path)]

    outcome = CliRunner().invoke(app, ["simulate", *arguments])

    assert outcome.exit_code == 2
    assert outcome.stderr.count("error: ") == 1
    assert not list(tmp_path.rglob("*.parquet"))
