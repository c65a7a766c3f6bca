"""The commands as a user calls them: what they write, what they print, and one error line with exit code 2."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from steel_energy.cli import app
from steel_energy.schema import readings_schema, repairs_schema
from steel_energy.sources.file import read_csv
from steel_energy.sources.raw import to_published
from steel_energy.sources.simulated import simulated_readings
from steel_energy.tariff import Tariff

Steel = Callable[..., Result]


@pytest.fixture
def steel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steel:
    """`steel ARGUMENTS` in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def month(gwangyang, kepco: Tariff) -> pl.DataFrame:
    """A simulated January as raw rows."""
    plant = gwangyang.model_copy(update={"last_month": gwangyang.first_month})
    return simulated_readings(plant, kepco, seed=5).rows


@pytest.fixture
def export(month: pl.DataFrame, tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    to_published(month).write_csv(path)
    return path


def assert_one_error_line(result: Result, *reasons: str) -> None:
    assert result.exit_code == 2
    assert result.stdout == ""
    lines = [line for line in result.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("error: ")
    assert all(reason in lines[0] for reason in reasons), lines[0]


NO_EXPORTS = {
    "missing": (None, "no such file"),
    "empty": (b"", "is empty"),
    "binary": (bytes(range(256)) * 100, "is binary"),
    "three rows": (b"date,Usage_kWh\n" + b"01/01/2018 00:15,3.17\n" * 3, "has 3 rows"),
    "a web page": (b"<html><body>404</body></html>", "web page"),
    "other columns": (b"name,age\nx,3\n" * 200, "none of its columns is known"),
    "damaged gzip": (gzip.compress(b"date,Usage_kWh\n" * 99)[:30], "damaged archive"),
}


@pytest.mark.parametrize("command", [("damage", "dirty.csv"), ("clean", "--out", "c.parquet")], ids=["damage", "clean"])
@pytest.mark.parametrize(("content", "reason"), NO_EXPORTS.values(), ids=NO_EXPORTS.keys())
def test_what_is_no_meter_export_is_one_error_line(steel, tmp_path: Path, command, content, reason):
    name, *rest = command
    if content is not None:
        (tmp_path / "in.csv").write_bytes(content)

    assert_one_error_line(steel(name, "in.csv", *rest), "in.csv", reason)
    assert {path.name for path in tmp_path.iterdir()} <= {"in.csv"}


def test_a_folder_as_input_is_one_error_line(steel, tmp_path: Path):
    assert_one_error_line(steel("damage", tmp_path, "dirty.csv"), "is a folder")


def test_damage_writes_the_same_dirty_file_and_truth_for_the_same_seed(steel, export, month):
    for name in ("one", "two"):
        result = steel(
            "damage", export, f"new/{name}.csv", "--seed", 7, "--level", "harsh", "--truth-log", f"{name}.parquet"
        )
        assert result.exit_code == 0

    assert Path("new/one.csv").read_bytes() == Path("new/two.csv").read_bytes()
    assert pl.read_parquet("one.parquet").equals(pl.read_parquet("two.parquet"))
    assert not read_csv(Path("new/one.csv")).rows.equals(month)


def test_damage_never_writes_over_its_input(steel, export):
    before = export.read_bytes()

    assert_one_error_line(steel("damage", export, export), "is a file that is read")
    assert export.read_bytes() == before


@pytest.mark.parametrize(
    ("out", "reason"),
    [("dirty.xlsx", "end it in .csv"), ("folder.csv", "is a folder"), ("export.csv/dirty.csv", "cannot be written")],
)
def test_an_output_that_cannot_be_written_is_one_error_line(steel, export, tmp_path: Path, out, reason):
    (tmp_path / "folder.csv").mkdir()

    assert_one_error_line(steel("damage", export, out), out, reason)


def test_clean_restores_a_dirty_file_and_says_how_well(steel, export):
    steel("damage", export, "dirty.csv", "--level", "mild")

    result = steel(
        "clean",
        "dirty.csv",
        "--out",
        "new/c.parquet",
        "--repairs",
        "r.parquet",
        "--report",
        "q.html",
        "--reference",
        export,
    )

    assert result.exit_code == 0, result.stderr
    readings, repairs = pl.read_parquet("new/c.parquet"), pl.read_parquet("r.parquet")
    assert readings.schema == readings_schema("Asia/Seoul")
    assert repairs.schema == repairs_schema("Asia/Seoul")
    assert readings.height == 31 * 96
    assert Path("q.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    printed = dict(re.findall(r"^ *(\w[\w ]*?) +│ ([\d.,]+)", result.stdout, flags=re.MULTILINE))
    assert printed["rows read"] == "2,982"
    assert printed["intervals written"] == "2,976"
    assert printed["duplicates removed"] == "6"
    assert float(printed["cells equal to the reference"]) > 99.9


def test_clean_accepts_its_own_output_and_changes_nothing(steel, export):
    steel("clean", export, "--out", "once.parquet")
    steel("clean", export, "--out", "once.csv")
    for again in ("once.parquet", "once.csv"):
        assert steel("clean", again, "--out", "twice.parquet", "--repairs", "r.csv").exit_code == 0

        assert pl.read_parquet("twice.parquet").equals(pl.read_parquet("once.parquet"))
        assert pl.read_csv("r.csv").is_empty()


def test_clean_names_missing_and_ignored_columns(steel, month):
    odd = to_published(month.drop("weekday")).with_columns(junk=pl.lit("abc"))
    odd.write_csv("odd.csv")

    printed = steel("clean", "odd.csv", "--out", "c.parquet").stdout

    assert "missing columns: weekday" in printed
    assert "ignored columns: junk" in printed


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--plant", "atlantis"), "unknown plant 'atlantis'"),
        (("--reference", "none.csv"), "no such file"),
        (("--repairs", "r.txt"), "end it in .parquet or .csv"),
        (("--report", "r.pdf"), "end it in .html"),
        (("--repairs", "c.parquet"), "is written twice"),
        (("--repairs", "export.csv"), "is a file that is read"),
    ],
)
def test_a_wrong_option_of_clean_is_one_error_line_and_writes_nothing(steel, export, options, reason):
    assert_one_error_line(steel("clean", export, "--out", "c.parquet", *options), reason)
    assert not Path("c.parquet").exists()


WRONG_USAGE = {
    "": ("Missing command", "see `steel --help`"),
    "cleen": ("No such command 'cleen'", "see `steel --help`"),
    "clean": ("Missing argument 'source'", "see `steel clean --help`"),
    "clean export.csv": ("Missing option '--out'", "see `steel clean --help`"),
    "damage export.csv d.csv --sed 1": ("No such option: --sed", "see `steel damage --help`"),
    "damage export.csv d.csv --seed -1": ("'--seed'", "greater than or equal to 0", "see `steel damage --help`"),
    "damage export.csv d.csv --level cruel": ("'--level'", "'cruel' is not one of", "see `steel damage --help`"),
    "simulate --from x --to 2019-01-01 --out s": ("'--from'", "does not match", "see `steel simulate --help`"),
    "forecast --out f.csv --horizon many": ("'--horizon'", "valid integer", "see `steel forecast --help`"),
    "doctor now": ("unexpected extra argument", "see `steel doctor --help`"),
}


@pytest.mark.parametrize(("line", "reasons"), WRONG_USAGE.items())
def test_wrong_usage_is_one_error_line_with_the_commands_help(steel, line, reasons):
    assert_one_error_line(steel(*line.split()), *reasons)


def test_a_folder_that_simulate_cannot_write_to_is_one_error_line(steel, export):
    result = steel("simulate", "--from", "2019-01-01", "--to", "2019-01-02", "--out", export)

    assert_one_error_line(result, "cannot be written")


def test_a_command_without_plant_takes_that_of_the_environment(steel, export, monkeypatch):
    monkeypatch.setenv("STEEL_PLANT", "atlantis")

    assert_one_error_line(steel("clean", export, "--out", "c.parquet"), "unknown plant 'atlantis'")
    assert steel("clean", export, "--out", "c.parquet", "--plant", "gwangyang").exit_code == 0


def test_our_own_output_of_another_plant_is_refused(steel, export):
    steel("clean", export, "--out", "c.parquet")
    pl.read_parquet("c.parquet").with_columns(plant=pl.lit("atlantis")).write_parquet("other.parquet")

    assert_one_error_line(steel("clean", "other.parquet", "--out", "d.csv"), "atlantis, not of gwangyang")


def test_damage_and_nowcast_read_our_own_output(steel, export):
    steel("clean", export, "--out", "c.csv")

    assert steel("damage", "c.csv", "d.csv").exit_code == 0
    assert steel("nowcast", "c.csv", "--out", "n.csv").exit_code == 0


@pytest.mark.parametrize("command", ["damage", "clean", "nowcast", "forecast", "simulate", "doctor"])
def test_help_shows_an_example(steel, command):
    assert f"Example: steel {command} " in " ".join(steel(command, "--help").stdout.split())
