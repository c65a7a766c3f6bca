"""The outermost layer of the service: gives each request its id, counts and logs it, and answers what fell through."""

from __future__ import annotations

from collections.abc import Callable
from logging import ERROR, INFO
from time import perf_counter

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars

from steel_service.errors import http_answer
from steel_service.telemetry.metrics import RequestMetrics
from steel_service.telemetry.request_ids import HEADER, request_id_of

LOG = structlog.get_logger()
NAME = __name__
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
OTHER_METHOD = "other"  # any text can be sent as a method; each would make a metric of its own
INTERNAL = 500
GONE = 499  # no answer of HTTP: the caller hung up while it sent its body
CLIENT_ERROR = 400


class Telemetry:
    """Serves ``app`` and tells of each request what it was, how it ended and how long it took.

    The id stands in ``scope["state"]["request_id"]``, in the answer's header ``X-Request-ID`` and in every line that is
    logged meanwhile. A request ends when ``app`` is done with it, so a streamed answer counts in full.

    Args:
        app: answers the requests; what it raises is logged with its trace and answered with 500.
        metrics: counts them.
        route_of: template of a request's route.
        logs_successes: whether requests that succeed are logged too.
    """

    def __init__(
        self, app: ASGIApp, *, metrics: RequestMetrics, route_of: Callable[[Scope], str], logs_successes: bool
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._route_of = route_of
        self._logs_successes = logs_successes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        bind_contextvars(request_id=request_id)
        answer = _Answer(send, request_id)
        started = perf_counter()
        failure = await self._answer(scope, receive, answer)
        self._tell(scope, answer.status, seconds=perf_counter() - started, failure=failure)

    async def _answer(self, scope: Scope, receive: Receive, answer: _Answer) -> Exception | None:
        try:
            await self._app(scope, receive, answer)
        except Exception as failure:  # noqa: BLE001 - the last layer: whatever it is, it is told with its trace
            if isinstance(failure, ClientDisconnect):
                answer.status = GONE
                return None
            if answer.status is None:
                await http_answer(INTERNAL)(scope, receive, answer)
            return failure
        return None

    def _tell(self, scope: Scope, status: int | None, *, seconds: float, failure: Exception | None) -> None:
        method = scope["method"] if scope["method"] in METHODS else OTHER_METHOD
        route = self._route_of(scope)
        code = INTERNAL if status is None else status  # no answer at all is a fault of the service
        self._metrics.answered(method, route, status=code, seconds=seconds)
        if self._logs_successes or failure or code >= CLIENT_ERROR:
            principal = scope["state"].get("principal")
            LOG.log(
                ERROR if failure else INFO,
                "request",
                logger=NAME,
                method=method,
                route=route,
                status=code,
                latency_ms=round(1000 * seconds, 3),
                principal=principal.name if principal else None,
                exc_info=failure,
            )


class _Answer:
    """``send`` that adds the id to the answer's headers and remembers its status."""

    __slots__ = ("_header", "_send", "status")

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._header = (HEADER, request_id.encode("ascii"))
        self.status: int | None = None

    async def __call__(self, message: Message) -> None:
        """Send one message of the answer."""
        if message["type"] == "http.response.start":
            self.status = int(message["status"])  # some of ours are enums
            message["headers"] = [*message.get("headers", ()), self._header]
        await self._send(message)
