"""POST /what-if on two weeks of 8 kWh beside 6 kvarh in each interval, and on a forecast of 1, 2, 3 … kWh."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steel_service.api_models.what_if import EXAMPLES, WhatIfRequest

MEASURED = {"kind": "measured", "from": "2018-01-08", "to": "2018-01-15"}
NOON_TO_NIGHT = {
    "kind": "move_load",
    "share": 0.5,
    "from_hours": {"from_hour": 12, "to_hour": 14},
    "to_hours": {"from_hour": 23, "to_hour": 1},
}
BANK = {"kind": "power_factor", "capacitor_kvar": 24, "investment_krw": 1000}


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_the_docs_offer_to_try_is_understood(name: str) -> None:
    WhatIfRequest.model_validate(EXAMPLES[name]["value"])


def test_moved_load_saves_the_difference_of_the_prices(service: Any) -> None:
    """32 kWh a day leave the band at 3 KRW, on Saturday that at 2, for that at 1; on Sunday all cost 1."""
    answer = service.client.post("/what-if", json={"load": MEASURED, "changes": [NOON_TO_NIGHT]})

    assert answer.status_code == 200
    told = answer.json()
    assert (told["from"], told["to"]) == ("2018-01-08T00:00:00+09:00", "2018-01-15T00:00:00+09:00")
    assert told["difference"]["energy_krw"] == pytest.approx(-(5 * 64 + 32))
    assert told["difference"]["usage_kwh"] == 0
    assert told["scenario"]["peak_kw"] == pytest.approx(48)
    assert (told["range"], told["forecast"]) == (None, None)
    assert told["range_derivation"] == "The period was measured, so its load is certain and there is no range."
    assert sum(line["difference_krw"] for line in told["lines"]) == pytest.approx(told["difference"]["cost_krw"])


def test_the_demand_charge_of_a_begun_month_counts_what_came_before(service: Any) -> None:
    """Evenings that go up to 48 kW are the month's new peak: 16 kW at 10 KRW, 7 of 31 days."""
    move = NOON_TO_NIGHT | {"from_hours": {"from_hour": 20, "to_hour": 22}}  # no cheaper band: all of it is light
    told = service.client.post("/what-if", json={"load": MEASURED, "changes": [move]}).json()

    assert told["difference"]["energy_krw"] == 0
    assert told["difference"]["demand_krw"] == pytest.approx(16 * 10 * 7 / 31)


def test_the_forecast_of_the_next_day_is_the_default(service: Any) -> None:
    """1 + 2 + … + 96 kWh; the reactive energy is that of the readings."""
    told = service.client.post("/what-if", json={}).json()

    assert told["baseline"]["usage_kwh"] == 96 * 97 / 2
    assert told["difference"] == dict.fromkeys(told["difference"], 0)
    assert told["range"] == {"low": told["difference"], "high": told["difference"]}
    assert told["derivation"]["usage"] == "no change of the scenario touches it"
    forecast = told["forecast"]
    assert (forecast["model"], forecast["origin"], forecast["horizon"]) == ("counting", told["from"], 96)


def test_a_forecast_that_was_made_for_it_is_logged_as_any_other(service: Any) -> None:
    first = service.client.post("/what-if", json={"load": {"horizon": 4, "kind": "forecast"}}).json()
    again = service.client.post("/forecast", json={"horizon": 4}).json()

    logged = service.state.predictions.forecasts
    assert first["forecast"]["prediction_id"] == again["prediction_id"] == logged[0].prediction_id
    assert [(len(made.intervals), made.is_cached) for made in logged] == [(4, False), (0, True)]


