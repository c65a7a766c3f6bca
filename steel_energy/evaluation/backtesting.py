"""Forecasts at rolling origins beside what came: the raw material of every score."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import polars as pl

from steel_energy.errors import NotEnoughDataError
from steel_energy.forecasting.base import QUANTILE_COLUMNS, Forecaster
from steel_energy.params import EvaluationParams
from steel_energy.schema import INTERVAL, INTERVAL_MINUTES
from steel_energy.timeline import DEFAULT_HORIZON


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


def _origins(start: dt.datetime, last: dt.datetime, *, every_hours: int) -> Iterator[dt.datetime]:
    """Origins from ``start`` to ``last`` inclusive, at a regular distance in absolute time."""
    zone, origin, until = start.tzinfo, start.astimezone(dt.UTC), last.astimezone(dt.UTC)
    while origin <= until:
        yield origin.astimezone(zone)
        origin += dt.timedelta(hours=every_hours)
