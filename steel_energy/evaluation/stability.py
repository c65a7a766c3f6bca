"""How steady a model is: from week to week of a backtest, and from fold to fold of a cross-validation."""

from __future__ import annotations

import polars as pl

from steel_energy.evaluation.backtesting import backtest
from steel_energy.evaluation.metrics import over_24h, score
from steel_energy.evaluation.splits import folds
from steel_energy.forecasting.base import Forecaster
from steel_energy.params import EvaluationParams
from steel_energy.schema import DAYS_PER_WEEK
from steel_energy.timeline import DEFAULT_HORIZON


def weekly_rmse(backtested: pl.DataFrame) -> pl.DataFrame:
    """The error over 24 hours of each seven days of origins, counted from the first origin.

    Args:
        backtested: as ``backtest`` returns it.

    Returns:
        ``week_start`` and ``rmse_kwh``, oldest first. Days at the end that make no whole week are left out, unless
        there is no whole week at all.
    """
    first = pl.col("origin").min()
    weeks = (
        backtested.filter(pl.col("lead") <= DEFAULT_HORIZON)
        .group_by(week=(pl.col("origin") - first).dt.total_days() // DAYS_PER_WEEK)
        .agg(
            week_start=pl.col("origin").min(),
            origins=pl.col("origin").n_unique(),
            rmse_kwh=((pl.col("mean_kwh") - pl.col("usage_kwh")) ** 2).mean().sqrt(),
        )
        .sort("week")
    )
    return weeks.filter(pl.col("origins") == pl.col("origins").max()).select("week_start", "rmse_kwh")


def weekly_spread(backtested: pl.DataFrame) -> dict[str, float]:
    """Mean, standard deviation and worst of ``weekly_rmse``, in kWh; the spread of a single week is 0."""
    weeks = weekly_rmse(backtested)["rmse_kwh"].to_numpy()
    return {
        "weekly_rmse_mean_kwh": float(weeks.mean()),
        "weekly_rmse_spread_kwh": float(weeks.std()),
        "weekly_rmse_worst_kwh": float(weeks.max()),
    }


def cross_validate(
    forecaster: Forecaster, readings: pl.DataFrame, *, params: EvaluationParams, min_training_days: int
) -> pl.DataFrame:
    """Fit on ever longer beginnings of the readings, and score each on the stretch that follows.

    Args:
        forecaster: unfitted; it is fitted once for each fold.
        readings: data contract, sorted; what precedes the test part.
        params: the number of folds and the distance of the origins.
        min_training_days: readings that precede the first stretch.

    Returns:
        ``start`` and ``end`` of each stretch, then the metrics over 24 hours; oldest first.

    Raises:
        NotEnoughDataError: the readings are too short for so many folds.
        ModelUnavailableError: the model cannot run on this machine.
    """
    rows = []
    for start, end in folds(readings, count=params.folds, min_training_days=min_training_days):
        fitted = forecaster.fit(readings.filter(pl.col("interval_start") < start))
        scores = score(backtest(fitted, readings, start=start, end=end, params=params), readings)
        rows.append({"start": start, "end": end, **over_24h(scores)})
    return pl.DataFrame(rows)
