"""What is usual for an interval: the mean of its time of day over days of the same kind in the weeks before."""

from __future__ import annotations

import datetime as dt

import polars as pl

from steel_energy.calendar import known_ahead
from steel_energy.plant import Plant
from steel_energy.schema import INTERVALS_PER_HOUR
from steel_energy.tariff import Tariff
from steel_energy.weekly.week import Week

USUAL_WEEKS = 8
"""Weeks before the one reported that days are looked for in: long enough for a few Saturdays, short of a season."""
KINDS = ("weekday", "saturday", "sunday", "closed")
"""Kinds of day; a closed day is closed whichever weekday it is."""


def with_kind(readings: pl.DataFrame, *, plant: Plant, tariff: Tariff) -> pl.DataFrame:
    """``readings`` with ``date``, ``slot`` (0-95) and ``kind`` of day."""
    known = known_ahead(readings["interval_start"], plant=plant, tariff=tariff)
    kind = (
        pl.when(known["is_closed"])
        .then(pl.lit("closed"))
        .otherwise(known["weekday"].cast(pl.Int64).replace_strict({6: "saturday", 7: "sunday"}, default="weekday"))
    )
    return readings.with_columns(known["slot"], date=pl.col("interval_start").dt.date(), kind=kind)


def usual_profile(readings: pl.DataFrame, week: Week, *, plant: Plant, tariff: Tariff) -> pl.DataFrame:
    """The usual energy of each time of day of each kind of day, from the ``USUAL_WEEKS`` before ``week``.

    Returns:
        ``kind``, ``slot``, ``usual_kwh``; kinds that none of those days were of are left out.
    """
    since, until = week.shifted(-USUAL_WEEKS).bounds(plant.zone)[0], week.bounds(plant.zone)[0]
    before = readings.filter(pl.col("interval_start").is_between(since, until, closed="left"))
    marked = with_kind(before.select("interval_start", "usage_kwh"), plant=plant, tariff=tariff)
    return marked.group_by("kind", "slot").agg(usual_kwh=pl.col("usage_kwh").mean()).sort("kind", "slot")


def week_series(readings: pl.DataFrame, week: Week, *, plant: Plant, tariff: Tariff) -> pl.DataFrame:
    """The week's known intervals beside what is usual, with band and price.

    Returns:
        ``interval_start``, ``date``, ``slot``, ``kind``, ``usage_kwh``, ``demand_kw``, ``usual_kwh`` (null where
        nothing is usual yet), ``billing_band``, ``energy_krw_per_kwh``.
    """
    start, end = week.bounds(plant.zone)
    rows = readings.filter(pl.col("interval_start").is_between(start, end, closed="left"))
    marked = with_kind(rows.select("interval_start", "usage_kwh"), plant=plant, tariff=tariff)
    usual = usual_profile(readings, week, plant=plant, tariff=tariff)
    billed = tariff.billed(marked["interval_start"])
    return (
        marked.join(usual, on=["kind", "slot"], how="left", maintain_order="left")
        .with_columns(
            billed["billing_band"],
            billed["energy_krw_per_kwh"],
            demand_kw=pl.col("usage_kwh") * INTERVALS_PER_HOUR,
        )
        .select(
            *("interval_start", "date", "slot", "kind", "usage_kwh", "demand_kw", "usual_kwh"),
            *("billing_band", "energy_krw_per_kwh"),
        )
    )


def sum_known(values: pl.Series) -> float | None:
    """The sum of values, None where one of them is unknown or there are none."""
    return None if values.is_empty() or values.null_count() else float(values.sum())


def hour_of(slot: int) -> dt.time:
    """The time of day at which a slot begins.

    >>> hour_of(41)
    datetime.time(10, 15)
    """
    hour, quarter = divmod(slot, INTERVALS_PER_HOUR)
    return dt.time(hour, 60 // INTERVALS_PER_HOUR * quarter)
