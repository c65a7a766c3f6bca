from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_service.telemetry.request_ids import request_id_of


@given(st.from_regex(r"\A[A-Za-z0-9._-]{1,64}\Z"))
def test_a_plain_id_of_the_caller_is_kept(sent: str) -> None:
    assert request_id_of({"headers": [(b"x-request-id", sent.encode())]}) == sent


@given(st.binary(max_size=100))
def test_whatever_a_caller_sends_the_id_is_plain(sent: bytes) -> None:
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", request_id_of({"headers": [(b"x-request-id", sent)]}))


def test_requests_without_an_id_get_different_ones() -> None:
    assert len({request_id_of({"headers": []}) for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", "/health", 200, id="success"),
        pytest.param("GET", "/nope", 404, id="unknown-route"),
        pytest.param("DELETE", "/health", 405, id="wrong-method"),
        pytest.param("POST", "/predict", 415, id="no-json"),
        pytest.param("GET", "/docs/assets/nope", 404, id="static-file"),
    ],
)
def test_every_answer_carries_the_id_of_its_request(service: Any, method: str, path: str, status: int) -> None:
    answer = service.client.request(method, path, headers={"X-Request-ID": "order-17"})

    assert (answer.status_code, answer.headers.get_list("x-request-id")) == (status, ["order-17"])
