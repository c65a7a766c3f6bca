"""The nowcast of one reading that physics decides at once, without the arrays that a table of readings is worth.

It answers as ``nowcast`` does, or not at all: a reading that is rough, contradicts itself or leaves many energies open
is left to ``nowcast``. Arrays of one element cost fifty times as much as numbers, and most single readings are plain.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from steel_energy.meter import DECIMALS, EQUAL_WITHIN, FULL_PERCENT, RESOLUTION, largest_usage_kwh
from steel_energy.nowcasting.precision import EQUAL
from steel_energy.plant import Meter, Plant

MOST_CANDIDATES = 32  # more are faster as arrays
UNITS: int = 10**DECIMALS
WITHIN: float = EQUAL_WITHIN
WHOLE = 1e-6  # as ``precision`` tells whole percents


@dataclass(frozen=True)
class Decided:
    """The usage in kWh, the smallest and the largest that agree with all values: consistent, by physics."""

    usage_kwh: float
    lower_kwh: float
    upper_kwh: float


def decide(
    *,
    lagging_kvarh: float,
    leading_kvarh: float,
    lagging_pf: float,
    leading_pf: float,
    co2_t: float,
    plant: Plant,
) -> Decided | None:
    """What ``nowcast`` says of a table of this one reading, where all values are as shown and agree; else None.

    Args:
        lagging_kvarh: lagging reactive energy, known like all other values.
        leading_kvarh: leading reactive energy.
        lagging_pf: lagging power factor in percent.
        leading_pf: leading power factor in percent.
        co2_t: booked CO2 in tonnes.
        plant: whose meter.

    >>> from steel_energy.testing import toy_plant
    >>> decide(lagging_kvarh=6, leading_kvarh=0, lagging_pf=80, leading_pf=99.99, co2_t=0.01, plant=toy_plant())
    >>> decide(lagging_kvarh=7, leading_kvarh=0, lagging_pf=39.39, leading_pf=100, co2_t=0.0, plant=toy_plant())
    Decided(usage_kwh=3.0, lower_kwh=3.0, upper_kwh=3.0)
    """
    energies, factors = (lagging_kvarh, leading_kvarh), (lagging_pf, leading_pf)
    if _are_whole(factors) or not _is_showable((*energies, *factors, co2_t), energies, plant.meter):
        return None  # whole power factors may have been rounded by someone else than the meter
    factor = plant.meter.emission_factor_t_per_kwh
    bounds = [_bounds(reactive, pf) for reactive, pf in zip(energies, factors, strict=True)]
    bounds.append(((co2_t - RESOLUTION) / factor, (co2_t + RESOLUTION) / factor))
    found = [
        usage
        for usage in _between(max(low for low, _ in bounds), min(high for _, high in bounds), plant)
        if abs(usage * factor - co2_t) <= WITHIN
        and all(_agrees(usage, reactive, pf) for reactive, pf in zip(energies, factors, strict=True))
    ]
    return Decided(sum(found) / len(found), found[0], found[-1]) if found else None


def _are_whole(factors: tuple[float, ...]) -> bool:
    return all(abs(pf - round(pf)) < WHOLE for pf in factors)


def _is_showable(values: tuple[float, ...], energies: tuple[float, ...], meter: Meter) -> bool:
    on_grid = (
        abs(shown(round(energy / meter.pulse_kwh) * meter.pulse_kwh) - energy) <= RESOLUTION / 2 for energy in energies
    )
    return all(on_grid) and all(abs(value - shown(value)) < EQUAL for value in values)


def _bounds(reactive: float, pf: float) -> tuple[float, float]:
    """As ``meter.usage_bounds``."""
    if reactive > 0:
        return reactive * _cotangent(pf - RESOLUTION), reactive * _cotangent(pf + RESOLUTION)
    return 0.0, 0.0 if pf == 0 else math.inf


def _between(lower: float, upper: float, plant: Plant) -> list[float]:
    """Every energy on the pulse grid within the bounds, ascending; none where there are many."""
    pulse, ceiling = plant.meter.pulse_kwh, largest_usage_kwh(plant)
    if lower > ceiling + 1:
        return []
    first = max(math.ceil((max(lower, 0.0) - RESOLUTION) / pulse), 0)
    last = math.floor((min(upper, ceiling) + RESOLUTION) / pulse)
    return [shown(step * pulse) for step in range(first, last + 1)] if last - first < MOST_CANDIDATES else []


def _agrees(usage: float, reactive: float, pf: float) -> bool:
    apparent = math.hypot(usage, reactive)
    return abs((FULL_PERCENT * usage / apparent if apparent else 0.0) - pf) <= WITHIN


def _cotangent(pf: float) -> float:
    ratio = min(max(pf / FULL_PERCENT, 0.0), 1.0)
    sine = math.sqrt(1.0 - ratio * ratio)
    return ratio / sine if sine > 0 else math.inf


def shown(value: float) -> float:
    """The value as the meter's display rounds it."""
    return round(value * UNITS) / UNITS
