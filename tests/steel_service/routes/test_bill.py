"""POST /bill on two weeks of 8 kWh in each interval: 32 kW, 768 kWh a day.

Prices are 1, 2 and 3 KRW: of an open weekday 12 h light, 8 h medium and 4 h maximum, 32 kWh an hour.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steel_service.settings import ServiceSettings

WEEK = {"from": "2018-01-08", "to": "2018-01-15"}
OTHERS = ["day-and-night-example", "kepco-industrial-b-hv-a-ii-2018"]
KNOWN = "they reach from 2018-01-01T00:00:00+09:00 to 2018-01-15T00:00:00+09:00"


def test_a_week_by_hand(service: Any) -> None:
    answer = service.client.post("/bill", json=WEEK)

    assert answer.status_code == 200
    told = answer.json()
    (bill,) = told.pop("bills")
    assert told == {
        "plant": "toy",
        "zone": "Asia/Seoul",
        "from": "2018-01-08T00:00:00+09:00",
        "to": "2018-01-15T00:00:00+09:00",
        "source": {"kind": "simulated", "location": "toy", "is_simulated": True},
        "currency": "KRW",
        "usage_kwh": 5376.0,
        "peak_kw": 32.0,
    }
    energy_krw = 32 * (96 * 1 + 52 * 2 + 20 * 3)  # hours: Saturday's maximum is medium, Sunday is light
    demand_krw = 32 * 10 * 7 / 31
    assert bill["energy_krw"] == energy_krw
    assert bill["demand_krw"] == pytest.approx(demand_krw)
    assert bill["total_krw"] == pytest.approx(energy_krw + demand_krw)
    assert (bill["tariff"], bill["tariff_name"], bill["above_cheapest_krw"]) == ("toy", "Toy tariff", 0)


def test_each_line_carries_quantity_price_amount_rule_and_source(service: Any) -> None:
    *_, maximum, demand = service.client.post("/bill", json=WEEK).json()["bills"][0]["lines"]

    assert maximum == {
        "month": "2018-01",
        "kind": "energy",
        "season": "all-year",
        "band": "maximum",
        "quantity": 640.0,
        "unit": "kWh",
        "price_krw": 3.0,
        "amount_krw": 1920.0,
        "rule": "energy in the maximum band of all-year",
        "source": "made up for tests",
    }
    assert (demand["rule"], demand["quantity"]) == ("highest demand of the month; 22.6% of the month", 32)


def test_several_tariffs_are_compared_cheapest_first(service: Any) -> None:
    bills = service.client.post("/bill", json=WEEK | {"tariffs": OTHERS}).json()["bills"]

    assert sorted(bill["tariff"] for bill in bills) == OTHERS
    totals = [bill["total_krw"] for bill in bills]
    assert totals == sorted(totals)
    assert [bill["above_cheapest_krw"] for bill in bills] == [0, pytest.approx(totals[1] - totals[0])]
    assert all(bill["total_krw"] == pytest.approx(sum(line["amount_krw"] for line in bill["lines"])) for bill in bills)


def test_a_tariff_named_twice_is_billed_once(service: Any) -> None:
    assert len(service.client.post("/bill", json=WEEK | {"tariffs": OTHERS[:1] * 2}).json()["bills"]) == 1


@pytest.mark.parametrize("name", ["moon", "../plants/gwangyang", "", "x" * 5000])
def test_an_unknown_tariff_is_not_found_and_the_known_ones_are_named(service: Any, name: str) -> None:
    status, error = service.error("POST", "/bill", json=WEEK | {"tariffs": [OTHERS[0], name]})

    assert (status, error["code"], error["field"]) == (404, "unknown_tariff", "tariffs.1")
    assert error["hint"] == f"known tariffs: {', '.join(OTHERS)}"


def test_a_faulty_tariff_file_is_not_the_callers_fault(service: Any, settings: ServiceSettings, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "tariffs"
    folder.mkdir(parents=True)
    (folder / "broken.yaml").write_text("id: broken\n")
    broken = service.with_(settings=settings.model_copy(update={"home": tmp_path}))

    status, error = broken.error("POST", "/bill", json=WEEK | {"tariffs": ["broken"]})

    assert (status, error["code"]) == (503, "not_ready")
    assert error["message"].startswith("the file of tariff broken is faulty: ")
    assert str(tmp_path) not in error["message"] + error["hint"]


@pytest.mark.parametrize(
    ("period", "field", "hint"),
    [
        pytest.param({"from": "2018-01-15", "to": "2018-01-08"}, "from", "swap from and to", id="reversed"),
        pytest.param({"from": "2018-01-08", "to": "2018-01-08"}, "from", "swap from and to", id="empty"),
        pytest.param({"from": "2018-01-08T00:05", "to": "2018-01-09"}, "from", "use :00, :15, :30 or :45", id="off"),
        pytest.param({"from": "2018-01-08", "to": "2018-01-16"}, "to", KNOWN, id="after-the-readings"),
        pytest.param({"from": "2017-12-31", "to": "2018-01-08"}, "from", KNOWN, id="before-the-readings"),
        pytest.param({"from": "1970-01-01", "to": "2199-12-31"}, "from", KNOWN, id="for-ever"),
    ],
)
def test_a_period_that_cannot_be_billed_conflicts(service: Any, period: dict[str, str], field: str, hint: str) -> None:
    status, error = service.error("POST", "/bill", json=period)

    assert (status, error["code"], error["field"], error["hint"]) == (409, "conflict", field, hint)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"from": "2018-01-08"}, "to", id="no-end"),
        pytest.param(WEEK | {"from": "yesterday"}, "from", id="words"),
        pytest.param(WEEK | {"tariffs": "toy"}, "tariffs", id="text-for-a-list"),
        pytest.param(WEEK | {"tariffs": [5]}, "tariffs.0", id="number-for-a-name"),
        pytest.param(WEEK | {"tariffs": ["toy"] * 21}, "tariffs", id="too-many"),
        pytest.param(WEEK | {"tariff": "toy"}, "tariff", id="unknown-field"),
    ],
)
def test_a_question_without_an_answer_is_refused_by_field(service: Any, body: dict[str, Any], field: str) -> None:
    status, error = service.error("POST", "/bill", json=body)

    assert (status, error["field"]) == (422, field)


def test_an_unknown_plant_is_not_found(service: Any) -> None:
    assert service.error("POST", "/bill", json=WEEK | {"plant": "moon"})[1]["code"] == "unknown_plant"


def test_without_readings_it_says_how_to_get_them(empty_service: Any) -> None:
    status, error = empty_service.error("POST", "/bill", json=WEEK)

    assert (status, error["hint"]) == (503, "build them")


fields = st.dictionaries(
    st.sampled_from(["from", "to", "tariffs", "plant", "x"]),
    st.none() | st.integers() | st.floats() | st.text(max_size=30) | st.dates().map(str) | st.lists(st.text()),
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=fields)
def test_no_request_makes_the_service_fail(service: Any, body: dict[str, Any]) -> None:
    answer = service.client.post("/bill", content=json.dumps(body), headers={"Content-Type": "application/json"})

    assert answer.status_code in {200, 404, 409, 422}
