"""Streaming detection: whether the errors of forecasts, or of the usual profile, changed for good, and since when.

ADWIN keeps a window of past days as long as their mean stays the same, and drops its older part where it does not. It
looks at one number a day, for the quarter hours of a day hang together: how large the error was beside earlier days of
its kind, as a logarithm. Errors follow production, which wanders for weeks, so this finds a change later than
``drift`` does; what it finds is that the error itself grew or shrank, whatever the reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray
from steel_energy.calendar import known_ahead
from steel_energy.config import Record
from steel_energy.drift.alike import alike
from steel_energy.drift.observed import observe
from steel_energy.drift.records import StreamingParams
from steel_energy.schema import INTERVALS_PER_DAY
from steel_energy.sites import Site

SMALLEST_KWH = 0.01  # stands for no error at all, whose logarithm would be infinite
FRIDAY = 5
FEWEST_ALIKE = 3  # earlier days of a kind that tell what is usual for it


class ChangePoint(Record):
    """A day at which errors were found to have changed.

    Attributes:
        found_on: the day at whose end it was known.
        since: first day that is like those after it.
        ratio: size of the errors since then, beside the one before: 2 where they doubled.
    """

    found_on: dt.date
    since: dt.date
    ratio: float


def change_points(errors: pl.DataFrame, *, site: Site, params: StreamingParams) -> tuple[ChangePoint, ...]:
    """Days at which the size of the errors changed, in order.

    Args:
        errors: ``interval_start`` (plant zone) and ``error_kwh`` (forecast or profile less measured, or the other way
            round), one row for each interval, in any order; gaps are allowed, null and NaN are left out.
        site: gives the kind of each day.
        params: how ADWIN looks at them.

    Returns:
        None in the first ``warm_up_days`` days, nor before there are ``min_days`` on either side.
    """
    days = _days(errors, site)
    return tuple(_changes(days["date"].to_list(), _beside_usual(days), params))


def profile_errors(readings: pl.DataFrame, *, site: Site, weeks: int) -> pl.DataFrame:
    """How far each day lies from what is usual: the mean of its time of day over the nearest like days before.

    Args:
        readings: data contract, sorted.
        site: plant and tariff.
        weeks: weeks' worth of like days before.

    Returns:
        ``interval_start`` and ``error_kwh`` (measured less usual) of every day that has like days before it.
    """
    observed = observe(readings, site=site)
    usual = np.full(observed.usage_kwh.shape, np.nan)
    for day in range(1, observed.date.size):
        before = np.arange(observed.date.size) < day
        beside = alike(observed, np.array([day]), before, weeks=weeks)
        if not beside.missing:
            usual[day] = observed.usage_kwh[beside.all_days].mean(axis=0)
    errors = observed.cells[:, 0] - usual[observed.day, observed.slot]
    return pl.DataFrame({"interval_start": observed.start, "error_kwh": errors}).filter(
        pl.col("error_kwh").is_not_nan()
    )


def _days(errors: pl.DataFrame, site: Site) -> pl.DataFrame:
    """Mean size of the error of each day that is known for the better part: ``date``, ``kind``, ``size_kwh``."""
    known = errors.filter(pl.col("error_kwh").is_not_null() & pl.col("error_kwh").is_not_nan())
    ahead = known_ahead(known["interval_start"], plant=site.plant, tariff=site.tariff)
    kind = pl.when(ahead["is_closed"]).then(0).otherwise(ahead["weekday"].clip(FRIDAY))  # weekday, Saturday, Sunday
    marked = known.with_columns(date=pl.col("interval_start").dt.date(), kind=kind)
    days = marked.group_by("date", maintain_order=True).agg(
        pl.col("kind").first(), pl.len().alias("rows"), size_kwh=pl.col("error_kwh").abs().mean()
    )
    return days.filter(pl.col("rows") > INTERVALS_PER_DAY // 2).sort("date")


def _beside_usual(days: pl.DataFrame) -> FloatArray:
    """Logarithm of each day's error beside the middle one of earlier days of its kind; 0 where these are too few."""
    size = np.log(np.maximum(days["size_kwh"].to_numpy(), SMALLEST_KWH))
    kind = days["kind"].to_numpy()
    beside = np.zeros(size.size)
    for day in range(size.size):
        earlier = size[:day][kind[:day] == kind[day]]
        if earlier.size >= FEWEST_ALIKE:
            beside[day] = size[day] - np.median(earlier)
    return beside


def _changes(dates: list[dt.date], values: FloatArray, params: StreamingParams) -> Iterator[ChangePoint]:
    from river.drift import ADWIN  # noqa: PLC0415 - takes a second

    adwin = ADWIN(  # type: ignore[no-untyped-call]
        delta=params.delta, clock=1, min_window_length=params.min_days, grace_period=params.warm_up_days
    )
    begins = 0
    for day, value in enumerate(values):
        adwin.update(params.stretch * float(value))  # type: ignore[no-untyped-call]
        if adwin.drift_detected:
            window = values[begins : day + 1]
            split = _split(window, params.min_days)
            ratio = float(np.exp(window[split:].mean() - window[:split].mean()))
            begins += split
            yield ChangePoint(found_on=dates[day], since=dates[begins], ratio=ratio)


def _split(window: FloatArray, shortest: int) -> int:
    """Where the means of the two parts of ``window`` differ most clearly; each has at least ``shortest`` values.

    ADWIN's own window tells that roughly: it forgets in powers of two.

    >>> _split(np.array([0.0, 0, 0, 0, 0, 1, 1, 1]), 2)
    5
    """
    first = np.arange(min(shortest, window.size - 1), max(window.size - shortest, 1) + 1)
    total = np.concatenate([[0.0], np.cumsum(window)])
    apart = total[first] / first - (total[-1] - total[first]) / (window.size - first)
    return int(first[np.argmax(np.abs(apart) * np.sqrt(first * (window.size - first)))])
