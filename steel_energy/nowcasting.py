"""The nowcast of a meter export: each raw row beside what the virtual meter says of it, in the file's order.

The usage column is carried along for comparison and never read; rows are not cleaned, moved or dropped (that is the
work of ``cleaning``), so a contradiction within a row shows as ``consistent`` false.
"""

from __future__ import annotations

import polars as pl

from steel_energy.cleaning.cells import read_numbers
from steel_energy.meter import virtual_meter
from steel_energy.plant import Plant
from steel_energy.sources.raw import RAW_NUMBERS


def nowcast_rows(rows: pl.DataFrame, plant: Plant) -> pl.DataFrame:
    """Raw rows with the virtual meter's columns behind them.

    Args:
        rows: raw rows as ``sources.file.read_csv`` gives them; power factors in percent.
        plant: the plant whose meter showed them.

    Returns:
        The rows, one for one and in their order, numbers as Float64 (null where a cell holds none), with
        ``predicted_usage_kwh``, ``lower_kwh``, ``upper_kwh``, ``candidates``, ``consistent`` and ``method``.
    """
    numbers = rows.with_columns(read_numbers(rows[name]).alias(name) for name in RAW_NUMBERS)
    nowcast = virtual_meter(numbers.drop("usage_kwh"), plant)
    return nowcast.insert_column(numbers.get_column_index("usage_kwh"), numbers["usage_kwh"])
