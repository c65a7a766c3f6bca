from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steel_energy.errors import BundleError
from steel_energy.ladder import CHAMPION, Failure

END = "2018-01-15T00:00:00+09:00"


def test_the_forecast_starts_where_the_readings_end_and_is_priced(service: Any) -> None:
    answer = service.client.post("/forecast", json={"horizon": 4})

    assert answer.status_code == 200
    forecast = answer.json()
    intervals = forecast.pop("intervals")
    assert len(forecast.pop("prediction_id")) == 32
    assert forecast == {
        "plant": "toy",
        "zone": "Asia/Seoul",
        "origin": END,
        "horizon": 4,
        "model": "counting",
        "model_label": "counts",
        "model_version": "abc123",
        "model_trained_until": END,
        "fallback": None,
        "source": {"kind": "simulated", "location": "toy", "is_simulated": True},
        "currency": "KRW",
        # 1 + 2 + 3 + 4 kWh at 1 KRW and 1 kg of CO2 each; the largest quarter hour is 4 kWh
        "totals": {"usage_kwh": 10.0, "cost_krw": 10.0, "co2_t": 0.01, "peak_kw": 16.0},
        "change": None,
    }
    assert intervals[1] == {
        "interval_start": "2018-01-15T00:15:00+09:00",
        "mean_kwh": 2.0,
        **dict.fromkeys(("q05", "q10", "q25", "q50", "q75", "q90", "q95"), 2.0),
        "load_type": "light",
        "billing_band": "light",
        "cost_krw": 2.0,
        "co2_t": 0.002,
    }


def test_a_day_is_the_default_and_its_bands_have_their_prices(service: Any) -> None:
    intervals = service.client.post("/forecast", json={}).json()["intervals"]

    assert len(intervals) == 96
    noon = intervals[48]  # 49 kWh at 12:00, the maximum band at 3 KRW
    assert (noon["interval_start"], noon["billing_band"], noon["cost_krw"]) == (
        "2018-01-15T12:00:00+09:00",
        "maximum",
        147.0,
    )


@pytest.mark.parametrize(
    "at",
    [
        pytest.param("2018-01-14T12:00:00+09:00", id="plant-time-with-offset"),
        pytest.param("2018-01-14T12:00:00", id="without-offset"),
        pytest.param("2018-01-14T03:00:00Z", id="universal-time"),
    ],
)
def test_an_origin_may_be_named_in_any_zone(service: Any, at: str) -> None:
    answer = service.client.post("/forecast", json={"at": at, "horizon": 1}).json()

    assert answer["origin"] == "2018-01-14T12:00:00+09:00"
    assert answer["intervals"][0]["interval_start"] == "2018-01-14T12:00:00+09:00"


@pytest.mark.parametrize(
    ("request_body", "field"),
    [
        pytest.param({"at": "0001-01-01T00:00:00+14:00"}, "at", id="first-year"),
        pytest.param({"at": "9999-12-31T23:59:59-14:00"}, "at", id="last-year"),
        pytest.param({"at": "yesterday"}, "at", id="words"),
        pytest.param({"at": 1514764800}, "at", id="seconds"),
        pytest.param({"at": "1514764800"}, "at", id="seconds-as-text"),
        pytest.param({"at": True}, "at", id="boolean"),
        pytest.param({"horizon": 0}, "horizon", id="no-interval"),
        pytest.param({"horizon": 673}, "horizon", id="more-than-a-week"),
        pytest.param({"horizon": "96"}, "horizon", id="number-as-text"),
        pytest.param({"horizon": None}, "horizon", id="null"),
        pytest.param({"plant": "x" * 65}, "plant", id="endless-name"),
        pytest.param({"plant": 5}, "plant", id="number-for-a-name"),
        pytest.param({"until": END}, "until", id="unknown-field"),
    ],
)
def test_a_question_without_an_answer_is_refused_by_field(
    service: Any, request_body: dict[str, Any], field: str
) -> None:
    status, error = service.error("POST", "/forecast", json=request_body)

    assert (status, error["field"]) == (422, field)
    assert error["hint"]


