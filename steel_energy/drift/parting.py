"""Readings parted into the newest days, the training, and the days of it that the newest are compared with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.arrays import BoolArray, IntArray
from steel_energy.calendar import in_zone, interval_end
from steel_energy.drift.alike import Alike, alike
from steel_energy.drift.observed import Observed, observe
from steel_energy.drift.records import DriftParams
from steel_energy.errors import NotEnoughDataError
from steel_energy.sites import Site


@dataclass(frozen=True)
class Parts:
    """Readings, parted.

    Attributes:
        readings: of training and newest days and between, in time order.
        observed: the same as arrays.
        newest: rows of the newest days, shape (rows,).
        trained: rows of the training outside of them, shape (rows,).
        newest_days: numbers of the days that have such rows.
        known_days: days that tell what is usual: the training's throughout, or all before, shape (days,).
        beside: those of them that the newest ones are compared with.
        told: which these are and why, in words.
        newest_from: start of the newest days.
        newest_until: their end, exclusive.
    """

    readings: pl.DataFrame
    observed: Observed
    newest: BoolArray
    trained: BoolArray
    newest_days: IntArray
    known_days: BoolArray
    beside: Alike
    told: str
    newest_from: dt.datetime
    newest_until: dt.datetime

    @property
    def whole_days(self) -> IntArray:
        """Numbers of the days that are newest throughout."""
        others = np.bincount(self.observed.day, weights=~self.newest, minlength=self.observed.date.size)
        return np.flatnonzero((others == 0) & self.observed.is_whole)

    @property
    def known(self) -> BoolArray:
        """Rows of the days that tell what is usual, shape (rows,)."""
        return self.known_days[self.observed.day]

    @property
    def reference(self) -> BoolArray:
        """Rows of the days beside, or of the whole training where it has no whole day; shape (rows,)."""
        days = self.beside.all_days
        return np.isin(self.observed.day, days) if days.size else self.trained


def parted(
    readings: pl.DataFrame,
    *,
    site: Site,
    trained_from: dt.datetime,
    trained_until: dt.datetime,
    params: DriftParams,
    until: dt.datetime | None = None,
) -> Parts:
    """Part ``readings`` into the newest days before ``until``, the training outside of them, and the days beside.

    Raises:
        NotEnoughDataError: fewer than ``min_rows`` readings on one side.
    """
    zone, start = site.plant.zone, pl.col("interval_start")
    until = interval_end(readings["interval_start"].max()) if until is None else until  # type: ignore[arg-type]
    newest_until = in_zone(until, zone)
    newest_from = newest_until - dt.timedelta(days=params.days)
    is_trained = start.is_between(in_zone(trained_from, zone), in_zone(trained_until, zone), closed="left")
    is_newest = start.is_between(newest_from, newest_until, closed="left")
    marked = (
        readings.filter(is_trained | (start < newest_until))
        .sort("interval_start")
        .with_columns(_newest=is_newest, _trained=is_trained & ~is_newest)
    )
    newest, trained = (marked[name].to_numpy() for name in ("_newest", "_trained"))
    _require(int(newest.sum()), "newest", params)
    _require(int(trained.sum()), "training", params)
    known = marked.drop("_newest", "_trained")
    observed = observe(known, site=site)
    newest_days = np.unique(observed.day[newest])
    trained_days = np.bincount(observed.day, weights=~trained, minlength=observed.date.size) == 0
    known_days, beside, told = _beside(observed, newest_days, trained_days, params)
    return Parts(known, observed, newest, trained, newest_days, known_days, beside, told, newest_from, newest_until)


def _beside(
    observed: Observed, newest: IntArray, trained: BoolArray, params: DriftParams
) -> tuple[BoolArray, Alike, str]:
    """Which days are known, which of them the newest are compared with, and which these are in words."""
    before = np.flatnonzero(trained & (np.arange(trained.size) < newest[0]))
    gap_days = int(observed.date[newest[0]] - observed.date[before[-1]]) - 1 if before.size else 0
    is_stale = gap_days >= params.stale_days
    pool = np.arange(trained.size) < newest[0] if is_stale else trained
    beside = alike(observed, newest, pool, weeks=params.reference_weeks)
    told = "the nearest days of the training, each kind of day with its like"
    if is_stale:
        told = (
            f"the training ends {gap_days} days before, in another season: compared with the nearest days before, "
            "each kind of day with its like, which it has not seen"
        )
    elif before.size == 0 or (beside.all_days > newest[-1]).any():
        told += ", some of them later: the training has too few before"
    if beside.missing:
        told += f"; too few days of the kind {', '.join(beside.missing)}: others stand in where there are any"
    return pool, beside, told


def _require(rows: int, which: str, params: DriftParams) -> None:
    if rows < params.min_rows:
        raise NotEnoughDataError(
            f"{rows} {which} readings are too few to compare, {params.min_rows} are needed",
            field="readings",
            remedy="wait for more of them, or lower drift.min_rows in params.yaml",
        ).named("too_few_to_compare", rows=rows, needed=params.min_rows)
