from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.forecasting.calibration import ErrorQuantiles, conformal_quantiles, idle_level
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.timeline import Timeline, build_timeline


def shifted_timeline(kwh: float) -> Timeline:
    """Two weeks of the toy plant; in the second everything draws so much more."""
    readings = toy_readings(days=14)
    usage = readings["usage_kwh"].to_numpy() + np.repeat([0.0, kwh], 7 * 96)
    return build_timeline(readings.with_columns(usage_kwh=usage), plant=toy_plant(), tariff=toy_tariff(), ahead=1)


def inside(actual: np.ndarray, quantiles: np.ndarray) -> list[float]:
    """Shares of ``actual`` in the 50, 80 and 90 % band."""
    bands = ((2, 4), (1, 5), (0, 6))
    return [float(np.mean((actual >= quantiles[:, low]) & (actual <= quantiles[:, high]))) for low, high in bands]


def test_the_idle_load_is_that_of_the_week_before_the_origin():
    timeline = shifted_timeline(3.0)

    levels = idle_level(timeline, np.array([7 * 96, 14 * 96, 96]))

    assert levels.tolist() == [2.0, 5.0, 2.0]  # the light hours' load, a day of them is enough


def test_the_idle_load_of_one_origin_is_the_same_asked_alone_or_among_others():
    timeline = shifted_timeline(3.0)
    origins = np.array([400, 700, 900, 1300])

    together = idle_level(timeline, origins)

    assert [idle_level(timeline, origins[at : at + 1])[0] for at in range(4)] == together.tolist()


def test_each_level_has_the_quantiles_of_its_own_errors():
    idle = np.full(202, 1.0)
    forecast = np.repeat([1.0, 101.0], 101)
    errors = np.concatenate([np.linspace(0, 1, 101), np.linspace(-50, 50, 101)])

    learnt = ErrorQuantiles.learn(forecast, forecast + errors, idle_kwh=idle, levels=2)

    assert learnt.level_kwh.tolist() == [0, 100]
    assert learnt.error_kwh[0] == pytest.approx([0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95], abs=0.011)
    assert learnt.error_kwh[1] == pytest.approx([-45, -40, -25, 0, 25, 40, 45], abs=1.01)


def test_between_two_levels_the_spread_is_straight_and_beyond_them_constant():
    learnt = ErrorQuantiles(np.array([0.0, 10.0]), np.array([[0.0] * 7, [2.0] * 7]))

    quantiles = learnt.around(np.array([8.0, 23.0]), idle_kwh=np.array([3.0, 3.0]))

    assert quantiles[:, 0].tolist() == [8 + 1, 23 + 2]


def test_a_drift_of_the_idle_load_costs_no_coverage():
    # Idle readings scatter by 0.1 kWh; between learning and forecasting the idle load falls by ten times that. The
    # forecast notices half of it.
    random = np.random.default_rng(1)
    learnt = ErrorQuantiles.learn(
        np.full(4000, 3.2), 3.0 + random.normal(0, 0.1, 4000), idle_kwh=np.full(4000, 3.0), levels=1
    )
    actual = 2.0 + random.normal(0, 0.1, 4000)

    quantiles = learnt.around(np.full(4000, 2.2), idle_kwh=np.full(4000, 2.0))

    assert inside(actual, quantiles) == pytest.approx([0.5, 0.8, 0.9], abs=0.03)


def test_quantiles_of_a_model_that_are_too_narrow_are_widened_and_stay_its_own():
    random = np.random.default_rng(2)
    spread = random.uniform(1, 10, 8000)  # known to the model alone
    forecast, idle = np.full(8000, 50.0), np.zeros(8000)
    actual = forecast + random.normal(0, spread)
    narrow = forecast[:, None] + 0.5 * spread[:, None] * np.array([-1.645, -1.282, -0.674, 0, 0.674, 1.282, 1.645])
    learnt = ErrorQuantiles.learn(
        forecast[:4000], actual[:4000], idle_kwh=idle[:4000], levels=1, quantiles_kwh=narrow[:4000]
    )

    corrected = learnt.around(forecast[4000:], idle_kwh=idle[4000:], quantiles_kwh=narrow[4000:])

    assert inside(actual[4000:], narrow[4000:])[1] < 0.6
    assert inside(actual[4000:], corrected) == pytest.approx([0.5, 0.8, 0.9], abs=0.03)
    assert np.ptp(corrected[:, 5] - corrected[:, 1]) == pytest.approx(np.ptp(narrow[4000:, 5] - narrow[4000:, 1]))


def test_few_errors_make_few_levels():
    numbers = np.arange(90.0)

    assert ErrorQuantiles.learn(numbers, numbers, idle_kwh=numbers * 0, levels=20).level_kwh.shape == (2,)


@given(st.integers(10, 300), st.integers(0, 2**32 - 1))
def test_one_more_error_lies_beyond_an_outer_quantile_no_oftener_than_promised(count: int, seed: int):
    # Exact for any distribution: of count + 1 exchangeable errors the newest has each rank with equal probability.
    errors = np.random.default_rng(seed).permutation(count).astype(float)

    low, *_, high = conformal_quantiles(np.tile(errors[:, None], 7))

    beyond_high = count - high  # ranks of a newcomer above it, of count + 1
    assert beyond_high - 1 <= 0.05 * (count + 1) or high == count - 1
    assert low <= 0.05 * (count + 1)


@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_the_bands_hold_their_share_of_the_errors_they_were_learnt_from(seed: int, levels: int):
    random = np.random.default_rng(seed)
    forecast = random.gamma(1.0, 20.0, 4000)
    actual = forecast * random.uniform(0.2, 2.0, 4000)
    idle = np.zeros(4000)

    quantiles = ErrorQuantiles.learn(forecast, actual, idle_kwh=idle, levels=levels).around(forecast, idle_kwh=idle)

    assert inside(actual, quantiles)[1] == pytest.approx(0.8, abs=0.05)


def test_json_keeps_every_bit():
    random = np.random.default_rng(5)
    learnt = ErrorQuantiles.learn(random.random(500), random.random(500), idle_kwh=np.zeros(500), levels=4)

    back = ErrorQuantiles.from_json(json.loads(json.dumps(learnt.to_json())))

    assert back.error_kwh.tobytes() == learnt.error_kwh.tobytes()
    assert back.level_kwh.tobytes() == learnt.level_kwh.tobytes()
