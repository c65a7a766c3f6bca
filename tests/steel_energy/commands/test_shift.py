"""``steel shift`` as a user calls it; the shifts themselves are tested with ``simulation.shift``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from steel_energy.cleaning import clean, place
from steel_energy.cli import app
from steel_energy.plant import Plant
from steel_energy.simulation.shift import SHIFTS, shifted
from steel_energy.sources.file import read_csv
from steel_energy.sources.raw import to_published, to_raw
from steel_energy.tariff import Tariff
from steel_energy.testing import varied_readings

Steel = Callable[..., Result]
LEVEL = ("--kind", "level_shift", "--from", "2018-01-10")


@pytest.fixture(scope="module")
def readings(gwangyang: Plant) -> pl.DataFrame:
    return varied_readings(days=21, plant=gwangyang)


@pytest.fixture
def steel(readings: pl.DataFrame, gwangyang: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steel:
    """`steel shift ARGUMENTS` in a folder that holds the export in.csv."""
    monkeypatch.chdir(tmp_path)
    to_published(to_raw(readings, gwangyang.zone)).write_csv("in.csv")
    return lambda *arguments: CliRunner().invoke(app, ["shift", *arguments])


def assert_one_error_line(result: Result, *reasons: str) -> None:
    lines = [line for line in result.stderr.splitlines() if line.strip()]
    assert (result.exit_code, result.stdout, len(lines)) == (2, "", 1), result.output
    assert lines[0].startswith("error: ")
    assert all(reason in lines[0] for reason in reasons), lines[0]


@pytest.mark.parametrize("kind", SHIFTS)
def test_the_written_export_reads_back_as_the_shifted_readings(steel: Steel, readings, gwangyang: Plant, kind) -> None:
    result = steel("in.csv", "new/out.csv", "--kind", kind, "--from", "2018-01-10T10:00", "--to", "2018-01-15")

    start, end = (
        pl.Series([time]).str.to_datetime(time_zone=gwangyang.zone)[0]
        for time in ("2018-01-10T10:00", "2018-01-15T00:00")
    )
    expected = shifted(readings, kind=kind, size=SHIFTS[kind].size, start=start, end=end, seed=1, plant=gwangyang)
    assert result.exit_code == 0, result.output
    assert read_csv(Path("new/out.csv")).rows.equals(to_raw(expected, gwangyang.zone))


def test_it_says_how_much_has_changed(steel: Steel) -> None:
    result = steel("in.csv", "out.csv", "--kind", "stuck_sensor", "--size", "0", "--from", "2018-01-10")

    assert result.stdout == "2016 rows, 0 cells changed, stuck_sensor 0: out.csv\n"


def test_our_own_clean_readings_can_be_shifted_too(steel: Steel, readings: pl.DataFrame) -> None:
    readings.write_parquet("clean.parquet")

    assert steel("clean.parquet", "one.csv", *LEVEL).exit_code == 0
    assert steel("in.csv", "two.csv", *LEVEL).exit_code == 0
    assert Path("one.csv").read_bytes() == Path("two.csv").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "reasons"),
    [
        (("in.csv", "out.csv", "--kind", "lunch", "--from", "2018-01-10"), ["lunch"]),
        (("in.csv", "out.csv", *LEVEL, "--size", "99"), ["size", "99", "-1 to 10"]),
        (("in.csv", "out.csv", "--kind", "outliers", "--from", "2030-01-01"), ["no reading between"]),
        (("in.csv", "out.csv", "--kind", "outliers", "--from", "soon"), ["--from", "'soon' is no time"]),
        (("in.csv", "out.parquet", *LEVEL), ["out.parquet", "end it in .csv"]),
        (("in.csv", "in.csv", *LEVEL), ["is a file that is read"]),
        (("none.csv", "out.csv", *LEVEL), ["none.csv", "no such file"]),
        (("in.csv", "out.csv", *LEVEL, "--plant", "atlantis"), ["atlantis"]),
    ],
    ids=["kind", "size", "period", "time", "ending", "input", "no input", "plant"],
)
def test_what_makes_no_sense_is_one_error_line_and_writes_nothing(steel: Steel, arguments, reasons) -> None:
    before = Path("in.csv").read_bytes()

    assert_one_error_line(steel(*arguments), *reasons)
    assert Path("in.csv").read_bytes() == before
    assert [path.name for path in Path().iterdir()] == ["in.csv"]


def test_unreadable_cells_in_the_period_are_sent_to_cleaning_first_and_others_stay_so(steel: Steel) -> None:
    text = Path("in.csv").read_text(encoding="utf-8").splitlines()
    text[1 + 9 * 96] = text[1 + 9 * 96].replace(text[1 + 9 * 96].split(",")[1], "error", 1)  # midnight of 10 January
    Path("in.csv").write_text("\n".join(text), encoding="utf-8")

    assert_one_error_line(steel("in.csv", "out.csv", *LEVEL), "1 cells are unknown", "steel clean")
    assert steel("in.csv", "out.csv", "--kind", "level_shift", "--from", "2018-01-11").exit_code == 0
    assert read_csv(Path("out.csv")).rows["usage_kwh"].null_count() == 1


def test_cleaning_restores_booked_co2_and_leaves_a_new_level_alone(
    steel: Steel, gwangyang: Plant, kepco: Tariff, readings
) -> None:
    steel("in.csv", "co2.csv", "--kind", "co2_level", "--from", "2018-01-10")
    steel("in.csv", "level.csv", *LEVEL)

    co2, level = (
        clean(place(read_csv(Path(f"{name}.csv")).rows, gwangyang), plant=gwangyang, tariff=kepco)
        for name in ("co2", "level")
    )

    assert (co2.readings["co2_t"] == readings["co2_t"]).mean() > 0.99
    assert co2.repairs.filter(rule="co2_of_usage").height > 0.25 * readings.height  # they tell what the readings hide
    assert level.repairs.is_empty()


def test_help_shows_an_example_and_what_each_kind_does(steel: Steel) -> None:
    words = " ".join(steel("--help").stdout.split())

    assert "Example: steel shift export.csv" in words
    assert all(kind in words for kind in ("outliers:", "seasonal:"))
