"""The quality report's tables of single repairs: each rule with an example, largest corrections, least certain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from steel_energy.cleaning import RULES
from steel_energy.cleaning.report import INSERTION, ROW
from steel_energy.reporting.page import Section, left_out, table
from steel_energy.reporting.wording import column_label, count, moment, number, rule_label
from steel_energy.schema import INTERVAL_START, MEASURED

LARGEST = 15
LISTED = 500
NOTHING = "(empty)"
TEXT_LENGTH = 60
UNITS = {column.name: column.unit for column in MEASURED}


def with_numbers(repairs: pl.DataFrame) -> pl.DataFrame:
    """The audit plus ``before_number`` and ``after_number``: null where the text is no finite number."""
    return repairs.with_columns(_as_number(side).alias(f"{side}_number") for side in ("before", "after"))


def rules_table(repairs: pl.DataFrame) -> str:
    """Each rule that was used: its meaning, how often, an example, the lowest confidence it was used with."""
    used = repairs.group_by("rule").agg(pl.len(), pl.col("confidence").min())
    rows = []
    for rule, times, confidence in used.sort("len", "rule", descending=[True, False]).rows():
        example = repairs.filter(pl.col("rule") == rule).row(0, named=True)
        why = RULES[rule].why if rule in RULES else "not among the rules of this version"
        shown = f"{_column(example['column'])}: {_before(example)} → {_after(example)}"
        rows.append((rule_label(rule), why, f"{times:,}", shown, f"{confidence:.2f}"))
    return table(("rule", "meaning", "changes", "example: before → after", "confidence"), rows, numbers=(2, 4))


def largest_corrections(repairs: pl.DataFrame) -> Section:
    """The usage cells that were readable and changed most."""
    title = "Largest corrections of usage"
    change = (pl.col("after_number") - pl.col("before_number")).abs()
    usage = repairs.filter((pl.col("column") == "usage_kwh") & change.is_not_null()).sort(change, descending=True)
    if usage.is_empty():
        return left_out("largest", title, "No readable usage was changed.")
    top = usage.head(LARGEST)
    first = top.row(0, named=True)
    text = (
        f"{count(usage.height, 'readable usage cell')} changed. The largest step is from "
        f"{number(first['before_number'], 2)} to **{number(first['after_number'], 2)} kWh** "
        f"on {moment(first['interval_start'])}."
    )
    return Section("largest", title, text, (_repairs_table(top),))


def list_of_repairs(repairs: pl.DataFrame) -> Section:
    """The changes one by one, the least certain first."""
    ordered = repairs.sort("confidence", "interval_start", "column")
    shown = min(LISTED, ordered.height)
    text = (
        f"The {count(shown, 'least certain change')} of {ordered.height:,}, oldest first among equals."
        if shown < ordered.height
        else f"All {count(shown, 'change')}, the least certain first."
    )
    more = " The audit itself has them all." if shown < ordered.height else ""
    return Section("list", "The repairs one by one", text + more, (_repairs_table(ordered.head(shown)),))


def _repairs_table(repairs: pl.DataFrame) -> str:
    rows = [
        (
            moment(repair["interval_start"]),
            _column(repair["column"]),
            _before(repair),
            _after(repair),
            rule_label(repair["rule"]),
            f"{repair['confidence']:.2f}",
        )
        for repair in repairs.iter_rows(named=True)
    ]
    return table(("interval", "column", "before", "after", "rule", "confidence"), rows, numbers=(5,))


def _column(name: str) -> str:
    unit = f", {UNITS[name]}" if name in UNITS else ""
    return f"{column_label(name)}{unit}"


def _before(repair: Mapping[str, Any]) -> str:
    return "not there" if repair["rule"] == INSERTION else _shown(repair["before"])


def _after(repair: Mapping[str, Any]) -> str:
    if repair["column"] == INTERVAL_START.name:
        return moment(repair["interval_start"])
    if repair["column"] == ROW:
        return "inserted" if repair["rule"] == INSERTION else "removed"
    return _shown(repair["after"])


def _shown(text: str | None) -> str:
    if text is None or not text.strip():
        return NOTHING
    return text if len(text) <= TEXT_LENGTH else f"{text[: TEXT_LENGTH - 1]}…"


def _as_number(side: str) -> pl.Expr:
    value = pl.col(side).str.strip_chars().str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value)
