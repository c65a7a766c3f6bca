"""A fuel meter's export through cleaning and billing: litres in, litres on the bill."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steel_energy.billing import bill
from steel_energy.carrier import REACTIVE
from steel_energy.cleaning import clean, place
from steel_energy.plant import Plant
from steel_energy.simulation.plant import simulate
from steel_energy.sources.file import read_csv
from steel_energy.sources.raw import RAW_SCHEMA, to_published
from steel_energy.sources.simulated import simulated_readings
from steel_energy.testing import toy_fuel_plant, toy_fuel_tariff


def _plant(minutes: int = 15, pulse_litres: float = 0.1) -> Plant:
    plant = toy_fuel_plant(pulse_litres=pulse_litres)
    return plant.model_copy(
        update={"last_month": "2018-01", "meter": plant.meter.model_copy(update={"interval_minutes": minutes})}
    )


def _cleaned(rows: pl.DataFrame, plant: Plant) -> tuple[pl.DataFrame, pl.DataFrame]:
    cleaned = clean(place(rows, plant), plant=plant, tariff=toy_fuel_tariff())
    return cleaned.readings, cleaned.repairs


def test_an_export_has_litres_and_nothing_electrical():
    rows = simulated_readings(_plant(), toy_fuel_tariff(), seed=1).rows

    assert rows.select(REACTIVE).null_count().row(0) == (rows.height,) * 4
    assert rows["usage_kwh"].cast(pl.Float64).max() <= 10  # 40 litres an hour


def test_a_file_of_litres_is_headed_so_and_read_again(tmp_path: Path):
    plant = _plant()
    rows = simulated_readings(plant, toy_fuel_tariff(), seed=1).rows
    to_published(rows, is_fuel=True).write_csv(tmp_path / "mine.csv")

    read = read_csv(tmp_path / "mine.csv", plant=plant)

    assert (tmp_path / "mine.csv").read_text().startswith("date,Usage_L,CO2(tCO2),NSM,")
    assert set(read.origin.missing_columns) == set(REACTIVE)
    assert _cleaned(read.rows, plant)[0].equals(_cleaned(rows, plant)[0])


@settings(max_examples=8, deadline=None)
@given(minutes=st.sampled_from([5, 15]), pulse_litres=st.sampled_from([0.01, 0.1, 0.25, 0.5]))
def test_its_litres_become_the_readings_they_came_from(minutes, pulse_litres):
    plant = _plant(minutes, pulse_litres)
    (true,) = simulate(plant, toy_fuel_tariff(), start=dt.date(2018, 1, 1), end=dt.date(2018, 2, 1), seed=1)

    readings, repairs = _cleaned(simulated_readings(plant, toy_fuel_tariff(), seed=1).rows, plant)

    assert readings.equals(true)
    assert repairs.is_empty()
    assert readings.select(REACTIVE[:2]).sum().row(0) == (0.0, 0.0)


def test_a_bill_counts_litres_at_the_price_of_a_litre():
    plant = _plant()
    rows = simulated_readings(plant, toy_fuel_tariff(), seed=1).rows
    readings, _ = _cleaned(rows, plant)

    made = bill(
        readings,
        plant=plant,
        tariff=toy_fuel_tariff().model_copy(update={"co2_krw_per_t": 10_000.0}),
        start=dt.datetime(2018, 1, 1, tzinfo=dt.UTC) - dt.timedelta(hours=9),
        end=dt.datetime(2018, 2, 1, tzinfo=dt.UTC) - dt.timedelta(hours=9),
    )

    fuel, co2 = made.lines
    litres = rows["usage_kwh"].cast(pl.Float64).sum()
    assert (fuel.kind, fuel.unit, fuel.rule) == ("energy", "L", "fuel in the light band of first-half")
    assert fuel.quantity == pytest.approx(litres)
    assert fuel.price_krw == pytest.approx(1500)
    assert fuel.amount_krw == pytest.approx(1500 * litres)
    assert co2.quantity == pytest.approx(0.0027 * litres)
    assert "0.0027 t/L" in co2.rule


def test_an_unreadable_litre_is_repaired_and_a_stray_one_distrusted():
    plant = _plant()
    rows = simulated_readings(plant, toy_fuel_tariff(), seed=1).rows
    row = pl.int_range(pl.len())
    damaged = rows.with_columns(
        usage_kwh=pl.when(row == 900)
        .then(pl.lit("error"))
        .when(row == 901)
        .then(pl.lit("99999"))
        .otherwise("usage_kwh")
    )

    _, repairs = _cleaned(damaged.cast(RAW_SCHEMA), plant)

    usage = repairs.filter(pl.col("column") == "usage_kwh")
    assert usage["before"].to_list() == ["error", "999990"]
    assert usage["interval_start"].dt.strftime("%d %H:%M").to_list() == ["10 09:00", "10 09:15"]
