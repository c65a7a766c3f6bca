from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from steel_energy.errors import BundleError
from steel_energy.ladder import CHAMPION, Failure

Labels = frozenset[tuple[str, str]]


def scraped(service: Any) -> dict[tuple[str, Labels], float]:
    answer = service.client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def named(values: dict[tuple[str, Labels], float], name: str) -> list[tuple[dict[str, str], float]]:
    return [(dict(labels), value) for (known, labels), value in values.items() if known == name]


def test_requests_are_counted_by_template_whatever_their_path_was(service: Any, reading: dict[str, Any]) -> None:
    service.client.post("/predict", json=reading)
    for path in ("/nope", "/nope/1", "/../etc/passwd", "/reports/none", "/reports/nothing", "/docs/assets/nope.js"):
        service.client.get(path)
    service.client.get("/predict")

    values = scraped(service)

    counted = {(one["method"], one["route"], one["status"]): n for one, n in named(values, "steel_requests_total")}
    assert counted == {
        ("POST", "/predict", "200"): 1,
        ("GET", "unmatched", "404"): 3,
        ("GET", "/reports/{name}", "404"): 2,
        ("GET", "/docs/assets", "404"): 1,
        ("GET", "/predict", "405"): 1,
    }
    assert values["steel_request_duration_seconds_count", frozenset({("method", "POST"), ("route", "/predict")})] == 1


def test_models_in_use_and_the_end_of_the_readings_are_told(service: Any) -> None:
    values = scraped(service)

    models = {(one["step"], one["model"], one["version"]) for one, _ in named(values, "steel_model_info")}
    assert ("champion", "counting", "abc123") in models
    assert {step for step, _, _ in models} == {"champion", "nowcast"}
    until = values["steel_readings_until_timestamp_seconds", frozenset({("plant", "toy")})]
    assert dt.datetime.fromtimestamp(until, dt.UTC).isoformat() == "2018-01-14T15:00:00+00:00"
    assert values["steel_predictions_lost_total", frozenset()] == 0


def test_a_step_down_shows(service: Any) -> None:
    failures = (Failure(CHAMPION, BundleError("it is damaged")),)
    champions = type(service.state.champions)(service.state.champions.served, failures)

    values = scraped(service.with_(champions=champions))

    assert "previous champion" in {one["step"] for one, _ in named(values, "steel_model_info")}


def test_nothing_is_made_up_for_what_is_not_there(empty_service: Any) -> None:
    values = scraped(empty_service)

    assert [one["step"] for one, _ in named(values, "steel_model_info")] == ["nowcast"]
    for name in ("steel_readings_until_timestamp_seconds", "steel_drift_psi"):
        assert named(values, name) == []


def test_drift_is_what_was_found_last(service: Any) -> None:
    assert named(scraped(service), "steel_drift_psi") == []

    drift = service.client.get("/drift").json()

    told = {one["column"]: psi for one, psi in named(scraped(service), "steel_drift_psi")}
    assert told == {column["column"]: pytest.approx(column["psi"]) for column in drift["columns"]}


def test_two_services_in_one_process_count_apart(service: Any) -> None:
    from steel_service.telemetry.metrics import RequestMetrics  # noqa: PLC0415

    other = service.with_(metrics=RequestMetrics())
    service.client.get("/health")

    assert named(scraped(other), "steel_requests_total") == []


def test_model_metrics_tell_how_each_route_and_the_model_fare(service: Any) -> None:
    for path in ("/health", "/health", "/health?plant=moon", "/nope"):
        service.client.get(path)

    told = service.client.get("/model/metrics").json()

    assert (told["requests"], told["refused"], told["errors"], told["error_rate"]) == (4, 2, 0, 0.0)
    health, unmatched = told["routes"]
    assert (health["route"], health["requests"], health["refused"]) == ("/health", 3, 1)
    assert 0 < health["p50_ms"] <= health["p95_ms"] <= health["p99_ms"]
    assert unmatched["route"] == "unmatched"
    assert (told["champion"]["version"], told["fallback"], told["backtest"]) == ("abc123", None, {"rmse_kwh": 1.5})
    assert abs(dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(told["since"])) < dt.timedelta(minutes=1)


def test_model_metrics_before_the_first_request_and_the_first_model(empty_service: Any) -> None:
    told = empty_service.client.get("/model/metrics").json()

    assert (told["requests"], told["error_rate"], told["champion"], told["backtest"]) == (0, None, None, {})


def test_model_metrics_of_an_unknown_plant_are_refused(service: Any) -> None:
    assert service.error("GET", "/model/metrics?plant=moon")[0] == 404
