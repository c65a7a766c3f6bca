"""Raw rows of meters of other intervals on the contract's grid, through cleaning."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steel_energy.billing import bill
from steel_energy.cleaning import clean, place
from steel_energy.errors import NotMeterDataError
from steel_energy.plant import Plant
from steel_energy.simulation.plant import simulate
from steel_energy.sources.raw import as_shown
from steel_energy.sources.simulated import simulated_readings
from steel_energy.testing import toy_plant, toy_tariff

ZONES = ["Asia/Seoul", "Europe/Madrid", "Asia/Kolkata", "Australia/Adelaide", "America/Santiago"]
PLACES = {"zone": st.sampled_from(ZONES), "month": st.sampled_from(["2023-03", "2023-04", "2023-09", "2023-10"])}


def _plant(minutes: int, *, zone: str = "Europe/Madrid", month: str = "2023-03", label: str = "end") -> Plant:
    plant = toy_plant(zone=zone, pulse_kwh=0.1)
    meter = plant.meter.model_copy(update={"interval_minutes": minutes})
    return plant.model_copy(update={"first_month": month, "last_month": month, "meter": meter, "label": label})


def _simulated(plant: Plant) -> pl.DataFrame:
    first = dt.date.fromisoformat(f"{plant.first_month}-01")
    return pl.concat(simulate(plant, toy_tariff(), start=first, end=first.replace(month=first.month + 1), seed=1))


@settings(max_examples=12, deadline=None)
@given(minutes=st.sampled_from([3, 5, 15]), label=st.sampled_from(["end", "start"]), **PLACES)
def test_the_same_plant_read_more_often_has_the_same_readings(minutes, label, zone, month):
    plant = _plant(minutes, zone=zone, month=month, label=label)

    cleaned = clean(
        place(simulated_readings(plant, toy_tariff(), seed=1).rows, plant), plant=plant, tariff=toy_tariff()
    )

    assert cleaned.readings.equals(_simulated(plant))
    assert cleaned.repairs.is_empty()


@settings(max_examples=12, deadline=None)
@given(minutes=st.sampled_from([30, 60]), label=st.sampled_from(["end", "start"]), **PLACES)
def test_the_same_plant_read_less_often_uses_and_pays_the_same_energy(minutes, label, zone, month):
    plant = _plant(minutes, zone=zone, month=month, label=label)
    true = _simulated(plant)

    readings = as_shown(place(simulated_readings(plant, toy_tariff(), seed=1).rows, plant))

    assert readings["interval_start"].equals(true["interval_start"])
    assert readings["usage_kwh"].sum() == pytest.approx(true["usage_kwh"].sum(), abs=1e-6)
    by_hour = [
        frame.group_by_dynamic("interval_start", every="1h").agg(pl.col("usage_kwh").sum().round(6))
        for frame in (readings, true)
    ]
    assert by_hour[0].equals(by_hour[1])
    energy = [
        bill(
            frame,
            plant=plant,
            tariff=toy_tariff(),
            start=frame["interval_start"][0],
            end=frame["interval_start"][-1] + dt.timedelta(minutes=15),
        ).amount_krw("energy")
        for frame in (readings, true)
    ]
    assert energy[0] == pytest.approx(energy[1])  # bands change at full hours


def test_a_day_with_a_clock_change_has_its_own_number_of_rows():
    for month, day, quarters in (("2023-03", 26, 92), ("2023-10", 29, 100)):
        for minutes in (5, 15, 60):
            plant = _plant(minutes, month=month)
            raw = simulated_readings(plant, toy_tariff(), seed=1).rows
            placed = place(raw, plant)

            assert placed.filter(pl.col("interval_start").dt.date() == dt.date(2023, int(month[-2:]), day)).height == (
                quarters
            )


def test_a_row_without_a_label_or_told_twice_is_listed_and_its_quarter_hour_filled():
    plant = _plant(5)
    raw = simulated_readings(plant, toy_tariff(), seed=1).rows
    row = pl.int_range(pl.len())
    damaged = pl.concat([raw.head(200), raw[199:]]).with_columns(
        label=pl.when(row == 100).then(pl.lit("?")).otherwise("label"), source_row=row.cast(pl.UInt32)
    )

    cleaned = clean(place(damaged, plant), plant=plant, tariff=toy_tariff())

    listed = cleaned.repairs.filter(pl.col("rule") == "unplaceable")["before"].str.extract(r"row (\d+)").to_list()
    assert listed == ["100", "200"]
    assert cleaned.readings.height == 31 * 96 - 4
    assert {time.strftime("%d %H:%M") for time in cleaned.repairs["interval_start"]} == {"01 08:15", "01 16:30"}


def test_without_any_label_nothing_can_be_placed():
    rows = simulated_readings(_plant(5), toy_tariff(), seed=1).rows.with_columns(label=pl.lit(None, pl.String))

    with pytest.raises(NotMeterDataError, match="no row has a readable date"):
        place(rows, _plant(5))
