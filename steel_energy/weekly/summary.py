"""A weekly report as one row of figures, which is kept beside its files, and what must hold of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from steel_energy.billing import Kind
from steel_energy.quality import Finding
from steel_energy.schema import INTERVALS_PER_HOUR
from steel_energy.tariff import Tariff
from steel_energy.weekly.sections import Missing, WeeklyReport

FIGURES: dict[str, pl.DataType | type[pl.DataType]] = {
    "plant": pl.String,
    "week": pl.String,
    "monday": pl.Date,
    "intervals": pl.Int64,
    "usage_kwh": pl.Float64,
    "co2_t": pl.Float64,
    "peak_kw": pl.Float64,
    "energy_krw": pl.Float64,
    "demand_krw": pl.Float64,
    "power_factor_krw": pl.Float64,
    "co2_krw": pl.Float64,
    "cost_krw": pl.Float64,
    "files": pl.List(pl.String),
}
"""What is charged is null for a week that is not billed; ``cost_krw`` is the sum of the four parts."""
PARTS: dict[str, Kind] = {
    "energy_krw": "energy",
    "demand_krw": "demand",
    "power_factor_krw": "power_factor",
    "co2_krw": "co2",
}
"""Columns, and the kind of line that each sums up."""
SAME_WITHIN = 1e-6  # of sums that were added up in another order
SIGNATURES = {".pdf": b"%PDF-", ".xlsx": b"PK\x03\x04"}
"""How a file of each kind begins."""


def figures(report: WeeklyReport, *, files: list[str]) -> pl.DataFrame:
    """The row of a report, ``FIGURES``."""
    cost = report.cost
    charged = {} if isinstance(cost, Missing) else {name: cost.bill.amount_krw(kind) for name, kind in PARTS.items()}
    row = {
        "plant": report.plant.id,
        "week": report.week.name,
        "monday": report.week.monday,
        "intervals": report.quality.known,
        "usage_kwh": report.consumption.usage_kwh,
        "co2_t": report.consumption.co2_t,
        "peak_kw": report.peaks[0].demand_kw,
        **charged,
        "cost_krw": None if isinstance(cost, Missing) else cost.bill.total_krw,
        "files": files,
    }
    return pl.DataFrame([{name: row.get(name) for name in FIGURES}], schema=FIGURES)


def agrees_with_readings(
    row: Mapping[str, object], readings: pl.DataFrame, *, tariff: Tariff, start: dt.datetime, end: dt.datetime
) -> Finding:
    """Energy, peak and energy charge of a report are those of the readings as they are now.

    Args:
        row: of ``figures``.
        readings: data contract.
        tariff: gives the prices.
        start: of the week.
        end: of the week, exclusive.
    """
    week = readings.filter(pl.col("interval_start").is_between(start, end, closed="left"))
    prices = tariff.billed(week["interval_start"])["energy_krw_per_kwh"]
    expected = {
        "usage_kwh": float(week["usage_kwh"].sum()),
        "peak_kw": max(week["usage_kwh"], default=0.0) * INTERVALS_PER_HOUR,
        "energy_krw": float((week["usage_kwh"] * prices).sum()),
    }
    told = {name: row[name] for name in expected if row[name] is not None}
    same = all(_same(told[name], expected[name]) for name in told)
    return Finding(same, _listed(expected), _listed(told))


def adds_up(row: Mapping[str, object]) -> Finding | None:
    """The parts of the bill make its total; None for a week that is not billed."""
    if row["cost_krw"] is None:
        return None
    parts = sum(float(str(row[name])) for name in PARTS)
    return Finding(_same(row["cost_krw"], parts), f"{parts:,.2f} KRW of all kinds", f"{row['cost_krw']:,.2f} KRW")


def files_open(row: Mapping[str, object], folder: Path) -> Finding:
    """Each file of a report is there and begins as one of its kind does."""
    names = list(row["files"])  # type: ignore[call-overload]  # a list of names
    odd = [name for name in names if not _begins_right(folder / name)]
    return Finding(
        not odd and bool(names), f"{len(names)} files that open", f"missing or damaged: {', '.join(odd) or 'none'}"
    )


def _begins_right(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(SIGNATURES[path.suffix])) == SIGNATURES[path.suffix]


def _same(told: object, expected: float) -> bool:
    return abs(float(str(told)) - expected) <= SAME_WITHIN * max(1.0, abs(expected))


def _listed(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value:,.2f}" for name, value in values.items())
