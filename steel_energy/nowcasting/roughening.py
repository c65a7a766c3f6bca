"""Readings made rough on purpose, seeded: what the model learns from, and what it is judged by.

Each roughening is something that happens to readings on their way: rounded by hand, noisy transducers, a value that is
missing or belongs to another interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from steel_energy.arrays import FloatArray
from steel_energy.meter import DECIMALS, FULL_PERCENT, INPUTS, Readings
from steel_energy.nowcasting.precision import ENERGIES, POWER_FACTORS, two_digit_step

Random = np.random.Generator


@dataclass(frozen=True)
class Roughening:
    """A way in which readings get worse: its name, and what it does to them."""

    name: str
    apply: Callable[[Readings, Random], Readings]


def unchanged(readings: Readings, _random: Random) -> Readings:
    """As the meter shows them."""
    return readings


def two_digits(readings: Readings, random: Random) -> Readings:
    """Reactive energies with two significant digits, power factors as ratios with two decimals."""
    energies = {name: _round_to(readings[name], two_digit_step(readings[name])) for name in ENERGIES}
    return whole_factors(readings, random) | energies


def whole_factors(readings: Readings, _random: Random) -> Readings:
    """Power factors as ratios with two decimals, energies as shown."""
    return readings | {name: _round_to(readings[name], np.ones_like(readings[name])) for name in POWER_FACTORS}


def noisy(readings: Readings, random: Random, *, noise: FloatArray | float, shown: bool = False) -> Readings:
    """Every value off by a normal error of relative size ``noise``; ``shown`` with the meter's two decimals."""
    rough: Readings = {
        name: np.maximum(values * (1 + noise * random.standard_normal(values.size)), 0.0)
        for name, values in readings.items()
    }
    rough |= {name: np.minimum(rough[name], FULL_PERCENT) for name in POWER_FACTORS}
    return {name: np.round(values, DECIMALS) for name, values in rough.items()} if shown else rough


def without(name: str) -> Callable[[Readings, Random], Readings]:
    """One value missing everywhere."""
    return lambda readings, _random: readings | {name: np.full(readings[name].size, np.nan)}


def one_wrong(readings: Readings, random: Random) -> Readings:
    """In each reading one value, any, is that of another interval."""
    size = readings["co2_t"].size
    wrong = random.integers(len(readings), size=size)
    return {
        name: np.where(wrong == place, values[random.permutation(size)], values)
        for place, (name, values) in enumerate(readings.items())
    }


def _noise(level: float, *, shown: bool) -> Roughening:
    name = f"noise of {level:.0%}{', two decimals' if shown else ''}"
    return Roughening(name, lambda readings, random: noisy(readings, random, noise=level, shown=shown))


AS_SHOWN = Roughening("as the meter shows them", unchanged)
ROUGHENINGS = (
    AS_SHOWN,
    Roughening("two digits", two_digits),
    Roughening("power factors of two digits", whole_factors),
    *(_noise(level, shown=shown) for shown in (False, True) for level in (0.01, 0.02, 0.05)),
    *(Roughening(f"{column} missing", without(name)) for name, column in INPUTS.items()),
    Roughening("one value of another interval", one_wrong),
)
"""What the nowcast is judged by, from the readings as they are to a gross error in every one of them."""

NOISE = (0.003, 0.06)
LESS_KNOWN = 0.1  # share of the training readings that lack one more value


def mixed(readings: Readings, random: Random) -> Readings:
    """Each reading roughened in a way drawn at random: what a model learns from that is to meet all of them."""
    size = readings["co2_t"].size
    noise = random.uniform(*NOISE, size)
    ways: list[tuple[float, Callable[[Readings, Random], Readings]]] = [
        (0.15, two_digits),
        (0.10, whole_factors),
        (0.20, lambda known, draw: noisy(known, draw, noise=noise)),
        (0.10, lambda known, draw: noisy(known, draw, noise=noise, shown=True)),
        (0.15, one_wrong),
        *((0.06, without(name)) for name in readings),
    ]
    way = random.choice(len(ways), size, p=[share for share, _ in ways])
    rough = {name: values.copy() for name, values in readings.items()}
    for place, (_, apply) in enumerate(ways):
        for name, values in apply(readings, random).items():
            rough[name][way == place] = values[way == place]
    for values in rough.values():
        values[random.random(size) < LESS_KNOWN / len(rough)] = np.nan
    return rough


def _round_to(values: FloatArray, step: FloatArray) -> FloatArray:
    """To the nearest multiple of a step; 0 stays, the unknown too."""
    ratio = np.divide(values, step, out=np.zeros_like(values), where=step > 0)
    return np.where(step > 0, np.round(np.rint(ratio) * step, 12), values)
