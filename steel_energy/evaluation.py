"""How forecasters are compared: the split in time, rolling origins, metrics by lead time, leaderboard, champion.

Models are fitted on the oldest readings, chosen on the validation part and reported on the test part, which nothing
here chooses on. Every model is asked at the same origins. A champion has to beat the seasonal naive forecast.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from steel_energy.config import Record
from steel_energy.errors import InputError, NotEnoughDataError
from steel_energy.forecasting.base import QUANTILE_COLUMNS, QUANTILES, Forecaster
from steel_energy.history import readings_end
from steel_energy.params import EvaluationParams
from steel_energy.schema import INTERVAL, INTERVAL_MINUTES, INTERVALS_PER_DAY, INTERVALS_PER_HOUR, INTERVALS_PER_WEEK
from steel_energy.timeline import DEFAULT_HORIZON

PARTS = ("validation", "test")
NAIVE = "seasonal_naive"
CHOSEN_BY = "rmse_kwh"
OVERALL = "over_24h"
LEADS = {"15min": 1, "1h": INTERVALS_PER_HOUR, "6h": 6 * INTERVALS_PER_HOUR, "24h": INTERVALS_PER_DAY}
"""Lead times that are scored on their own, in intervals: the interval that ends so long after the origin."""
BANDS = {"coverage_50": ("q25", "q75"), "coverage_80": ("q10", "q90"), "coverage_90": ("q05", "q95")}


@dataclass(frozen=True)
class Split:
    """Times that part the readings: training, ``validation_start``, validation, ``test_start``, test, ``end``."""

    validation_start: dt.datetime
    test_start: dt.datetime
    end: dt.datetime

    @property
    def parts(self) -> dict[str, tuple[dt.datetime, dt.datetime]]:
        """Start and end of each of ``PARTS``."""
        return {"validation": (self.validation_start, self.test_start), "test": (self.test_start, self.end)}


class Standing(Record):
    """One model's scores over 24 hours on the validation part and, for the report alone, on the test part."""

    model: str
    validation: dict[str, float]
    test: dict[str, float]


class Choice(Record):
    """The champion and the reason, in words for the leaderboard."""

    model: str
    reason: str


@dataclass(frozen=True)
class Leaderboard:
    """Standings of models that were asked at the same origins."""

    standings: tuple[Standing, ...]

    def frame(self) -> pl.DataFrame:
        """A row a model, best validation score first: ``model``, ``validation_<metric>``, ``test_<metric>``."""
        rows = [
            {
                "model": standing.model,
                **{f"validation_{name}": value for name, value in standing.validation.items()},
                **{f"test_{name}": value for name, value in standing.test.items()},
            }
            for standing in self.standings
        ]
        return pl.DataFrame(rows).sort(f"validation_{CHOSEN_BY}", "model")

    def validation_rmse_kwh(self) -> dict[str, float]:
        """What the champion is chosen by."""
        return {standing.model: standing.validation[CHOSEN_BY] for standing in self.standings}


def split_times(readings: pl.DataFrame, params: EvaluationParams) -> Split:
    """Part the readings in time order.

    Args:
        readings: data contract, sorted, one row for each interval.
        params: the shares of training and validation.

    Raises:
        NotEnoughDataError: a part would be shorter than one day.
    """
    start = readings["interval_start"]
    if start.len() < INTERVALS_PER_DAY:
        raise NotEnoughDataError(
            f"a split needs days of readings, got {start.len()} intervals", field="readings", remedy="give more"
        )
    shares = (params.train_share, params.train_share + params.validation_share)
    validation_start, test_start = (start[round(start.len() * share)] for share in shares)
    split = Split(validation_start, test_start, readings_end(readings))
    edges = (start[0], split.validation_start, split.test_start, split.end)
    if any(later - earlier < dt.timedelta(days=1) for earlier, later in pairwise(edges)):
        raise NotEnoughDataError(
            "the training, validation and test part need one day each at least",
            field="readings",
            remedy="give a longer history or other shares",
        )
    return split


