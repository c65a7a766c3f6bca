from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

JSON = {"Content-Type": "application/json"}


def test_the_energy_follows_from_the_power_triangle(service: Any, reading: dict[str, Any]) -> None:
    answer = service.client.post("/predict", json=reading)

    assert answer.status_code == 200
    prediction = answer.json()
    assert len(prediction.pop("prediction_id")) == 32
    assert prediction.pop("prediction_timestamp").endswith("Z")
    assert prediction.pop("model_version").startswith("physics-")
    assert prediction == {
        "predicted_usage_kwh": 8.0,
        "confidence_interval_lower": 8.0,
        "confidence_interval_upper": 8.0,
        "method": "physics",
        "consistent": True,
    }


def test_a_ratio_is_read_as_the_percentage_with_two_decimals_that_the_meter_shows(
    service: Any, reading: dict[str, Any]
) -> None:
    # 3 kWh beside 7 kvarh: 300 / sqrt(58) = 39.3919 %, shown as 39.39; 100 * 0.3939 is 39.39 only after rounding
    row = {**reading, "lagging_reactive_power": 7, "lagging_power_factor": 0.3939, "co2": 0}

    assert service.client.post("/predict", json=row).json()["predicted_usage_kwh"] == 3.0


def test_readings_that_contradict_each_other_are_marked(service: Any, reading: dict[str, Any]) -> None:
    answer = service.client.post("/predict", json={**reading, "co2": 0.05}).json()

    assert answer["consistent"] is False
    assert answer["predicted_usage_kwh"] == 8.0


def test_impossible_readings_get_no_number_instead_of_a_wrong_one(service: Any, reading: dict[str, Any]) -> None:
    answer = service.client.post("/predict", json={**reading, "lagging_reactive_power": 1e6, "co2": 1e6}).json()

    assert (answer["predicted_usage_kwh"], answer["method"], answer["consistent"]) == (None, "none", False)


def test_nothing_has_to_be_built_for_a_nowcast(empty_service: Any, reading: dict[str, Any]) -> None:
    assert empty_service.client.post("/predict", json=reading).status_code == 200


def test_a_batch_answers_each_row_in_order_like_single_requests(service: Any, reading: dict[str, Any]) -> None:
    rows = [reading, {**reading, "lagging_reactive_power": 7, "lagging_power_factor": 0.3939, "co2": 0}]

    batch = service.client.post("/predict/batch", json={"rows": rows}).json()["predictions"]

    assert [row["predicted_usage_kwh"] for row in batch] == [8.0, 3.0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("co2", True, id="boolean"),
        pytest.param("co2", "0.01", id="text"),
        pytest.param("co2", None, id="null"),
        pytest.param("co2", -0.01, id="negative"),
        pytest.param("co2", 1e300, id="huge"),
        pytest.param("co2", [0.01], id="list"),
        pytest.param("co2", math.nan, id="not-a-number"),
        pytest.param("co2", math.inf, id="infinity"),
        pytest.param("lagging_power_factor", 80.0, id="percent-for-ratio"),
        pytest.param("nsm", 86_401, id="beyond-midnight"),
        pytest.param("nsm", 900.5, id="fraction"),
        pytest.param("nsm", 10**400, id="integer-too-large-for-a-float"),
        pytest.param("day_of_week", 7, id="eighth-day"),
        pytest.param("load_type", "light", id="misspelt-band"),
        pytest.param("usage_kwh", 8.0, id="unknown-field"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_field(
    service: Any, reading: dict[str, Any], field: str, value: object
) -> None:
    status, error = service.error("POST", "/predict", content=json.dumps({**reading, field: value}), headers=JSON)

    assert (status, error["code"], error["field"]) == (422, "validation", field)


def test_not_a_number_is_called_so(service: Any, reading: dict[str, Any]) -> None:
    _, error = service.error("POST", "/predict", content=json.dumps({**reading, "co2": math.nan}), headers=JSON)

    assert error["message"] == "Input should be a finite number"


def test_a_missing_field_is_named(service: Any, reading: dict[str, Any]) -> None:
    del reading["nsm"]

    status, error = service.error("POST", "/predict", json=reading)

    assert (status, error["field"]) == (422, "nsm")


def test_a_whole_number_written_with_a_point_is_a_whole_number(service: Any, reading: dict[str, Any]) -> None:
    assert service.client.post("/predict", json={**reading, "nsm": 900.0}).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"", 422, id="empty"),
        pytest.param(b"null", 422, id="null"),
        pytest.param(b"[]", 422, id="list"),
        pytest.param(b"NaN", 422, id="not-a-number"),
        pytest.param(b'{"co2": 1', 400, id="cut-off"),
        pytest.param(b"[" * 15_000, 400, id="deeply-nested"),
        pytest.param(b"\xff\xfe{}", 400, id="not-utf-8"),
        pytest.param(b"1" * 5_000, 400, id="number-of-5000-digits"),
        pytest.param(b'{"\\ud800": 1}', 422, id="half-a-character-as-a-name"),
        pytest.param(b'{"co2": 1e999}', 422, id="overflowing-number"),
    ],
)
def test_a_broken_body_is_the_callers_fault(service: Any, body: bytes, status: int) -> None:
    assert service.error("POST", "/predict", content=body, headers=JSON)[0] == status


