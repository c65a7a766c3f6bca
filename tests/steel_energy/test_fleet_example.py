"""The demonstration fleet of examples/fleet: three plants that differ in all that plants may differ in."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from steel_energy.billing import bill
from steel_energy.cleaning import clean, place
from steel_energy.months import first_day, shift_month
from steel_energy.settings import PROJECT_ROOT, SteelSettings
from steel_energy.simulation.plant import simulate
from steel_energy.sites import load_sites
from steel_energy.sources.simulated import simulated_readings

SITES = load_sites(SteelSettings(sites_dir=PROJECT_ROOT / "examples" / "fleet"))


def test_the_real_plant_is_not_among_them_unless_asked_for() -> None:
    assert list(SITES) == ["atacama-mine", "bilbao", "pune"]
    assert set(SITES).isdisjoint(load_sites(SteelSettings(sites_dir=None)))


def test_they_differ_in_zone_interval_pulse_tariff_label_and_carrier() -> None:
    plants = [site.plant for site in SITES.values()]

    for differing in ("zone", "tariff", "contract_kw"):
        assert len({getattr(plant, differing) for plant in plants}) == 3
    assert [plant.meter.interval_minutes for plant in plants] == [5, 15, 30]
    assert [plant.carrier for plant in plants] == ["diesel", "electricity", "electricity"]
    assert [plant.label for plant in plants] == ["end", "start", "end"]


@pytest.mark.parametrize("plant_id", SITES)
@pytest.mark.parametrize("month", ["2023-09", "2023-10"])  # clocks of Chile and of Spain change
def test_a_month_of_its_export_cleans_without_repair_to_its_own_energy_and_bill(plant_id: str, month: str) -> None:
    site = SITES[plant_id]
    plant = site.plant.model_copy(update={"first_month": month, "last_month": month})
    start, end = first_day(month), first_day(shift_month(month, 1))
    (true,) = simulate(plant, site.tariff, start=start, end=end, seed=1)

    cleaned = clean(place(simulated_readings(plant, site.tariff, seed=1).rows, plant), plant=plant, tariff=site.tariff)

    readings = cleaned.readings
    assert cleaned.repairs.is_empty()
    assert readings["interval_start"].equals(true["interval_start"])
    assert readings["usage_kwh"].sum() == pytest.approx(true["usage_kwh"].sum(), abs=readings.height * 0.005)
    billed = bill(
        readings,
        plant=plant,
        tariff=site.tariff,
        start=dt.datetime.combine(start, dt.time()),
        end=dt.datetime.combine(end, dt.time()),
    )
    kinds = {line.kind for line in billed.lines}
    assert kinds == ({"energy"} if plant.is_fuel else {"energy", "demand", "power_factor"})
    assert readings.filter(pl.col("usage_kwh") > plant.contract_kw).is_empty()