def backtest(
    forecaster: Forecaster,
    readings: pl.DataFrame,
    *,
    start: dt.datetime,
    end: dt.datetime,
    params: EvaluationParams,
    horizon: int = DEFAULT_HORIZON,
) -> pl.DataFrame:
    """Forecasts of a fitted forecaster at rolling origins, beside what came.

    Args:
        forecaster: fitted on readings before ``start``.
        readings: data contract, from well before ``start`` to ``end`` at least.
        start: first origin.
        end: no target lies at or after it.
        params: the distance of the origins.
        horizon: intervals of each forecast.

    Returns:
        ``origin``, ``lead`` (1 to horizon), ``interval_start``, ``usage_kwh``, ``mean_kwh``, quantiles.

    Raises:
        NotEnoughDataError: not one forecast fits between ``start`` and ``end``.
    """
    origins = list(_origins(start, end - INTERVAL * horizon, every_hours=params.origin_every_hours))
    if not origins:
        raise NotEnoughDataError(
            f"no forecast of {horizon} intervals fits between {start.isoformat()} and {end.isoformat()}",
            field="readings",
            remedy="give a longer history or a shorter horizon",
        )
    forecasts = forecaster.predict_many(readings, origins, horizon=horizon)
    lead = (pl.col("interval_start") - pl.col("origin")).dt.total_minutes() // INTERVAL_MINUTES + 1
    return (
        forecasts.join(readings.select("interval_start", "usage_kwh"), on="interval_start", maintain_order="left")
        .with_columns(lead=lead)
        .select("origin", "lead", "interval_start", "usage_kwh", "mean_kwh", *QUANTILE_COLUMNS)
    )


def score(backtested: pl.DataFrame, readings: pl.DataFrame) -> pl.DataFrame:
    """Metrics by lead time, and over the first 24 hours.

    RMSE, WAPE, MASE, R2 and skill speak of ``mean_kwh``, ``median_mae_kwh`` of ``q50``. MASE divides by the error of
    repeating last week before the first origin; skill is the share of that naive's squared-error root, at the same
    targets, that the model saves. Pinball is the mean over the seven quantiles.

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


def choose_champion(
    validation_rmse_kwh: dict[str, float], *, incumbent: str | None = None, promotion_margin: float
) -> Choice:
    """The model to serve, by its validation score alone.

    The best model has to beat the seasonal naive forecast, which itself serves otherwise. An incumbent that still
    beats it gives way only to a model whose error is smaller by ``promotion_margin``, so that noise changes nothing.

    Args:
        validation_rmse_kwh: score of each model, ``seasonal_naive`` among them.
        incumbent: model that is served now; None, or one without a score, where there is none.
        promotion_margin: share of the incumbent's error.

    Raises:
        InputError: the seasonal naive forecast has no score.

    >>> choose_champion({"seasonal_naive": 20.0, "lightgbm": 15.0}, promotion_margin=0.01).model
    'lightgbm'
    """
    if NAIVE not in validation_rmse_kwh:
        raise InputError(f"{NAIVE} has no score", field="leaderboard", remedy="backtest it on the same origins")
    scores, gate = validation_rmse_kwh, validation_rmse_kwh[NAIVE]
    best = min(sorted(scores), key=lambda model: scores[model])
    if scores[best] >= gate:
        return Choice(model=NAIVE, reason=f"no model beats the seasonal naive forecast ({gate:.2f} kWh)")
    held = scores.get(incumbent, np.inf) if incumbent else np.inf
    if incumbent and best != incumbent and held < gate and scores[best] > held * (1 - promotion_margin):
        return Choice(
            model=incumbent,
            reason=f"{best} ({scores[best]:.2f} kWh) is not {promotion_margin:.0%} better ({held:.2f} kWh)",
        )
    return Choice(model=best, reason=f"best on validation: {scores[best]:.2f} kWh, seasonal naive {gate:.2f} kWh")


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


def _origins(start: dt.datetime, last: dt.datetime, *, every_hours: int) -> Iterator[dt.datetime]:
    """Origins from ``start`` to ``last`` inclusive, at a regular distance in absolute time."""
    zone, origin, until = start.tzinfo, start.astimezone(dt.UTC), last.astimezone(dt.UTC)
    while origin <= until:
        yield origin.astimezone(zone)
        origin += dt.timedelta(hours=every_hours)
