"""The nowcast: usage of an interval from its other readings. Physics where it decides, a fitted model elsewhere.

``meter`` holds the physics, which needs no training; here is decided whose answer counts. Nothing here looks ahead:
forecasts are ``forecasting``'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.meter import Readings, estimate_usage, shown_beside_usage
from steel_energy.nowcasting.precision import as_shown, is_decided
from steel_energy.plant import Plant

if TYPE_CHECKING:
    from steel_energy.nowcasting.model import UsageModel

Method = Literal["physics", "model", "none"]


@dataclass(frozen=True)
class Nowcast:
    """The usage of each reading in kWh, arrays of shape (rows,); NaN where ``method`` is none.

    Attributes:
        usage_kwh: the estimate, within its bounds.
        lower_kwh, upper_kwh: where ``consistent``, the smallest and largest energy that agree with all values: the
            truth cannot lie outside. Elsewhere the model's, which hold it nine times in ten, or of physics alone, what
            the values that do agree allow.
        candidates: number of energies that physics leaves.
        consistent: whether the values are as the meter shows them and agree with each other.
        method: whose estimate it is (``Method``).
    """

    usage_kwh: FloatArray
    lower_kwh: FloatArray
    upper_kwh: FloatArray
    candidates: IntArray
    consistent: BoolArray
    method: NDArray[np.str_]


def nowcast(readings: Readings, plant: Plant, model: UsageModel | None = None) -> Nowcast:
    """The usage of each reading from its other values.

    Args:
        readings: see ``meter.Readings``; rows of one table, since what most of them look like says how far each is to
            be believed.
        plant: whose meter.
        model: answers where physics cannot decide; without one physics answers there too, and ``consistent`` is false
            or the bounds are wide.
    """
    exact = estimate_usage(readings, plant)
    is_shown = as_shown(readings, exact, plant.meter)
    usage, lower, upper = exact.usage_kwh.copy(), exact.lower_kwh.copy(), exact.upper_kwh.copy()
    consistent = exact.consistent & is_shown
    method = np.where(exact.candidates > 0, "physics", "none")
    if model is not None:
        decided = is_decided(readings, exact, is_shown, within_kwh=model.params.decided_within_kwh)
        rows = np.flatnonzero(~decided & (exact.candidates > 0))
        part = {name: values[rows] for name, values in readings.items()}
        usage[rows], low, high = model.estimate(part, exact.of(rows), is_shown[rows])
        lower[rows] = np.where(consistent[rows], lower[rows], low)
        upper[rows] = np.where(consistent[rows], upper[rows], high)
        usage[rows] = np.clip(usage[rows], lower[rows], upper[rows])
        method[rows] = "model"
    return Nowcast(usage, lower, upper, exact.candidates, consistent, method)


def nowcast_frame(frame: pl.DataFrame, plant: Plant, model: UsageModel | None = None) -> pl.DataFrame:
    """Add the nowcast's columns to ``frame``; ``usage_kwh`` is never read.

    Args:
        frame: readings with the contract's reactive, power factor and CO2 columns; null means unknown.
        plant: the plant whose meter showed them.
        model: the plant's fitted model, if there is one.

    Returns:
        ``frame`` with ``predicted_usage_kwh``, ``lower_kwh``, ``upper_kwh`` (null where nothing bounds the usage),
        ``candidates``, ``consistent`` and ``method``.
    """
    found = nowcast(shown_beside_usage(frame), plant, model)
    return frame.with_columns(
        pl.Series("predicted_usage_kwh", found.usage_kwh, nan_to_null=True),
        pl.Series("lower_kwh", found.lower_kwh, nan_to_null=True),
        pl.Series("upper_kwh", found.upper_kwh, nan_to_null=True),
        pl.Series("candidates", found.candidates),
        pl.Series("consistent", found.consistent),
        pl.Series("method", found.method),
    )
