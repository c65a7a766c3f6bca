"""Headers that every answer carries, so that a browser neither guesses, frames, caches nor tells on."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    (b"cache-control", b"no-store"),
)
NAMES = frozenset(name for name, _ in HEADERS)


class SecurityHeaders:
    """Adds `HEADERS` to every answer; a header that a route has set itself stays as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = message.get("headers", ())
                set_already = NAMES.intersection([name for name, _ in own])  # mostly none
                missing = [header for header in HEADERS if header[0] not in set_already] if set_already else HEADERS
                message["headers"] = [*own, *missing]
            await send(message)

        await self._app(scope, receive, sending)
