from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import anyio
import pytest
import structlog
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from structlog.typing import EventDict

from steel_service.telemetry.metrics import RequestMetrics
from steel_service.telemetry.middleware import Telemetry
from steel_service.telemetry.summary import summed_up


@pytest.fixture
def lines() -> Iterator[list[EventDict]]:
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as captured:
        yield captured


class Buggy:
    """Readings that cannot be asked for because of a bug."""

    def of(self, _site: Any) -> None:
        raise RuntimeError("the bug")


@dataclass(frozen=True)
class Asked:
    """What one request to an app came to: the messages it was sent, and what was counted."""

    messages: list[Any]
    counted: dict[tuple[str, int], int]


def ask(app: ASGIApp, *methods: str) -> Asked:
    """Send a request of each method (GET if none is named) to ``app``."""
    metrics = RequestMetrics()
    telemetry = Telemetry(app, metrics=metrics, route_of=lambda _: "/x", logs_successes=True)
    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    for method in methods or ("GET",):
        anyio.run(telemetry, {"type": "http", "method": method, "path": "/x", "headers": []}, anyio.sleep_forever, send)
    routes = summed_up(metrics.collect()).routes
    return Asked(
        messages, {(method, status): n for (method, _), c in routes.items() for status, n in c.by_status.items()}
    )


def test_a_request_is_one_line_with_its_route_and_nothing_of_its_query(service: Any, lines: list[EventDict]) -> None:
    service.client.get("/history?plant=secret-plant", headers={"X-Request-ID": "order-17"})

    (line,) = lines
    assert line.pop("latency_ms") > 0
    assert line.pop("principal")
    assert line == {
        "event": "request",
        "log_level": "info",
        "logger": "steel_service.telemetry.middleware",
        "request_id": "order-17",
        "method": "GET",
        "route": "/history",
        "status": 404,
        "exc_info": None,
    }


def test_a_refused_caller_is_logged_with_the_route_but_without_name_and_key(
    service: Any, lines: list[EventDict]
) -> None:
    service.client.get("/history", headers={"Authorization": "Bearer secret-key"})

    (line,) = lines
    assert (line["route"], line["status"], line["principal"]) == ("/history", 401, None)
    assert "secret" not in str(line)


def test_a_bug_is_one_line_with_its_trace_and_the_id_that_the_answer_carries(
    service: Any, lines: list[EventDict]
) -> None:
    answer = service.with_(readings=Buggy()).client.get("/history")

    (line,) = lines
    assert (answer.status_code, line["status"], line["log_level"]) == (500, 500, "error")
    assert line["request_id"] == answer.headers["x-request-id"]
    assert (type(line["exc_info"]), str(line["exc_info"])) == (RuntimeError, "the bug")


def test_successes_need_not_be_logged_but_failures_are(service: Any, lines: list[EventDict]) -> None:
    quiet = service.with_(settings=service.state.settings.model_copy(update={"api_access_log": False}))
    quiet.client.get("/health")
    quiet.client.get("/nope")

    assert [line["status"] for line in lines] == [404]


def test_what_a_layer_below_lets_through_is_answered_in_the_one_shape() -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError("the bug")

    asked = ask(broken)

    assert asked.messages[0]["status"] == 500
    assert b'"code":"internal' in asked.messages[1]["body"]
    assert asked.counted == {("GET", 500): 1}


def test_an_answer_that_breaks_off_is_logged_with_its_trace(lines: list[EventDict]) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("the bug")

    asked = ask(StreamingResponse(pieces()))

    assert [message["type"] for message in asked.messages] == ["http.response.start", "http.response.body"]
    assert str(lines[0]["exc_info"]) == "the bug"


def test_a_caller_who_hangs_up_is_no_error(lines: list[EventDict]) -> None:
    async def reading(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ClientDisconnect

    assert ask(reading).counted == {("GET", 499): 1}
    assert lines[0]["log_level"] == "info"


def test_no_answer_at_all_counts_as_an_error() -> None:
    async def silent(_scope: Scope, _receive: Receive, _send: Send) -> None:
        return

    assert ask(silent).counted == {("GET", 500): 1}


def test_a_request_id_does_not_outlive_its_request(service: Any, lines: list[EventDict]) -> None:
    first, second = (service.client.get("/nope").headers["x-request-id"] for _ in range(2))

    assert [line["request_id"] for line in lines] == [first, second]
    assert first != second


@pytest.mark.parametrize("kind", ["lifespan", "websocket"])
def test_what_is_no_request_passes_unseen(kind: str) -> None:
    seen: list[Scope] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    telemetry = Telemetry(app, metrics=RequestMetrics(), route_of=lambda _: "/x", logs_successes=True)
    anyio.run(telemetry, {"type": kind}, None, None)

    assert seen == [{"type": kind}]


def test_odd_methods_share_one_series() -> None:
    asked = ask(PlainTextResponse("ok"), "BREW", "STEEP", "GET")

    assert asked.counted == {("other", 200): 2, ("GET", 200): 1}
