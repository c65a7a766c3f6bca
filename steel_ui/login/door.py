"""Who is let in, asked by Panel's authentication of every page and socket, and by our own addresses.

One key for everybody stands in the settings, or each comes with their own; without one they are let in only where the
service itself wants none. The service is asked each time, so a key that it no longer knows leads to the login page.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from weakref import WeakSet

import httpx
import limits
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from panel.auth import BasicAuthProvider
from pydantic import SecretStr
from tornado.web import RequestHandler

from steel_ui.client import EnergyService, ServiceError, WhoAmI
from steel_ui.login.handlers import LoginHandler, LogoutHandler
from steel_ui.login.visitor import VISITOR, Visitor, signed_in
from steel_ui.settings import UiSettings

PATIENCE_S = 1.0
"""How long a page waits for the service's word on a key; a service that is slower is explained by the page itself."""
CHOSEN_SESSIONS = ("bokeh-session-id", "bokeh-token")
"""What would let an address name the session that it opens: one that is set up for another person, to look into."""


class Door(BasicAuthProvider):
    """Knows who asks; ``transport`` stands in for the network in tests."""

    login_handler = LoginHandler
    logout_handler = LogoutHandler

    def __init__(self, settings: UiSettings, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.settings = settings
        self._transport = transport
        self._rate = limits.parse(settings.ui_login_rate)
        self._tries = MovingWindowRateLimiter(MemoryStorage())
        self._open: defaultdict[str, WeakSet[EnergyService]] = defaultdict(WeakSet)
        super().__init__()

    @property
    def is_shared(self) -> bool:
        """Whether everybody uses the dashboard's own key."""
        return self.settings.ui_api_key is not None

    @property
    def get_user(self) -> None:
        """Nobody: the other one asks the service, which takes a while."""

    @property
    def get_user_async(self) -> Callable[[RequestHandler], Awaitable[str | None]]:
        """What Panel asks before it shows a page or opens a socket; None sends to the login page."""

        async def user(handler: RequestHandler) -> str | None:
            for name in CHOSEN_SESSIONS:
                handler.request.arguments.pop(name, None)
                handler.request.headers.pop(name, None)
            visitor = await self.visitor(handler)
            VISITOR.set(visitor)
            return None if visitor is None else visitor.login or "anybody"

        return user

    async def visitor(self, handler: RequestHandler) -> Visitor | None:
        """Who asks; None for somebody who has to sign in first."""
        if self.is_shared:
            return Visitor(self.settings.ui_api_key)
        visitor = signed_in(handler) or (None if self.settings.demands_login else Visitor())
        return visitor if visitor is not None and not await self._is_refused(visitor) else None

    async def is_open(self) -> bool:
        """Whether nobody has to sign in now."""
        return not self.settings.demands_login and not await self._is_refused(Visitor())

    async def who(self, key: SecretStr | None, *, timeout_s: float) -> WhoAmI:
        """Whose key it is.

        Raises:
            ServiceError: the service does not know it, or cannot say.
            ValueError: it is no key at all.
        """
        service = EnergyService(self.settings.api_url, timeout_s=timeout_s, api_key=key, transport=self._transport)
        try:
            return await service.whoami()
        finally:
            await service.close()

    def wait_s(self, address: str) -> float:
        """Count a try to sign in from ``address``; how long to wait before the next one, 0 where it may be made now."""
        if self._tries.hit(self._rate, address):
            return 0
        return max(1.0, self._tries.get_window_stats(self._rate, address).reset_time - time.time())

    def service(self, visitor: Visitor) -> EnergyService:
        """The service for ``visitor``, with their key; it ends when they sign out."""
        service = EnergyService(
            self.settings.api_url,
            timeout_s=self.settings.ui_timeout_s,
            api_key=visitor.key,
            is_personal=not self.is_shared,
            ends_at=visitor.until,
            transport=self._transport,
        )
        if visitor.login:
            for login in [login for login, services in self._open.items() if not services]:
                del self._open[login]
            self._open[visitor.login].add(service)
        return service

    def leave(self, login: str) -> None:
        """End every session of a sign-in: those in other tabs too."""
        for service in self._open.pop(login, ()):
            service.end()

    async def _is_refused(self, visitor: Visitor) -> bool:
        try:
            await self.who(visitor.key, timeout_s=min(PATIENCE_S, self.settings.ui_timeout_s))
        except ServiceError as error:
            return error.problem.code == "unauthorized"
        return False
