"""Quantiles from past errors: how far the truth lay from a forecast of about this level.

The errors come from forecasts of data that the model had not seen, so the quantiles are honest whatever the model. The
spread depends on the predicted level because the plant has two states: idle, where errors are tenths of a kWh, and
running, where they are tens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from steel_energy.arrays import FloatArray
from steel_energy.forecasting.base import QUANTILES

MIN_ERRORS_PER_LEVEL = 40
"""Fewer errors than this say nothing about a 5 % tail: two of forty lie beyond it."""


@dataclass(frozen=True)
class ErrorQuantiles:
    """Quantiles of actual less forecast energy, by level of the forecast.

    Attributes:
        level_kwh: shape ``(levels,)``, rising: mean forecast of each group of errors.
        error_kwh: shape ``(levels, 7)``: a column for each of ``QUANTILES``.
    """

    level_kwh: FloatArray
    error_kwh: FloatArray

    @classmethod
    def learn(cls, forecast_kwh: FloatArray, actual_kwh: FloatArray, *, levels: int) -> Self:
        """Learn from forecasts and what came; both of shape ``(n,)``.

        The forecasts are sorted and cut into ``levels`` groups of equal size, fewer where ``n`` is small.
        """
        order = np.argsort(forecast_kwh, kind="stable")
        groups = np.array_split(order, max(1, min(levels, len(order) // MIN_ERRORS_PER_LEVEL)))
        errors = actual_kwh - forecast_kwh
        return cls(
            level_kwh=np.array([forecast_kwh[group].mean() for group in groups]),
            error_kwh=np.array([np.quantile(errors[group], QUANTILES) for group in groups]),
        )

    def around(self, forecast_kwh: FloatArray) -> FloatArray:
        """Quantiles in kWh around forecasts of shape ``(n,)``: shape ``(n, 7)``, straight between two levels."""
        return np.column_stack(
            [forecast_kwh + np.interp(forecast_kwh, self.level_kwh, column) for column in self.error_kwh.T]
        )

    def to_json(self) -> dict[str, Any]:
        """Lists that JSON keeps to the last bit."""
        return {"level_kwh": self.level_kwh.tolist(), "error_kwh": self.error_kwh.tolist()}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """The inverse of ``to_json``."""
        return cls(level_kwh=np.array(content["level_kwh"]), error_kwh=np.array(content["error_kwh"]))
