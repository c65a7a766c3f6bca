from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.forecasting.calibration import ErrorQuantiles


def test_each_level_has_the_quantiles_of_its_own_errors():
    forecast = np.repeat([1.0, 100.0], 101)
    errors = np.concatenate([np.linspace(0, 1, 101), np.linspace(-50, 50, 101)])

    learnt = ErrorQuantiles.learn(forecast, forecast + errors, levels=2)

    assert learnt.level_kwh.tolist() == [1, 100]
    assert learnt.error_kwh[0] == pytest.approx([0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95])
    assert learnt.error_kwh[1] == pytest.approx([-45, -40, -25, 0, 25, 40, 45])


def test_between_two_levels_the_spread_is_straight_and_beyond_them_constant():
    learnt = ErrorQuantiles(np.array([0.0, 10.0]), np.array([[0.0] * 7, [2.0] * 7]))

    assert learnt.around(np.array([5.0, 20.0]))[:, 0].tolist() == [6, 22]


def test_few_errors_make_few_levels():
    assert ErrorQuantiles.learn(np.arange(90.0), np.arange(90.0), levels=20).level_kwh.shape == (2,)


@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_the_bands_hold_their_share_of_the_errors_they_were_learnt_from(seed: int, levels: int):
    random = np.random.default_rng(seed)
    forecast = random.gamma(1.0, 20.0, 4000)
    actual = forecast * random.uniform(0.2, 2.0, 4000)

    quantiles = ErrorQuantiles.learn(forecast, actual, levels=levels).around(forecast)

    assert np.mean((actual >= quantiles[:, 1]) & (actual <= quantiles[:, 5])) == pytest.approx(0.8, abs=0.05)


def test_json_keeps_every_bit():
    random = np.random.default_rng(5)
    learnt = ErrorQuantiles.learn(random.random(500), random.random(500), levels=4)

    back = ErrorQuantiles.from_json(json.loads(json.dumps(learnt.to_json())))

    assert back.error_kwh.tobytes() == learnt.error_kwh.tobytes()
    assert back.level_kwh.tobytes() == learnt.level_kwh.tobytes()
