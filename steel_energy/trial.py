"""Trying a forecaster out: backtested on the validation and the test part, each by a fit that ends where it begins.

How a split, a backtest and a score are made stands in ``evaluation``; here they are put together, the same for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.evaluation import (
    CHOSEN_BY,
    NAIVE,
    Leaderboard,
    Split,
    Standing,
    backtest,
    flat_metrics,
    over_24h,
    score,
    split_times,
)
from steel_energy.forecasting import Forecaster, Vintages
from steel_energy.params import EvaluationParams
from steel_energy.quality import Finding
from steel_energy.timeline import DEFAULT_HORIZON

PARTS = ("validation", "test")
COVERAGE_TOLERANCE = 0.2  # a month unlike the months before shifts coverage by so much without any bug
NOMINAL_COVERAGE = {"coverage_50": 0.5, "coverage_80": 0.8, "coverage_90": 0.9}


@dataclass(frozen=True)
class Trial:
    """A forecaster's fits before the validation and before the test part, and what came of them.

    Attributes:
        forecaster: the two fits; each origin is forecast by one that had not seen its future.
        split: the times that part the readings.
        backtests: the forecasts of each part, as ``evaluation.backtest`` returns them.
        scores: ``part`` (validation or test), then the columns of ``evaluation.score``.
    """

    forecaster: Vintages
    split: Split
    backtests: dict[str, pl.DataFrame]
    scores: pl.DataFrame


def try_out(forecaster: Forecaster, readings: pl.DataFrame, *, params: EvaluationParams) -> Trial:
    """Backtest ``forecaster`` on the validation and the test part, fitted on all readings before each.

    Args:
        forecaster: unfitted.
        readings: data contract, sorted, one row for each interval.
        params: the split and the distance of the origins.

    Raises:
        NotEnoughDataError: the readings are too short to be parted or to train on.
    """
    split = split_times(readings, params)
    fitted = Vintages(forecaster, str(split.end.tzinfo))
    for end in (split.validation_start, split.test_start):
        fitted = fitted.fit(readings.filter(pl.col("interval_start") < end))
    spans = {"validation": (split.validation_start, split.test_start), "test": (split.test_start, split.end)}
    backtests = {
        part: backtest(fitted, readings, start=start, end=end, params=params) for part, (start, end) in spans.items()
    }
    scores = [score(backtests[part], readings).select(pl.lit(part).alias("part"), pl.all()) for part in PARTS]
    return Trial(fitted, split, backtests, pl.concat(scores))


def metrics_of(scores: pl.DataFrame) -> dict[str, float]:
    """The scores of a trial as flat names, such as ``test.over_24h.rmse_kwh``."""
    return {name: value for part in PARTS for name, value in flat_metrics(part_of(scores, part), part=part).items()}


def part_of(scores: pl.DataFrame, part: str) -> pl.DataFrame:
    """The scores of one part, as ``evaluation.score`` returns them."""
    return scores.filter(pl.col("part") == part).drop("part")


def leaderboard_of(scores: Mapping[str, pl.DataFrame]) -> Leaderboard:
    """The standings of models by their trials' scores."""
    standings = [
        Standing(model=model, **{part: over_24h(part_of(frame, part)) for part in PARTS})
        for model, frame in scores.items()
    ]
    return Leaderboard(tuple(standings))


def is_sane(scores: pl.DataFrame) -> Finding:
    """Every metric is finite, there are forecasts in both parts, and no error is too small to be true."""
    values = scores.drop("part", "lead_time").to_numpy()
    smallest = float(scores["rmse_kwh"].min())  # type: ignore[arg-type] # never empty
    parts = scores["part"].unique().sort().to_list()
    return Finding(
        bool(np.isfinite(values).all()) and smallest > 0 and parts == sorted(PARTS),
        "finite metrics of both parts, every error above zero",
        f"{', '.join(parts)}; smallest RMSE {smallest:.2f} kWh; {int((~np.isfinite(values)).sum())} not finite",
    )


def covers(scores: pl.DataFrame) -> Finding:
    """The intervals of the test part hold about as many readings as they promise."""
    row = over_24h(part_of(scores, "test"))
    shares = {name: row[name] for name in NOMINAL_COVERAGE}
    return Finding(
        all(abs(share - NOMINAL_COVERAGE[name]) <= COVERAGE_TOLERANCE for name, share in shares.items()),
        f"50, 80 and 90 %, each within {COVERAGE_TOLERANCE:.0%}",
        ", ".join(f"{share:.1%}" for share in shares.values()),
    )


def beats_naive(leaderboard: pl.DataFrame, champion: str) -> Finding:
    """The champion's validation error is smaller than the seasonal naive forecast's."""
    errors = dict(leaderboard.select("model", f"validation_{CHOSEN_BY}").iter_rows())
    return Finding(
        errors[champion] < errors[NAIVE],
        f"below {errors[NAIVE]:.2f} kWh ({NAIVE}, validation RMSE over 24 h)",
        f"{errors[champion]:.2f} kWh ({champion})",
    )


def is_a_forecast(forecast: pl.DataFrame) -> Finding:
    """The frame is a whole day ahead: every figure finite, no energy below zero."""
    values = forecast.drop("interval_start").to_numpy()
    lowest, highest = forecast["mean_kwh"].to_numpy().min(), forecast["mean_kwh"].to_numpy().max()
    return Finding(
        forecast.height == DEFAULT_HORIZON and bool(np.isfinite(values).all()) and bool((values >= 0).all()),
        f"{DEFAULT_HORIZON} intervals, finite and not below zero",
        f"{forecast.height} intervals from {lowest:.2f} to {highest:.2f} kWh",
    )


def lead_time_table(scores: pl.DataFrame) -> pl.DataFrame:
    """The metrics that people look at first, rounded: a row for each part and lead time."""
    shown = ("rmse_kwh", "median_mae_kwh", "wape", "r2", "skill", "pinball_kwh", "coverage_80")
    return scores.select("part", "lead_time", pl.col("forecasts").cast(pl.Int64), *(pl.col(n).round(3) for n in shown))
