"""Known readings of a period, as they are or summed by hour or day, each with whether cleaning changed any of it."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import polars as pl

from steel_energy.calendar import interval_end
from steel_energy.tariff import Tariff

Aggregation = Literal["15min", "hour", "day"]
WINDOWS: dict[Aggregation, str] = {"hour": "1h", "day": "1d"}
SUMMED = ("usage_kwh", "lagging_reactive_kvarh", "leading_reactive_kvarh", "co2_t")


def readings_end(readings: pl.DataFrame) -> dt.datetime:
    """End of the last interval of ``readings`` (data contract, at least one row, sorted), in the plant's zone."""
    last: dt.datetime = readings["interval_start"][-1]
    return interval_end(last)


def history(
    readings: pl.DataFrame,
    repairs: pl.DataFrame,
    *,
    tariff: Tariff,
    start: dt.datetime,
    end: dt.datetime,
    aggregation: Aggregation = "15min",
) -> pl.DataFrame:
    """The readings of ``[start, end)``, oldest first.

    Args:
        readings: data contract's readings of one plant.
        repairs: their audit; a changed cell or an inserted interval marks it, a removed duplicate (no after) does not.
        tariff: gives the band the utility bills.
        start: first moment, with a zone.
        end: last moment, exclusive, with a zone.
        aggregation: ``15min``, or sums over clock hours or days of the plant. A window at an edge of the period holds
            only the intervals inside it; ``intervals`` counts them.

    Returns:
        ``interval_start`` of the window, energies, ``co2_t``, ``repaired``, ``intervals``; single intervals also
        ``load_type`` and ``billing_band``.
    """
    repaired = repairs.filter(pl.col("after").is_not_null())["interval_start"].unique()
    rows = readings.filter(pl.col("interval_start").is_between(start, end, closed="left")).sort("interval_start")
    marked = rows.select(
        "interval_start",
        *SUMMED,
        "load_type",
        repaired=pl.col("interval_start").is_in(repaired.implode()),
        intervals=pl.lit(1, pl.UInt32),
    )
    if aggregation == "15min":
        return marked.with_columns(tariff.billed(marked["interval_start"])["billing_band"])
    return marked.group_by_dynamic("interval_start", every=WINDOWS[aggregation]).agg(
        pl.col(*SUMMED).sum(), pl.col("repaired").any(), pl.col("intervals").sum()
    )
