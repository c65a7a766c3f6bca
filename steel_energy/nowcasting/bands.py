"""How far the model may be off: conformal margins by the error it expects, from errors on readings it had not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from steel_energy.arrays import FloatArray

LEVELS = 20  # groups of equal size by expected error
MIN_ERRORS = 40  # a group of fewer says nothing of its tail


@dataclass(frozen=True)
class Bands:
    """Margins in kWh by expected error.

    Attributes:
        expected_kwh: rising mean expected errors of each group, shape (levels,).
        margin_kwh: what an error of the group stays below with the nominal coverage, shape (levels,).
    """

    expected_kwh: FloatArray
    margin_kwh: FloatArray

    @classmethod
    def learn(cls, expected_kwh: FloatArray, error_kwh: FloatArray, *, coverage: float) -> Self:
        """Margins that hold the next error with probability ``coverage``.

        Args:
            expected_kwh: errors that the model expects of readings it has not seen, shape (rows,).
            error_kwh: the absolute errors that it made there, shape (rows,).
            coverage: nominal, 0-1.
        """
        order = np.argsort(expected_kwh, kind="stable")
        groups = np.array_split(order, max(1, min(LEVELS, order.size // MIN_ERRORS)))
        return cls(
            np.array([expected_kwh[group].mean() for group in groups]),
            np.array([_conformal(error_kwh[group], coverage) for group in groups]),
        )

    def margin(self, expected_kwh: FloatArray) -> FloatArray:
        """Half width of the bounds in kWh, straight between two groups, shape (rows,)."""
        margin: FloatArray = np.interp(expected_kwh, self.expected_kwh, self.margin_kwh)
        return margin

    def to_json(self) -> dict[str, Any]:
        """Lists that JSON keeps to the last bit."""
        return {"expected_kwh": self.expected_kwh.tolist(), "margin_kwh": self.margin_kwh.tolist()}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """The inverse of ``to_json``."""
        return cls(np.array(content["expected_kwh"]), np.array(content["margin_kwh"]))


def _conformal(errors: FloatArray, coverage: float) -> float:
    """What the next error stays below with probability ``coverage``, if it is drawn like the known ones.

    >>> _conformal(np.arange(1.0, 20.0), 0.9)
    18.0
    """
    rank = min(int(np.ceil(coverage * (errors.size + 1) - 1e-9)), errors.size)
    return float(np.sort(errors)[rank - 1])
