from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from steel_energy.artifacts.provenance import Code, code_version, library_versions, readings_sha256
from steel_energy.schema import readings_schema
from steel_energy.testing import toy_readings


@pytest.fixture(scope="module")
def readings() -> pl.DataFrame:
    return toy_readings(days=2)


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    return subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize(
    "same",
    [
        pytest.param(lambda frame: frame.sample(fraction=1, shuffle=True, seed=1), id="shuffled"),
        pytest.param(lambda frame: frame.select(sorted(frame.columns)), id="other order of columns"),
        pytest.param(lambda frame: frame.with_columns(note=pl.lit("x")), id="a further column"),
        pytest.param(
            lambda frame: frame.with_columns(pl.col("interval_start").dt.convert_time_zone("UTC")), id="another zone"
        ),
    ],
)
def test_readings_that_say_the_same_have_the_same_hash(readings: pl.DataFrame, same):
    assert readings_sha256(same(readings)) == readings_sha256(readings)


def test_readings_have_the_same_hash_whatever_file_they_came_from(readings: pl.DataFrame, tmp_path: Path):
    readings.write_parquet(tmp_path / "a.parquet", compression="zstd", row_group_size=10)
    readings.write_csv(tmp_path / "a.csv", datetime_format="%Y-%m-%dT%H:%M:%S%z")
    schema = dict(readings_schema("Asia/Seoul"))
    text = pl.read_csv(tmp_path / "a.csv", schema_overrides={"interval_start": pl.String})
    moment = pl.col("interval_start").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us")
    from_csv = text.with_columns(moment.dt.convert_time_zone("Asia/Seoul")).cast(schema)

    assert readings_sha256(pl.read_parquet(tmp_path / "a.parquet")) == readings_sha256(readings)
    assert readings_sha256(from_csv) == readings_sha256(readings)


@pytest.mark.parametrize("column", ["usage_kwh", "co2_t"])
def test_one_other_value_or_none_gives_another_hash(readings: pl.DataFrame, column: str):
    last = pl.int_range(pl.len()) == pl.len() - 1
    changed = [
        readings.with_columns(pl.when(last).then(other).otherwise(pl.col(column)).alias(column))
        for other in (pl.col(column) + 1e-9, pl.lit(None))
    ]

    hashes = {readings_sha256(frame) for frame in (readings, readings.head(-1), *changed)}

    assert len(hashes) == 4


def test_a_folder_that_is_no_checkout_has_no_commit(tmp_path: Path):
    assert code_version(tmp_path) == Code(package=code_version(tmp_path).package, commit=None, is_dirty=None)


def test_a_package_installed_inside_of_another_project_does_not_claim_its_commit(tmp_path: Path):
    git(tmp_path, "init")
    (tmp_path / "other.py").write_text("", encoding="utf-8")
    git(tmp_path, "add", "."), git(tmp_path, "commit", "-m", "other")
    packages = tmp_path / "venv" / "site-packages"
    packages.mkdir(parents=True)

    assert code_version(packages).commit is None


def test_a_checkout_names_its_commit_and_whether_code_was_changed(tmp_path: Path):
    git(tmp_path, "init")
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    git(tmp_path, "add", "."), git(tmp_path, "commit", "-m", "first")
    (tmp_path / "notes.txt").write_text("no code", encoding="utf-8")
    clean = code_version(tmp_path)

    (tmp_path / "new.py").write_text("", encoding="utf-8")

    assert clean.commit == git(tmp_path, "rev-parse", "HEAD").strip()
    assert (clean.is_dirty, code_version(tmp_path).is_dirty) == (False, True)


def test_libraries_are_those_that_were_loaded():
    versions = library_versions()

    assert versions["python"] == ".".join(map(str, sys.version_info[:3]))
    assert versions["polars"] == pl.__version__
    assert ("torch" in versions) == ("torch" in sys.modules)
