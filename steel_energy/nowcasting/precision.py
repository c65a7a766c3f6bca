"""How precise readings are: as the meter shows them, or rounded, noisy, retyped. Judged from the values alone.

Physics may be taken at its word only where the readings are what the meter showed. Energies off the pulse grid or
further decimals give a rough reading away at once; one that was rounded to the meter's own decimals may agree by
chance, so a table in which most readings contradict themselves is believed in none of them.
"""

from __future__ import annotations

import numpy as np

from steel_energy.arrays import BoolArray, FloatArray
from steel_energy.meter import DECIMALS, Readings, UsageEstimate, on_pulse_grid
from steel_energy.plant import Meter

ENERGIES = ("lagging_kvarh", "leading_kvarh")
POWER_FACTORS = ("lagging_pf", "leading_pf")
MIN_ROWS_TO_JUDGE = 30
"""A table shorter than this says nothing about where it comes from; each of its readings is judged alone."""
EQUAL = 1e-9  # a breath for floating point


def as_shown(readings: Readings, estimate: UsageEstimate, meter: Meter) -> BoolArray:
    """Whether each reading of a table may be taken as what the meter showed, shape (rows,).

    Args:
        readings: see ``meter.Readings``.
        estimate: what physics makes of them.
        meter: whose display it would be.
    """
    possible = may_be_shown(readings, meter)
    if possible.size < MIN_ROWS_TO_JUDGE:
        return possible
    sound = 2 * np.count_nonzero(possible & estimate.consistent) >= possible.size
    return is_showable(readings, meter) & sound


def may_be_shown(readings: Readings, meter: Meter) -> BoolArray:
    """Whether each reading, looked at alone, may be taken as what the meter showed, shape (rows,)."""
    return is_showable(readings, meter) & ~is_coarse(readings, meter)


def is_showable(readings: Readings, meter: Meter) -> BoolArray:
    """Whether the meter's display could show all known values of each reading, shape (rows,)."""
    known = {name: np.nan_to_num(values) for name, values in readings.items()}
    on_grid = [on_pulse_grid(known[name], meter) for name in ENERGIES]
    decimals = [np.abs(values - np.round(values, DECIMALS)) < EQUAL for values in known.values()]
    showable: BoolArray = np.logical_and.reduce([*on_grid, *decimals])
    return showable


def is_decided(readings: Readings, estimate: UsageEstimate, is_shown: BoolArray, *, within_kwh: float) -> BoolArray:
    """Whether physics decides each reading, shape (rows,).

    It does where all values agree and both power triangles are known, or where at most ``within_kwh`` lies between the
    energies that it leaves. Where one value disagrees with the rest it does if both power triangles say something, so
    that they confirm each other, or if CO2 was not booked at all.
    """
    complete = np.logical_and.reduce([~np.isnan(readings[name]) for name in (*ENERGIES, *POWER_FACTORS)])
    narrow = estimate.upper_kwh - estimate.lower_kwh <= within_kwh
    confirmed = (readings["lagging_kvarh"] > 0) & (readings["leading_kvarh"] > 0) | (readings["co2_t"] == 0)
    agree = estimate.consistent & (complete | narrow)
    decided: BoolArray = is_shown & (agree | estimate.to_the_digit & narrow & confirmed)
    return decided


def is_coarse(readings: Readings, meter: Meter) -> BoolArray:
    """Whether everything known of a reading was rounded to two digits although the meter shows more, shape (rows,).

    Whole power factors alone are no proof: one reading in a hundred shows one by chance.
    """
    rounded = has_whole_factors(readings)
    finer = np.zeros_like(rounded)
    for name in ENERGIES:
        energy = readings[name]
        rounded &= ~(energy > 0) | _is_multiple(energy, two_digit_step(energy))
        finer |= two_digit_step(energy) >= 2 * meter.pulse_kwh
    return rounded & finer


def has_whole_factors(readings: Readings) -> BoolArray:
    """Whether all known power factors are whole percents, shape (rows,)."""
    factors = np.array([readings[name] for name in POWER_FACTORS])
    whole: BoolArray = (np.isnan(factors) | _is_multiple(factors, np.ones_like(factors))).all(axis=0)
    return whole


def rounding_slack(energy: FloatArray) -> FloatArray:
    """How far an energy (kvarh) of at most two digits may lie from the meter's: half a unit of the second; else 0."""
    step = two_digit_step(energy)
    return np.where(_is_multiple(energy, step), step / 2, 0.0)


def two_digit_step(energy: FloatArray) -> FloatArray:
    """Unit of the second significant digit, any shape; 0 for zero and for the unknown.

    >>> two_digit_step(np.array([13.0, 2.9, 0.0])).tolist()
    [1.0, 0.1, 0.0]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.round(10.0 ** (np.floor(np.log10(energy)) - 1), 12)
    return np.where(energy > 0, step, 0.0)


def _is_multiple(values: FloatArray, step: FloatArray) -> BoolArray:
    """Whether values are whole multiples of a step; never of a step of 0, and never the unknown."""
    ratio = np.divide(values, step, out=np.full_like(values, np.nan), where=step > 0)
    multiple: BoolArray = np.abs(ratio - np.rint(ratio)) < 1e-6  # noqa: PLR2004 - of a digit
    return multiple
