"""Dirty copies of a meter export with known truth: which defects occur together, and how often.

``defects.py`` has the defects themselves. ``published`` has the documented ones of the dirty file that circulates
beside the data set, as often as there; the other levels are ours.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl

from steel_energy.simulation import defects
from steel_energy.simulation.sheet import Sheet
from steel_energy.sources.raw import to_published

JUNK_COLUMN = "mixed_type_col"
JUNK_VALUES = ("abc", "unknown", "0.293", "741", None)

LevelName = Literal["mild", "published", "harsh", "brutal"]
Defect = Callable[[Sheet, np.random.Generator, Any], None]
DEFECTS: dict[str, Defect] = {
    "extremes": defects.extremes,
    "negative_co2": defects.negative_co2,
    "power_factors_over_100": defects.power_factors_over_100,
    "misspelt_words": defects.misspelt_words,
    "decimals_on_seconds": defects.decimals_on_seconds,
    "wh_for_kwh": defects.wh_for_kwh,
    "stuck_values": defects.stuck_values,
    "missing_cells": defects.missing_cells,
    "junk_tokens": defects.junk_tokens,
    "missing_intervals": defects.missing_intervals,
    "duplicates": defects.duplicates,
    "near_duplicates": defects.near_duplicates,
    "swapped_blocks": defects.swapped_blocks,
    "shuffled_rows": defects.shuffled_rows,
    "mixed_date_formats": defects.mixed_date_formats,
    "decimal_commas": defects.decimal_commas,
}
"""In the order in which they strike: values, then rows, then how all of it is written."""


@dataclass(frozen=True)
class Level:
    """How dirty a copy is.

    Attributes:
        amounts: share of the rows or count of stretches of each defect.
        junk_column: whether there is a column of rubbish.
        text: how the CSV text is written, as ``polars.DataFrame.write_csv`` takes it.
    """

    amounts: dict[str, float]
    junk_column: bool = True
    text: dict[str, Any] = field(default_factory=dict)


PUBLISHED_ROWS = 35_040
PUBLISHED = {
    "missing_cells": 0.0027,
    "junk_tokens": 0.0083,
    "extremes": 74 / PUBLISHED_ROWS,
    "negative_co2": 12 / PUBLISHED_ROWS,
    "power_factors_over_100": 24 / PUBLISHED_ROWS,
    "misspelt_words": 0.007,
    "decimals_on_seconds": 0.05,
    "duplicates": 700 / PUBLISHED_ROWS,
}
STRUCTURAL = {
    "near_duplicates": 0.003,
    "missing_intervals": 0.0003,
    "stuck_values": 6,
    "wh_for_kwh": 3,
    "mixed_date_formats": 0.1,
    "decimal_commas": 0.1,
    "swapped_blocks": 8,
}


def _times(factor: float, amounts: dict[str, float]) -> dict[str, float]:
    return {name: amount * factor for name, amount in amounts.items()}


LEVELS: dict[LevelName, Level] = {
    # a tenth of the published dirt, rows in order
    "mild": Level(_times(0.1, PUBLISHED), junk_column=False),
    # the documented defects of the dirty file in circulation
    "published": Level(PUBLISHED),
    # twice the published dirt, and everything the published file spares: pieces of the file swapped, gaps, stuck
    # values, wrong units, mixed formats, near duplicates
    "harsh": Level(_times(2, PUBLISHED) | STRUCTURAL, text={"include_bom": True, "line_terminator": "\r\n"}),
    # four times the published dirt, every row out of place, and a decimal comma throughout
    "brutal": Level(
        _times(4, PUBLISHED) | _times(2, STRUCTURAL) | {"shuffled_rows": 1, "decimal_commas": 1, "swapped_blocks": 0},
        text={"include_bom": True, "line_terminator": "\r\n", "separator": ";"},
    ),
}


@dataclass(frozen=True)
class Damaged:
    """A dirty copy and the truth about it.

    Attributes:
        rows: raw rows as they stand in the dirty file, with a junk column where the level has one.
        log: ``sheet.LOG_SCHEMA``: every cell that differs from the input, every copied and every missing row.
        true_rows: for each row the ``source_row`` of the input row it came from.
        level: how it was damaged.
    """

    rows: pl.DataFrame
    log: pl.DataFrame
    true_rows: pl.Series
    level: Level

    def write_csv(self, path: Path) -> None:
        """Write the dirty file in the published format, with the level's line ends and separators."""
        to_published(self.rows).write_csv(path, **self.level.text)


def damage(rows: pl.DataFrame, *, seed: int, level: Level) -> Damaged:
    """Damage a copy of raw rows; the same rows, seed and level give the same copy.

    Args:
        rows: ``RAW_SCHEMA``, in any order.
        seed: at least 0; each defect draws from a stream of its own.
        level: one of ``LEVELS``, or your own.
    """
    sheet = Sheet(rows)
    for name, defect in DEFECTS.items():
        if amount := level.amounts.get(name):
            defect(sheet, _rng(seed, name), amount)
    damaged = sheet.rows()
    if level.junk_column:
        junk = _rng(seed, JUNK_COLUMN).choice(np.array(JUNK_VALUES, object), damaged.height)
        damaged = damaged.with_columns(pl.Series(JUNK_COLUMN, list(junk), dtype=pl.String))
    return Damaged(rows=damaged, log=sheet.log(), true_rows=sheet.true_rows(), level=level)


def _rng(seed: int, stream: str) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(stream.encode())])
