"""What must hold of a written report: each rule passes on a good one and fails where something is off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from steel_energy.testing import toy_readings, toy_tariff
from steel_energy.weekly import WeeklyReport
from steel_energy.weekly.summary import FIGURES, adds_up, agrees_with_readings, figures, files_open

Make = Callable[..., WeeklyReport]


def row(report: WeeklyReport, files: list[str] | None = None) -> dict[str, object]:
    frame = figures(report, files=files or [])

    assert frame.schema == pl.Schema(FIGURES)
    return frame.row(0, named=True)


def test_the_row_holds_the_figures_of_the_report(make: Make) -> None:
    found = row(make(), ["a.pdf"])

    assert (found["plant"], found["week"], str(found["monday"])) == ("toy", "2018-W03", "2018-01-15")
    assert (found["usage_kwh"], found["peak_kw"], found["energy_krw"]) == (4608, 80, 10_048)
    assert found["cost_krw"] == pytest.approx(10_048 + 800 * 7 / 31)
    assert found["files"] == ["a.pdf"]


def test_figures_that_are_no_longer_the_readings_are_found(make: Make) -> None:
    report = make()
    start, end = report.week.bounds("Asia/Seoul")
    readings = toy_readings(days=35)
    changed = readings.with_columns(usage_kwh=pl.col("usage_kwh") + 0.01)

    fresh, stale = (
        agrees_with_readings(row(report), known, tariff=toy_tariff(), start=start, end=end)
        for known in (readings, changed)
    )

    assert (fresh.passed, stale.passed) == (True, False)


def test_a_bill_whose_parts_do_not_make_its_total_is_found(make: Make) -> None:
    good = row(make())

    assert adds_up(good).passed  # type: ignore[union-attr]
    assert not adds_up(good | {"demand_krw": 0.0}).passed  # type: ignore[union-attr]
    assert adds_up(good | {"cost_krw": None}) is None


def test_a_file_that_is_missing_or_something_else_is_found(make: Make, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "b.pdf").write_bytes(b"PK\x03\x04")

    assert files_open(row(make(), ["a.pdf", "a.xlsx"]), tmp_path).passed
    assert not files_open(row(make(), ["b.pdf"]), tmp_path).passed
    assert not files_open(row(make(), ["a.pdf", "c.pdf"]), tmp_path).passed
    assert not files_open(row(make()), tmp_path).passed
