"""The guideline's statistics on numbers that a person can add up."""

from __future__ import annotations

import math

import numpy as np
import pytest

from steel_energy.errors import NotEnoughDataError
from steel_energy.savings.statistics import Fit, fit_of, student_t, uncertainty

MEASURED = np.array([10.0, 12.0, 8.0, 14.0])
MODELLED = np.array([11.0, 11.0, 10.0, 12.0])  # residuals -1, 1, -2, 2 about a mean of 11


def fit(**changes: float) -> Fit:
    values = {"r_squared": 0.5, "cv_rmse": 0.2, "nmbe": 0.0, "autocorrelation": 0.5} | changes
    return Fit("day", 100, 4, 50.0, **values)


def test_four_values_by_hand():
    found = fit_of(MEASURED, MODELLED, parameters=1, resolution="day")

    assert found.mean == 11
    assert found.cv_rmse == pytest.approx(math.sqrt(10 / 3) / 11)
    assert found.nmbe == 0
    assert found.r_squared == pytest.approx(1 - 10 / 20)
    assert found.autocorrelation == pytest.approx((-1 - 2 - 4) / 10)
    assert found.independent_values == 4


def test_a_model_that_is_too_low_has_a_positive_bias():
    found = fit_of(MEASURED, MODELLED - 1, parameters=2, resolution="day")

    assert found.nmbe == pytest.approx(4 / (2 * 11))


def test_the_fractional_uncertainty_by_hand():
    """n' = 100 / 3; t of 29.3 degrees at 90 % is 1.699; 1.26 x 0.2 x sqrt(3 x 1.06 / 4) = 0.2247 of 1000."""
    found = uncertainty(fit(), modelled_sum=1000, values=4, confidence=0.9)

    assert found == pytest.approx(1.699 * 224.69, rel=1e-3)


def test_more_days_and_less_persistence_make_it_surer():
    usual = uncertainty(fit(), modelled_sum=1000, values=4, confidence=0.9)

    assert uncertainty(fit(), modelled_sum=1000, values=16, confidence=0.9) == pytest.approx(usual / 2)
    assert uncertainty(fit(autocorrelation=0.0), modelled_sum=1000, values=4, confidence=0.9) < usual
    assert uncertainty(fit(), modelled_sum=1000, values=4, confidence=0.95) > usual


@pytest.mark.parametrize(
    ("resolution", "cv_rmse", "nmbe", "verdict"),
    [
        ("hour", 0.30, 0.10, True),
        ("hour", 0.31, 0.0, False),
        ("four_weeks", 0.15, -0.05, True),
        ("four_weeks", 0.1, -0.06, False),
        ("day", 0.01, 0.0, None),
    ],
)
def test_the_guideline_has_limits_for_hours_and_months(resolution, cv_rmse, nmbe, verdict):
    assert Fit(resolution, 100, 4, 1.0, 0.9, cv_rmse, nmbe, 0.0).meets_guideline is verdict


def test_a_few_degrees_of_freedom_widen_the_interval():
    assert student_t(0.9, 3) == pytest.approx(2.353, abs=1e-3)
    assert student_t(0.9, -5) == student_t(0.9, 1) == pytest.approx(6.314, abs=1e-3)


@pytest.mark.parametrize(("values", "parameters"), [([1.0, 2.0], 2), ([0.0, 0.0, 0.0], 1), ([], 0)])
def test_too_few_values_or_nothing_used_tells_nothing(values, parameters):
    with pytest.raises(NotEnoughDataError, match="cannot tell"):
        fit_of(np.array(values), np.array(values), parameters=parameters, resolution="day")
