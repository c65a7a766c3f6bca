"""``steel plan`` as a user calls it, on the request of the docs; plans themselves are tested with ``planning``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from steel_energy.cleaning import clean, place
from steel_energy.cli import app
from steel_energy.lake import Lake
from steel_energy.params import load_params
from steel_energy.planning import plan, read_request
from steel_energy.plant import Plant
from steel_energy.settings import PROJECT_ROOT
from steel_energy.sources.simulated import simulated_readings
from steel_energy.tariff import Tariff

Steel = Callable[..., Result]
EXAMPLE = PROJECT_ROOT / "docs" / "examples" / "plan.yaml"


@pytest.fixture(scope="module")
def november(gwangyang: Plant, kepco: Tariff) -> pl.DataFrame:
    """A simulated November: its raw readings, cleaned."""
    months = gwangyang.model_copy(update={"first_month": "2018-11", "last_month": "2018-11"})
    return clean(place(simulated_readings(months, kepco, seed=5).rows, months), plant=months, tariff=kepco).readings


@pytest.fixture
def steel(november: pl.DataFrame, gwangyang: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steel:
    """`steel plan ARGUMENTS` over a lake that holds it."""
    Lake(tmp_path / "data" / "lake").write("cleaned_readings", gwangyang.id, "2018-11", november)
    monkeypatch.setenv("STEEL_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "160")
    return lambda *arguments: CliRunner().invoke(app, ["plan", *arguments])


def changed(tmp_path: Path, old: str, new: str) -> str:
    path = tmp_path / "changed.yaml"
    path.write_text(EXAMPLE.read_text().replace(old, new))
    return str(path)


def test_the_docs_example_is_planned_with_its_reasons(steel: Steel) -> None:
    result = steel(str(EXAMPLE))

    assert result.exit_code == 0, result.output
    said = " ".join(result.stdout.split())
    for words in (
        "heat treatment",
        "without the plan",
        "all in all",
        "KRW/kWh less on average",
        "readings of the period",
    ):
        assert words in said


def test_its_json_is_the_domains_plan(steel: Steel, november: pl.DataFrame, gwangyang: Plant, kepco: Tariff) -> None:
    params = load_params(PROJECT_ROOT / "params.yaml").planning
    expected = plan(read_request(EXAMPLE), november, plant=gwangyang, tariff=kepco, params=params, known=november)

    printed = json.loads(steel(str(EXAMPLE), "--json").stdout)

    assert printed["planned"]["total_krw"] == pytest.approx(expected.planned.total_krw)
    assert printed["savings"]["total_krw"] == pytest.approx(expected.savings.total_krw)
    assert [job["name"] for job in printed["jobs"]] == [job.name for job in expected.jobs]
    assert len(printed["schedule"]) == 96


def test_what_cannot_be_planned_is_one_clear_line(steel: Steel, tmp_path: Path) -> None:
    result = steel(changed(tmp_path, "power_kw: 650", "power_kw: 20"))

    assert result.exit_code == 2
    assert "limits.power_kw (20 kW) cannot be kept (raise limits.power_kw by" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_misspelt_field_is_told_with_its_line(steel: Steel, tmp_path: Path) -> None:
    result = steel(changed(tmp_path, "value_krw: 4000", "value_kwr: 4000"))

    assert result.exit_code == 2
    assert "value_kwr: Extra inputs are not permitted" in result.stderr
    assert "in line" in result.stderr


def test_a_period_after_the_readings_needs_a_forecast_in_reach(steel: Steel, tmp_path: Path) -> None:
    result = steel(changed(tmp_path, "2018-11-0", "2019-11-0"))

    assert result.exit_code == 2
    assert "a forecast reaches 672 intervals" in result.stderr


def test_a_period_that_the_readings_cover_in_part_is_refused(steel: Steel, tmp_path: Path) -> None:
    path = tmp_path / "part.yaml"
    path.write_text("start: 2018-11-30 12:00\nend: 2018-12-01 12:00\n")

    result = steel(str(path))

    assert result.exit_code == 2
    assert "start: the readings end within the period, on 2018-12-01T00:00:00+09:00" in result.stderr
