"""mlforecast around a LightGBM with its default settings, over lags, rolling means and date features.

Its forecasts carry no intervals here: those would need a calibration of their own at every origin.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import polars as pl
from lightgbm import LGBMRegressor
from mlforecast import MLForecast
from mlforecast.lag_transforms import RollingMean

from libraries.shape import forecasts, known_at
from steel_energy.calendar import interval_grid, known_ahead
from steel_energy.errors import NotFittedError
from steel_energy.forecasting.base import QUANTILES
from steel_energy.plant import Plant
from steel_energy.schema import INTERVAL, INTERVAL_MINUTES, INTERVALS_PER_DAY, INTERVALS_PER_HOUR, INTERVALS_PER_WEEK
from steel_energy.tariff import Tariff

HOUR, DAY, WEEK = INTERVALS_PER_HOUR, INTERVALS_PER_DAY, INTERVALS_PER_WEEK
LOOK_BACK = 3 * WEEK  # readings before an origin that cover the longest lag with its rolling mean

_DATES = ["month", "weekday", "hour", "minute"]
RECURSIVE = {
    "lags": [1, 2, 3, 4, DAY, 2 * DAY, WEEK],
    "lag_transforms": {
        1: [RollingMean(HOUR), RollingMean(DAY), RollingMean(WEEK)],
        DAY: [RollingMean(HOUR)],
        WEEK: [RollingMean(HOUR)],
    },
    "date_features": _DATES,
}
"""The library's usual way: every forecast is an input of the next one."""
A_DAY_BACK = {
    "lags": [DAY, 2 * DAY, WEEK, 2 * WEEK],
    "lag_transforms": {DAY: [RollingMean(HOUR), RollingMean(DAY)], WEEK: [RollingMean(HOUR)]},
    "date_features": _DATES,
}
"""Lags that are all known at the origin of a day ahead, so that no forecast feeds on another."""


@dataclass(frozen=True)
class Learner:
    """One recipe, with or without the closed days and tariff bands that our own models know ahead of time."""

    name: str
    recipe: dict[str, Any]
    plant: Plant
    tariff: Tariff
    knows_calendar: bool
    model: MLForecast | None = None

    def fit(self, readings: pl.DataFrame) -> Self:
        """Train on all of ``readings``."""
        model = MLForecast(
            models={"mean": LGBMRegressor(n_jobs=1, verbosity=-1)}, freq=f"{INTERVAL_MINUTES}m", **self.recipe
        )
        return replace(self, model=model.fit(self._series(readings, ahead=0), static_features=[]))

    def predict_many(
        self, history: pl.DataFrame, origins: Sequence[dt.datetime], *, horizon: int = DAY
    ) -> pl.DataFrame:
        """See ``Forecaster.predict_many``; each origin is a series that ends there, so one call answers for all."""
        if self.model is None:
            raise NotFittedError(self.name)
        series = self._series(history, ahead=horizon)
        known, ahead = [], []
        for number, at in enumerate(known_at(history, origins)):
            rows = series.slice(at - LOOK_BACK, LOOK_BACK + horizon).with_columns(unique_id=pl.lit(f"{number:06d}"))
            known.append(rows.head(LOOK_BACK))
            ahead.append(rows.tail(horizon).drop("y"))
        calendar = pl.concat(ahead) if self.knows_calendar else None
        answer = self.model.predict(horizon, new_df=pl.concat(known), X_df=calendar)
        mean_kwh = answer.sort("unique_id", "ds")["mean"].to_numpy()
        return forecasts(origins, mean_kwh, np.full((len(mean_kwh), len(QUANTILES)), np.nan))

    def _series(self, readings: pl.DataFrame, *, ahead: int) -> pl.DataFrame:
        """The library's frame, in plant time without a zone: fit for plants whose clocks never change."""
        start = readings["interval_start"]
        grid = interval_grid(start[0], start[-1] + INTERVAL * (ahead + 1), zone=self.plant.zone)
        series = known_ahead(grid, plant=self.plant, tariff=self.tariff).select(
            unique_id=pl.lit(self.plant.id),
            ds=pl.col("interval_start").dt.replace_time_zone(None),
            y=readings["usage_kwh"].extend_constant(None, ahead),
            is_closed=pl.col("is_closed").cast(pl.Int8),
            load_type=pl.col("load_type").to_physical().cast(pl.Int8),
        )
        return series if self.knows_calendar else series.drop("is_closed", "load_type")
