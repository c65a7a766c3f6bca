"""What a backtest is worth: errors, coverage and pinball loss, by lead time and over 24 hours."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from steel_energy.forecasting.base import QUANTILE_COLUMNS, QUANTILES
from steel_energy.schema import INTERVALS_PER_DAY, INTERVALS_PER_HOUR, INTERVALS_PER_WEEK
from steel_energy.timeline import DEFAULT_HORIZON

OVERALL = "over_24h"
LEADS = {"15min": 1, "1h": INTERVALS_PER_HOUR, "6h": 6 * INTERVALS_PER_HOUR, "24h": INTERVALS_PER_DAY}
"""Lead times that are scored on their own, in intervals: the interval that ends so long after the origin."""
HIGHEST_SHARE = 0.05  # what OpenSTEF calls the highest values, too
BANDS = {"coverage_50": ("q25", "q75"), "coverage_80": ("q10", "q90"), "coverage_90": ("q05", "q95")}


def score(backtested: pl.DataFrame, readings: pl.DataFrame) -> pl.DataFrame:
    """Metrics by lead time, and over the first 24 hours.

    RMSE, WAPE, MASE, R2 and skill speak of ``mean_kwh``, ``median_mae_kwh`` of ``q50``. MASE divides by the error of
    repeating last week before the first origin; skill is the share of that naive's squared-error root, at the same
    targets, that the model saves. Pinball is the mean over the seven quantiles. Two metrics look at what costs money:
    ``peak_weighted_rmse_kwh`` weighs each squared error by the energy that was used, so that a kWh counts the same
    whenever it is drawn rather than each interval; ``highest_mae_kwh`` is the mean absolute error of the intervals
    that are among the highest 5 % of their lead time's.

    Args:
        backtested: as ``backtest`` returns it.
        readings: the same readings; a week before each target is read.

    Returns:
        ``lead_time`` (15min, 1h, 6h, 24h, over_24h; those that the horizon reaches), ``forecasts`` (how many
        intervals), then the metrics; energies in kWh, shares in 0-1; NaN where there is nothing to divide by (MASE and
        skill in the first week, or where last week came again exactly).
    """
    week_ago = readings.select(pl.col("interval_start"), last_week_kwh=pl.col("usage_kwh").shift(INTERVALS_PER_WEEK))
    frame = backtested.join(week_ago, on="interval_start", maintain_order="left")
    before = readings.filter(pl.col("interval_start") < backtested["origin"].min())["usage_kwh"]
    scale = _mean((before - before.shift(INTERVALS_PER_WEEK)).abs())
    parts = {name: frame.filter(pl.col("lead") == lead) for name, lead in LEADS.items()}
    parts[OVERALL] = frame.filter(pl.col("lead") <= DEFAULT_HORIZON)
    return pl.DataFrame([{"lead_time": n, **_metrics(p, scale)} for n, p in parts.items() if not p.is_empty()])


def over_24h(scores: pl.DataFrame) -> dict[str, float]:
    """The last line of ``score`` as a record, for standings."""
    row = scores.filter(pl.col("lead_time") == OVERALL).drop("lead_time").row(0, named=True)
    return {name: float(value) for name, value in row.items()}


def flat_metrics(scores: pl.DataFrame, *, part: str) -> dict[str, float]:
    """All of ``score`` by names such as ``test.over_24h.rmse_kwh``, for a manifest or a tracker; NaNs are left out."""
    return {
        f"{part}.{row['lead_time']}.{name}": float(value)
        for row in scores.iter_rows(named=True)
        for name, value in row.items()
        if name != "lead_time" and np.isfinite(value)
    }


def _metrics(part: pl.DataFrame, scale: float) -> dict[str, float]:
    actual, mean = part["usage_kwh"].to_numpy(), part["mean_kwh"].to_numpy()
    error = mean - actual
    rmse, mae = np.sqrt(np.mean(error**2)), np.mean(np.abs(error))
    last_week_rmse = np.sqrt(_mean((part["last_week_kwh"] - part["usage_kwh"]) ** 2))
    below = actual[:, None] - part.select(QUANTILE_COLUMNS).to_numpy()
    levels = np.array(QUANTILES)
    metrics = {
        "forecasts": part.height,
        "rmse_kwh": rmse,
        "mae_kwh": mae,
        "median_mae_kwh": np.mean(np.abs(actual - part["q50"].to_numpy())),
        "wape": _ratio(mae, np.mean(actual)),
        "mase": _ratio(mae, scale),
        "r2": 1 - _ratio(rmse**2, np.var(actual)),
        "peak_weighted_rmse_kwh": np.sqrt(_ratio(np.mean(actual * error**2), np.mean(actual))),
        "highest_mae_kwh": np.mean(np.abs(error[actual >= np.quantile(actual, 1 - HIGHEST_SHARE)])),
        "pinball_kwh": np.mean(np.maximum(levels * below, (levels - 1) * below)),
        **{name: part.select(pl.col("usage_kwh").is_between(*band).mean()).item() for name, band in BANDS.items()},
        "skill": 1 - _ratio(rmse, last_week_rmse),
    }
    return {name: float(value) for name, value in metrics.items()}


def _mean(values: pl.Series) -> float:
    """Mean of the known values; NaN where there are none."""
    mean = values.mean()
    return mean if isinstance(mean, float) else np.nan


def _ratio(part: np.floating[Any], whole: np.floating[Any] | float) -> float:
    """NaN where there is nothing to compare with."""
    return float(part / whole) if whole > 0 else np.nan
