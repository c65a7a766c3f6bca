"""Plant and tariff files that count litres."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from steel_energy.carrier import KWH, Measure
from steel_energy.errors import ConfigError, InputError
from steel_energy.plant import Plant, load_plant
from steel_energy.sites import Site
from steel_energy.tariff import Tariff
from steel_energy.testing import toy_fuel_plant, toy_fuel_tariff, toy_plant, toy_tariff


def test_litres_are_kept_as_the_energy_they_give():
    plant, tariff = toy_fuel_plant(pulse_litres=0.1), toy_fuel_tariff()

    assert (plant.contract_kw, plant.meter.pulse_kwh) == (400, 1)  # 40 L/h and 0.1 L at 10 kWh a litre
    assert plant.meter.emission_factor_t_per_kwh == pytest.approx(0.00027)
    assert [season.energy_krw_per_kwh for season in tariff.seasons.values()] == [{"light": 150}, {"light": 180}]
    assert plant.measure == tariff.measure == Measure("L", "L/h", 10)
    assert toy_plant().measure is KWH


@pytest.mark.parametrize("kept", [toy_fuel_plant(), toy_fuel_tariff(), toy_plant(), toy_tariff()])
def test_what_is_written_down_is_read_again(kept):
    assert type(kept).model_validate(kept.model_dump()) == kept


def test_a_fuel_without_its_heating_value_is_refused():
    with pytest.raises(ValidationError, match="a fuel, and only a fuel, has kwh_per_litre"):
        Plant.model_validate(toy_plant().model_dump() | {"carrier": "diesel"})
    with pytest.raises(ValidationError, match="a fuel, and only a fuel, has kwh_per_litre"):
        Plant.model_validate(toy_plant().model_dump() | {"kwh_per_litre": 10})


@pytest.mark.parametrize("charge", [{"krw_per_kw": 10}, {"krw_per_kw": 0, "min_contract_share": 0.3}])
def test_a_fuel_has_no_demand_charge(charge):
    with pytest.raises(ValidationError, match="diesel has no demand charge and no power factor"):
        Tariff.model_validate(toy_fuel_tariff().model_dump() | {"demand": charge})


def test_a_litre_that_is_no_number_is_named_where_it_stands(tmp_path: Path):
    lines = ["id: mine", "carrier: diesel", "kwh_per_litre: 10", "contract_litres_per_hour: many"]
    (tmp_path / "mine.yaml").write_text("\n".join(lines))

    with pytest.raises(ConfigError, match="contract_litres_per_hour") as refused:
        load_plant("mine", plants_dir=tmp_path)

    assert "line 4" in refused.value.remedy


@pytest.mark.parametrize(
    ("plant", "tariff"),
    [
        (toy_plant(), toy_fuel_tariff()),
        (toy_fuel_plant(), toy_tariff()),
        (toy_fuel_plant(), toy_fuel_tariff().model_copy(update={"kwh_per_litre": 9.9})),
    ],
    ids=["fuel for electricity", "electricity for fuel", "another heating value"],
)
def test_a_tariff_of_another_carrier_is_refused(plant, tariff):
    with pytest.raises(InputError, match=f"tariff {tariff.id} is of .* and plant toy meters"):
        Site(plant, tariff)
