from __future__ import annotations

from collections.abc import Iterator
from typing import Any

JSON = {"Content-Type": "application/json"}
LIMIT_BYTES = 20_000


def test_a_declared_body_over_the_limit_is_refused(service: Any) -> None:
    status, error = service.error("POST", "/predict", content=b" " * (LIMIT_BYTES + 1), headers=JSON)

    assert (status, error["code"]) == (413, "request_entity_too_large")


def test_a_streamed_body_over_the_limit_is_refused_while_it_comes(service: Any) -> None:
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1000
            yield b" " * 1000

    assert service.error("POST", "/predict", content=pieces(), headers=JSON)[0] == 413


def test_a_body_at_the_limit_is_read(service: Any) -> None:
    assert service.error("POST", "/predict", content=b" " * LIMIT_BYTES, headers=JSON)[0] == 400


def test_a_nonsense_length_does_not_get_round_the_limit(service: Any) -> None:
    headers = {**JSON, "Content-Length": "-1"}

    assert service.error("POST", "/predict", content=b" " * (LIMIT_BYTES + 1), headers=headers)[0] == 413
