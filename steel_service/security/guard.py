"""The layer before the routes that says who asks, refuses who may not, and writes down what changes something."""

from __future__ import annotations

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from steel_energy.errors import SteelError
from steel_service.errors import ForbiddenError, UnauthorizedError, status_of, steel_answer
from steel_service.security.admission import Admission
from steel_service.security.audit import AuditLog, is_audited
from steel_service.security.key_file import LiveKeys
from steel_service.security.principals import Principal, asking

POLICY_VIOLATION = 1008


class Guard:
    """Puts ``principal`` into ``scope["state"]``, or answers itself."""

    def __init__(self, app: ASGIApp, *, admission: Admission, keys: LiveKeys, audit: AuditLog) -> None:
        self._app = app
        self._admission = admission
        self._keys = keys
        self._audit = audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "websocket":  # there are none; one that is added must not slip by
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        else:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._keys.is_due():
            await run_in_threadpool(self._keys.refresh)
        try:
            principal = self._admission.admit(scope)
        except SteelError as refusal:
            await self._refuse(refusal, scope, receive, send)
            return
        with asking(principal):
            if is_audited(scope):
                await self._audited(principal, scope, receive, send)
            else:
                await self._app(scope, receive, send)

    async def _refuse(self, refusal: SteelError, scope: Scope, receive: Receive, send: Send) -> None:
        principal = scope.get("state", {}).get("principal")
        is_of_somebody = isinstance(refusal, ForbiddenError) and principal is not None
        if is_audited(scope) and (is_of_somebody or isinstance(refusal, UnauthorizedError)):
            await run_in_threadpool(self._audit.answered, scope, principal, status_of(refusal))
        await steel_answer(refusal)(scope, receive, send)

    async def _audited(self, principal: Principal | None, scope: Scope, receive: Receive, send: Send) -> None:
        status = int(HTTPStatus.INTERNAL_SERVER_ERROR)

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await run_in_threadpool(self._audit.asked, scope, principal)
        except SteelError as failure:
            await steel_answer(failure)(scope, receive, send)
            return
        try:
            await self._app(scope, receive, watched)
        finally:
            await run_in_threadpool(self._audit.answered, scope, principal, status)
