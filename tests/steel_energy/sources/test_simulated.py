"""The simulated plant as a source of raw rows."""

from __future__ import annotations

import datetime as dt

import polars as pl

from steel_energy.cleaning import clean, place
from steel_energy.simulation.plant import simulate
from steel_energy.sources.raw import RAW_SCHEMA
from steel_energy.sources.simulated import simulated_readings
from steel_energy.testing import toy_plant, toy_tariff


def test_the_rows_cover_the_plants_months_as_its_export_would():
    raw = simulated_readings(toy_plant(), toy_tariff(), seed=1)

    assert raw.rows.schema == RAW_SCHEMA
    assert raw.rows.height == (31 + 28) * 96
    assert raw.rows["label"].head(1).item() == "01/01/2018 00:15"
    assert raw.rows["label"].tail(1).item() == "28/02/2018 00:00"
    assert raw.rows.null_count().sum_horizontal().item() == 0


def test_the_origin_says_that_nobody_measured_it():
    origin = simulated_readings(toy_plant(), toy_tariff(), seed=5).origin

    assert origin.is_simulated
    assert origin.location == "toy, seed 5"


def test_the_cells_are_those_of_the_simulation():
    raw = simulated_readings(toy_plant(), toy_tariff(), seed=1)
    readings = pl.concat(
        simulate(toy_plant(), toy_tariff(), start=dt.date(2018, 1, 1), end=dt.date(2018, 3, 1), seed=1)
    )

    for column in ("usage_kwh", "lagging_reactive_kvarh", "leading_reactive_kvarh", "co2_t", "lagging_power_factor"):
        assert raw.rows[column].cast(pl.Float64).equals(readings[column])


def test_cleaning_finds_nothing_to_repair_in_a_simulated_export(gwangyang, kepco):
    plant = gwangyang.model_copy(update={"first_month": "2018-05", "last_month": "2018-06"})
    readings = pl.concat(simulate(plant, kepco, start=dt.date(2018, 5, 1), end=dt.date(2018, 7, 1), seed=3))

    raw = simulated_readings(plant, kepco, seed=3)
    cleaned = clean(place(raw.rows, plant), plant=plant, tariff=kepco, start=None, end=None)

    assert cleaned.repairs.is_empty()
    assert cleaned.readings.equals(readings)


def test_a_plant_may_end_in_december():
    plant = toy_plant().model_copy(update={"first_month": "2018-12", "last_month": "2018-12"})

    assert simulated_readings(plant, toy_tariff(), seed=1).rows.height == 31 * 96
