"""The nowcast of a meter export: each raw row beside what the nowcast says of it, in the file's order.

The usage column is carried along for comparison and never read; rows are not cleaned, moved or dropped (that is the
work of ``cleaning``), so a contradiction within a row shows as ``consistent`` false.
"""

from __future__ import annotations

import polars as pl

from steel_energy.cleaning.cells import read_numbers
from steel_energy.nowcasting import nowcast_frame
from steel_energy.nowcasting.model import UsageModel
from steel_energy.plant import Plant
from steel_energy.sources.raw import RAW_NUMBERS


def nowcast_rows(rows: pl.DataFrame, plant: Plant, model: UsageModel | None = None) -> pl.DataFrame:
    """Raw rows with the nowcast's columns behind them.

    Args:
        rows: raw rows as ``sources.file.read_csv`` gives them; power factors in percent.
        plant: the plant whose meter showed them.
        model: the plant's fitted model, if there is one.

    Returns:
        The rows, one for one and in their order, numbers as Float64 (null where a cell holds none), with
        ``predicted_usage_kwh``, ``lower_kwh``, ``upper_kwh``, ``candidates``, ``consistent`` and ``method``.
    """
    numbers = rows.with_columns(read_numbers(rows[name]).alias(name) for name in RAW_NUMBERS)
    nowcast = nowcast_frame(numbers.drop("usage_kwh"), plant, model)
    return nowcast.insert_column(numbers.get_column_index("usage_kwh"), numbers["usage_kwh"])
