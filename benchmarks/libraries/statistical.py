"""statsforecast: models of one series that know nothing but its recent values.

They answer with central intervals, whose ends are the quantiles of our forecasts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import polars as pl
from rich.console import Console
from rich.progress import track

from libraries.shape import forecasts, known_at
from steel_energy.arrays import FloatArray
from steel_energy.schema import INTERVALS_PER_DAY, INTERVALS_PER_WEEK

RECENT = 4 * INTERVALS_PER_WEEK  # eight weeks, twelve and the whole past made MSTL no better
LEVELS = [50, 80, 90]
QUANTILES_OF_LEVELS = ("lo-90", "lo-80", "lo-50", "mean", "hi-50", "hi-80", "hi-90")
WHERE_R_JUMPS = {"seasonal_jump": 2, "trend_jump": 17, "low_pass_jump": 10}
"""STL fits LOESS at every tenth of its windows and interpolates, as R does: many times faster, errors alike."""


@dataclass(frozen=True)
class Statistical:
    """A model of the last four weeks, fitted anew at each origin, or once and carried forward from there."""

    name: str
    model: Any
    fitted_once: bool = False
    since: dt.datetime | None = None

    def fit(self, readings: pl.DataFrame) -> Self:
        """Fit on the end of ``readings`` what is fitted once; there is nothing to do for the others."""
        if not self.fitted_once:
            return self
        recent = readings.tail(RECENT)
        fitted = self.model.new().fit(recent["usage_kwh"].to_numpy())
        return replace(self, model=fitted, since=recent["interval_start"][0])

    def predict_many(
        self, history: pl.DataFrame, origins: Sequence[dt.datetime], *, horizon: int = INTERVALS_PER_DAY
    ) -> pl.DataFrame:
        """See ``Forecaster.predict_many``."""
        usage_kwh = history["usage_kwh"].to_numpy()
        since = known_at(history, [self.since])[0] if self.since else None
        positions = track(
            known_at(history, origins), self.name, console=Console(stderr=True), disable=len(origins) == 1
        )
        quantiles_kwh = np.vstack([self._quantiles(usage_kwh[:at], since, horizon=horizon) for at in positions])
        return forecasts(origins, quantiles_kwh[:, QUANTILES_OF_LEVELS.index("mean")], quantiles_kwh)

    def _quantiles(self, usage_kwh: FloatArray, since: int | None, *, horizon: int) -> FloatArray:
        """Carried forward, a fitted state belongs to one moment: the series has to begin where it did in ``fit``."""
        if since is None:
            answer = self.model.forecast(y=usage_kwh[-RECENT:], h=horizon, level=LEVELS)
        else:
            answer = self.model.forward(y=usage_kwh[since:], h=horizon, level=LEVELS)
        return np.column_stack([answer[end] for end in QUANTILES_OF_LEVELS])
