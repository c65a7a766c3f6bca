"""Two models at the same origins of days that neither of their fits had seen: what a promotion and its review rest on.

Vintages answer each origin by a fit that had not seen its future; which days those are, the caller says.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from steel_energy.calendar import in_utc
from steel_energy.config import Record
from steel_energy.evaluation import CHOSEN_BY, backtest, over_24h, score
from steel_energy.forecasting import Forecaster
from steel_energy.params import EvaluationParams


class Comparison(Record):
    """The errors over 24 hours of two models on the same days, in kWh.

    Attributes:
        start: first origin.
        end: no target lies at or after it.
        newer_rmse_kwh: of the newer model, the challenger or the champion that was promoted last.
        older_rmse_kwh: of the one before it.
    """

    start: dt.datetime
    end: dt.datetime
    newer_rmse_kwh: float
    older_rmse_kwh: float

    @property
    def days(self) -> str:
        """The days in words."""
        return f"{self.start:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M}"


def compared(
    newer: Forecaster,
    older: Forecaster,
    readings: pl.DataFrame,
    *,
    start: dt.datetime,
    end: dt.datetime,
    params: EvaluationParams,
) -> Comparison:
    """Ask both models at the same origins of ``[start, end)``.

    Args:
        newer: fitted, or vintages of which one had seen nothing at or after ``start``.
        older: likewise.
        readings: data contract, from well before ``start`` to ``end`` at least.
        start: first origin.
        end: no target lies at or after it.
        params: the distance of the origins.

    Raises:
        NotEnoughDataError: no forecast of a day fits in, or too little precedes it.
    """
    errors = (rmse_kwh(one, readings, start=start, end=end, params=params) for one in (newer, older))
    return Comparison(start=start, end=end, **dict(zip(("newer_rmse_kwh", "older_rmse_kwh"), errors, strict=True)))


def rmse_kwh(
    forecaster: Forecaster, readings: pl.DataFrame, *, start: dt.datetime, end: dt.datetime, params: EvaluationParams
) -> float:
    """The error over 24 hours at the origins of ``[start, end)``, as the leaderboard has it."""
    return over_24h(score(backtest(forecaster, readings, start=start, end=end, params=params), readings))[CHOSEN_BY]


def days_between(start: dt.datetime, end: dt.datetime, *, zone: str) -> float:
    """Days from ``start`` to ``end``, of 24 hours each; naive times are read as the time of ``zone``."""
    return (in_utc(end, zone) - in_utc(start, zone)) / dt.timedelta(days=1)
