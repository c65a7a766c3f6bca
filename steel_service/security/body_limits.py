"""How much a request may send and how long it may take to do so; what the body says is judged elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from steel_service.errors import http_answer

TOO_LARGE = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
CLOSE = {"Connection": "close"}


class BodyLimits:
    """Answers 413 to a longer body than its route takes, declared or not, and 408 to one that does not arrive in time.

    A streamed body is counted while it comes, so it is never held in memory beyond its limit.
    """

    def __init__(self, app: ASGIApp, *, limit_bytes: int, limits_bytes: Mapping[str, int], timeout_s: float) -> None:
        self._app = app
        self._limit_bytes = limit_bytes
        self._limits_bytes = limits_bytes
        self._timeout_s = timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        declared = _declared_bytes(scope) if scope["type"] == "http" else 0
        if declared == 0:
            await self._app(scope, receive, send)
            return
        limit_bytes = self._limits_bytes.get(scope["path"], self._limit_bytes)
        if declared is not None and declared > limit_bytes:
            await http_answer(TOO_LARGE)(scope, receive, send)
        else:
            await self._app(scope, _Body(receive, limit_bytes=limit_bytes, timeout_s=self._timeout_s).receive, send)


class _Body:
    """A body on its way in; a breach is raised out of ``receive`` and becomes an answer in the error handlers."""

    def __init__(self, receive: Receive, *, limit_bytes: int, timeout_s: float) -> None:
        self._receive = receive
        self._left_bytes = limit_bytes
        self._until = asyncio.get_running_loop().time() + timeout_s
        self._is_complete = False

    async def receive(self) -> Message:
        """The next part of the body; after its end, whatever else the server says."""
        if self._is_complete:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError as error:
            raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, headers=CLOSE) from error
        self._left_bytes -= len(message.get("body", b""))
        if self._left_bytes < 0:
            raise HTTPException(TOO_LARGE)
        self._is_complete = not message.get("more_body", False)
        return message


def _declared_bytes(scope: Scope) -> int | None:
    """Length of the body: 0 where there is none, None where it is not said before it comes."""
    headers = dict(scope["headers"])
    if b"transfer-encoding" in headers:
        return None
    declared = headers.get(b"content-length", b"0")
    return int(declared) if declared.isdigit() else None