@pytest.mark.parametrize(
    "at",
    [
        pytest.param("2018-01-15T00:15:00+09:00", id="after-the-readings"),
        pytest.param("2018-01-14T12:05:00+09:00", id="off-the-grid"),
        pytest.param("2018-01-07T00:00:00+09:00", id="too-little-history"),
        pytest.param("2018-01-13T00:00:00+09:00", id="origin-the-forecaster-refuses"),
        pytest.param("1970-01-01", id="before-any-readings"),
    ],
)
def test_a_moment_that_no_forecast_can_start_at_conflicts_with_the_readings(service: Any, at: str) -> None:
    status, error = service.error("POST", "/forecast", json={"at": at})

    assert (status, error["code"], error["field"]) == (409, "conflict", "at")
    assert error["hint"]


def test_an_unknown_plant_is_not_found(service: Any) -> None:
    status, error = service.error("POST", "/forecast", json={"plant": "moon"})

    assert (status, error["code"], error["field"]) == (404, "unknown_plant", "plant")


def test_an_origin_after_the_readings_says_where_they_end(service: Any) -> None:
    _, error = service.error("POST", "/forecast", json={"at": "2019-01-01"})

    assert error["message"] == f"lies after the end of the known readings, {END}"
    assert (error["reason"], error["values"]) == ("after_readings", {"until": END})


def test_an_origin_too_early_says_where_the_readings_start(service: Any) -> None:
    _, error = service.error("POST", "/forecast", json={"at": "2018-01-02"})

    first = "2018-01-01T00:00:00+09:00"
    assert error["hint"] == f"name a later moment; the readings start at {first}"
    assert error["reason"] == "too_few_days_before"
    assert error["values"] == {"days": 7, "known": 1.0, "first": first}


def test_a_value_out_of_range_has_the_name_of_its_fault_and_the_bound(service: Any) -> None:
    _, error = service.error("POST", "/forecast", json={"horizon": 9999})

    assert (error["reason"], error["values"]) == ("less_than_equal", {"le": 672})


def test_without_readings_or_champion_it_says_how_to_get_them(service: Any, empty_service: Any) -> None:
    no_readings = empty_service.error("POST", "/forecast", json={})
    no_champion = service.with_(champions=empty_service.state.champions).error("POST", "/forecast", json={})

    assert no_readings == (
        503,
        {"code": "not_ready", "message": "there are no readings of toy yet", "field": None, "hint": "build them"},
    )
    assert no_champion == (
        503,
        {"code": "bundle", "message": "no champion of toy", "field": "champion", "hint": "build it"},
    )


def test_too_few_readings_for_any_forecast_are_not_the_callers_fault(service: Any, known: Any) -> None:
    short = replace(known, readings=known.readings.tail(96))
    readings = type(service.state.readings)(short)

    status, error = service.with_(readings=readings).error("POST", "/forecast", json={})

    assert (status, error["code"], error["message"]) == (503, "not_ready", "needs 7 days before the origin")


def test_an_answer_that_stepped_down_says_so_and_why(service: Any, champion: Any) -> None:
    failure = Failure(CHAMPION, BundleError("was altered", field="model.txt"))
    stepped = service.with_(champions=type(service.state.champions)(champion, (failure,)))

    forecast = stepped.client.post("/forecast", json={"horizon": 1}).json()

    assert forecast["fallback"] == {"step": "previous champion", "because": "champion: model.txt: was altered"}


fields = st.dictionaries(
    st.sampled_from(["at", "horizon", "plant", "x"]),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.datetimes().map(str),
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=fields)
def test_no_request_makes_the_service_fail(service: Any, body: dict[str, Any]) -> None:
    answer = service.client.post("/forecast", content=json.dumps(body), headers={"Content-Type": "application/json"})

    assert answer.status_code in {200, 404, 409, 422}
