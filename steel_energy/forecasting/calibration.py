"""Conformal quantiles for any forecaster: from errors of forecasts of data that the model had not seen.

What spreads the errors is how far a forecast lies above the plant's idle load. Idle, they are tenths of a kWh; running,
tens. The idle load itself drifts over the year by more than it scatters, so levels are counted from the idle load of
the last week: counted from zero, an autumn night would get the bands of a spring night and miss them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.forecasting.base import QUANTILES
from steel_energy.schema import INTERVALS_PER_DAY, INTERVALS_PER_WEEK
from steel_energy.timeline import Timeline

MIN_ERRORS_PER_LEVEL = 40
"""Fewer errors than this say nothing about a 5 % tail: two of forty lie beyond it."""

IDLE_SHARE = 0.1  # of a week's intervals: a plant that is shut on Sunday alone idles longer than this


def idle_level(timeline: Timeline, origins: IntArray) -> FloatArray:
    """The plant's idle load as each origin knows it, in kWh: what a tenth of the last week's intervals stay below.

    Args:
        timeline: the readings.
        origins: positions, shape ``(n,)``, each with a day of readings or more before it; NaN where there is less.
    """
    first = max(int(origins.min(initial=timeline.end)) - INTERVALS_PER_WEEK, 0)
    usage = pl.Series(timeline.usage_kwh[first : int(origins.max(initial=first))]).fill_nan(None)
    known = usage.rolling_quantile(
        IDLE_SHARE, window_size=INTERVALS_PER_WEEK, min_samples=INTERVALS_PER_DAY, interpolation="linear"
    )
    levels: FloatArray = known.to_numpy()[origins - first - 1]
    return levels


@dataclass(frozen=True)
class ErrorQuantiles:
    """Where the truth lies, by level of the forecast above the idle load.

    Attributes:
        level_kwh: shape ``(levels,)``, rising: mean forecast above idle of each group of forecasts.
        error_kwh: shape ``(levels, 7)``, a column for each of ``QUANTILES``: what is to be added to the forecast or,
            where the model has quantiles of its own, to them.
    """

    level_kwh: FloatArray
    error_kwh: FloatArray

    @classmethod
    def learn(
        cls,
        forecast_kwh: FloatArray,
        actual_kwh: FloatArray,
        *,
        idle_kwh: FloatArray,
        levels: int,
        quantiles_kwh: FloatArray | None = None,
    ) -> Self:
        """Learn from forecasts of what the model had not seen, and what came.

        The forecasts are sorted by their level and cut into ``levels`` groups of equal size, fewer where ``n`` is
        small. Each group's quantiles are conformal: one more reading lies below with at least, or for the lower ones
        at most, the probability that the quantile states.

        Args:
            forecast_kwh: mean forecasts, shape ``(n,)``.
            actual_kwh: what came, shape ``(n,)``.
            idle_kwh: ``idle_level`` at each forecast's origin, shape ``(n,)``.
            levels: number of groups.
            quantiles_kwh: the model's own quantiles, shape ``(n, 7)``, to be corrected rather than made anew.
        """
        level = forecast_kwh - idle_kwh
        order = np.argsort(level, kind="stable")
        groups = np.array_split(order, max(1, min(levels, len(order) // MIN_ERRORS_PER_LEVEL)))
        errors = actual_kwh[:, None] - _seven(forecast_kwh, quantiles_kwh)
        return cls(
            level_kwh=np.array([level[group].mean() for group in groups]),
            error_kwh=np.array([conformal_quantiles(errors[group]) for group in groups]),
        )

    def around(
        self, forecast_kwh: FloatArray, *, idle_kwh: FloatArray, quantiles_kwh: FloatArray | None = None
    ) -> FloatArray:
        """Quantiles in kWh of forecasts of shape ``(n,)``: shape ``(n, 7)``; arguments as for ``learn``.

        Straight between two levels, and beyond the lowest and highest as there.
        """
        level = forecast_kwh - idle_kwh
        errors = np.column_stack([np.interp(level, self.level_kwh, column) for column in self.error_kwh.T])
        quantiles: FloatArray = _seven(forecast_kwh, quantiles_kwh) + errors
        return quantiles

    def to_json(self) -> dict[str, Any]:
        """Lists that JSON keeps to the last bit."""
        return {"level_kwh": self.level_kwh.tolist(), "error_kwh": self.error_kwh.tolist()}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """The inverse of ``to_json``."""
        return cls(level_kwh=np.array(content["level_kwh"]), error_kwh=np.array(content["error_kwh"]))


def conformal_quantiles(errors: FloatArray) -> FloatArray:
    """The quantiles ``QUANTILES`` of each column's future errors, given ``n`` past ones; shape ``(7,)``.

    Of ``n + 1`` errors that might have come in any order the newest is as likely to hold any rank. So the upper
    quantiles take the next whole rank among ``n + 1``, the lower ones the one before: the bands err on the wide side.

    Args:
        errors: shape ``(n, 7)``, a column for each of ``QUANTILES``.

    >>> conformal_quantiles(np.tile(np.arange(1.0, 20.0)[:, None], 7)).tolist()
    [1.0, 2.0, 5.0, 10.0, 15.0, 18.0, 19.0]
    """
    count = len(errors)
    ranks = [
        int(np.ceil(level * (count + 1) - 1e-9) if level >= 0.5 else np.floor(level * (count + 1) + 1e-9))  # noqa: PLR2004
        for level in QUANTILES
    ]
    places = np.clip(ranks, 1, count) - 1
    quantiles: FloatArray = np.sort(errors, axis=0)[places, np.arange(len(QUANTILES))]
    return quantiles


def _seven(forecast_kwh: FloatArray, quantiles_kwh: FloatArray | None) -> FloatArray:
    """What errors are counted from: the model's own quantiles, or the forecast for each of the seven."""
    return np.tile(forecast_kwh[:, None], len(QUANTILES)) if quantiles_kwh is None else quantiles_kwh
