"""The highest demands of a week, each once, and how they stand to what is usual at that time."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl

from steel_energy.errors import NotEnoughDataError
from steel_energy.explaining.intervals import explain_interval
from steel_energy.explaining.past import PastLoad
from steel_energy.months import MONTH_FORMAT
from steel_energy.schema import INTERVAL_MINUTES, INTERVALS_PER_HOUR
from steel_energy.weekly.charged import Peak, PeakReason
from steel_energy.weekly.usual import sum_known

APART = dt.timedelta(hours=2)
"""Two peaks closer than this are one."""
NEAR_SHARE = 0.9
"""A demand of at least so much of a peak still belongs to it."""
UNUSUAL_SHARE = 0.1
"""A peak that far from the usual demand of its time is worth a word."""


def peaks(
    series: pl.DataFrame, readings: pl.DataFrame, *, end: dt.datetime, past: PastLoad | None, most: int = 3
) -> tuple[Peak, ...]:
    """The ``most`` highest demands of the week, highest first, at least ``APART`` from each other.

    Args:
        series: ``usual.week_series``.
        readings: data contract up to ``end`` at least, for the month's highest demand.
        end: of the known part of the week.
        past: the same readings, to explain the peaks by; None where they have gaps.
        most: how many.
    """
    found: list[dt.datetime] = []
    for start in series.sort("demand_kw", "interval_start", descending=[True, False])["interval_start"]:
        if all(abs(start - other) >= APART for other in found):
            found.append(start)
        if len(found) == most:
            break
    month_peaks = _month_peaks(readings.filter(pl.col("interval_start") < end))
    return tuple(_explained(_peak(series, start, month_peaks), past) for start in found)


def _explained(peak: Peak, past: PastLoad | None) -> Peak:
    """The peak against earlier days of its kind, in signed parts; as it is where too few of them are known."""
    if past is None:
        return peak
    try:
        told = explain_interval(past, peak.start)
    except NotEnoughDataError:
        return peak
    usual_kw = told.usual.kwh * INTERVALS_PER_HOUR
    reason = _reason(peak.demand_kw, usual_kw)
    return replace(peak, usual_kw=usual_kw, reason=reason, causes=told.contributions)


def _month_peaks(known: pl.DataFrame) -> dict[str, float]:
    month = pl.col("interval_start").dt.strftime(MONTH_FORMAT)
    by_month = known.group_by(month=month).agg(pl.col("usage_kwh").max() * INTERVALS_PER_HOUR)
    return dict(by_month.iter_rows())


def _peak(series: pl.DataFrame, start: dt.datetime, month_peaks: dict[str, float]) -> Peak:
    row = series.row(by_predicate=pl.col("interval_start") == start, named=True)
    usual_kw = None if row["usual_kwh"] is None else row["usual_kwh"] * INTERVALS_PER_HOUR
    day = series.filter(pl.col("date") == row["date"])
    usual_day_kwh = sum_known(day["usual_kwh"])
    return Peak(
        start=start,
        demand_kw=row["demand_kw"],
        band=row["billing_band"],
        usual_kw=usual_kw,
        reason=_reason(row["demand_kw"], usual_kw),
        day_over_usual=float(day["usage_kwh"].sum()) / usual_day_kwh - 1 if usual_day_kwh else None,
        minutes_near=_minutes_near(series, start, row["demand_kw"]),
        is_month_peak=row["demand_kw"] >= month_peaks[f"{start:{MONTH_FORMAT}}"],
    )


def _reason(demand_kw: float, usual_kw: float | None) -> PeakReason:
    if usual_kw is None:
        return "no_usual"
    if demand_kw > usual_kw * (1 + UNUSUAL_SHARE):
        return "above_usual"
    return "below_usual" if demand_kw < usual_kw * (1 - UNUSUAL_SHARE) else "usual"


def _minutes_near(series: pl.DataFrame, start: dt.datetime, demand_kw: float) -> int:
    """Length of the unbroken stretch around ``start`` that stays within a tenth of the peak."""
    is_near = pl.col("demand_kw") >= demand_kw * NEAR_SHARE
    is_next = pl.col("interval_start").diff() == dt.timedelta(minutes=INTERVAL_MINUTES)
    stretch = (~is_near | ~is_next.fill_null(value=True)).cast(pl.Int32).cum_sum()
    marked = series.select("interval_start", near=is_near, stretch=stretch)
    own = marked.row(by_predicate=pl.col("interval_start") == start, named=True)["stretch"]
    return marked.filter((pl.col("stretch") == own) & pl.col("near")).height * INTERVAL_MINUTES
