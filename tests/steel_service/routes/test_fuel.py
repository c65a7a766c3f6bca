"""Routes asked about a plant that meters diesel: what is answered in kWh, what is left out, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from steel_energy.carrier import REACTIVE
from steel_energy.sites import Site
from steel_energy.testing import toy_fuel_plant, toy_fuel_tariff

READING = {
    "lagging_reactive_power": 3.0,
    "leading_reactive_power": 0.0,
    "co2": 0.0,
    "lagging_power_factor": 0.8,
    "leading_power_factor": 1.0,
    "nsm": 0,
    "day_of_week": 0,
    "load_type": "Light",
}
WEEK = {"from": "2018-01-08", "to": "2018-01-15"}


@pytest.fixture
def mine(service: Any) -> Any:
    return service.with_(sites={"toy": Site(toy_fuel_plant(), toy_fuel_tariff())})


def test_the_plant_says_what_it_meters(mine: Any) -> None:
    (plant,) = mine.client.get("/plants").json()["plants"]

    assert (plant["carrier"], plant["energy_unit"], plant["power_unit"], plant["kwh_per_unit"]) == (
        "diesel",
        "L",
        "L/h",
        10,
    )
    assert plant["contract_kw"] == 400


@pytest.mark.parametrize("aggregation", ["15min", "day"])
def test_history_leaves_out_what_is_electrical(mine: Any, aggregation: str) -> None:
    row = mine.client.get("/history", params={"aggregation": aggregation}).json()["rows"][0]

    assert row.keys().isdisjoint(REACTIVE)
    assert row["usage_kwh"] > 0


def test_history_refuses_an_electrical_column_that_is_named(mine: Any) -> None:
    status, error = mine.error("GET", "/history", params={"columns": "usage_kwh,lagging_power_factor"})

    assert (status, error["code"], error["field"]) == (422, "not_electric", "columns")
    assert error["message"] == "toy meters diesel, which has no reactive energy and no power factor"


@pytest.mark.parametrize("path", ["/predict", "/predict_onnx", "/predict/batch"])
def test_there_is_nothing_to_read_a_usage_from(mine: Any, path: str) -> None:
    status, error = mine.error("POST", path, json={"rows": [READING]} if "batch" in path else READING)

    assert (status, error["code"], error["field"]) == (422, "not_electric", "plant")


def test_a_capacitor_is_refused_and_a_closed_day_is_not(mine: Any) -> None:
    load = {"kind": "measured", **WEEK}
    bank = {"kind": "power_factor", "capacitor_kvar": 24}
    scale = {"kind": "scale_production", "factor": 0.5}

    status, error = mine.error("POST", "/what-if", json={"load": load, "changes": [scale, bank]})
    answer = mine.client.post("/what-if", json={"load": load, "changes": [scale]})

    assert (status, error["code"], error["field"]) == (422, "not_electric", "changes.1")
    assert answer.status_code == 200, answer.text
    assert answer.json()["difference"]["demand_krw"] == 0


def test_the_bill_counts_litres_and_charges_no_demand(mine: Any) -> None:
    answer = mine.client.post("/bill", json=WEEK).json()
    (line,) = answer["bills"][0]["lines"]

    assert (line["kind"], line["unit"]) == ("energy", "L")
    assert line["quantity"] == pytest.approx(answer["usage_kwh"] / 10)
    assert line["price_krw"] == pytest.approx(1500)
    assert answer["bills"][0]["total_krw"] == pytest.approx(150 * answer["usage_kwh"])


def test_a_tariff_of_electricity_bills_no_fuel(mine: Any) -> None:
    status, error = mine.error("POST", "/bill", json=WEEK | {"tariffs": ["day-and-night-example"]})

    assert (status, error["field"]) == (422, "tariff")
    assert "is of electricity, and plant toy meters diesel of 10 kWh per litre" in error["message"]


def test_the_copilot_answers_in_litres_and_refuses_in_words(mine: Any) -> None:
    usage = mine.client.post("/copilot/chat", json={"question": "How much did we use yesterday?"}).json()
    factor = mine.client.post("/copilot/chat", json={"question": "What was the power factor yesterday?"}).json()

    assert " L" in usage["answer"]
    assert "kWh" not in usage["answer"]
    assert factor["answer"].startswith("This plant meters a fuel")
