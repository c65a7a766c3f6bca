"""How good the forecasts of a week were: those that the service told, or a backtest's where it told none."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.prediction_log import FORECAST
from steel_energy.schema import INTERVALS_PER_DAY, INTERVALS_PER_WEEK
from steel_energy.timeline import DEFAULT_HORIZON
from steel_energy.weekly.sections import ForecastDay, Missing, WeekForecasts

BAND = ("q10", "q90")
KEYS = ("origin", "interval_start")


@dataclass(frozen=True)
class Backtests:
    """Forecasts of the past: ``evaluation.backtest`` frames of the champion and of the seasonal naive model."""

    model: str
    champion: pl.DataFrame
    naive: pl.DataFrame


def week_forecasts(
    readings: pl.DataFrame,
    *,
    start: dt.datetime,
    end: dt.datetime,
    told: pl.DataFrame | None,
    backtests: Backtests | None,
) -> WeekForecasts | Missing:
    """The quality of the forecasts of ``[start, end)``, up to 24 hours ahead.

    Args:
        readings: data contract; the week before is read for the comparison of what the service told.
        start: of the week.
        end: of its known part.
        told: ``prediction_log`` rows with their actuals; None where there are none.
        backtests: of the champion; None where there are none.
    """
    if told is not None:
        rows = _within(told.filter((pl.col("kind") == FORECAST) & pl.col("usage_kwh").is_not_null()), start, end)
        if rows.height:
            rows = rows.rename({"predicted_kwh": "mean_kwh"})
            return _told(rows, readings)
    if backtests is not None:
        rows = _within(backtests.champion, start, end)
        if rows.height:
            return _backtested(rows, backtests)
    return Missing("no_forecasts")


def _within(frame: pl.DataFrame, start: dt.datetime, end: dt.datetime) -> pl.DataFrame:
    in_week = pl.col("interval_start").is_between(start, end, closed="left")
    return frame.filter(in_week & (pl.col("lead") <= DEFAULT_HORIZON))


def _told(rows: pl.DataFrame, readings: pl.DataFrame) -> WeekForecasts:
    week_ago = readings.sort("interval_start").select(
        "interval_start", naive_kwh=pl.col("usage_kwh").shift(INTERVALS_PER_WEEK)
    )
    compared = rows.join(week_ago, on="interval_start", how="left", maintain_order="left")
    models = rows["model_version"].unique().sort().to_list()
    return _judged(compared, source="service", model=", ".join(models), naive="last_week")


def _backtested(rows: pl.DataFrame, backtests: Backtests) -> WeekForecasts:
    naive = backtests.naive.select(*KEYS, naive_kwh="mean_kwh")
    compared = rows.join(naive, on=KEYS, how="left", maintain_order="left")
    return _judged(compared, source="backtest", model=backtests.model, naive="seasonal_naive")


def _judged(rows: pl.DataFrame, *, source: str, model: str, naive: str) -> WeekForecasts:
    actual, told_at_midnight = rows["usage_kwh"].to_numpy(), _at_midnight(rows)
    error = rows["mean_kwh"].to_numpy() - actual
    has_naive = not rows["naive_kwh"].null_count()
    naive_error = rows["naive_kwh"].to_numpy() - actual if has_naive else None
    return WeekForecasts(
        source=source,  # type: ignore[arg-type]  # one of ours
        model=model,
        forecasts=rows.height,
        mae_kwh=float(np.abs(error).mean()),
        rmse_kwh=float(np.sqrt((error**2).mean())),
        naive_rmse_kwh=None if naive_error is None else float(np.sqrt((naive_error**2).mean())),
        naive=naive,  # type: ignore[arg-type]
        within_80=float(rows.select(pl.col("usage_kwh").is_between(*BAND).mean()).item()),
        days=tuple(_days(told_at_midnight)),
        curve=told_at_midnight.select("interval_start", "mean_kwh", *BAND, "usage_kwh").sort("interval_start"),
    )


def _at_midnight(rows: pl.DataFrame) -> pl.DataFrame:
    """What was forecast at the beginning of each day; the newest answer counts where there were several."""
    midnight = (pl.col("origin").dt.hour() == 0) & (pl.col("origin").dt.minute() == 0)
    return rows.filter(midnight).unique(KEYS, keep="last", maintain_order=True)


def _days(told_at_midnight: pl.DataFrame) -> list[ForecastDay]:
    """Days that were forecast as a whole."""
    by_day = told_at_midnight.group_by("origin", maintain_order=True).agg(
        pl.len(), pl.col("mean_kwh").sum(), pl.col("usage_kwh").sum()
    )
    whole = by_day.filter(pl.col("len") == INTERVALS_PER_DAY).sort("origin")
    return [
        ForecastDay(date=origin.date(), forecast_kwh=forecast, usage_kwh=usage)
        for origin, _, forecast, usage in whole.iter_rows()
    ]
