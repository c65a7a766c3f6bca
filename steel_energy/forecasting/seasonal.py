"""Naive forecasts: the past repeated. What any other model has to beat.

``seasonal_naive`` knows which days are closed: the forecast of a day is the newest day that is like it, the same
weekday of one of the last weeks if that day was open, or closed, as the target is; else the newest such day of any
weekday; else the newest day at all. ``seasonal_naive_day`` and ``seasonal_naive_week`` know nothing: they repeat the
newest known day and week.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.errors import NotFittedError
from steel_energy.features import pair
from steel_energy.forecasting.base import forecasts_frame, history_before, require_days, write_state
from steel_energy.forecasting.calibration import ErrorQuantiles, idle_level
from steel_energy.params import ForecastingParams
from steel_energy.plant import Plant
from steel_energy.schema import DAYS_PER_WEEK, INTERVALS_PER_DAY, INTERVALS_PER_WEEK
from steel_energy.tariff import Tariff
from steel_energy.timeline import DEFAULT_HORIZON, History, Timeline, build_timeline, check_horizon, timeline_of

NEEDED_DAYS = 8  # one whole week before the origin's day, wherever in the day the origin lies
WEEKS_BACK = 4  # an older day of the same weekday is less like today than a newer one of another


@dataclass(frozen=True)
class NaiveForecaster(ABC):
    """Repeats something of the past; quantiles from the errors this made over the fitted readings."""

    plant: Plant
    tariff: Tariff
    params: ForecastingParams
    errors: ErrorQuantiles | None = None
    name: ClassVar[str]
    label: ClassVar[str] = ""

    @abstractmethod
    def repeat(self, timeline: Timeline, origins: IntArray, leads: IntArray) -> FloatArray:
        """The usage that is repeated for each pair of an origin's position and a lead, in kWh; shape ``(n,)``."""

    def fit(self, readings: pl.DataFrame) -> Self:
        """Learn the spread of the errors from the forecasts of each whole day; see ``Forecaster.fit``."""
        require_days(readings.height, needed_days=self.params.min_training_days, purpose="training")
        timeline = build_timeline(readings, plant=self.plant, tariff=self.tariff, ahead=DEFAULT_HORIZON)
        midnights = np.flatnonzero(np.diff(timeline.day, prepend=-1))
        is_known = (midnights >= timeline.first + NEEDED_DAYS * INTERVALS_PER_DAY) & (
            midnights + DEFAULT_HORIZON <= timeline.end
        )
        positions, leads = pair(midnights[is_known], DEFAULT_HORIZON)
        errors = ErrorQuantiles.learn(
            self.repeat(timeline, positions, leads),
            timeline.usage_kwh[positions + leads - 1],
            idle_kwh=idle_level(timeline, positions),
            levels=self.params.calibration_levels,
        )
        return replace(self, errors=errors)

    def predict(self, history: History, *, origin: dt.datetime, horizon: int = DEFAULT_HORIZON) -> pl.DataFrame:
        """See ``Forecaster.predict``."""
        known = history_before(history, origin, zone=self.plant.zone)
        return self.predict_many(known, [origin], horizon=horizon).drop("origin")

    def predict_many(
        self, history: History, origins: Sequence[dt.datetime], *, horizon: int = DEFAULT_HORIZON
    ) -> pl.DataFrame:
        """See ``Forecaster.predict_many``."""
        if self.errors is None:
            raise NotFittedError(self.name)
        timeline = timeline_of(history, plant=self.plant, tariff=self.tariff, ahead=check_horizon(horizon))
        positions, leads = pair(timeline.positions(origins), horizon)
        require_days(
            int(positions.min(initial=timeline.end)) - timeline.first, needed_days=NEEDED_DAYS, purpose="a forecast"
        )
        mean_kwh = self.repeat(timeline, positions, leads)
        quantiles_kwh = self.errors.around(mean_kwh, idle_kwh=idle_level(timeline, positions))
        return forecasts_frame(timeline, positions, leads, mean_kwh=mean_kwh, quantiles_kwh=quantiles_kwh)

    def save(self, folder: Path) -> None:
        """See ``Forecaster.save``."""
        if self.errors is None:
            raise NotFittedError(self.name)
        write_state(
            folder, {"name": self.name, "params": self.params.model_dump(mode="json"), "errors": self.errors.to_json()}
        )

    @classmethod
    def load(cls, folder: Path, state: dict[str, Any], *, plant: Plant, tariff: Tariff) -> Self:  # noqa: ARG003 - all kinds load alike
        """Rebuild from what ``save`` wrote."""
        params = ForecastingParams.model_validate(state["params"])
        return cls(plant=plant, tariff=tariff, params=params, errors=ErrorQuantiles.from_json(state["errors"]))


@dataclass(frozen=True)
class SeasonalNaive(NaiveForecaster):
    """Repeats the newest day that is like the target's, closed days told from open ones."""

    name = "seasonal_naive"

    def repeat(self, timeline: Timeline, origins: IntArray, leads: IntArray) -> FloatArray:
        """See ``NaiveForecaster.repeat``."""
        targets = origins + leads - 1
        days = np.column_stack([timeline.day[origins], timeline.day[targets]])
        pairs, row = np.unique(days, axis=0, return_inverse=True)
        donors = np.array([similar_day(timeline, day=int(day), before=int(today)) for today, day in pairs])
        usage: FloatArray = timeline.profile_kwh[donors.astype(np.int64)[row], timeline.slot[targets]]
        return usage


@dataclass(frozen=True)
class _PeriodicNaive(NaiveForecaster):
    """Repeats the newest known value that lies a whole number of periods before the target."""

    period: ClassVar[int]

    def repeat(self, timeline: Timeline, origins: IntArray, leads: IntArray) -> FloatArray:
        """See ``NaiveForecaster.repeat``."""
        periods = (leads - 1) // self.period + 1
        usage: FloatArray = timeline.usage_kwh[origins + leads - 1 - self.period * periods]
        return usage


@dataclass(frozen=True)
class DailyNaive(_PeriodicNaive):
    """Repeats the last 24 hours."""

    name = "seasonal_naive_day"
    period = INTERVALS_PER_DAY


@dataclass(frozen=True)
class WeeklyNaive(_PeriodicNaive):
    """Repeats the last week."""

    name = "seasonal_naive_week"
    period = INTERVALS_PER_WEEK


def similar_day(timeline: Timeline, *, day: int, before: int) -> int:
    """The newest whole day before day ``before`` that is most like ``day``; days count from the timeline's first."""
    whole = ~np.isnan(timeline.profile_kwh[:before]).any(axis=1)
    alike = whole & (timeline.is_closed[:before] == timeline.is_closed[day])
    weeks = (day - DAYS_PER_WEEK * week for week in range(1, WEEKS_BACK + 1 + (day - before) // DAYS_PER_WEEK))
    same_weekday = next((donor for donor in weeks if 0 <= donor < before and alike[donor]), None)
    if same_weekday is not None:
        return same_weekday
    return int(np.flatnonzero(alike if alike.any() else whole)[-1])
