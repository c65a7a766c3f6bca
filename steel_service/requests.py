"""What every route demands of a request, a size limit among it, and the errors it may answer; JSON is `bodies`'."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Query
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from steel_service.api_models.fields import PLANT_MEANING, ErrorAnswer, PlantId
from steel_service.errors import http_answer

TOO_LARGE = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

Responses = dict[int | str, dict[str, Any]]
QUERY_ERRORS: Responses = {
    404: {"model": ErrorAnswer, "description": "There is no such plant."},
    422: {"model": ErrorAnswer, "description": "A value is missing, wrong or out of range."},
}
BODY_ERRORS: Responses = {
    400: {"model": ErrorAnswer, "description": "The body is not valid JSON."},
    413: {"model": ErrorAnswer, "description": "The body is too large."},
    415: {"model": ErrorAnswer, "description": "The body is not declared as JSON."},
    **QUERY_ERRORS,
}
NOT_READY: Responses = {503: {"model": ErrorAnswer, "description": "Readings or model have not been built yet."}}

PlantQuery = Annotated[PlantId | None, Query(description=PLANT_MEANING)]


class BodyLimit:
    """Answers 413 to a body longer than ``limit_bytes``, declared or not, before it is held in memory."""

    def __init__(self, app: ASGIApp, *, limit_bytes: int) -> None:
        self._app = app
        self._limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _declared_bytes(scope) > self._limit_bytes:
            await http_answer(TOO_LARGE)(scope, receive, send)
        else:
            await self._app(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        """``receive`` that fails once more bytes came than allowed; the error handlers answer it."""
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._limit_bytes:
                raise HTTPException(TOO_LARGE)
            return message

        return counted


def _declared_bytes(scope: Scope) -> int:
    declared = Headers(scope=scope).get("content-length", "")
    return int(declared) if declared.isdecimal() else 0
