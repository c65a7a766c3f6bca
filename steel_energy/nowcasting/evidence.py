"""What is known of each reading's usage before the model corrects it: tolerant physics as features.

Three views of the same values: the energies that agree with them to the digit, those that would if they were rounded to
two digits, and the posterior if they are noisy. The best of them is the first guess, which the model corrects.
"""

from __future__ import annotations

import numpy as np

from steel_energy.arrays import BoolArray, FloatArray
from steel_energy.meter import (
    DECIMALS,
    FULL_PERCENT,
    INPUTS,
    RESOLUTION,
    Readings,
    UsageEstimate,
    largest_usage_kwh,
    usage_bounds,
)
from steel_energy.nowcasting.posterior import NOISE_LEVELS, Posterior
from steel_energy.nowcasting.precision import has_whole_factors, rounding_slack

HALF_A_PERCENT = 0.5
SPREAD_OF_RANGE = 1 / np.sqrt(12)  # standard deviation of what may lie anywhere in a range, by the range's width
FEATURES = (
    *INPUTS,
    *(f"{side}_triangle_kwh" for side in ("lagging", "leading")),
    "exact_lower_kwh",
    "exact_upper_kwh",
    "rounded_lower_kwh",
    "rounded_upper_kwh",
    "has_whole_factors",
    *(f"{moment}_kwh_at_noise_{level:.0%}" for moment in ("mean", "spread") for level in NOISE_LEVELS),
    *(f"weight_of_noise_{level:.0%}" for level in NOISE_LEVELS),
    "log_evidence",
    "blended_kwh",
    "guess_kwh",
    "spread_kwh",
)
"""What the model sees of a reading: its values, what each power triangle alone says, and the three views."""


def gather(
    readings: Readings, exact: UsageEstimate, *, is_shown: BoolArray, posterior: Posterior
) -> tuple[FloatArray, FloatArray]:
    """Features of shape (rows, len(FEATURES)), and the first guess in kWh, shape (rows,).

    Args:
        readings: see ``meter.Readings``.
        exact: what physics makes of them.
        is_shown: whether each may be taken as what the meter showed; elsewhere ``exact`` is not believed.
        posterior: of the plant.
    """
    believed = is_shown & exact.consistent
    lower, upper = (np.where(believed, bound, np.nan) for bound in (exact.lower_kwh, exact.upper_kwh))
    rounded_lower, rounded_upper = rounded_bounds(readings, posterior)
    whole = has_whole_factors(readings)
    moments = posterior.moments(readings)
    blended, blended_spread = moments.blended()
    fits_rounding = whole & (rounded_lower <= rounded_upper)
    guess = np.where(fits_rounding, (rounded_lower + rounded_upper) / 2, blended)
    guess = np.where(believed, exact.usage_kwh, guess)
    spread = np.where(fits_rounding, (rounded_upper - rounded_lower) * SPREAD_OF_RANGE, blended_spread)
    columns = [
        *(readings[name] for name in INPUTS),
        *(_triangle(readings, side) for side in ("lagging", "leading")),
        lower,
        upper,
        rounded_lower,
        rounded_upper,
        whole,
        *moments.mean_kwh.T,
        *moments.spread_kwh.T,
        *moments.weight.T,
        moments.log_evidence,
        blended,
        guess,
        spread,
    ]
    return np.column_stack(columns).astype(float), guess


def rounded_bounds(readings: Readings, posterior: Posterior) -> tuple[FloatArray, FloatArray]:
    """Range of the usage in kWh if power factors were rounded to whole percents and energies of two digits to those.

    Where the values contradict each other even so, the range is empty: its lower end lies above the upper one.
    """
    bounds = []
    for side in ("lagging", "leading"):
        reactive = readings[f"{side}_kvarh"]
        slack = rounding_slack(reactive)
        bounds.append(usage_bounds(reactive, readings[f"{side}_pf"], resolution=HALF_A_PERCENT, slack=slack))
    factor = posterior.plant.meter.emission_factor_t_per_kwh
    booked = np.round(readings["co2_t"], DECIMALS)
    bounds.append(((booked - RESOLUTION) / factor, (booked + RESOLUTION) / factor))
    ceiling = largest_usage_kwh(posterior.plant)
    lower = np.nan_to_num(np.fmax.reduce([low for low, _ in bounds]), nan=0.0, posinf=ceiling)
    upper = np.nan_to_num(np.fmin.reduce([high for _, high in bounds]), nan=ceiling, posinf=ceiling)
    return np.clip(lower, 0.0, ceiling), np.clip(upper, 0.0, ceiling)


def _triangle(readings: Readings, side: str) -> FloatArray:
    """What one power triangle says alone, taken literally; NaN where it says nothing."""
    factor = readings[f"{side}_pf"] / FULL_PERCENT
    with np.errstate(invalid="ignore", divide="ignore"):
        usage = readings[f"{side}_kvarh"] * factor / np.sqrt(1 - factor**2)
    return np.where(np.isfinite(usage), usage, np.nan)
