from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.meter import (
    co2_t,
    energy_of_pulses,
    estimate_usage,
    on_pulse_grid,
    power_factor_percent,
    reactive_candidates,
    usage_candidates,
    virtual_meter,
)
from steel_energy.plant import Plant
from steel_energy.testing import toy_plant

PLANT = toy_plant(pulse_kwh=0.036)
pulses = st.integers(min_value=1, max_value=2700)


def reading(**changes: float) -> dict[str, np.ndarray]:
    """A 3-4-5 triangle: 3 kWh beside 4 kvarh lagging, nothing leading."""
    values = {"lagging_kvarh": 4.0, "leading_kvarh": 0.0, "lagging_pf": 60.0, "leading_pf": 100.0, "co2_t": 0.0}
    return {name: np.array([value]) for name, value in {**values, **changes}.items()}


@pytest.mark.parametrize(
    ("active", "reactive", "percent"),
    [
        pytest.param(3.0, 4.0, 60.0, id="3-4-5 triangle"),
        pytest.param(5.0, 0.0, 100.0, id="no reactive energy"),
        pytest.param(0.0, 2.0, 0.0, id="no active energy"),
        pytest.param(0.0, 0.0, 0.0, id="meter at rest"),
    ],
)
def test_the_power_factor_follows_the_triangle(active: float, reactive: float, percent: float) -> None:
    assert power_factor_percent([active], [reactive]).tolist() == [percent]


def test_only_multiples_of_the_pulse_lie_on_the_grid() -> None:
    energies = [0.0, 0.04, 0.05, 3.17, 3.18, np.nan, np.inf]

    assert on_pulse_grid(energies, PLANT.meter).tolist() == [True, True, False, True, False, False, False]


def test_co2_is_booked_with_two_decimals() -> None:
    assert co2_t([4.0, 5.0, 26.0], PLANT.meter).tolist() == [0.0, 0.0, 0.03]


def test_the_virtual_meter_inverts_a_triangle_without_reading_the_usage() -> None:
    plant = toy_plant(pulse_kwh=1.0)

    estimate = estimate_usage(reading(), plant)

    assert estimate.usage_kwh.tolist() == [3.0]
    assert (estimate.lower_kwh.tolist(), estimate.upper_kwh.tolist()) == ([3.0], [3.0])
    assert estimate.consistent.tolist() == [True]


def test_both_power_factors_at_100_leave_what_the_co2_band_allows() -> None:
    plant = toy_plant(pulse_kwh=1.0)

    found = usage_candidates(**reading(lagging_kvarh=0.0, lagging_pf=100.0, co2_t=0.03), plant=plant)

    assert found.value.tolist() == list(range(25, 36))
    assert found.mean().tolist() == [30.0]


def test_readings_that_nothing_bounds_have_no_estimate() -> None:
    unknown = {name: np.array([np.nan]) for name in reading()}

    estimate = estimate_usage(unknown, PLANT)

    assert np.isnan(estimate.usage_kwh).all()
    assert estimate.candidates.tolist() == [0]
    assert estimate.consistent.tolist() == [False]


def test_a_wrong_co2_is_left_out_and_said() -> None:
    estimate = estimate_usage(reading(co2_t=0.5), toy_plant(pulse_kwh=1.0))

    assert estimate.usage_kwh.tolist() == [3.0]
    assert estimate.consistent.tolist() == [False]


def test_rough_power_factors_widen_the_display_until_the_readings_agree() -> None:
    estimate = estimate_usage(reading(leading_kvarh=3.0, leading_pf=70.9, lagging_pf=60.4), toy_plant(pulse_kwh=1.0))

    assert estimate.usage_kwh.tolist() == [3.0]
    assert estimate.consistent.tolist() == [False]


def test_a_meter_at_rest_used_nothing() -> None:
    rest = reading(lagging_kvarh=0.0, lagging_pf=0.0, leading_pf=0.0)

    assert estimate_usage(rest, PLANT).usage_kwh.tolist() == [0.0]


@given(usage=pulses, lagging=st.integers(0, 2700), leading=st.integers(0, 2700))
def test_the_bounds_always_contain_the_truth(usage: int, lagging: int, leading: int) -> None:
    active, lag, lead = energy_of_pulses([usage, lagging, leading], PLANT.meter)
    shown = {
        "lagging_kvarh": np.array([lag]),
        "leading_kvarh": np.array([lead]),
        "lagging_pf": power_factor_percent([active], [lag]),
        "leading_pf": power_factor_percent([active], [lead]),
        "co2_t": co2_t([active], PLANT.meter),
    }

    estimate = estimate_usage(shown, PLANT)

    assert estimate.consistent.all()
    assert estimate.lower_kwh[0] - 1e-9 <= active <= estimate.upper_kwh[0] + 1e-9


@given(usage=pulses, reactive=st.integers(0, 2700))
def test_reactive_candidates_contain_the_truth(usage: int, reactive: int) -> None:
    active, shown = energy_of_pulses([usage, reactive], PLANT.meter)

    found = reactive_candidates([active], power_factor_percent([active], [shown]), plant=PLANT)

    assert shown in found.value


def test_the_frame_keeps_its_order_and_columns() -> None:
    frame = pl.DataFrame(
        {
            "note": ["second", "first"],
            "lagging_reactive_kvarh": [4.0, None],
            "leading_reactive_kvarh": [0.0, None],
            "lagging_power_factor": [60.0, None],
            "leading_power_factor": [100.0, None],
            "co2_t": [0.0, None],
        }
    )

    nowcast = virtual_meter(frame, toy_plant(pulse_kwh=1.0))

    assert nowcast["note"].to_list() == ["second", "first"]
    assert nowcast["predicted_usage_kwh"].to_list() == [3.0, None]
    assert nowcast["method"].to_list() == ["physics", "none"]


@pytest.mark.real_data
def test_the_published_meter_is_inverted_almost_exactly(real_csv: Path, gwangyang: Plant) -> None:
    published = pl.read_csv(real_csv, infer_schema_length=None).rename(
        {
            "Usage_kWh": "usage_kwh",
            "Lagging_Current_Reactive_Power_kVarh": "lagging_reactive_kvarh",
            "Leading_Current_Reactive_Power_kVarh": "leading_reactive_kvarh",
            "Lagging_Current_Power_Factor": "lagging_power_factor",
            "Leading_Current_Power_Factor": "leading_power_factor",
            "CO2(tCO2)": "co2_t",
        }
    )
    usage_kwh = published["usage_kwh"].to_numpy()

    nowcast = virtual_meter(published.drop("usage_kwh"), gwangyang)

    error_kwh = nowcast["predicted_usage_kwh"].to_numpy() - usage_kwh
    inside = nowcast.select(pl.lit(published["usage_kwh"]).is_between(pl.col("lower_kwh"), pl.col("upper_kwh")))
    assert np.sqrt(np.mean(error_kwh**2)) <= 0.069
    assert np.mean(np.abs(error_kwh)) <= 0.0102
    assert np.sqrt(np.mean(error_kwh[-8760:] ** 2)) <= 0.0275
    assert inside.to_series().mean() >= 0.999
    assert nowcast.filter(~pl.col("consistent")).height == 47