def test_a_capacitor_bank_tells_power_factor_and_payback(service: Any) -> None:
    """24 kvar are 6 kvarh, all that lags: 0.8 becomes 1. The toy tariff has no clause, so nothing is saved."""
    body = {"load": MEASURED, "changes": [BANK, {"kind": "tariff", "tariff": "kepco-industrial-b-hv-a-ii-2018"}]}
    told = service.client.post("/what-if", json=body).json()

    lagging, _ = told["power_factors"]
    assert (lagging["baseline_percent"], lagging["scenario_percent"]) == (pytest.approx(80), 100)
    (bank,) = told["capacitor_banks"]
    assert bank["change"] == 0
    assert bank["saving_krw"] == pytest.approx((10 + 5) * 0.002 * told["scenario"]["demand_krw"])
    assert bank["payback_years"] == pytest.approx(1000 / bank["yearly_saving_krw"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"kind": "moon"}, "changes.0", id="unknown-kind"),
        pytest.param({}, "changes.0", id="no-kind"),
        pytest.param(NOON_TO_NIGHT | {"share": 1.5}, "changes.0.move_load.share", id="more-than-all"),
        pytest.param(NOON_TO_NIGHT | {"share": "0.5"}, "changes.0.move_load.share", id="number-as-text"),
        pytest.param(NOON_TO_NIGHT | {"share": True}, "changes.0.move_load.share", id="boolean"),
        pytest.param(NOON_TO_NIGHT | {"hours": 3}, "changes.0.move_load.hours", id="unknown-field"),
        pytest.param(
            NOON_TO_NIGHT | {"from_hours": {"from_hour": 24}},
            "changes.0.move_load.from_hours.from_hour",
            id="25th-hour",
        ),
        pytest.param({"kind": "close_day", "day": "tomorrow"}, "changes.0.close_day.day", id="no-day"),
        pytest.param({"kind": "close_day", "day": 20180109}, "changes.0.close_day.day", id="number-for-a-day"),
        pytest.param({"kind": "scale_production", "factor": 3.1}, "changes.0.scale_production.factor", id="threefold"),
        pytest.param(
            {"kind": "scale_production", "factor": 1, "days": []}, "changes.0.scale_production.days", id="on-no-day"
        ),
        pytest.param(BANK | {"capacitor_kvar": -1}, "changes.0.power_factor.capacitor_kvar", id="negative-bank"),
        pytest.param({"kind": "load_type", "load_type": "Light"}, "changes.0.load_type.load_type", id="other-case"),
    ],
)
def test_a_change_without_an_answer_is_refused_by_field(service: Any, change: dict[str, Any], field: str) -> None:
    status, error = service.error("POST", "/what-if", json={"load": MEASURED, "changes": [change]})

    assert (status, error["field"]) == (422, field)
    assert error["hint"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param(
            NOON_TO_NIGHT | {"from_hours": {"from_hour": 3, "to_hour": 3}},
            "changes.0.move_load.from_hours",
            id="no-hour",
        ),
        pytest.param(NOON_TO_NIGHT | {"to_hours": {"from_hour": 13}}, "changes.0.move_load", id="onto-itself"),
        pytest.param(NOON_TO_NIGHT | {"to_day": "2018-01-09"}, "changes.0.move_load", id="to-a-day-from-none"),
        pytest.param({"kind": "close_day", "day": "2018-01-20"}, "changes.0.close_day.day", id="day-outside"),
    ],
)
def test_a_change_that_contradicts_itself_or_the_load_is_a_conflict(
    service: Any, change: dict[str, Any], field: str
) -> None:
    status, error = service.error("POST", "/what-if", json={"load": MEASURED, "changes": [change]})

    assert (status, error["code"], error["field"]) == (409, "conflict", field)
    assert error["hint"]


@pytest.mark.parametrize(
    ("load", "field"),
    [
        pytest.param(MEASURED | {"to": "2018-02-01"}, "load.measured.to", id="after-the-readings"),
        pytest.param(MEASURED | {"from": "2018-01-15"}, "load.measured.from", id="empty"),
        pytest.param({"kind": "forecast", "at": "2018-02-01"}, "load.forecast.at", id="origin-after-the-readings"),
        pytest.param({"kind": "forecast", "at": "2018-01-02"}, "load.forecast.at", id="too-little-history"),
    ],
)
def test_a_load_that_is_not_known_conflicts(service: Any, load: dict[str, str], field: str) -> None:
    status, error = service.error("POST", "/what-if", json={"load": load})

    assert (status, error["code"], error["field"]) == (409, "conflict", field)


def test_what_nobody_can_know_conflicts(service: Any) -> None:
    """No Sunday lies before the end of the 2nd, so what a closed day draws is not known then."""
    body = {
        "load": MEASURED | {"from": "2018-01-02", "to": "2018-01-03"},
        "changes": [{"kind": "close_day", "day": "2018-01-02"}],
    }
    status, error = service.error("POST", "/what-if", json=body)

    assert (status, error["code"], error["field"]) == (409, "conflict", "changes.0.close_day")
    assert error["message"].startswith("no closed day is known")


def test_an_unknown_tariff_is_not_found(service: Any) -> None:
    changes = [BANK, {"kind": "tariff", "tariff": "moon"}]
    status, error = service.error("POST", "/what-if", json={"load": MEASURED, "changes": changes})

    assert (status, error["code"], error["field"]) == (404, "unknown_tariff", "changes.1.tariff.tariff")


def test_an_unknown_plant_is_not_found(service: Any) -> None:
    for load in ({}, {"load": MEASURED}):
        assert service.error("POST", "/what-if", json={"plant": "moon"} | load)[1]["code"] == "unknown_plant"


def test_without_readings_or_champion_it_says_how_to_get_them(service: Any, empty_service: Any) -> None:
    assert empty_service.error("POST", "/what-if", json={"load": MEASURED})[0] == 503
    assert service.with_(champions=empty_service.state.champions).error("POST", "/what-if", json={})[0] == 503


days = st.dates().map(str) | st.sampled_from(["2018-01-08", "2018-01-14", "2018-01-15"])
changes = st.dictionaries(
    st.sampled_from(
        ["share", "from_hours", "to_hours", "from_day", "to_day", "day", "days", "factor", "capacitor_kvar", "tariff"]
    ),
    st.none() | st.integers(0, 30) | st.floats() | days | st.lists(days) | st.just({"from_hour": 3, "to_hour": 9}),
)
kinds = st.sampled_from(["move_load", "close_day", "load_type", "scale_production", "power_factor", "tariff", "moon"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=changes, kind=kinds, load=st.none() | st.just(MEASURED) | st.just({"kind": "forecast", "horizon": 8}))
def test_no_request_makes_the_service_fail(service: Any, change: dict[str, Any], kind: str, load: Any) -> None:
    body = {"changes": [change | {"kind": kind}]} | ({"load": load} if load else {})
    answer = service.client.post("/what-if", content=json.dumps(body), headers={"Content-Type": "application/json"})

    assert answer.status_code in {200, 404, 409, 422}
