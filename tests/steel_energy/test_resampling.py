"""Readings of one interval as those of another."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steel_energy.plant import Plant
from steel_energy.resampling import CELLS, ENERGIES, begun, resampled
from steel_energy.testing import toy_plant, varied_readings


def _metering(minutes: int, *, pulse_kwh: float = 0.036) -> Plant:
    plant = toy_plant(pulse_kwh=pulse_kwh)
    return plant.model_copy(update={"meter": plant.meter.model_copy(update={"interval_minutes": minutes})})


def _pulses(readings: pl.DataFrame, pulse_kwh: float) -> list[float]:
    return [float((readings[name] / pulse_kwh).round().sum()) for name in ENERGIES]


@settings(max_examples=40, deadline=None)
@given(
    minutes=st.sampled_from([1, 3, 5, 30, 60]), pulse_kwh=st.sampled_from([0.036, 0.1, 1.0]), seed=st.integers(0, 99)
)
def test_another_interval_has_the_same_pulses(minutes, pulse_kwh, seed):
    plant = _metering(minutes, pulse_kwh=pulse_kwh)
    quarters = varied_readings(days=1, plant=plant, seed=seed)

    others = resampled(quarters, plant.meter, have=15, want=minutes)

    assert others.height == 24 * 60 // minutes
    assert _pulses(others, pulse_kwh) == _pulses(quarters, pulse_kwh)


@settings(max_examples=20, deadline=None)
@given(minutes=st.sampled_from([1, 3, 5]), seed=st.integers(0, 99))
def test_shorter_intervals_summed_again_are_what_they_were(minutes, seed):
    plant = _metering(minutes)
    quarters = varied_readings(days=1, plant=plant, seed=seed)

    parts = resampled(quarters, plant.meter, have=15, want=minutes)

    assert resampled(parts, plant.meter, have=minutes, want=15).equals(quarters)


def test_an_hour_is_spread_in_whole_pulses():
    plant = _metering(60, pulse_kwh=0.1)
    hour = varied_readings(days=1, plant=plant).head(1).with_columns(usage_kwh=1.0, lagging_reactive_kvarh=0.6)

    quarters = resampled(hour, plant.meter, have=60, want=15)

    assert quarters["usage_kwh"].to_list() == [0.2, 0.3, 0.2, 0.3]  # 10 pulses
    assert quarters["lagging_reactive_kvarh"].to_list() == [0.1, 0.2, 0.1, 0.2]
    assert quarters["lagging_power_factor"].to_list() == [89.44, 83.21, 89.44, 83.21]  # 2/√5, 3/√13
    assert quarters["interval_start"].dt.minute().to_list() == [0, 15, 30, 45]


def test_what_the_meter_cannot_have_shown_is_neither_rounded_nor_lost():
    plant = _metering(30, pulse_kwh=1.0)
    row = varied_readings(days=1, plant=plant).head(1).with_columns(usage_kwh=-7.5)

    assert resampled(row, plant.meter, have=30, want=15)["usage_kwh"].to_list() == [-3.75, -3.75]


@pytest.mark.parametrize("name", CELLS)
def test_a_sum_with_an_unknown_part_is_unknown(name):
    plant = _metering(5)
    parts = resampled(varied_readings(days=1, plant=plant).head(2), plant.meter, have=15, want=5)
    holed = parts.with_columns(pl.when(pl.int_range(pl.len()) != 1).then(name).alias(name))

    first, second = resampled(holed, plant.meter, have=5, want=15)[name]

    assert first is None
    assert second is not None


def test_a_missing_part_leaves_the_quarter_hour_empty():
    plant = _metering(5)
    parts = resampled(varied_readings(days=1, plant=plant).head(2), plant.meter, have=15, want=5)

    quarters = resampled(parts[1:], plant.meter, have=5, want=15)

    assert quarters.height == 2
    assert quarters.select(CELLS).null_count().row(0) == (1,) * 6


def test_an_hour_begins_where_the_plants_clock_says():
    time = dt.datetime(2018, 1, 1, 4, 15, tzinfo=dt.UTC)  # 09:45 in India, which is five and a half hours ahead
    frame = pl.DataFrame({"interval_start": [time]}).select(pl.all().dt.convert_time_zone("Asia/Kolkata"))

    assert frame.select(begun(60)).item().strftime("%H:%M") == "09:00"
