from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_service.bodies import strict_json

JSON = {"Content-Type": "application/json"}
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(value=values)
def test_whatever_is_written_as_json_is_read_again(value: object) -> None:
    assert strict_json(json.dumps(value).encode()) == value
    assert strict_json(json.dumps(value, ensure_ascii=False).encode("utf-8")) == value


def test_numbers_that_json_does_not_know_are_left_to_their_field() -> None:
    read = strict_json(b"[NaN, -Infinity, 1e999]")

    assert math.isnan(read[0])
    assert read[1:] == [-math.inf, math.inf]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param(b'{"horizon": 4, "horizon": 96}', "horizon", id="at-the-top"),
        pytest.param(b'{"horizon": 4, "horizon": 4}', "horizon", id="with-one-value"),
        pytest.param(b'{"horizon": 4, "h\\u006frizon": 4}', "horizon", id="written-differently"),
        pytest.param(b'{"at": [{"x": {"y": 1, "z": 2, "y": 3}}]}', "y", id="deep-inside"),
        pytest.param(b'{"\\ud800": 1, "\\ud800": 2}', "?", id="half-a-character"),
    ],
)
def test_a_name_that_stands_twice_is_refused_by_its_name(service: Any, body: bytes, field: str) -> None:
    status, error = service.error("POST", "/forecast", content=body, headers=JSON)

    assert (status, error["field"]) == (422, field)
    assert error["message"] == "stands more than once in an object"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param('{"horizon": 4}'.encode("utf-16"), "the body is not UTF-8 text", id="utf-16"),
        pytest.param('{"horizon": 4}'.encode("utf-16-le"), "the body is not plain UTF-8 text", id="utf-16-unmarked"),
        pytest.param('{"horizon": 4}'.encode("utf-32-be"), "the body is not plain UTF-8 text", id="utf-32"),
        pytest.param('{"horizon": 4}'.encode("utf-8-sig"), "the body is not plain UTF-8 text", id="marked"),
        pytest.param('{"plant": "Gwangyäng"}'.encode("latin-1"), "the body is not UTF-8 text", id="latin-1"),
        pytest.param(b'{"horizon": 4', "the body is not valid JSON (line 1, column 14)", id="cut-off"),
        pytest.param(b'{"horizon": 4} {}', "the body is not valid JSON (line 1, column 16)", id="two-objects"),
        pytest.param(b'{"horizon": 0x4}', "the body is not valid JSON (line 1, column 14)", id="other-number"),
        pytest.param(b"[" * 15_000, "the body is nested too deeply", id="deep"),
        pytest.param(b'{"x":' * 3_000, "the body is nested too deeply", id="deep-objects"),
        pytest.param(b"9" * 5_000, "the body has a number of too many digits", id="endless-number"),
    ],
)
def test_what_is_not_plain_json_is_a_bad_request_with_a_reason(service: Any, body: bytes, message: str) -> None:
    status, error = service.error("POST", "/forecast", content=body, headers=JSON)

    assert (status, error["code"], error["message"]) == (400, "bad_request", message)
    assert error["hint"]


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"4", b'"{}"', b"NaN"])
def test_what_is_no_object_is_refused(service: Any, body: bytes) -> None:
    status, error = service.error("POST", "/forecast", content=body, headers=JSON)

    assert (status, error["message"]) == (422, "the body should be one JSON object")


@pytest.mark.parametrize("declared", [{}, {"Content-Type": "text/plain"}, {"Content-Type": "nonsense;;"}])
def test_a_body_that_is_not_declared_as_json_is_refused(service: Any, declared: dict[str, str]) -> None:
    status, error = service.error("POST", "/forecast", content=b"{}", headers=declared)

    assert (status, error["code"], error["field"]) == (415, "unsupported_media_type", "Content-Type")


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "euc-kr", "none"])
def test_a_body_that_is_declared_in_another_encoding_is_refused(service: Any, charset: str) -> None:
    headers = {"Content-Type": f"application/json; charset={charset}"}
    status, error = service.error("POST", "/forecast", content=b"{}", headers=headers)

    assert (status, error["message"]) == (415, f"the body is declared as {charset}")


@pytest.mark.parametrize(
    "declared",
    ['application/json; charset="UTF-8"', "Application/JSON", "application/vnd.steel+json", "application/json;v=1"],
)
def test_variants_of_json_are_taken(service: Any, declared: str) -> None:
    answer = service.client.post("/forecast", content=b'{"horizon": 1}', headers={"Content-Type": declared})

    assert answer.status_code == 200
