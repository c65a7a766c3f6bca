"""Alerts about drift: the newest readings no longer look like those that the champion was trained on."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from steel_energy.alerts.alert import Alert, Severity
from steel_energy.alerts.links import Links
from steel_energy.alerts.rules.weeks import window
from steel_energy.calendar import in_zone
from steel_energy.drift import Verdict
from steel_energy.plant import Plant

DRIFT_SEVERITIES: Mapping[Verdict, Severity] = {"moderate": "info", "severe": "critical"}
PREDICTION = "prediction"
"""Rows of this role decide no verdict: whether forecasts are good is told by their errors."""
MOST_COLUMNS = 6
WORDS = {
    "usage_kwh": "usage",
    "lagging_reactive_kvarh": "lagging reactive energy",
    "leading_reactive_kvarh": "leading reactive energy",
    "lagging_power_factor": "lagging power factor",
    "leading_power_factor": "leading power factor",
    "co2_t": "CO2",
    "load_type": "load types",
    "level": "level of all energies together",
    "working_hours": "working hours",
    "work_moved": "work at other hours",
    "beyond": "usage beyond its height",
    "unchanged": "meter unchanged",
    "repaired": "repaired cells",
    "contradicted": "cells against physics",
    "mistyped": "load types against the calendar",
    "peaked": "lone peaks",
}
UNITS = {
    "usage_kwh": " kWh",
    "lagging_reactive_kvarh": " kvarh",
    "leading_reactive_kvarh": " kvarh",
    "lagging_power_factor": " %",
    "leading_power_factor": " %",
    "co2_t": " t",
}
SHARES = frozenset({"level", "work_moved", "repaired", "contradicted", "mistyped", "peaked", "beyond"})
SIGNED = frozenset({"level"})
"""How far something rose or fell."""
HOURS = frozenset({"working_hours", "unchanged"})
SMALL_SHARE = 0.1


def drifted(newest: pl.DataFrame, plant: Plant, *, earlier: Iterable[pl.DataFrame] = (), links: Links) -> list[Alert]:
    """That the readings of the newest week no longer look like those the champion was trained on.

    Args:
        newest: its table of ``drift_report``.
        plant: whose.
        earlier: those of the weeks before, newest first; they say since when, and are asked for only where it drifted.
        links: where to look.
    """
    moved = _moved(newest)
    if moved.is_empty():
        return []
    worst = moved.row(0, named=True)
    before = itertools.takewhile(lambda week: not _moved(week).is_empty(), earlier)
    first: dt.datetime = [newest, *before][-1]["window_from"][0]
    names = moved.filter(pl.col("verdict") == worst["verdict"])["name"].unique(maintain_order=True).to_list()
    return [
        Alert(
            key=f"{plant.id}/drift",
            plant=plant.id,
            kind="drift",
            severity=DRIFT_SEVERITIES[worst["verdict"]],
            title=f"readings drifted ({worst['verdict']}): {_listed([word(name) for name in names])}",
            facts=(
                window(worst, plant),
                *(_drift_fact(row) for row in moved.head(MOST_COLUMNS).iter_rows(named=True)),
                *([f"Moved too: {moved.height - MOST_COLUMNS} more."] if moved.height > MOST_COLUMNS else []),
            ),
            since=in_zone(first, plant.zone),
            zone=plant.zone,
            advice=_sentence(worst["remedy"]),
            link=links.asset("drift_report"),
            about=tuple(sorted(names)),
        )
    ]


def _moved(week: pl.DataFrame) -> pl.DataFrame:
    """Rows that moved, worst first."""
    moved = week.filter(pl.col("role") != PREDICTION, pl.col("verdict") != "none")
    return moved.sort(pl.col("verdict").to_physical(), "psi", descending=True, nulls_last=True)


def _drift_fact(row: Mapping[str, Any]) -> str:
    name, verdict = word(row["name"]), row["verdict"]
    if row["psi"] is None:
        of = f" of {word(row['column'])}" if row["column"] not in (None, row["name"]) else ""
        usual = f", usually up to {measured(row['name'], row['usual'])}" if row["usual"] is not None else ""
        sign = "+" if row["name"] in SIGNED and row["value"] > 0 else ""
        severe = measured(row["name"], row["severe_at"])
        return f"{name}{of} ({verdict}): {sign}{measured(row['name'], row['value'])}{usual}, severe from {severe} on."
    usual = f", usually up to {row['usual_psi']:.2f}" if row["usual_psi"] is not None else ""
    means = ""
    if row["newest_mean"] is not None and row["trained_mean"] is not None:
        means = f"; mean {row['newest_mean']:.4g} instead of {row['trained_mean']:.4g}{UNITS.get(row['name'], '')}"
    return f"{name} ({verdict}): PSI {row['psi']:.2f}{usual}{means}."


def word(name: str) -> str:
    """What people call a column or figure; its own name where nothing better is known.

    >>> word("co2_t"), word("something_new")
    ('CO2', 'something_new')
    """
    return WORDS.get(name, name)


def measured(figure: str, value: float) -> str:
    """A figure's value with its unit.

    >>> measured("level", 0.3593), measured("unchanged", 5.25), measured("something_new", 0.12345)
    ('36 %', '5.2 h', '0.1235')
    """
    if figure in SHARES:
        return f"{100 * value:.{0 if abs(value) >= SMALL_SHARE else 1}f} %"
    return f"{value:.1f} h" if figure in HOURS else f"{value:.4g}"


def _listed(names: Sequence[str]) -> str:
    shown, rest = names[:3], len(names) - 3
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + ("" if words.endswith(".") else ".")
