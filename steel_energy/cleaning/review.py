"""What cleaning did to a period, from the readings and the audit as they lie in the lake: counts, gaps, each change.

The figures of a cleaning run itself are ``report``'s; here any period can be asked for, whenever it was cleaned.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import polars as pl

from steel_energy.cleaning.report import CELL_COLUMNS, INSERTION, READING, REMOVALS, ROW
from steel_energy.schema import INTERVAL

Part = Literal["day", "month"]
PARTS: dict[Part, str] = {"day": "1d", "month": "1mo"}
TIME = "interval_start"


@dataclass(frozen=True)
class Review:
    """What cleaning did to the intervals of a period.

    Attributes:
        intervals: readings of the period.
        cells: cells of these readings that the source has, the time being one of them.
        repaired_cells: those that were wrong or missing; one that was only written otherwise is none.
        restyled_cells: those that were only written otherwise.
        rows_removed: duplicates and rows that fitted nowhere.
        intervals_inserted: intervals that the source had no row of.
        by_rule: changes by rule, whatever their kind, most first.
        by_column: changes by column, ``row`` for whole rows, most first.
        parts: days or months of the plant's clock, oldest first: ``start``, ``intervals``, ``cells``,
            ``repaired_cells``, ``rows_removed``, ``intervals_inserted``.
        gaps: stretches of inserted intervals, newest first: ``start``, ``end`` (exclusive), ``intervals``.
        repairs: every change as ``schema.REPAIRS``, newest first.
    """

    intervals: int
    cells: int
    repaired_cells: int
    restyled_cells: int
    rows_removed: int
    intervals_inserted: int
    by_rule: dict[str, int]
    by_column: dict[str, int]
    parts: pl.DataFrame
    gaps: pl.DataFrame
    repairs: pl.DataFrame

    @property
    def repaired_share(self) -> float:
        """Share of the cells (0-1) that were wrong or missing; 0 of no cell."""
        return self.repaired_cells / max(1, self.cells)


def review(
    readings: pl.DataFrame,
    repairs: pl.DataFrame,
    *,
    start: dt.datetime,
    end: dt.datetime,
    by: Part = "day",
    absent: Collection[str] = (),
) -> Review:
    """What cleaning did to the intervals of ``[start, end)``.

    Args:
        readings: the data contract's readings of one plant.
        repairs: their audit.
        start: first moment, with a zone.
        end: last moment, exclusive, with a zone.
        by: what ``parts`` are.
        absent: columns that the source does not have at all: their cells are derived, and do not speak against it.
    """
    inside = pl.col(TIME).is_between(start, end, closed="left")
    rows, changes = readings.filter(inside).sort(TIME), repairs.filter(inside)
    columns = len(set(CELL_COLUMNS) - set(absent))
    parts = _parts(rows, _marked(changes, absent), by=by, columns=columns)
    sums = parts.select(pl.col("repaired_cells", "restyled_cells", "rows_removed", "intervals_inserted").sum())
    return Review(
        intervals=rows.height,
        cells=rows.height * columns,
        **(sums.row(0, named=True)),
        by_rule=_counts(changes["rule"]),
        by_column=_counts(changes["column"]),
        parts=parts.drop("restyled_cells"),
        gaps=gaps(changes.filter(pl.col("rule") == INSERTION)[TIME].unique().sort()).reverse(),
        repairs=changes.sort(TIME, "column", "before", descending=[True, False, False], nulls_last=True),
    )


def gaps(absent: pl.Series) -> pl.DataFrame:
    """Stretches of intervals that stand side by side.

    Args:
        absent: starts of the intervals, with a zone, sorted, each once.

    Returns:
        ``start``, ``end`` (exclusive), ``intervals``; oldest first.
    """
    times = pl.DataFrame({"start": absent})
    begins = (pl.col("start").diff() != INTERVAL).fill_null(value=True)
    stretches = times.group_by(begins.cum_sum().alias("stretch"), maintain_order=True)
    found = stretches.agg(
        pl.col("start").min(), end=pl.col("start").max() + INTERVAL, intervals=pl.len().cast(pl.Int64)
    )
    return found.drop("stretch")


def _marked(changes: pl.DataFrame, absent: Collection[str]) -> pl.DataFrame:
    """Each change with what it counts as."""
    rule, column = pl.col("rule"), pl.col("column")
    is_cell, is_style = (column != ROW) & ~column.is_in(sorted(absent)), rule.is_in(READING)
    return changes.select(
        TIME,
        repaired_cells=is_cell & ~is_style,
        restyled_cells=is_cell & is_style,
        rows_removed=(column == ROW) & rule.is_in(REMOVALS),
        intervals_inserted=(column == ROW) & (rule == INSERTION),
    )


def _parts(rows: pl.DataFrame, marked: pl.DataFrame, *, by: Part, columns: int) -> pl.DataFrame:
    start = pl.col(TIME).dt.truncate(PARTS[by]).alias("start")
    read = rows.group_by(start, maintain_order=True).agg(intervals=pl.len().cast(pl.Int64))
    changed = marked.group_by(start).agg(pl.exclude(TIME).sum().cast(pl.Int64))
    counted = read.join(changed, on="start", how="left", maintain_order="left")
    return counted.with_columns(pl.col(pl.Int64).fill_null(0), cells=pl.col("intervals") * columns)


def _counts(names: pl.Series) -> dict[str, int]:
    counted = names.alias("name").value_counts(name="n").sort(["n", "name"], descending=[True, False])
    return dict(counted.iter_rows())
