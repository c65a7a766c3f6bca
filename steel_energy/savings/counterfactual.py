"""What a plant would have used: its mean hour by kind of day, learned from a baseline period.

A time-of-week-and-state regression, as IPMVP option C takes for a whole facility. Its regressors are all known ahead:
whether the plant is closed, what day of the week it is, and the hour, which together settle the tariff band. With one
indicator for each combination, least squares is the mean of each. Production itself would explain more, but no meter
tells it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray
from steel_energy.calendar import interval_grid, known_ahead
from steel_energy.errors import NotEnoughDataError
from steel_energy.plant import Plant
from steel_energy.schema import HOURS_PER_DAY, INTERVALS_PER_DAY
from steel_energy.tariff import SATURDAY, SUNDAY, Tariff

DayKind = Literal["working day", "open Saturday", "open Sunday", "closed day"]
FEWEST_DAYS = 3
"""Days of a kind that a mean takes at least; days of a rarer kind are left out of what is compared."""


@dataclass(frozen=True)
class Counterfactual:
    """The mean energy of each hour by kind of day.

    Attributes:
        profiles_kwh: shape ``(24,)`` for each kind of day that the baseline has enough of.
    """

    profiles_kwh: dict[str, FloatArray]

    @classmethod
    def fit(cls, hours: pl.DataFrame) -> Self:
        """The means of ``hours``, as ``hourly`` makes them.

        Raises:
            NotEnoughDataError: no kind of day occurs often enough.
        """
        days = hours.group_by("day_kind").agg(pl.col("date").n_unique())
        common = [kind for kind, count in days.iter_rows() if count >= FEWEST_DAYS]
        if not common:
            raise NotEnoughDataError(
                f"no kind of day has {FEWEST_DAYS} days", field="baseline", remedy="give a longer baseline"
            )
        means = hours.group_by("day_kind", "hour").agg(pl.col("usage_kwh").mean()).sort("hour")
        return cls({kind: _profile(means.filter(pl.col("day_kind") == kind)) for kind in sorted(common)})

    def knows(self) -> pl.Expr:
        """Whether rows with a ``day_kind`` are of one that it has a profile of."""
        return pl.col("day_kind").is_in(list(self.profiles_kwh))

    def predict(self, hours: pl.DataFrame) -> FloatArray:
        """Energy of each row of ``hours`` (``day_kind``, ``hour``); every kind has to be one that it knows."""
        kinds, hour = hours["day_kind"].to_numpy(), hours["hour"].to_numpy()
        predicted = np.full(hours.height, np.nan)
        for kind, profile in self.profiles_kwh.items():
            rows = kinds == kind
            predicted[rows] = profile[hour[rows]]
        return predicted


def hourly(
    readings: pl.DataFrame, *, plant: Plant, tariff: Tariff, start: dt.datetime, end: dt.datetime
) -> pl.DataFrame:
    """The whole days of ``[start, end)`` by hour.

    Args:
        readings: ``interval_start`` (plant zone) and ``usage_kwh`` of one plant, sorted.
        plant: gives zone, closed days and emission factor.
        tariff: gives the prices of energy and CO2.
        start: midnight of the first day, in the plant's zone.
        end: midnight after the last day.

    Returns:
        ``date``, ``hour`` of the plant's clock, ``day_kind``, ``usage_kwh``, ``krw_per_kwh`` (energy and CO2); sorted.
        A day that lacks an interval, or has another number of them because the clock changes, is not there.
    """
    grid = pl.DataFrame({"interval_start": interval_grid(start, end, zone=plant.zone)})
    known = grid.join(
        readings.select("interval_start", "usage_kwh"), on="interval_start", how="left", maintain_order="left"
    )
    ahead = known_ahead(known["interval_start"], plant=plant, tariff=tariff)
    co2_krw_per_kwh = plant.meter.emission_factor_t_per_kwh * tariff.co2_krw_per_t
    rows = known.with_columns(
        date=pl.col("interval_start").dt.date(),
        hour=pl.col("interval_start").dt.hour(),
        day_kind=_day_kind(ahead),
        krw_per_kwh=tariff.billed(known["interval_start"])["energy_krw_per_kwh"] + co2_krw_per_kwh,
    )
    whole = rows.filter(
        (pl.col("usage_kwh").count().over("date") == INTERVALS_PER_DAY) & (pl.len().over("date") == INTERVALS_PER_DAY)
    )
    return (
        whole.group_by("date", "hour", "day_kind", maintain_order=True)
        .agg(pl.col("usage_kwh").sum(), pl.col("krw_per_kwh").first())
        .sort("date", "hour")
    )


def _day_kind(ahead: pl.DataFrame) -> pl.Series:
    kind = (
        pl.when("is_closed")
        .then(pl.lit("closed day"))
        .when(pl.col("weekday") == SATURDAY)
        .then(pl.lit("open Saturday"))
        .when(pl.col("weekday") == SUNDAY)
        .then(pl.lit("open Sunday"))
        .otherwise(pl.lit("working day"))
    )
    return ahead.select(kind.alias("day_kind")).to_series()


def _profile(means: pl.DataFrame) -> FloatArray:
    """Shape ``(24,)``; an hour that no day of the kind has is NaN."""
    profile = np.full(HOURS_PER_DAY, np.nan)
    profile[means["hour"].to_numpy()] = means["usage_kwh"].to_numpy()
    return profile
