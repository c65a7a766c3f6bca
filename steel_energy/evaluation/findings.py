"""What must hold of a model's scores, of the leaderboard and of a champion's forecast, each rule one finding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from steel_energy.evaluation.leaderboard import CHOSEN_BY, NAIVE
from steel_energy.evaluation.leakage import SAME_WITHIN_KWH, furthest_apart_kwh
from steel_energy.evaluation.metrics import over_24h
from steel_energy.evaluation.splits import PARTS
from steel_energy.forecasting.base import Forecaster
from steel_energy.quality import Finding
from steel_energy.timeline import DEFAULT_HORIZON

NOMINAL_COVERAGE = {"coverage_50": 0.5, "coverage_80": 0.8, "coverage_90": 0.9}
ABSENT = Finding(passed=True, expected="does not apply", actual="the model is absent")


def is_sane(scores: pl.DataFrame) -> Finding:
    """Every metric is finite, there are forecasts in both parts, and no error is too small to be true."""
    if scores.is_empty():
        return ABSENT
    values = scores.drop("part", "lead_time").to_numpy()
    smallest = float(scores["rmse_kwh"].min())  # type: ignore[arg-type] # never empty
    parts = scores["part"].unique().sort().to_list()
    return Finding(
        bool(np.isfinite(values).all()) and smallest > 0 and parts == sorted(PARTS),
        "finite metrics of both parts, every error above zero",
        f"{', '.join(parts)}; smallest RMSE {smallest:.2f} kWh; {int((~np.isfinite(values)).sum())} not finite",
    )


def covers(scores: pl.DataFrame, *, tolerance: float) -> Finding:
    """The intervals of the test part hold about as many readings as they promise."""
    if scores.is_empty():
        return ABSENT
    row = over_24h(scores.filter(pl.col("part") == "test").drop("part"))
    shares = {name: row[name] for name in NOMINAL_COVERAGE}
    return Finding(
        all(abs(share - NOMINAL_COVERAGE[name]) <= tolerance for name, share in shares.items()),
        f"50, 80 and 90 %, each within {tolerance:.0%}",
        ", ".join(f"{share:.1%}" for share in shares.values()),
    )


def beats_naive(leaderboard: pl.DataFrame, champion: str) -> Finding:
    """The champion's validation error is smaller than the seasonal naive forecast's."""
    errors = dict(leaderboard.select("model", f"validation_{CHOSEN_BY}").iter_rows())
    expected = f"below {errors[NAIVE]:.2f} kWh ({NAIVE}, validation RMSE over 24 h)"
    if champion not in errors:  # a person went back to a model that cannot run here any more
        return Finding(passed=False, expected=expected, actual=f"{champion} is not on the leaderboard")
    return Finding(errors[champion] < errors[NAIVE], expected, f"{errors[champion]:.2f} kWh ({champion})")


def is_a_forecast(forecast: pl.DataFrame) -> Finding:
    """The frame is a whole day ahead: every figure finite, no energy below zero."""
    values = forecast.drop("interval_start").to_numpy()
    lowest, highest = forecast["mean_kwh"].to_numpy().min(), forecast["mean_kwh"].to_numpy().max()
    return Finding(
        forecast.height == DEFAULT_HORIZON and bool(np.isfinite(values).all()) and bool((values >= 0).all()),
        f"{DEFAULT_HORIZON} intervals, finite and not below zero",
        f"{forecast.height} intervals from {lowest:.2f} to {highest:.2f} kWh",
    )


def on_same_origins(backtests: Mapping[str, pl.DataFrame]) -> Finding:
    """Every model was asked at the same origins, for the same intervals, and judged by the same readings."""
    asked = ["part", "origin", "lead", "interval_start", "usage_kwh"]
    first, *others = (frame.select(asked).sort(asked) for frame in backtests.values())
    odd = [name for name, frame in zip(list(backtests)[1:], others, strict=True) if not frame.equals(first)]
    origins = first["origin"].n_unique()
    return Finding(
        not odd,
        f"{origins} origins and their readings, as {next(iter(backtests))} was asked",
        f"others for {', '.join(odd)}" if odd else f"the same for {', '.join(backtests)}",
    )


def is_complete(leaderboard: pl.DataFrame, absences: Mapping[str, str | None]) -> Finding:
    """Every model stands in the leaderboard, or is absent for a reason.

    Args:
        leaderboard: a row for each model that was tried out.
        absences: why each model is absent; None for those that are not.
    """
    ranked = set(leaderboard["model"])
    odd = [model for model, reason in absences.items() if (model in ranked) == (reason is not None)]
    absent = [f"{model} ({reason})" for model, reason in absences.items() if reason is not None]
    return Finding(
        not odd,
        f"a row or a reason for each of {', '.join(absences)}",
        f"neither or both for {', '.join(odd)}" if odd else f"absent: {'; '.join(absent) or 'none'}",
    )


def repeats(
    forecaster: Forecaster, readings: pl.DataFrame, backtested: pl.DataFrame, *, origins: Sequence[dt.datetime]
) -> Finding:
    """The forecaster gives again what its stored backtest says it gave.

    Args:
        forecaster: as it was saved.
        readings: data contract.
        backtested: the stored backtest of one part.
        origins: of the backtest, where to look.
    """
    stored = backtested.filter(pl.col("origin").is_in(list(origins)) & (pl.col("lead") <= DEFAULT_HORIZON))
    again = forecaster.predict_many(readings, origins).sort("origin", "interval_start")
    apart = furthest_apart_kwh(stored.sort("origin", "interval_start"), again)
    return Finding(
        apart <= SAME_WITHIN_KWH,
        f"the stored forecasts within {SAME_WITHIN_KWH:g} kWh, from {len(origins)} origins",
        f"at most {apart:.3g} kWh apart",
    )
