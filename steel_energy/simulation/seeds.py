"""Randomness that does not depend on what else was simulated.

Every draw is a function of the seed, the plant, a stream's name and a month or day, so June is the same June whether
the whole year was asked for or June alone. No state is kept between months.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from steel_energy.arrays import FloatArray

BLOCK = 4  # numbers that one step of the Philox counter yields: here, the draws of one day
MEMORY_DAYS = 90  # at the largest allowed persistence, 0.95, older shocks weigh less than 1 %


def generator(seed: int, plant_id: str, stream: str) -> np.random.Generator:
    """A generator of its own for each seed, plant and stream (a month, say)."""
    return np.random.default_rng(_sequence(seed, plant_id, stream))


def daily_uniforms(seed: int, plant_id: str, stream: str, *, first: dt.date, days: int) -> FloatArray:
    """Four uniform numbers in [0, 1) for each day from ``first``, shape (days, 4); a day's numbers never change.

    >>> june = daily_uniforms(1, "toy", "level", first=dt.date(2018, 6, 1), days=30)
    >>> late = daily_uniforms(1, "toy", "level", first=dt.date(2018, 6, 16), days=15)
    >>> bool((june[15:] == late).all())
    True
    """
    bits = np.random.Philox(key=_sequence(seed, plant_id, stream).generate_state(2, np.uint64))
    bits.advance(first.toordinal())  # Philox counts: the state of any day is reached in one step
    raw: NDArray[np.uint64] = bits.random_raw(days * BLOCK).reshape(days, BLOCK)
    return raw / 2.0**64


def persistent_levels(
    seed: int, plant_id: str, stream: str, *, first: dt.date, days: int, persistence: float
) -> FloatArray:
    """A stationary daily level from ``first``, shape (days,): mean 0, variance 1, within about 4 of 0.

    Args:
        seed: of the whole simulation.
        plant_id: levels of two plants are independent.
        stream: name of the level.
        first: first day.
        days: how many days.
        persistence: correlation of a day with the day before, at most 0.95.
    """
    began = first - dt.timedelta(days=MEMORY_DAYS)
    uniforms = daily_uniforms(seed, plant_id, stream, first=began, days=days + MEMORY_DAYS)
    shocks = (uniforms.sum(axis=1) - BLOCK / 2) * np.sqrt(12 / BLOCK)  # a sum of uniforms is nearly normal, but bounded
    weights = persistence ** np.arange(MEMORY_DAYS + 1)
    return np.convolve(shocks, weights / np.sqrt((weights**2).sum()), mode="valid")


def _sequence(seed: int, plant_id: str, stream: str) -> np.random.SeedSequence:
    return np.random.SeedSequence((seed, *f"{plant_id}/{stream}".encode()))
