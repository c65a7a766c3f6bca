"""The audit: one row for every changed cell, re-dated row, removed row and inserted interval."""

from __future__ import annotations

import numpy as np
import polars as pl

from steel_energy.cleaning.cells import CELLS
from steel_energy.cleaning.report import INSERTION, ROW
from steel_energy.cleaning.rules import RULES
from steel_energy.plant import Plant
from steel_energy.schema import INTERVAL_START, LOAD_TYPE, repairs_schema

USUAL_SHARE = 0.5  # of a column's cells; a notation used by more of them is the file's own and no repair
FEW = 0.05
FRACTION = "[.,]"
AS_STATED = ("label", "posted")  # how a row was placed that says itself where it belongs: no repair
PLAIN_NUMBER = r"^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*$"
TIME = INTERVAL_START.name


def changes(
    rows: pl.DataFrame, readings: pl.DataFrame, rules: np.ndarray, *, removed: pl.DataFrame, plant: Plant
) -> pl.DataFrame:
    """Every change between the raw rows and the readings.

    Args:
        rows: the raw row that stands for each interval (null where there is none): texts, cells as read, ``lent``.
        readings: the clean readings, same length and order.
        rules: the rule behind each measured cell, empty where it stands as read; shape (rows, 6).
        removed: other rows of these intervals: ``interval_start``, ``text``, ``rule``.
        plant: whose readings they are.

    Returns:
        ``schema.REPAIRS``, sorted by time, then column.
    """
    measured = [_measured(rows, readings, _names(rules[:, n]), name) for n, name in enumerate(CELLS)]
    parts = [*measured, _load_type(rows, readings), _dates(rows), _inserted(rows), _removed(removed)]
    confidences = {name: rule.confidence for name, rule in RULES.items()}
    found = pl.concat(parts).with_columns(
        pl.lit(plant.id).alias("plant"),
        pl.col("rule").replace_strict(confidences, return_dtype=pl.Float64).alias("confidence"),
    )
    schema = repairs_schema(plant.zone)
    return found.select(schema.names()).cast(schema).sort(TIME, "column", "before", nulls_last=True)


def _names(rules: np.ndarray) -> pl.Series:
    """Rules as a series, mostly empty: only what is not becomes text one by one, which is slow."""
    given = np.flatnonzero(rules != "")
    return pl.repeat("", len(rules), dtype=pl.String, eager=True).scatter(given, rules[given].tolist())


def _measured(rows: pl.DataFrame, readings: pl.DataFrame, given: pl.Series, name: str) -> pl.DataFrame:
    """Changed and lent cells of one measured column, and those whose notation differs from the rest of the file."""
    text, readable = pl.col(f"{name}_text"), pl.col(name).is_not_null()
    odd = _unusual(readable & ~text.str.contains(PLAIN_NUMBER), readable & text.str.contains(FRACTION), readable)
    lent = pl.col("lent").list.contains(name)
    rule = rows.select(
        pl.when(given != "").then(given).when(lent).then(pl.lit("other_copy")).when(odd).then(pl.lit("notation"))
    ).to_series()
    return _changed(rows[TIME], name, rows[f"{name}_text"], readings[name], rule)


def _load_type(rows: pl.DataFrame, readings: pl.DataFrame) -> pl.DataFrame:
    """Load types that were unreadable, wrong, or spelt otherwise than most of the file spells them."""
    name, after = LOAD_TYPE.name, readings[LOAD_TYPE.name].cast(pl.String)
    text, shown = rows[f"{name}_text"], rows[name]
    usual = rows.group_by(name).agg(pl.col(f"{name}_text").mode().sort().first().alias("usual"))
    odd = text != rows.select(name).join(usual, on=name, how="left", maintain_order="left")["usual"]
    odd &= rows["placed_by"] != "posted"  # its spelling is ours, whatever the file's is
    wrong = shown.is_null() | (shown != after)
    lent = rows["lent"].list.contains(name)
    rule = pl.select(
        pl.when(wrong).then(pl.lit("calendar")).when(lent).then(pl.lit("other_copy")).when(odd).then(pl.lit("notation"))
    ).to_series()
    return _changed(rows[TIME], name, text, after, rule)


def _dates(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows whose label is not simply what the file usually writes for their interval."""
    rule = rows.select(pl.when(~pl.col("placed_by").is_in(AS_STATED)).then("placed_by")).to_series()
    return _changed(rows[TIME], TIME, rows["label"], rows[TIME].dt.to_string("iso:strict"), rule)


def _inserted(rows: pl.DataFrame) -> pl.DataFrame:
    rule = rows.select(pl.when(pl.col("placed_by").is_null()).then(pl.lit(INSERTION))).to_series()
    return _changed(rows[TIME], ROW, rows["label"], rows[TIME].dt.to_string("iso:strict"), rule)


def _removed(removed: pl.DataFrame) -> pl.DataFrame:
    nothing = pl.Series([None] * removed.height, dtype=pl.String)
    return _changed(removed[TIME], ROW, removed["text"], nothing, removed["rule"])


def _unusual(odd: pl.Expr, fractions: pl.Expr, readable: pl.Expr) -> pl.Expr:
    """``odd``, unless most fractions and not just a few cells are: then the whole file is written so."""
    count = odd.sum()
    usual = (count > USUAL_SHARE * (odd | fractions).sum()) & (count > FEW * readable.sum())
    return odd & ~usual


def _changed(time: pl.Series, column: str, before: pl.Series, after: pl.Series, rule: pl.Series) -> pl.DataFrame:
    """The audit rows of the positions that have a rule."""
    changed = pl.DataFrame({TIME: time, "before": before, "after": after, "rule": rule}).filter(
        pl.col("rule").is_not_null()
    )
    return changed.select(TIME, pl.lit(column).alias("column"), "before", pl.col("after").cast(pl.String), "rule")
