from __future__ import annotations

import numpy as np
import pytest

from steel_energy.meter import Readings, estimate_usage
from steel_energy.nowcasting.precision import (
    MIN_ROWS_TO_JUDGE,
    as_shown,
    is_coarse,
    is_decided,
    may_be_shown,
    rounding_slack,
)
from steel_energy.nowcasting.roughening import noisy, whole_factors
from steel_energy.plant import Plant


def reading(**changes: float) -> Readings:
    """3.17 kWh beside 2.95 kvarh, as a meter with pulses of 0.036 kWh shows it."""
    values = {"lagging_kvarh": 2.95, "leading_kvarh": 0.0, "lagging_pf": 73.21, "leading_pf": 100.0, "co2_t": 0.0}
    return {name: np.array([value]) for name, value in (values | changes).items()}


@pytest.mark.parametrize(
    ("changes", "possible"),
    [
        pytest.param({}, True, id="as shown"),
        pytest.param({"lagging_kvarh": 2.94}, False, id="off the pulse grid"),
        pytest.param({"lagging_kvarh": 2.951}, False, id="a third decimal of an energy"),
        pytest.param({"lagging_pf": 73.204}, False, id="a third decimal"),
        pytest.param({"co2_t": 0.0013}, False, id="a fraction of a booked unit"),
        pytest.param({"lagging_kvarh": 12.0, "lagging_pf": 73.0}, False, id="all of two digits"),
        pytest.param({"lagging_kvarh": 11.95, "lagging_pf": 73.0}, True, id="a whole power factor by chance"),
        pytest.param({"lagging_kvarh": np.nan}, True, id="unknown"),
    ],
)
def test_a_reading_is_believed_where_the_meter_could_show_it(
    *, changes: dict[str, float], possible: bool, plant: Plant
) -> None:
    assert may_be_shown(reading(**changes), plant.meter).tolist() == [possible]


def test_two_digits_are_no_proof_of_rounding_where_the_pulse_is_coarser(plant: Plant) -> None:
    coarse_meter = plant.meter.model_copy(update={"pulse_kwh": 1.0})

    found = [
        is_coarse(reading(lagging_kvarh=12.0, lagging_pf=73.0), meter).tolist() for meter in (plant.meter, coarse_meter)
    ]

    assert found == [[True], [False]]


def test_in_a_table_that_mostly_contradicts_itself_no_reading_is_believed(shown: Readings, plant: Plant) -> None:
    rough = whole_factors(shown, np.random.default_rng(1))

    believed = as_shown(rough, estimate_usage(rough, plant), plant.meter)

    assert may_be_shown(rough, plant.meter).any()
    assert not believed.any()


def test_a_few_rough_readings_do_not_discredit_a_sound_table(shown: Readings, plant: Plant) -> None:
    some = np.arange(shown["co2_t"].size) % 4 == 0
    noise = noisy(shown, np.random.default_rng(1), noise=0.02)
    mixed = {name: np.where(some, noise[name], values) for name, values in shown.items()}

    believed = as_shown(mixed, estimate_usage(mixed, plant), plant.meter)

    assert believed[~some].all()
    assert believed[some].mean() < 0.01  # noise does not move a zero, nor pass 100 %


def test_a_short_table_is_judged_row_by_row(plant: Plant) -> None:
    rows = {name: np.repeat(values, MIN_ROWS_TO_JUDGE - 1) for name, values in reading().items()}
    rows["lagging_kvarh"][1:] = 2.94

    believed = as_shown(rows, estimate_usage(rows, plant), plant.meter)

    assert believed.tolist() == [True] + [False] * (MIN_ROWS_TO_JUDGE - 2)


@pytest.mark.parametrize(
    ("changes", "decided"),
    [
        pytest.param({}, True, id="all agree"),
        pytest.param({"lagging_pf": np.nan}, False, id="only CO2 bounds it"),
        pytest.param({"co2_t": 0.04}, False, id="one triangle against CO2"),
        pytest.param({"lagging_kvarh": 2.94}, False, id="not as shown"),
    ],
)
def test_physics_decides_where_the_readings_leave_little_to_decide(
    *, changes: dict[str, float], decided: bool, plant: Plant
) -> None:
    rows = reading(**changes)

    found = is_decided(rows, estimate_usage(rows, plant), may_be_shown(rows, plant.meter), within_kwh=4.0)

    assert found.tolist() == [decided]


def test_only_a_value_of_two_digits_may_have_been_rounded_to_them() -> None:
    assert rounding_slack(np.array([13.0, 2.9, 2.95, 0.0])).tolist() == [0.5, 0.05, 0.0, 0.0]
