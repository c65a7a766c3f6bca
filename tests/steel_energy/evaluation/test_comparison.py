"""Paired comparisons: pure noise is no difference, a real one is found, dependence is allowed for."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from steel_energy.errors import InputError
from steel_energy.evaluation import compare
from steel_energy.evaluation.comparison import diebold_mariano


def with_errors(errors_kwh: np.ndarray) -> pl.DataFrame:
    """A backtest of one forecast each six hours."""
    start = dt.datetime(2018, 1, 1, tzinfo=dt.UTC)
    origins = [start + dt.timedelta(hours=6 * step) for step in range(len(errors_kwh))]
    return pl.DataFrame({"origin": origins, "lead": 1, "usage_kwh": 0.0, "mean_kwh": errors_kwh})


def walk(seed: int, *, size: int = 360, memory: float = 0.8) -> np.ndarray:
    """Noise in which neighbours are alike."""
    random = np.random.default_rng(seed)
    noise = random.normal(size=size)
    for step in range(1, size):
        noise[step] += memory * noise[step - 1]
    return noise


def test_a_model_that_always_misses_by_more_is_worse():
    noise = np.random.default_rng(1).uniform(1, 2, 200)

    found = compare(with_errors(noise + 0.5), with_errors(noise), block_origins=28)

    assert found.difference_kwh == pytest.approx(0.5, abs=0.02)
    assert 0 < found.low_kwh <= found.difference_kwh <= found.high_kwh
    assert found.p_value is not None
    assert found.p_value < 0.001


def test_a_model_differs_from_itself_by_nothing():
    model = with_errors(walk(1))

    found = compare(model, model, block_origins=28)

    assert (found.difference_kwh, found.low_kwh, found.high_kwh) == (0, 0, 0)
    assert found.p_value is None


def test_dependent_noise_is_rarely_taken_for_a_difference():
    # A test that took neighbours for independent would say so in about half of these.
    rejected = [diebold_mariano(walk(seed)) < 0.05 for seed in range(200)]  # type: ignore[operator]

    assert np.mean(rejected) < 0.11


def test_the_interval_holds_zero_for_models_of_equal_strength():
    held = []
    for seed in range(30):
        found = compare(with_errors(walk(seed)), with_errors(walk(1000 + seed)), block_origins=28)
        held.append(found.low_kwh <= 0 <= found.high_kwh)

    assert np.mean(held) > 0.8


def test_the_same_backtests_give_the_same_comparison():
    first, second = (compare(with_errors(walk(1)), with_errors(walk(2)), block_origins=28) for _ in range(2))

    assert first == second


def test_other_origins_are_refused():
    with pytest.raises(InputError, match="same origins"):
        compare(with_errors(walk(1)), with_errors(walk(1))[:-1], block_origins=28)
