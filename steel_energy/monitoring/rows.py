"""A week's row of the table ``performance``, put together from what was measured."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from steel_energy.artifacts import Manifest
from steel_energy.monitoring.nowcasts import NowcastError
from steel_energy.monitoring.params import MonitoringParams
from steel_energy.monitoring.performance import ForecastError, Window
from steel_energy.monitoring.table import DEGRADED, performance_schema
from steel_energy.prediction_log import FORECAST, accuracy
from steel_energy.quality import Finding
from steel_energy.timeline import DEFAULT_HORIZON


@dataclass(frozen=True)
class Told:
    """What the service told of a window, up to a day ahead; None each where it was not asked, or nothing is known yet.

    Attributes:
        rows: forecast intervals that have been measured since.
        rmse_kwh: root of their mean squared error.
        mae_kwh: their mean absolute error.
    """

    rows: int | None = None
    rmse_kwh: float | None = None
    mae_kwh: float | None = None


def told_within(log: pl.DataFrame, window: Window) -> Told:
    """What the service told of a window.

    Args:
        log: rows of the table ``prediction_log`` of any time, maybe none.
        window: seven days.
    """
    is_wanted = (pl.col("kind") == FORECAST) & (pl.col("lead") <= DEFAULT_HORIZON) & pl.col("usage_kwh").is_not_null()
    rows = log.filter(is_wanted & pl.col("interval_start").is_between(window.start, window.end, closed="left"))
    figures: Mapping[str, float] = accuracy(rows)
    if rows.is_empty():
        return Told()
    return Told(rows.height, figures[f"{FORECAST}_rmse_kwh"], figures[f"{FORECAST}_mae_kwh"])


def performance_row(
    manifest: Manifest,
    monday: str,
    window: Window,
    *,
    forecasts: ForecastError,
    nowcasts: NowcastError,
    usual_nowcasts: NowcastError,
    told: Told,
    change_points: list[dt.date],
    params: MonitoringParams,
) -> pl.DataFrame:
    """The one row of a week.

    Args:
        manifest: the champion's.
        monday: of the week, as ``2018-12-03``.
        window: its seven days.
        forecasts: what the champion's forecasts were off by.
        nowcasts: what the nowcast of the window's readings was off by.
        usual_nowcasts: the same of the champion's training.
        told: what the service told of these days.
        change_points: days since which errors differ, as found within the window.
        params: the share of inconsistent readings from which on the nowcast counts as degraded.
    """
    found, usual, limits = forecasts.found, forecasts.expected.usual, forecasts.expected.limits
    row = {
        "plant": manifest.plant,
        "week": monday,
        "window_from": window.start,
        "window_until": window.end,
        "champion_version": manifest.version,
        "model": manifest.model,
        "trained_until": forecasts.trained_until,
        "verdict": forecasts.verdict,
        "found": "; ".join(forecasts.worse) or None,
        "origins": forecasts.origins,
        "rmse_kwh": found.rmse_kwh,
        "mae_kwh": found.mae_kwh,
        "outside_share": found.outside_share,
        "backtest_rmse_kwh": usual.rmse_kwh,
        "backtest_mae_kwh": usual.mae_kwh,
        "backtest_outside_share": usual.outside_share,
        "ratio": _known(found.ratios(to=usual).rmse_kwh),
        "usual_high_kwh": _known(usual.rmse_kwh * limits.rmse_kwh),
        "usual_high_mae_kwh": _known(usual.mae_kwh * limits.mae_kwh),
        "usual_high_outside_share": _known(usual.outside_share * limits.outside_share),
        "nowcast_verdict": nowcasts.verdict(params),
        "nowcast_rmse_kwh": _known(nowcasts.rmse_kwh),
        "nowcast_mae_kwh": _known(nowcasts.mae_kwh),
        "inconsistent_share": _known(nowcasts.inconsistent_share),
        "usual_inconsistent_share": _known(usual_nowcasts.inconsistent_share),
        "told_rows": told.rows,
        "told_rmse_kwh": told.rmse_kwh,
        "told_mae_kwh": told.mae_kwh,
        "change_points": change_points,
    }
    return pl.DataFrame([row], schema=performance_schema(str(window.end.tzinfo)))


def is_as_usual(table: pl.DataFrame) -> Finding:
    """The forecasts of a week are no worse than the backtest leads to expect."""
    degraded = table.filter(pl.col("verdict") == DEGRADED)
    return Finding(
        degraded.is_empty(),
        "errors that the backtest leads to expect",
        "; ".join(degraded["found"].drop_nulls()) or "they are",
    )


def readings_agree(table: pl.DataFrame) -> Finding:
    """The readings of a week do not contradict themselves more than a sound meter's."""
    shares = table.filter(pl.col("nowcast_verdict") == DEGRADED)["inconsistent_share"]
    actual = "; ".join(f"{share:.1%} of them do" for share in shares) or "few or none do"
    return Finding(shares.is_empty(), "readings that do not contradict themselves", actual)


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
