"""What was wrong with a week's readings: gaps, inserted intervals and repairs by rule."""

from __future__ import annotations

import datetime as dt

import polars as pl

from steel_energy.cleaning.report import INSERTION, READING, REMOVALS, ROW
from steel_energy.weekly.sections import DataQuality


def data_quality(
    repairs: pl.DataFrame, *, known: int, expected: int, start: dt.datetime, end: dt.datetime
) -> DataQuality:
    """The audit of ``[start, end)``.

    Args:
        repairs: the audit of the plant.
        known: intervals with a reading.
        expected: intervals of the week.
        start: of the week.
        end: of the week, exclusive.
    """
    week = repairs.filter(pl.col("interval_start").is_between(start, end, closed="left"))
    inserted = week.filter(pl.col("rule") == INSERTION)["interval_start"].n_unique()
    changed = week.filter(~pl.col("rule").is_in([*READING, *REMOVALS]))
    return DataQuality(
        expected=expected,
        known=known,
        inserted=inserted,
        repaired=changed["interval_start"].n_unique(),
        by_rule=_counts(week["rule"]),
        by_column=_counts(changed.filter(pl.col("column") != ROW)["column"]),
    )


def _counts(values: pl.Series) -> dict[str, int]:
    """How often each occurs, most first, equals by name."""
    counted = values.value_counts(name="count").sort("count", values.name, descending=[True, False])
    return dict(counted.iter_rows())
