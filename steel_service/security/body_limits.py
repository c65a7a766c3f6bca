"""How much a request may send; how long it may take to do so is http_protocol's, what it says is judged elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from steel_service.errors import http_answer

TOO_LARGE = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class BodyLimits:
    """Answers 413 to a longer body than its route takes, declared or not, before it is held in memory."""

    def __init__(self, app: ASGIApp, *, limit_bytes: int, limits_bytes: Mapping[str, int]) -> None:
        self._app = app
        self._limit_bytes = limit_bytes
        self._limits_bytes = limits_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit_bytes = self._limits_bytes.get(scope["path"], self._limit_bytes)
        declared_bytes = _declared_bytes(scope)
        if declared_bytes is None:
            await self._app(scope, _counted(receive, limit_bytes), send)
        elif declared_bytes > limit_bytes:
            await http_answer(TOO_LARGE)(scope, receive, send)
        else:  # the server lets no more through than was declared
            await self._app(scope, receive, send)


def _counted(receive: Receive, limit_bytes: int) -> Receive:
    """``receive`` that fails once more bytes came than allowed; the error handlers answer it."""
    seen_bytes = 0

    async def counted() -> Message:
        nonlocal seen_bytes
        message = await receive()
        seen_bytes += len(message.get("body", b""))
        if seen_bytes > limit_bytes:
            raise HTTPException(TOO_LARGE)
        return message

    return counted


def _declared_bytes(scope: Scope) -> int | None:
    """Length of the body: 0 where there is none, None where it is not said before it comes."""
    declared = b"0"
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return None
        if name == b"content-length":
            declared = value
    return int(declared) if declared.isdigit() else None