@pytest.mark.parametrize("rows", [0, 4])
def test_a_batch_needs_at_least_one_row_and_at_most_the_limit(service: Any, reading: dict[str, Any], rows: int) -> None:
    status, error = service.error("POST", "/predict/batch", json={"rows": [reading] * rows})

    assert (status, error["field"]) == (422, "rows")


def test_a_wrong_row_of_a_batch_is_named_by_its_place(service: Any, reading: dict[str, Any]) -> None:
    _, error = service.error("POST", "/predict/batch", json={"rows": [reading, {**reading, "nsm": -1}]})

    assert error["field"] == "rows.1.nsm"


def test_an_unknown_plant_is_refused_with_the_known_ones(service: Any, reading: dict[str, Any]) -> None:
    status, error = service.error("POST", "/predict?plant=moon", json=reading)

    assert (status, error["field"], error["hint"]) == (404, "plant", "known plants: toy")


def test_a_plant_id_that_is_none_is_refused_by_its_field(service: Any, reading: dict[str, Any]) -> None:
    status, error = service.error("POST", f"/predict?plant={'x' * 65}", json=reading)

    assert (status, error["code"], error["field"]) == (422, "validation", "plant")


def test_an_empty_plant_id_means_the_default_plant(service: Any, reading: dict[str, Any]) -> None:
    assert service.client.post("/predict?plant=&other=1", json=reading).status_code == 200


@pytest.mark.parametrize("route", ["/predict", "/predict/batch"])
def test_an_answer_is_logged_under_the_id_that_it_carries(service: Any, reading: dict[str, Any], route: str) -> None:
    row = {**reading, "interval_start": "2018-01-14T12:00:00+09:00"}
    body = {"rows": [row, reading]} if route == "/predict/batch" else row

    answer = service.client.post(route, json=body, headers={"X-Request-ID": "order-17"}).json()

    [made] = service.state.predictions.nowcasts
    assert (made.prediction_id, made.request_id) == (answer["prediction_id"], "order-17")
    assert (made.plant, made.route, made.latency_ms > 0) == ("toy", route, True)
    assert made.readings[0].interval_start.isoformat() == "2018-01-14T12:00:00+09:00"
    assert [row.predicted_usage_kwh for row in made.predictions] == [8.0] * len(made.readings)


def test_a_single_reading_is_answered_as_a_batch_of_one(service: Any, reading: dict[str, Any]) -> None:
    for change in ({}, {"lagging_power_factor": 0.7913}, {"co2": 0.05}, {"lagging_reactive_power": 7.03}):
        row = reading | change
        alone = service.client.post("/predict", json=row).json()
        [batched] = service.client.post("/predict/batch", json={"rows": [row]}).json()["predictions"]

        assert {**batched, "prediction_timestamp": ""}.items() <= {**alone, "prediction_timestamp": ""}.items()


def test_the_document_says_how_many_rows_a_batch_may_have(service: Any) -> None:
    document = service.client.get("/openapi.json").json()

    assert document["components"]["schemas"]["Batch"]["properties"]["rows"]["maxItems"] == 3


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=10,
)
a_reading = st.fixed_dictionaries(
    {
        "lagging_reactive_power": st.floats(0, 1e6) | json_values,
        "leading_reactive_power": st.floats(0, 1e6) | json_values,
        "co2": st.floats(0, 1e6) | json_values,
        "lagging_power_factor": st.floats(0, 1) | json_values,
        "leading_power_factor": st.floats(0, 1) | json_values,
        "nsm": st.integers(0, 86_400) | json_values,
        "day_of_week": st.integers(0, 6) | json_values,
        "load_type": st.sampled_from(["Light", "Medium", "Maximum"]) | json_values,
    }
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=json_values | a_reading)
def test_no_body_makes_the_service_fail(service: Any, body: object) -> None:
    answer = service.client.post("/predict", content=json.dumps(body), headers=JSON)

    assert answer.status_code in {200, 422}


triangles = st.fixed_dictionaries(
    {
        "lagging_reactive_power": st.floats(0, 1e6) | st.floats(0, 100),
        "leading_reactive_power": st.floats(0, 1e6) | st.floats(0, 100),
        "co2": st.floats(0, 1e6) | st.floats(0, 0.1),
        "lagging_power_factor": st.floats(0, 1),
        "leading_power_factor": st.floats(0, 1),
    }
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shown=triangles)
def test_any_reading_in_range_is_answered_within_its_bounds(
    service: Any, reading: dict[str, Any], shown: dict[str, float]
) -> None:
    answer = service.client.post("/predict", json=reading | shown)

    assert answer.status_code == 200
    prediction = answer.json()
    names = ("confidence_interval_lower", "predicted_usage_kwh", "confidence_interval_upper")
    bounds = [prediction[name] for name in names]
    assert bounds == ([None] * 3 if prediction["method"] == "none" else sorted(bounds))
