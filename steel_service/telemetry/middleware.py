"""The outermost layer of the service: gives each request its id and answers what every layer below it let through."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from steel_service.telemetry.request_ids import request_id_of, with_request_id


class Telemetry:
    """Puts ``request_id`` into ``scope["state"]`` and into the header ``X-Request-ID`` of every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        await self._app(scope, receive, with_request_id(send, request_id))
