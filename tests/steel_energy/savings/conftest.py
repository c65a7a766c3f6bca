"""Toy readings whose days differ by a level that persists, as production does."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from steel_energy.testing import toy_readings

SPREAD, PERSISTENCE = 0.25, 0.4


@pytest.fixture(scope="session")
def wandering() -> Callable[..., pl.DataFrame]:
    """So many days of the toy plant, each times a level of its own; ``spread`` of its logarithm, no trend."""

    def made(days: int, *, seed: int, spread: float = SPREAD, persistence: float = PERSISTENCE) -> pl.DataFrame:
        random = np.random.default_rng(seed)
        level = np.empty(days)
        level[0] = random.normal(0, spread)
        for day in range(1, days):
            shock = random.normal(0, spread * np.sqrt(1 - persistence**2))
            level[day] = persistence * level[day - 1] + shock
        return toy_readings(days=days).with_columns(pl.col("usage_kwh") * np.repeat(np.exp(level), 96))

    return made
