from __future__ import annotations

import numpy as np
import pytest

from steel_energy.meter import power_factor_percent
from steel_energy.nowcasting.posterior import NOISE_LEVELS, Posterior
from steel_energy.plant import Plant


@pytest.fixture
def posterior(plant: Plant) -> Posterior:
    """Any usage up to 90 kWh is as likely as another."""
    return Posterior.learn(np.linspace(1, 90, 100_000), plant)


def triangle(usage_kwh: float, reactive_kvarh: float, **changes: float) -> dict[str, np.ndarray]:
    factor = float(power_factor_percent([usage_kwh], [reactive_kvarh])[0])
    values = {"lagging_kvarh": reactive_kvarh, "leading_kvarh": 0.0, "lagging_pf": factor, "leading_pf": 100.0}
    return {name: np.array([value]) for name, value in (values | {"co2_t": np.nan} | changes).items()}


def test_the_mean_lies_near_the_triangles_answer_and_spreads_with_the_noise(posterior: Posterior) -> None:
    found = posterior.moments(triangle(30, 40))

    assert found.mean_kwh[0, 0] == pytest.approx(30, rel=0.02)
    assert list(found.spread_kwh[0]) == sorted(found.spread_kwh[0])


def test_nothing_known_is_what_was_likely_before(posterior: Posterior) -> None:
    nothing = {name: np.array([np.nan]) for name in triangle(30, 40)}

    mean, _ = posterior.moments(nothing).blended()

    assert mean[0] == pytest.approx(45, rel=0.05)


def test_a_gross_error_does_not_outvote_the_other_values(posterior: Posterior) -> None:
    agreeing = triangle(30, 40, leading_kvarh=40.0, leading_pf=60.0)

    wrong_co2 = posterior.moments(agreeing | {"co2_t": np.array([0.09])})

    assert wrong_co2.mean_kwh[0, 0] == pytest.approx(30, rel=0.05)
    assert wrong_co2.log_evidence < posterior.moments(agreeing | {"co2_t": np.array([0.03])}).log_evidence


def test_values_that_contradict_each_other_speak_for_more_noise(posterior: Posterior) -> None:
    exact = triangle(30, 40, leading_kvarh=40.0, leading_pf=60.0)
    rough = triangle(30, 40, leading_kvarh=40.0, leading_pf=64.0)

    noise = [posterior.moments(readings).weight @ np.array(NOISE_LEVELS) for readings in (exact, rough)]

    assert noise[0] < noise[1]


def test_weights_add_up_to_one_for_each_of_many_readings(posterior: Posterior) -> None:
    many = {name: np.tile(values, 600) for name, values in triangle(30, 40).items()}

    found = posterior.moments(many)

    assert np.allclose(found.weight.sum(axis=1), 1)
    assert np.ptp(found.mean_kwh, axis=0).max() == 0
