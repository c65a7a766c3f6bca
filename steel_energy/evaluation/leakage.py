"""Does a forecaster see the future? Change all that is measured from an origin on, and no forecast may move.

The check goes through ``predict_many``, which is what backtests use: there the readings after an origin are at hand,
and a feature that read one of them would make a model look better than it can ever be in service.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import polars as pl

from steel_energy.forecasting.base import QUANTILE_COLUMNS, Forecaster
from steel_energy.quality import Finding
from steel_energy.schema import MEASURED

PROBES = 3  # origins that are looked at: each costs two forecasts
SEED = 1
SAME_WITHIN_KWH = 1e-3  # a network that counts in 32 bits rounds differently among other neighbours


def with_other_future(readings: pl.DataFrame, origin: dt.datetime, *, seed: int = SEED) -> pl.DataFrame:
    """``readings`` with every measured column shuffled and enlarged from ``origin`` on; the calendar stays."""
    past = readings.filter(pl.col("interval_start") < origin)
    future = readings.filter(pl.col("interval_start") >= origin)
    order = np.random.default_rng(seed).permutation(future.height)
    measured = [column.name for column in MEASURED]
    other = future.with_columns(future[order].select((2 * pl.col(name) + 1).alias(name) for name in measured))
    return pl.concat([past, other.select(past.columns)])


def sees_no_future(forecaster: Forecaster, readings: pl.DataFrame, origins: Sequence[dt.datetime]) -> Finding:
    """Forecasts are the same whatever is measured from their origins on, and the same without any of it.

    The same within ``SAME_WITHIN_KWH``: far less than any use of a reading would move them.

    Args:
        forecaster: fitted.
        readings: data contract; they run on for a day or more after each origin.
        origins: where to look.
    """
    differing = [origin for origin in origins if not _is_blind(forecaster, readings, origin)]
    named = ", ".join(f"{origin:%Y-%m-%d %H:%M}" for origin in differing)
    return Finding(
        not differing,
        f"the same forecast from {len(origins)} origins when all that follows them is changed, or missing",
        f"others from {named}" if differing else "the same",
    )


def probes(backtested: pl.DataFrame, *, count: int = PROBES) -> list[dt.datetime]:
    """A few origins of a backtest, evenly spread from the first to the last."""
    origins = backtested["origin"].unique().sort()
    return [origins[int(at)] for at in np.linspace(0, origins.len() - 1, count)]


def _is_blind(forecaster: Forecaster, readings: pl.DataFrame, origin: dt.datetime) -> bool:
    known = forecaster.predict_many(readings, [origin])
    changed = forecaster.predict_many(with_other_future(readings, origin), [origin])
    missing = forecaster.predict(readings.filter(pl.col("interval_start") < origin), origin=origin)
    return max(furthest_apart_kwh(known, other) for other in (changed, missing)) <= SAME_WITHIN_KWH


def furthest_apart_kwh(forecast: pl.DataFrame, other: pl.DataFrame) -> float:
    """The largest difference between two forecasts of the same intervals in the same order; infinite beside a NaN."""
    values = ["mean_kwh", *QUANTILE_COLUMNS]
    apart = np.abs(forecast.select(values).to_numpy() - other.select(values).to_numpy())
    return float(np.nan_to_num(apart, nan=np.inf).max())
