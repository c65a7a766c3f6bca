"""``steel bill`` as a user calls it; the sums themselves are tested with ``billing``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from steel_energy.billing import bill
from steel_energy.cleaning import clean, place
from steel_energy.cli import app
from steel_energy.lake import Lake
from steel_energy.months import month_start
from steel_energy.plant import Plant
from steel_energy.sources.simulated import simulated_readings
from steel_energy.tariff import Tariff

Steel = Callable[..., Result]
MONTH = "2018-01"
PERIOD = ("--from", "2018-01-01", "--to", "2018-02-01")


@pytest.fixture
def steel(gwangyang: Plant, kepco: Tariff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steel:
    """`steel ARGUMENTS` over a lake that holds a simulated January."""
    raw = simulated_readings(gwangyang.model_copy(update={"last_month": MONTH}), kepco, seed=5).rows
    readings = clean(place(raw, gwangyang), plant=gwangyang, tariff=kepco).readings
    Lake(tmp_path / "data" / "lake").write("cleaned_readings", gwangyang.id, MONTH, readings)
    monkeypatch.setenv("STEEL_DATA_DIR", str(tmp_path / "data"))
    return lambda *arguments: CliRunner().invoke(app, ["bill", *arguments])


def test_it_prints_the_lines_and_their_sum(steel: Steel) -> None:
    result = steel(*PERIOD)

    assert result.exit_code == 0, result.output
    for words in ("energy in the light", "highest demand", "lagging power", "total", "prices: Korea Electric"):
        assert words in " ".join(result.stdout.split())


def test_its_json_is_the_domains_bill(steel: Steel, gwangyang: Plant, kepco: Tariff, tmp_path: Path) -> None:
    readings = Lake(tmp_path / "data" / "lake").read("cleaned_readings", gwangyang.id)
    start, end = (month_start(month, zone=gwangyang.zone) for month in (MONTH, "2018-02"))
    expected = bill(readings, plant=gwangyang, tariff=kepco, start=start, end=end)

    printed = json.loads(steel(*PERIOD, "--json").stdout)

    assert printed["total_krw"] == pytest.approx(expected.total_krw)
    assert [line["rule"] for line in printed["lines"]] == [line.rule for line in expected.lines]
    assert printed["start"] == "2018-01-01T00:00:00+09:00"


def test_another_tariff_bills_the_same_load(steel: Steel) -> None:
    printed = json.loads(steel(*PERIOD, "--tariff", "day-and-night-example", "--json").stdout)

    assert {line["source"] for line in printed["lines"]} == {"round example prices, published by nobody"}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        pytest.param(("--from", "yesterday", "--to", "2018-02-01"), "--from: 'yesterday' is no time", id="no time"),
        pytest.param(("--from", "2018-02-01", "--to", "2018-01-01"), "swap from and to", id="reversed"),
        pytest.param(("--from", "2018-01-01", "--to", "2018-03-01"), "are known", id="after the readings"),
        pytest.param((*PERIOD, "--tariff", "none"), "unknown tariff 'none'", id="an unknown tariff"),
    ],
)
def test_what_cannot_be_billed_is_one_clear_line(steel: Steel, arguments: tuple[str, ...], reason: str) -> None:
    result = steel(*arguments)

    assert result.exit_code == 2
    assert reason in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
