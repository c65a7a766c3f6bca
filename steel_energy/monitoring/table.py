"""The table ``performance``: one row a plant and week, as the asset of that name writes it and others read it."""

from __future__ import annotations

from typing import Literal

import polars as pl

ASSET = "performance"
DEGRADED = "degraded"
Grade = Literal["usual", "degraded"]
"""Whether a week's error is what the champion's backtest leads to expect."""

PERFORMANCE: dict[str, pl.DataType | type[pl.DataType]] = {
    "plant": pl.String,
    "week": pl.String,
    "window_from": pl.Datetime("us"),
    "window_until": pl.Datetime("us"),
    "champion_version": pl.String,
    "model": pl.String,
    "trained_until": pl.Datetime("us"),
    "verdict": pl.String,
    "found": pl.String,
    "origins": pl.Int64,
    "rmse_kwh": pl.Float64,
    "mae_kwh": pl.Float64,
    "outside_share": pl.Float64,
    "backtest_rmse_kwh": pl.Float64,
    "backtest_mae_kwh": pl.Float64,
    "backtest_outside_share": pl.Float64,
    "ratio": pl.Float64,
    "usual_high_kwh": pl.Float64,
    "usual_high_mae_kwh": pl.Float64,
    "usual_high_outside_share": pl.Float64,
    "nowcast_verdict": pl.String,
    "nowcast_rmse_kwh": pl.Float64,
    "nowcast_mae_kwh": pl.Float64,
    "inconsistent_share": pl.Float64,
    "usual_inconsistent_share": pl.Float64,
    "told_rows": pl.Int64,
    "told_rmse_kwh": pl.Float64,
    "told_mae_kwh": pl.Float64,
    "change_points": pl.List(pl.Date),
}
"""``week`` is the Monday; the window is the seven days up to the end of the week, or of the readings where they end
within it. Times are in the plant's zone, shares go from 0 to 1. ``verdict`` and ``nowcast_verdict`` are a ``Grade``,
``found`` says in words what makes the forecasts degraded. ``trained_until`` is the end of what the fit that answered
the first of the ``origins`` had seen. ``backtest_*`` is what the champion's backtest leads to expect of such hours,
``usual_high_*`` what a stable week stays below, null where too few weeks tell; ``ratio`` is ``rmse_kwh`` to
``backtest_rmse_kwh``. What the service told is null where it was not asked. ``change_points`` are the days
since which the forecasts' errors differ, by ADWIN; found within the window, they may lie before it.
"""


def performance_schema(zone: str) -> pl.Schema:
    """The Polars schema of the table for a plant in ``zone`` (an IANA name)."""
    times = [name for name, dtype in PERFORMANCE.items() if dtype == pl.Datetime("us")]
    return pl.Schema(PERFORMANCE | dict.fromkeys(times, pl.Datetime("us", zone)))
