"""Shifts do what they say, no more, and where they happen to the plant the meter's laws still hold."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steel_energy.calendar import in_zone
from steel_energy.cleaning.physics import contradicts, plausible
from steel_energy.errors import InputError, SchemaError
from steel_energy.plant import Plant
from steel_energy.schema import INTERVALS_PER_DAY, MEASURED, readings_schema
from steel_energy.simulation.shift import ENERGIES, SHIFTS, ShiftKind, shifted
from steel_energy.testing import toy_plant, toy_readings, varied_readings

DAYS = 21
PLANT = toy_plant(pulse_kwh=0.036).model_copy(update={"contract_kw": 1000})  # no shift goes beyond what is believed
READINGS = varied_readings(days=DAYS, plant=PLANT)
START = dt.datetime(2018, 1, 10, 10)  # noqa: DTZ001 - the plant's time; a Wednesday morning
END = dt.datetime(2018, 1, 18)  # noqa: DTZ001
CELLS = [column.name for column in MEASURED]
PHYSICAL = [kind for kind, shift in SHIFTS.items() if shift.is_physical]


def shift_of(kind: ShiftKind, size: float, readings: pl.DataFrame = READINGS, **changes: Any) -> pl.DataFrame:
    return shifted(readings, **{"kind": kind, "size": size, "start": START, "seed": 1, "plant": PLANT} | changes)


def since(readings: pl.DataFrame, start: dt.datetime = START) -> pl.DataFrame:
    return readings.filter(pl.col("interval_start") >= in_zone(start, PLANT.zone))


def cells_of(readings: pl.DataFrame) -> np.ndarray:
    return readings.select(CELLS).to_numpy()


@given(kind=st.sampled_from(list(SHIFTS)), size=st.floats(0, 0.9), seed=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_nothing_outside_the_period_changes_and_every_interval_stays(kind: ShiftKind, size: float, seed: int) -> None:
    found = shift_of(kind, size, end=END, seed=seed)

    start = pl.col("interval_start")
    outside = (start < in_zone(START, PLANT.zone)) | (start >= in_zone(END, PLANT.zone))
    assert found.schema == readings_schema(PLANT.zone)
    assert found["interval_start"].equals(READINGS["interval_start"])
    assert found.filter(outside).equals(READINGS.filter(outside))


@given(kind=st.sampled_from(PHYSICAL), size=st.floats(0, 0.9))
@settings(max_examples=40, deadline=None)
def test_what_happens_to_the_plant_obeys_the_meters_physics(kind: ShiftKind, size: float) -> None:
    cells = cells_of(shift_of(kind, size))

    assert plausible(cells, PLANT).all()
    assert not contradicts(cells, PLANT).any()


@pytest.mark.parametrize("kind", ["co2_level", "outliers"])
def test_what_happens_to_the_meter_contradicts_its_physics(kind: ShiftKind) -> None:
    broken = contradicts(cells_of(since(shift_of(kind, SHIFTS[kind].size))), PLANT)

    assert broken.any()
    assert not contradicts(cells_of(READINGS), PLANT).any()


@pytest.mark.parametrize("kind", SHIFTS)
def test_a_shift_of_no_size_changes_nothing(kind: ShiftKind) -> None:
    assert shift_of(kind, 0.0).equals(READINGS)


@pytest.mark.parametrize("kind", SHIFTS)
def test_a_usual_shift_changes_something_and_the_same_seed_the_same(kind: ShiftKind) -> None:
    usual = SHIFTS[kind].size

    assert not shift_of(kind, usual).equals(READINGS)
    assert shift_of(kind, usual).equals(shift_of(kind, usual, READINGS.reverse()))


@pytest.mark.parametrize("kind", ["load_type_mix", "outliers", "stuck_sensor"])
def test_another_seed_strikes_elsewhere(kind: ShiftKind) -> None:
    assert not shift_of(kind, 0.3).equals(shift_of(kind, 0.3, seed=2))


@given(size=st.floats(-1, 2))
@settings(max_examples=30, deadline=None)
def test_a_level_shift_scales_each_energy_to_a_pulse_and_keeps_the_power_factor(size: float) -> None:
    before, after = since(READINGS), since(shift_of("level_shift", size))

    for name in ENERGIES:
        pulses = np.rint(before[name].to_numpy() / 0.036).sum()
        assert np.rint(after[name].to_numpy() / 0.036).sum() == pytest.approx(pulses * (1 + size), abs=1)


def test_a_level_shift_of_a_half_makes_a_half_more_of_20_kwh() -> None:
    plant = toy_plant()
    found = shifted(toy_readings(days=14, plant=plant), kind="level_shift", size=0.5, start=START, seed=1, plant=plant)

    busiest = since(found).filter(pl.col("load_type") == "maximum").row(0, named=True)

    assert (busiest["usage_kwh"], busiest["lagging_reactive_kvarh"]) == (30.0, 15.0)
    assert (busiest["lagging_power_factor"], busiest["co2_t"]) == (89.44, 0.03)


def test_co2_of_20_kwh_at_a_kilogram_a_kwh_and_half_too_much_is_30_kg() -> None:
    plant = toy_plant()
    readings = toy_readings(days=14, plant=plant)

    found = shifted(readings, kind="co2_level", size=0.5, start=START, seed=1, plant=plant)

    assert since(found).filter(pl.col("load_type") == "maximum")["co2_t"].unique().to_list() == [0.03]
    assert found.drop("co2_t").equals(readings.drop("co2_t"))


def test_half_of_the_hours_show_the_next_dearer_load_type_and_nothing_else_moves() -> None:
    found = shift_of("load_type_mix", 0.5)

    rank = since(found)["load_type"].to_physical().cast(int) - since(READINGS)["load_type"].to_physical().cast(int)
    of_sunday = rank.filter(since(READINGS)["interval_start"].dt.date() == dt.date(2018, 1, 14))
    assert set(rank) == {0, 1}
    assert of_sunday.sum() == INTERVALS_PER_DAY // 2  # all light, so 12 of 24 hours rise
    assert found.drop("load_type").equals(READINGS.drop("load_type"))


def test_outliers_strike_their_share_of_the_intervals_with_one_far_larger_energy_each() -> None:
    before, after = cells_of(since(READINGS)), cells_of(since(shift_of("outliers", 0.1)))

    struck = before != after
    assert struck.any(axis=1).mean() == pytest.approx(0.1, abs=0.03)
    assert set(struck.sum(axis=1)) == {0, 1}
    assert (after[struck] >= 5 * before[struck] + 30 - 0.01).all()
    assert not struck[:, 3:].any()  # power factors and CO2 are of the true energies


def test_a_meter_that_hangs_shows_its_last_reading_and_the_load_type_goes_on() -> None:
    found = shift_of("stuck_sensor", 1.0)

    last = READINGS.filter(pl.col("interval_start") < in_zone(START, PLANT.zone)).tail(1)
    assert since(found).select(CELLS).unique().rows() == last.select(CELLS).rows()
    assert found["load_type"].equals(READINGS["load_type"])


def test_a_meter_that_hangs_for_a_quarter_of_each_day_repeats_24_of_96_readings() -> None:
    midnight = dt.datetime(2018, 1, 10)  # noqa: DTZ001
    found = since(shift_of("stuck_sensor", 0.25, start=midnight), midnight)

    changed = (cells_of(found) != cells_of(since(READINGS, midnight))).any(axis=1).reshape(-1, INTERVALS_PER_DAY)
    assert (changed.sum(axis=1) == 24).all()
    assert all(np.ptp(np.flatnonzero(day)) == 23 for day in changed)  # in one piece


def test_a_night_shift_moves_work_by_half_a_day_and_loses_none() -> None:
    plant, midnight = toy_plant(), dt.datetime(2018, 1, 9)  # noqa: DTZ001
    readings = toy_readings(days=14, plant=plant)

    found = shifted(readings, kind="shift_pattern", size=0.5, start=midnight, seed=1, plant=plant)

    # a workday idles at 2 kWh, works 8 kWh more in 08-12 and 16-20 and 18 kWh more in 12-16; half of it comes later
    wednesday = found.filter(pl.col("interval_start").dt.date() == dt.date(2018, 1, 10))
    by_hour = dict(wednesday.group_by(pl.col("interval_start").dt.hour()).agg(pl.col("usage_kwh").mean()).rows())
    assert by_hour == {
        **dict.fromkeys((*range(4), *range(12, 16)), 11.0),
        **dict.fromkeys((*range(4, 12), *range(16, 20)), 6.0),
        **dict.fromkeys((20, 21, 22, 23), 6.0),
    }
    assert (
        wednesday["usage_kwh"].sum()
        == readings.filter(pl.col("interval_start").dt.date() == dt.date(2018, 1, 10))["usage_kwh"].sum()
    )


def test_moved_work_takes_its_reactive_load_along() -> None:
    plant = toy_plant()
    readings = toy_readings(days=14, plant=plant)

    found = since(shifted(readings, kind="shift_pattern", size=0.5, start=START, seed=1, plant=plant))

    # half a kvarh to each kWh, wherever it is drawn; whole kWh are counted, so one may come an interval later
    assert (found["usage_kwh"] / 2 - found["lagging_reactive_kvarh"]).abs().max() <= 1
    assert found["leading_reactive_kvarh"].sum() == 0


def test_a_season_begins_without_a_step_and_is_lowest_in_mid_july(gwangyang: Plant) -> None:
    readings = varied_readings(days=364, plant=gwangyang)

    found = shifted(
        readings,
        kind="seasonal",
        size=0.2,
        start=dt.datetime(2018, 1, 15),  # noqa: DTZ001
        seed=1,
        plant=gwangyang,
    )

    ratio = (
        found.select("interval_start", ratio=pl.col("usage_kwh") / readings["usage_kwh"])
        .group_by(pl.col("interval_start").dt.ordinal_day().alias("day"))
        .agg(pl.col("ratio").median())
        .sort("day")["ratio"]
    )
    assert ratio.gather([15, 181 + 14]).to_list() == pytest.approx([1.0, 0.8 / 1.2], abs=0.01)
    assert ratio.diff().abs().max() < 0.01


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"kind": "lunch"}, "kind", "co2_level"),
        ({"size": 1.5}, "size", "0.0 to 1.0"),
        ({"size": -0.1}, "size", "0.0 to 1.0"),
        ({"size": float("nan")}, "size", "0.0 to 1.0"),
        ({"start": dt.datetime(2030, 1, 1)}, "start", "no reading"),  # noqa: DTZ001
        ({"end": START}, "start", "no reading"),
        ({"readings": READINGS.clear()}, "readings", "no readings"),
    ],
    ids=["kind", "too large", "negative", "no number", "later than all", "empty period", "nothing"],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as raised:
        shift_of(**{"kind": "outliers", "size": 0.1} | changes)

    assert raised.value.field == field


def test_readings_without_a_column_are_refused() -> None:
    with pytest.raises(SchemaError, match="co2_t"):
        shift_of("level_shift", 0.1, READINGS.drop("co2_t"))
