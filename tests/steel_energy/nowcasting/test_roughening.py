from __future__ import annotations

import numpy as np
import pytest

from steel_energy.meter import Readings
from steel_energy.nowcasting.roughening import ROUGHENINGS, Roughening, mixed, noisy, one_wrong, two_digits

RANDOM = np.random.default_rng(3)


def test_two_digits_are_those_of_the_ratio_and_of_the_energy() -> None:
    shown = {
        "lagging_kvarh": np.array([12.53, 0.0, 0.47]),
        "leading_kvarh": np.array([2.95, 0.04, np.nan]),
        "lagging_pf": np.array([73.21, 100.0, np.nan]),
        "leading_pf": np.array([99.51, 0.0, 50.4]),
        "co2_t": np.array([0.02, 0.0, 0.01]),
    }

    rough = two_digits(shown, RANDOM)

    assert rough["lagging_kvarh"].tolist() == [13.0, 0.0, 0.47]
    assert rough["leading_kvarh"][:2].tolist() == [3.0, 0.04]
    assert rough["lagging_pf"][:2].tolist() == [73.0, 100.0]
    assert rough["leading_pf"].tolist() == [100.0, 0.0, 50.0]
    assert rough["co2_t"].tolist() == [0.02, 0.0, 0.01]


def test_noise_has_the_size_it_is_said_to_have_and_no_power_factor_passes_100(shown: Readings) -> None:
    rough = noisy(shown, np.random.default_rng(1), noise=0.02)

    known = shown["lagging_kvarh"] > 0
    ratio = rough["lagging_kvarh"][known] / shown["lagging_kvarh"][known] - 1
    assert ratio.std() == pytest.approx(0.02, rel=0.1)
    assert max(rough["lagging_pf"].max(), rough["leading_pf"].max()) == 100


def test_one_value_of_each_reading_is_that_of_another(shown: Readings) -> None:
    rough = one_wrong(shown, np.random.default_rng(1))

    changed = sum((rough[name] != values).astype(int) for name, values in shown.items())
    assert changed.max() == 1
    assert changed.mean() > 0.5  # the rest was exchanged for an equal value


@pytest.mark.parametrize("roughening", ROUGHENINGS, ids=lambda roughening: roughening.name)
def test_no_roughening_touches_what_it_is_given_and_each_is_repeatable(roughening: Roughening, shown: Readings) -> None:
    before = {name: values.copy() for name, values in shown.items()}

    once, again = (roughening.apply(shown, np.random.default_rng(5)) for _ in range(2))

    for name, values in before.items():
        assert np.array_equal(shown[name], values, equal_nan=True)
        assert np.array_equal(once[name], again[name], equal_nan=True)


def test_the_mixture_has_something_of_everything(shown: Readings) -> None:
    rough = mixed(shown, np.random.default_rng(1))

    for name, values in shown.items():
        assert 0.03 < np.isnan(rough[name]).mean() < 0.2
        assert 0.02 < np.mean(rough[name] == values) < 0.95
