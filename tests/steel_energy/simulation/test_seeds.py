"""Randomness by seed, plant, stream and day: random access, independence, and the promised moments."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.simulation.seeds import daily_uniforms, generator, persistent_levels

FIRST = dt.date(2018, 1, 1)


@given(seed=st.integers(0, 2**64), skip=st.integers(0, 200), days=st.integers(1, 40))
def test_a_day_is_the_same_from_wherever_it_is_reached(seed, skip, days):
    later = FIRST + dt.timedelta(days=skip)

    whole = daily_uniforms(seed, "toy", "level", first=FIRST, days=skip + days)
    part = daily_uniforms(seed, "toy", "level", first=later, days=days)

    assert (whole[skip:] == part).all()
    assert ((whole >= 0) & (whole < 1)).all()


@given(seed=st.integers(0, 2**64), skip=st.integers(0, 200), persistence=st.floats(0, 0.95))
def test_a_persistent_level_is_the_same_from_wherever_it_is_reached(seed, skip, persistence):
    later = FIRST + dt.timedelta(days=skip)

    whole = persistent_levels(seed, "toy", "level", first=FIRST, days=skip + 3, persistence=persistence)
    part = persistent_levels(seed, "toy", "level", first=later, days=3, persistence=persistence)

    assert whole[skip:] == pytest.approx(part, abs=1e-9)


@pytest.mark.parametrize("persistence", [0.0, 0.6, 0.9])
def test_levels_have_mean_0_variance_1_and_the_asked_persistence(persistence):
    level = persistent_levels(1, "toy", "level", first=FIRST, days=30_000, persistence=persistence)

    assert level.mean() == pytest.approx(0, abs=0.06)
    assert level.std() == pytest.approx(1, abs=0.03)
    assert np.corrcoef(level[:-1], level[1:])[0, 1] == pytest.approx(persistence, abs=0.02)


@pytest.mark.parametrize(
    ("seed", "plant", "stream"),
    [
        pytest.param(2, "toy", "level", id="seed"),
        pytest.param(1, "toy-2", "level", id="plant"),
        pytest.param(1, "toy", "idle", id="stream"),
    ],
)
def test_another_seed_plant_or_stream_is_independent(seed, plant, stream):
    one = daily_uniforms(1, "toy", "level", first=FIRST, days=1000).ravel()
    other = daily_uniforms(seed, plant, stream, first=FIRST, days=1000).ravel()

    assert abs(np.corrcoef(one, other)[0, 1]) < 0.07
    assert generator(1, "toy", "level").random() != generator(seed, plant, stream).random()
