"""POST /explain on two weeks of 8 kWh in each interval: nothing is unusual, but a peak of 20 kWh where a test adds it.

The toy plant's prices are 1, 2 and 3 KRW/kWh and 10 KRW/kW of demand.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steel_energy.forecasting.boosting import LightGBMForecaster
from steel_energy.ladder import Served
from steel_energy.params import ForecastingParams, load_params
from steel_energy.settings import PROJECT_ROOT
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_service.api_models.explain import EXAMPLES

PEAK = dt.datetime(2018, 1, 12, 12, tzinfo=ZoneInfo("Asia/Seoul"))  # a Friday after nine earlier weekdays
PERIOD = {"from": "2018-01-08", "to": "2018-01-15"}


@pytest.fixture
def peaked(service: Any, known: Any) -> Any:
    """The service where one interval of the maximum band took 20 kWh."""
    is_peak = pl.col("interval_start") == PEAK
    usage = pl.when(is_peak).then(20.0).otherwise(pl.col("usage_kwh"))
    readings = known.readings.with_columns(usage_kwh=usage)
    return service.with_(readings=type(service.state.readings)(replace(known, readings=readings)))


@pytest.fixture(scope="module")
def trees() -> LightGBMForecaster:
    content = load_params(PROJECT_ROOT / "params.yaml").forecasting.model_dump(mode="json")
    content["boosting"]["lead_ranges"] = [{"first": 1, "last": 672, "rows_per_origin": 1, "trees": 10}]
    params = ForecastingParams.model_validate(content)
    return LightGBMForecaster(plant=toy_plant(), tariff=toy_tariff(), params=params).fit(toy_readings(days=49))


@pytest.fixture
def forecasting(service: Any, known: Any, champion: Served, trees: LightGBMForecaster) -> Any:
    """The service with trees for a champion, on readings that they were fitted on."""
    readings = replace(known, readings=toy_readings(days=49))
    return service.with_(
        readings=type(service.state.readings)(readings),
        champions=type(service.state.champions)(Served(champion.manifest, trees)),
    )


def test_a_peak_is_told_with_its_parts_its_bill_and_its_words(peaked: Any) -> None:
    answer = peaked.client.post("/explain", json={"kind": "peak", **PERIOD})

    assert answer.status_code == 200
    told = answer.json()
    assert (told["kind"], told["from"], told["to"]) == (
        "peak",
        "2018-01-12T12:00:00+09:00",
        "2018-01-12T12:15:00+09:00",
    )
    assert (told["usage_kwh"], told["demand_kw"], told["usual"]["kwh"], told["difference_kwh"]) == (20, 80, 8, 12)
    assert (told["usual"]["cases"], told["usual"]["day_type"], told["usual"]["last"]) == (
        9,
        "open_weekday",
        "2018-01-11",
    )
    assert sum(part["kwh"] for part in told["contributions"]) == 12
    assert told["contributions"][-1]["code"] == "remainder"
    # 12 kWh at 3 KRW; 48 kW at 10 KRW for 14 of January's 31 days
    assert [line["amount_krw"] for line in told["bill"]["lines"]] == pytest.approx([36, 480 * 14 / 31])
    assert told["bill"]["total_krw"] == pytest.approx(36 + 480 * 14 / 31)
    assert not told["bill"]["lines"][1]["is_final"]
    assert told["text"].startswith(
        "Fri 12 Jan 2018, 12:00 to 12:15: the highest demand of the period, 20.0 kWh (80.0 kW)"
    )
    assert len(told["similar"]) == 3


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_the_documentation_offers_to_try_is_understood(service: Any, example: str) -> None:
    answer = service.client.post("/explain", json=EXAMPLES[example]["value"])

    assert answer.status_code in {200, 409}  # the toy plant knows two weeks only, and no trees


def test_a_day_as_usual_costs_as_usual(service: Any) -> None:
    told = service.client.post("/explain", json={"kind": "day", "date": "2018-01-12"}).json()

    assert (told["usage_kwh"], told["usual"]["kwh"], told["demand_kw"]) == (768, 768, None)
    assert {part["kwh"] for part in told["contributions"]} == {0}
    assert [hour["usual_kwh"] for hour in told["hours"]] == [32] * 24
    assert told["bill"] == {
        "total_krw": 0,
        "lines": [],
        "text": "In the bill it costs as much as the usual would have.",
    }


def test_what_is_not_known_of_an_interval_is_null_and_not_made_up(service: Any) -> None:
    body = {"kind": "interval", "at": "2018-01-01T00:00:00", "compare": "all"}
    told = service.client.post("/explain", json=body).json()

    assert {part["code"] for part in told["contributions"]} == {"tariff_band", "reactive", "remainder"}
    assert told["usual"]["compare"] == "all"


def test_a_forecast_is_told_by_the_trees_that_made_it(forecasting: Any) -> None:
    body = {"kind": "forecast", "at": "2018-02-14T06:00:00", "horizon": 8}
    whole = forecasting.client.post("/explain", json=body).json()
    one = forecasting.client.post("/explain", json={**body, "interval": "2018-02-14T07:00:00"}).json()
    forecast = forecasting.client.post("/forecast", json={"at": "2018-02-14T06:00:00", "horizon": 8}).json()

    assert whole["prediction_id"] == one["prediction_id"] == forecast["prediction_id"]
    assert whole["forecast_kwh"] == pytest.approx(forecast["totals"]["usage_kwh"])
    assert sum(part["kwh"] for part in whole["contributions"]) == pytest.approx(whole["forecast_kwh"])
    assert sum(part["kwh"] for part in one["contributions"]) == pytest.approx(forecast["intervals"][4]["mean_kwh"])
    assert (one["interval"], whole["interval"]) == ("2018-02-14T07:00:00+09:00", None)
    assert (whole["explained_by"], whole["is_whole"]) == ("lightgbm itself", True)
    for told, made in zip(whole["intervals"], forecast["intervals"], strict=True):
        parts = [value for name, value in told.items() if name not in ("interval_start", "forecast_kwh")]
        assert sum(parts) == pytest.approx(told["forecast_kwh"]) == pytest.approx(made["mean_kwh"])
    assert whole["contributions"][0]["driver"] == "base"
    assert any(part["features"] for part in one["contributions"])
    assert len(forecasting.state.predictions.forecasts) == 3  # each was shown to somebody


def test_a_forecast_is_taken_apart_once(forecasting: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    body = {"kind": "forecast", "at": "2018-02-14T06:00:00", "horizon": 8}
    first = forecasting.client.post("/explain", json=body).json()
    monkeypatch.setattr(LightGBMForecaster, "models", property(lambda _: pytest.fail("it was asked again")))

    assert forecasting.client.post("/explain", json=body).json() == first


def test_a_forecast_without_trees_or_such_an_interval_is_refused(service: Any, forecasting: Any) -> None:
    treeless = service.error("POST", "/explain", json={"kind": "forecast"})
    elsewhere = forecasting.error("POST", "/explain", json={"kind": "forecast", "interval": "2018-01-01"})

    assert (treeless[0], treeless[1]["field"]) == (409, "kind")
    assert treeless[1]["message"] == "the forecast came from counting, which has no trees to explain"
    assert (elsewhere[0], elsewhere[1]["field"]) == (409, "interval")


def test_the_answer_follows_the_readings(service: Any, peaked: Any) -> None:
    body = {"kind": "interval", "at": PEAK.isoformat()}
    before = service.client.post("/explain", json=body).json()
    service.state.readings.known = peaked.state.readings.known
    after = service.client.post("/explain", json=body).json()
    service.state.readings.known = None

    assert (before["usage_kwh"], after["usage_kwh"]) == (8, 20)
    assert service.error("POST", "/explain", json=body)[0] == 503


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({}, "kind", id="no-kind"),
        pytest.param({"kind": "week"}, "kind", id="unknown-kind"),
        pytest.param({"kind": "day"}, "date", id="no-date"),
        pytest.param({"kind": "day", "date": 5}, "date", id="number-for-a-date"),
        pytest.param({"kind": "day", "date": "2018-02-30"}, "date", id="no-such-day"),
        pytest.param({"kind": "interval", "at": "noon"}, "at", id="words"),
        pytest.param({"kind": "interval", "at": None}, "at", id="null"),
        pytest.param({"kind": "peak", "from": "2018-01-01"}, "to", id="no-end"),
        pytest.param({"kind": "interval", "at": "2018-01-12", "compare": "later"}, "compare", id="unknown-comparison"),
        pytest.param({"kind": "day", "date": "2018-01-12", "at": "2018-01-12"}, "at", id="of-another-kind"),
        pytest.param({"kind": "forecast", "horizon": 0}, "horizon", id="no-interval"),
    ],
)
def test_a_question_without_an_answer_is_refused_by_field(service: Any, body: dict[str, Any], field: str) -> None:
    status, error = service.error("POST", "/explain", json=body)

    assert (status, error["field"]) == (422, field)
    assert error["hint"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"kind": "interval", "at": "2018-01-15T00:00:00"}, "at", id="not-known-yet"),
        pytest.param({"kind": "interval", "at": "2018-01-12T00:05:00"}, "at", id="off-the-grid"),
        pytest.param({"kind": "day", "date": "2018-01-15"}, "date", id="day-not-known-yet"),
        pytest.param({"kind": "day", "date": "2018-01-03"}, "compare", id="too-few-earlier-days"),
        pytest.param({"kind": "day", "date": "2018-01-14", "compare": "all"}, "compare", id="too-few-days"),
        pytest.param({"kind": "peak", "from": "2019-01-01", "to": "2019-02-01"}, "from", id="no-readings"),
        pytest.param({"kind": "peak", "from": "2018-01-09", "to": "2018-01-08"}, "from", id="reversed"),
        pytest.param({"kind": "forecast", "at": "2019-01-01"}, "at", id="origin-after-the-readings"),
    ],
)
def test_what_is_not_known_conflicts_by_field(service: Any, body: dict[str, Any], field: str) -> None:
    status, error = service.error("POST", "/explain", json=body)

    assert (status, error["code"], error["field"]) == (409, "conflict", field)
    assert error["hint"]


def test_an_unknown_plant_is_not_found(service: Any) -> None:
    status, error = service.error("POST", "/explain", json={"kind": "day", "date": "2018-01-12", "plant": "moon"})

    assert (status, error["code"], error["field"]) == (404, "unknown_plant", "plant")


values = st.none() | st.integers() | st.floats() | st.text(max_size=30) | st.dates().map(str) | st.datetimes().map(str)
names = st.sampled_from(["at", "date", "from", "to", "compare", "horizon", "interval", "plant"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(["interval", "day", "peak", "forecast", "x"]), rest=st.dictionaries(names, values))
def test_no_request_makes_the_service_fail(service: Any, kind: str, rest: dict[str, Any]) -> None:
    content = json.dumps({"kind": kind, **rest})
    answer = service.client.post("/explain", content=content, headers={"Content-Type": "application/json"})

    assert answer.status_code in {200, 404, 409, 422}
