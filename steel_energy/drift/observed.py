"""Readings as arrays by row, and their days as arrays by day: what every comparison of drift looks at.

A day is of one kind: a weekday, Saturday or Sunday that the plant works, or closed. Days are only ever compared with
days of their kind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.calendar import known_ahead
from steel_energy.schema import INTERVALS_PER_DAY, LOAD_TYPE, MEASURED
from steel_energy.sites import Site

KINDS = ("weekday", "saturday", "sunday", "closed")
SATURDAY, CLOSED = 6, 3  # number of the weekday; number of the kind
ENERGIES = 3  # of the measured columns: usage, lagging and leading reactive energy
QUANTILES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
"""Levels of a day's energies, from idle to full load."""
IDLE, BUSY = 1, 5  # of them
HOURS_WITHOUT_CLOCK_CHANGE = INTERVALS_PER_DAY - 4  # a day that the clock shortens is whole too


@dataclass(frozen=True)
class Observed:
    """Readings in time order.

    Attributes:
        start: starts of the intervals, plant zone.
        cells: the measured columns in the order of ``schema.MEASURED``, shape (rows, 6).
        load_type: 0 light, 1 medium, 2 maximum, shape (rows,).
        is_mistyped: whether calendar and tariff ask for another load type, shape (rows,).
        slot: quarter hour of the day, 0-95, shape (rows,).
        day: day of each row, counted from 0, shape (rows,).
        date: days since 1970-01-01, shape (days,).
        kind: number in ``KINDS``, shape (days,).
        is_whole: whether every interval of the day is there, shape (days,).
        usage_kwh: by day and quarter hour, NaN where there is none, shape (days, 96).
        levels: quantiles of a whole day's energies, NaN of others, shape (days, 3, quantiles).
    """

    start: pl.Series
    cells: FloatArray
    load_type: IntArray
    is_mistyped: BoolArray
    slot: IntArray
    day: IntArray
    date: IntArray
    kind: IntArray
    is_whole: BoolArray
    usage_kwh: FloatArray
    levels: FloatArray


def observe(readings: pl.DataFrame, *, site: Site) -> Observed:
    """Look at ``readings``: data contract, sorted, at least one row; gaps are allowed."""
    start = readings["interval_start"]
    known = known_ahead(start, plant=site.plant, tariff=site.tariff)
    date = start.dt.date().cast(pl.Int32).to_numpy().astype(np.int64)
    dates, first, day = np.unique(date, return_index=True, return_inverse=True)
    cells = readings.select(column.name for column in MEASURED).to_numpy()
    slot = known["slot"].to_numpy().astype(np.int64)
    by_slot = np.full((dates.size, INTERVALS_PER_DAY, ENERGIES), np.nan)
    by_slot[day, slot] = cells[:, :ENERGIES]
    is_whole = (~np.isnan(by_slot[:, :, 0])).sum(axis=1) >= HOURS_WITHOUT_CLOCK_CHANGE
    levels = np.full((dates.size, ENERGIES, len(QUANTILES)), np.nan)
    levels[is_whole] = np.moveaxis(_quantiles(by_slot[is_whole]), 0, -1)
    shown, due, band = _load_types(readings, known, site)
    is_closed = known["is_closed"].to_numpy()[first]
    is_closed = _spoken_for(is_closed, shown, day, is_whole, levels[:, 0, BUSY])
    expected = np.where(is_closed[day], 0, band)
    weekday = known["weekday"].cast(pl.Int64).to_numpy()[first]
    return Observed(
        start=start,
        cells=cells,
        load_type=shown,
        is_mistyped=(shown != expected) & (shown != due),
        slot=slot,
        day=day,
        date=dates,
        kind=np.where(is_closed, CLOSED, np.maximum(weekday - SATURDAY + 1, 0)),
        is_whole=is_whole,
        usage_kwh=by_slot[:, :, 0],
        levels=levels,
    )


def _quantiles(energies: FloatArray) -> FloatArray:
    """Quantiles over the quarter hours, shape (quantiles, days, 3); a quarter hour that the clock skipped is none."""
    skipped = np.isnan(energies)
    quantiles: FloatArray = np.quantile(energies, QUANTILES, axis=1)
    if skipped.any():
        partly = skipped.any(axis=(1, 2))
        quantiles[:, partly] = np.nanquantile(energies[partly], QUANTILES, axis=1)
    return quantiles


def _load_types(readings: pl.DataFrame, known: pl.DataFrame, site: Site) -> tuple[IntArray, IntArray, IntArray]:
    """Load types as shown, as calendar and tariff ask for, and as the tariff asks for on working days."""
    shown = readings[LOAD_TYPE.name].to_physical().to_numpy().astype(np.int64)
    due = known["load_type"].to_physical().to_numpy().astype(np.int64)
    start = pl.col("interval_start")
    moments = readings.select(month=start.dt.month(), hour=start.dt.hour())
    bands = moments.join(site.tariff.hourly_bands(), on=["month", "hour"], how="left", maintain_order="left")["band"]
    return shown, due, bands.to_physical().to_numpy().astype(np.int64)


def _spoken_for(
    is_closed: BoolArray, shown: IntArray, day: IntArray, is_whole: BoolArray, busy_kwh: FloatArray
) -> BoolArray:
    """Closed days, where load types and energy of a whole day say together that the calendar errs.

    A day that is light throughout and used no more than closed days do was closed; one with other load types that used
    as much as working days do was none. Shape (days,).
    """
    is_light = np.bincount(day, weights=shown > 0, minlength=is_closed.size) == 0
    usual = [busy_kwh[is_whole & (is_closed == closed)] for closed in (False, True)]
    if not (usual[0].size and usual[1].size):
        return is_closed
    ran = busy_kwh > np.sqrt(np.median(usual[0]) * np.median(usual[1]))
    agreed: BoolArray = np.where(is_whole & (is_light == ~ran), is_light, is_closed)
    return agreed
