"""Known readings of a period, as they are or over calendar windows, each with whether cleaning changed any of it.

Windows follow the plant's clock: a day of it has 92, 96 or 100 intervals, a week begins on Monday. What is billed for a
whole month (demand charge, power-factor clause) does not live here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import polars as pl

from steel_energy.calendar import interval_end
from steel_energy.meter import exact_power_factor
from steel_energy.schema import INTERVALS_PER_HOUR
from steel_energy.tariff import Tariff

Aggregation = Literal["15min", "hour", "day", "week", "month"]
WINDOWS: dict[Aggregation, str] = {"hour": "1h", "day": "1d", "week": "1w", "month": "1mo"}
ENERGIES = ("usage_kwh", "lagging_reactive_kvarh", "leading_reactive_kvarh")
POWER_FACTORS = {"lagging_power_factor": "lagging_reactive_kvarh", "leading_power_factor": "leading_reactive_kvarh"}
"""Columns with a power factor, and the reactive energy that it follows from beside the usage."""
BANDS = ("load_type", "billing_band")
COLUMNS = (
    "interval_start",
    *ENERGIES,
    *POWER_FACTORS,
    "co2_t",
    *BANDS,
    "peak_kw",
    "cost_krw",
    "repaired",
    "intervals",
)
"""What ``history`` returns, in this order."""


@dataclass(frozen=True)
class Page:
    """Some rows of a history.

    Attributes:
        rows: at most as many as were asked for, oldest first.
        total: number of rows of the whole history.
        next: start of the first window after them; None on the last page.
    """

    rows: pl.DataFrame
    total: int
    next: dt.datetime | None


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
        tariff: gives the band the utility bills and its price.
        start: first moment, with a zone.
        end: last moment, exclusive, with a zone.
        aggregation: ``15min``, or windows of the plant's clock. A window at an edge of the period holds only the
            intervals inside it; ``intervals`` counts them.

    Returns:
        ``COLUMNS``. Of a window: its start, sums of energies, ``co2_t`` and ``cost_krw`` (energy charge only), the
        highest 15-minute demand as ``peak_kw``, power factors in percent as they follow from the sums (0 without any
        energy), and a band where all its intervals share it, else null. Windows without readings are left out.
    """
    repaired = repairs.filter(pl.col("after").is_not_null())["interval_start"].unique()
    rows = readings.filter(pl.col("interval_start").is_between(start, end, closed="left")).sort("interval_start")
    billed = tariff.billed(rows["interval_start"])
    marked = rows.with_columns(
        billed["billing_band"],
        peak_kw=pl.col("usage_kwh") * INTERVALS_PER_HOUR,
        cost_krw=pl.col("usage_kwh") * billed["energy_krw_per_kwh"],
        repaired=pl.col("interval_start").is_in(repaired.implode()),
        intervals=pl.lit(1, pl.UInt32),
    )
    if aggregation != "15min":
        marked = _windows(marked, every=WINDOWS[aggregation])
    return marked.select(COLUMNS)


def page(rows: pl.DataFrame, *, limit: int, cursor: dt.datetime | None = None) -> Page:
    """The first ``limit`` rows of a history that start at ``cursor`` or later; new readings behind them move nothing.

    Args:
        rows: what ``history`` returned.
        limit: at least 1.
        cursor: the ``next`` of the page before; None for the first one.
    """
    following = rows if cursor is None else rows.filter(pl.col("interval_start") >= cursor)
    coming = following["interval_start"][limit] if following.height > limit else None
    return Page(following.head(limit), rows.height, coming)


def _windows(marked: pl.DataFrame, *, every: str) -> pl.DataFrame:
    """Sums by windows of the clock on the wall; an hour that comes twice, when clocks go back, is two of them."""
    start, is_hourly = pl.col("interval_start"), every == WINDOWS["hour"]
    offset = start.dt.base_utc_offset() + start.dt.dst_offset()
    keyed = marked.with_columns(
        window=start.dt.replace_time_zone(None).dt.truncate(every), offset=offset if is_hourly else pl.lit(None)
    )
    sums = keyed.group_by("window", "offset", maintain_order=True).agg(
        start.first(),
        pl.col(*ENERGIES, "co2_t", "cost_krw", "intervals").sum(),
        pl.col("peak_kw").max(),
        pl.col("repaired").any(),
        *(pl.when(pl.col(band).n_unique() == 1).then(pl.col(band).first()).alias(band) for band in BANDS),
    )
    sums = sums.with_columns(_hour_start(start) if is_hourly else _day_start(marked.schema["interval_start"]))
    usage = sums["usage_kwh"].to_numpy()
    factors = {name: exact_power_factor(usage, sums[beside].to_numpy()) for name, beside in POWER_FACTORS.items()}
    return sums.with_columns(**{name: pl.Series(values) for name, values in factors.items()})


def _hour_start(first: pl.Expr) -> pl.Expr:
    """Start of the hour of a window's first interval."""
    return first - pl.duration(minutes=first.dt.minute().cast(pl.Int64))


def _day_start(dtype: pl.DataType) -> pl.Expr:
    """Midnight of a window's first day; an hour later where clocks go forward at midnight, so that there is none."""
    assert isinstance(dtype, pl.Datetime)  # noqa: S101 - the data contract's
    midnights = (
        (pl.col("window") + pl.duration(hours=late)).dt.replace_time_zone(
            dtype.time_zone, ambiguous="earliest", non_existent="null"
        )
        for late in (0, 1)
    )
    return pl.coalesce(*midnights, "interval_start").alias("interval_start")
