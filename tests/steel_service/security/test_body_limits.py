from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.types import Message, Scope

KIB = 1024


def pieces(count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield b" " * KIB


@pytest.mark.parametrize("content", [b" " * (4 * KIB + 1), 5], ids=["declared", "streamed"])
@pytest.mark.parametrize("path", ["/predict", "/readings"])
def test_a_body_may_be_as_long_as_its_route_takes(serve: Callable[..., Any], path: str, content: bytes | int) -> None:
    service = serve(api_max_body_bytes=4 * KIB, api_max_readings_bytes=8 * KIB)
    answer = service.client.post(path, content=pieces(content) if isinstance(content, int) else content)

    assert answer.status_code == (413 if path == "/predict" else 200)


def test_readings_have_a_limit_too(serve: Callable[..., Any]) -> None:
    service = serve(api_max_readings_bytes=8 * KIB)

    assert service.error("POST", "/readings", content=b" " * (8 * KIB + 1))[0] == 413
    assert service.error("POST", "/readings", content=pieces(9))[0] == 413
    assert service.client.post("/readings", content=pieces(8)).json() == 8 * KIB


def test_who_may_not_send_is_refused_before_the_body_is_read(locked: Any) -> None:
    received = []

    async def receive() -> Message:
        received.append("read")
        return {"type": "http.request", "body": b"", "more_body": True}

    statuses = asyncio.run(_call(locked.app, receive))

    assert (statuses, received) == ([401], [])


@pytest.mark.parametrize("length", ["-1", "1e9", "٣", "nonsense"])
def test_a_nonsense_length_does_not_get_round_the_limit(serve: Callable[..., Any], length: str) -> None:
    service = serve(api_max_body_bytes=KIB)
    headers = [("Content-Length", length.encode())]

    assert service.client.post("/predict", content=b" " * (KIB + 1), headers=headers).status_code == 413


async def _call(app: Any, receive: Callable[[], Any]) -> list[int]:
    statuses = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": "/predict",
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"transfer-encoding", b"chunked")],
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 5000),
    }
    await app(scope, receive, send)
    return statuses
