"""How well a baseline model fits and how surely it tells a saving, by the formulas of ASHRAE Guideline 14-2014.

Pure numbers: which readings are compared stands in ``verification``. *p* counts the values that a model estimates.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from steel_energy.arrays import FloatArray
from steel_energy.errors import NotEnoughDataError

Resolution = Literal["hour", "day", "week", "four_weeks"]


@dataclass(frozen=True)
class Threshold:
    """What the guideline asks of a calibrated model: the most that CV(RMSE) and the size of NMBE may be."""

    cv_rmse: float
    nmbe: float


THRESHOLDS: Mapping[Resolution, Threshold] = {
    "hour": Threshold(cv_rmse=0.30, nmbe=0.10),
    "four_weeks": Threshold(cv_rmse=0.15, nmbe=0.05),
}
"""Guideline 14-2014, hourly and monthly; four weeks stand for a month, so that each has the same weekdays. It has none
for days and weeks."""
FORMULA_FACTOR = 1.26
"""The guideline's empirical factor for what its simple formula leaves out (Reddy and Claridge 2000)."""


@dataclass(frozen=True)
class Fit:
    """How a model fits its baseline at one resolution.

    Attributes:
        resolution: what one value is the energy (or energy charge) of.
        values: number of values, *n*.
        parameters: number of values that the model estimates at this resolution, *p*.
        mean: of the measured values.
        r_squared: share of their variance that the model explains; 1 where nothing varies.
        cv_rmse: RMSE with *n - p* degrees of freedom, as a share of the mean.
        nmbe: sum of measured less modelled over *(n - p)* times the mean; positive where the model is too low.
        autocorrelation: of neighbouring residuals.
    """

    resolution: Resolution
    values: int
    parameters: int
    mean: float
    r_squared: float
    cv_rmse: float
    nmbe: float
    autocorrelation: float

    @property
    def independent_values(self) -> float:
        """*n'*: how many independent values would say as much, by the autocorrelation.

        Residuals that swing back are counted as independent: the guideline's formula would reward them.

        >>> Fit("day", 90, 4, 1.0, 1.0, 0.1, 0.0, autocorrelation=0.5).independent_values
        30.0
        """
        rho = max(0.0, self.autocorrelation)
        return self.values * (1 - rho) / (1 + rho)

    @property
    def meets_guideline(self) -> bool | None:
        """Whether CV(RMSE) and NMBE are within the guideline's limits; None where it has none."""
        limit = THRESHOLDS.get(self.resolution)
        return None if limit is None else self.cv_rmse <= limit.cv_rmse and abs(self.nmbe) <= limit.nmbe


def fit_of(measured: FloatArray, modelled: FloatArray, *, parameters: int, resolution: Resolution) -> Fit:
    """The statistics of a model.

    Args:
        measured: shape ``(n,)``, in time order.
        modelled: the same values by the model.
        parameters: *p*, below *n*.
        resolution: of one value.

    Raises:
        NotEnoughDataError: no more values than parameters, or none of them above zero.
    """
    left, mean = len(measured) - parameters, float(np.mean(measured)) if len(measured) else 0.0
    if left < 1 or mean <= 0:
        raise NotEnoughDataError(
            f"{len(measured)} values with a mean of {mean:g} cannot tell how well {parameters} parameters fit",
            field="baseline",
            remedy="give a longer baseline",
        )
    residuals = measured - modelled
    squares, spread = float(residuals @ residuals), float(((measured - mean) ** 2).sum())
    return Fit(
        resolution=resolution,
        values=len(measured),
        parameters=parameters,
        mean=mean,
        r_squared=1 - squares / spread if spread > 0 else 1.0,
        cv_rmse=math.sqrt(squares / left) / mean,
        nmbe=float(residuals.sum()) / (left * mean),
        autocorrelation=_autocorrelation(residuals),
    )


def uncertainty(fit: Fit, *, modelled_sum: float, values: float, confidence: float) -> float:
    """Half the width of the interval around a saving, in the unit of ``modelled_sum``.

    The guideline's fractional savings uncertainty with correction for autocorrelation, times the saving:
    ``t · 1.26 · CV(RMSE) · sqrt(n/n' · (1 + 2/n') / m)`` of what the model says the period would have taken.

    Args:
        fit: of the baseline, at the resolution that the period is counted in.
        modelled_sum: counterfactual of the reporting period.
        values: *m*, number of values in the reporting period; a part of a week counts as that.
        confidence: share of such intervals that shall hold the true saving.
    """
    independent = fit.independent_values
    spread = math.sqrt(fit.values / independent * (1 + 2 / independent) / values)
    return student_t(confidence, independent - fit.parameters) * FORMULA_FACTOR * fit.cv_rmse * spread * modelled_sum


def student_t(confidence: float, degrees: float) -> float:
    """Student's t: how many standard errors on either side hold ``confidence``; one degree of freedom at least.

    >>> round(student_t(0.95, 10), 3)
    2.228
    """
    from scipy.special import stdtrit  # noqa: PLC0415 - who only reads parameters need not wait for SciPy

    return float(stdtrit(max(1.0, degrees), (1 + confidence) / 2))


def _autocorrelation(residuals: FloatArray) -> float:
    """Of neighbours, about a mean of zero; 0 where nothing is left to correlate."""
    squares = float(residuals @ residuals)
    return float(residuals[:-1] @ residuals[1:]) / squares if squares > 0 else 0.0
