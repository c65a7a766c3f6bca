"""Energy of a week: by day, by band, beside the week before and beside what is usual."""

from __future__ import annotations

import datetime as dt

import polars as pl

from steel_energy.plant import Plant
from steel_energy.schema import LOAD_TYPES
from steel_energy.weekly.sections import BandUse, Consumption, Day
from steel_energy.weekly.usual import USUAL_WEEKS, sum_known
from steel_energy.weekly.week import Week


def consumption(series: pl.DataFrame, readings: pl.DataFrame, week: Week, *, plant: Plant) -> Consumption:
    """What the week used.

    Args:
        series: ``usual.week_series``, at least one row.
        readings: data contract; the week before is looked up in them.
        week: the week.
        plant: gives zone, calendar and emission factor.
    """
    usage_kwh = float(series["usage_kwh"].sum())
    return Consumption(
        usage_kwh=usage_kwh,
        before_kwh=_a_week_before(series, readings),
        usual_kwh=sum_known(series["usual_kwh"]),
        usual_weeks=USUAL_WEEKS,
        co2_t=usage_kwh * plant.meter.emission_factor_t_per_kwh,
        days=tuple(_day(date, series.filter(pl.col("date") == date), plant) for date in week.days),
        bands=tuple(_bands(series)),
    )


def _a_week_before(series: pl.DataFrame, readings: pl.DataFrame) -> float | None:
    """Energy of the same intervals a week earlier by the plant's clock; None where one is unknown."""
    earlier = series.select(pl.col("interval_start").dt.offset_by("-1w"))
    found = earlier.join(readings.select("interval_start", "usage_kwh"), on="interval_start", how="left")
    return sum_known(found["usage_kwh"])


def _day(date: dt.date, rows: pl.DataFrame, plant: Plant) -> Day:
    is_known = not rows.is_empty()
    return Day(
        date=date,
        is_closed=plant.calendar.is_closed(date),
        intervals=rows.height,
        usage_kwh=float(rows["usage_kwh"].sum()) if is_known else None,
        usual_kwh=sum_known(rows["usual_kwh"]),
        peak_kw=float(rows["demand_kw"].to_numpy().max()) if is_known else None,
        energy_krw=float((rows["usage_kwh"] * rows["energy_krw_per_kwh"]).sum()) if is_known else None,
    )


def _bands(series: pl.DataFrame) -> list[BandUse]:
    by_band = series.group_by(pl.col("billing_band").cast(pl.String)).agg(
        usage_kwh=pl.col("usage_kwh").sum(), energy_krw=(pl.col("usage_kwh") * pl.col("energy_krw_per_kwh")).sum()
    )
    found = {band: BandUse(band, usage_kwh, krw) for band, usage_kwh, krw in by_band.iter_rows()}
    return [found[band] for band in LOAD_TYPES if band in found]
