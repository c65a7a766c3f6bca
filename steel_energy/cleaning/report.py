"""What cleaning did, in figures, and how well cleaned readings match a reference."""

from __future__ import annotations

import polars as pl

from steel_energy.config import Record
from steel_energy.meter import EQUAL_WITHIN
from steel_energy.schema import INTERVAL_START, LOAD_TYPE, MEASURED

CELL_COLUMNS = (INTERVAL_START.name, *(column.name for column in MEASURED), LOAD_TYPE.name)
ROW = "row"
"""Stands in the audit's ``column`` where a whole row was removed or inserted."""
READING = ("notation", "date_format")
"""Rules that change how a value is written and not the value."""
REMOVALS = ("duplicate", "near_duplicate", "unplaceable")
INSERTION = "missing_interval"


class CleaningReport(Record):
    """The figures of one cleaning run.

    Attributes:
        rows_read: raw rows of the period.
        intervals: rows of the result.
        duplicates_removed: rows that gave way to a better one of their interval, or fitted nowhere.
        intervals_inserted: intervals that had no row.
        repaired_cells: cells in the audit, whatever the rule.
        repaired_share: share of the cells that were wrong or missing, leaving out columns that the file does not have
            and cells that were only written otherwise.
        cells_by_rule: audit rows by rule, most first.
        cells_by_column: audit rows by column, most first.
        energy_before_kwh: sum of the usage as far as it could be read.
        energy_after_kwh: sum of the clean usage.
    """

    rows_read: int
    intervals: int
    duplicates_removed: int
    intervals_inserted: int
    repaired_cells: int
    repaired_share: float
    cells_by_rule: dict[str, int]
    cells_by_column: dict[str, int]
    energy_before_kwh: float
    energy_after_kwh: float


def summarise(
    readings: pl.DataFrame, repairs: pl.DataFrame, *, rows_read: int, absent: set[str], energy_before_kwh: float
) -> CleaningReport:
    """The report of ``readings`` and the ``repairs`` that led to them.

    Args:
        readings: the clean readings.
        repairs: their audit.
        rows_read: raw rows of the period.
        absent: columns that the file does not have at all: their cells are derived, and do not speak against it.
        energy_before_kwh: sum of the usage as it could be read.
    """
    cells = repairs.filter(pl.col("column") != ROW)
    rows = repairs.filter(pl.col("column") == ROW)
    wrong = cells.filter(~pl.col("rule").is_in(READING) & ~pl.col("column").is_in(sorted(absent)))
    return CleaningReport(
        rows_read=rows_read,
        intervals=readings.height,
        duplicates_removed=rows.filter(pl.col("rule").is_in(REMOVALS)).height,
        intervals_inserted=rows.filter(pl.col("rule") == INSERTION).height,
        repaired_cells=cells.height,
        repaired_share=wrong.height / max(1, readings.height * (len(CELL_COLUMNS) - len(absent))),
        cells_by_rule=_counts(repairs["rule"]),
        cells_by_column=_counts(cells["column"]),
        energy_before_kwh=energy_before_kwh,
        energy_after_kwh=float(readings["usage_kwh"].sum()),
    )


def reference_match(readings: pl.DataFrame, reference: pl.DataFrame) -> dict[str, float]:
    """Share of cells equal to a reference, by column and under ``all``; numbers within 0.005.

    Args:
        readings: cleaned readings of the data contract.
        reference: the true readings of the same contract; an interval that ``readings`` lacks counts as unequal.
    """
    time, load = INTERVAL_START.name, LOAD_TYPE.name
    both = reference.join(readings, on=time, how="left", suffix="_found", maintain_order="left")
    numbers = {c.name: (pl.col(c.name) - pl.col(f"{c.name}_found")).abs() <= EQUAL_WITHIN for c in MEASURED}
    equal = {**numbers, load: pl.col(load).cast(pl.String) == pl.col(f"{load}_found").cast(pl.String)}
    shares = both.select(flag.fill_null(value=False).mean().alias(name) for name, flag in equal.items()).row(
        0, named=True
    )
    return {**shares, "all": sum(shares.values()) / len(shares)}


def _counts(names: pl.Series) -> dict[str, int]:
    counted = names.alias("name").value_counts(name="n").sort(["n", "name"], descending=[True, False])
    return dict(counted.iter_rows())
