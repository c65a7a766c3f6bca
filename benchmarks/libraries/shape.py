"""Between our frames and the libraries' arrays: where an origin stands in the readings, and forecasts as we write them.

A history is one row for each interval, so an origin's position is the number of readings known at it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray
from steel_energy.forecasting.base import forecast_frame
from steel_energy.schema import INTERVAL


def known_at(history: pl.DataFrame, moments: Sequence[dt.datetime]) -> list[int]:
    """How many rows of ``history`` lie before each moment."""
    first = history["interval_start"][0].astimezone(dt.UTC)
    return [(moment.astimezone(dt.UTC) - first) // INTERVAL for moment in moments]


def forecasts(origins: Sequence[dt.datetime], mean_kwh: FloatArray, quantiles_kwh: FloatArray) -> pl.DataFrame:
    """Forecasts of equal length as ``Forecaster.predict_many`` returns them; negative energies become zero.

    Args:
        origins: with their zone.
        mean_kwh: shape ``(n,)``, origin after origin, each in the order of its leads.
        quantiles_kwh: shape ``(n, 7)``; NaN where the library gives none.
    """
    horizon = len(mean_kwh) // len(origins)
    origin = pl.Series("origin", origins).gather(np.repeat(np.arange(len(origins)), horizon))
    lead = pl.Series("lead", np.tile(np.arange(horizon), len(origins)))
    target = pl.DataFrame([origin, lead]).select(start=pl.col("origin") + pl.col("lead") * INTERVAL)["start"]
    return forecast_frame(target, mean_kwh, quantiles_kwh).select(origin, pl.all())
