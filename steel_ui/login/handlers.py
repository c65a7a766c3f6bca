"""The addresses ``/login`` and ``/logout``: a key is tried, and kept in or taken out of an encrypted cookie."""

from __future__ import annotations

import logging
import math
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from pydantic import SecretStr
from tornado.web import HTTPError, RequestHandler

from steel_client.connection import checked_key
from steel_ui.client import ServiceError
from steel_ui.login.sheet import Target, login_html, target
from steel_ui.login.visitor import COOKIE, Visitor, sign_in, sign_out, signed_in

if TYPE_CHECKING:
    from steel_ui.login.door import Door

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
MOST_KEY_CHARACTERS = 8192
SIGNED_IN = "login_other"
logger = logging.getLogger("steel_ui.login")


class AtTheDoor(RequestHandler):
    """What the two addresses share: who guards them, and cookies that no script and no other site sees."""

    @property
    def door(self) -> Door:
        """Who is let in."""
        door: Door = self.application.auth_provider  # type: ignore[attr-defined] # of Bokeh's application
        return door

    def set_cookie(self, name: str, value: str | bytes, *args: Any, **options: Any) -> None:  # noqa: ANN401 - tornado's
        """As tornado's; over HTTPS the browser is told to send it by nothing else."""
        kept = {"httponly": True, "samesite": "Lax", "secure": self.request.protocol == "https"}
        super().set_cookie(name, value, *args, **(options | kept))

    def leave(self) -> None:
        """Sign whoever asks out, in every tab."""
        visitor = signed_in(self)
        if visitor is not None:
            self.door.leave(visitor.login)
        sign_out(self)

    def show(
        self, goes_to: Target, said: str = "", *, status: int = 200, may_skip: bool = False, **values: str | int
    ) -> None:
        """Answer with the login page, which is neither kept nor framed, and runs nothing."""
        self.set_status(status)
        for name, value in HEADERS.items():
            self.set_header(name, value)
        self.finish(
            login_html(
                goes_to,
                accept_language=self.request.headers.get("Accept-Language", ""),
                xsrf=self.xsrf_token.decode(),
                root="../" * (self.request.path.count("/") - 1) or "./",
                said=said,
                is_error=status != HTTPStatus.OK,
                may_skip=may_skip,
                url=self.door.settings.api_url,
                hours=f"{self.door.settings.ui_login_hours:g}",
                **values,
            )
        )


class LoginHandler(AtTheDoor):
    """Asks for a key, and takes it if the service knows it."""

    async def get(self) -> None:
        """The page, with a word on why somebody who was signed in is asked again."""
        goes_to = target(self.get_query_argument("next", ""))
        has_left = bool(self.get_query_argument("out", ""))
        said = "login_signed_out" if has_left else ""
        if self.get_cookie(COOKIE):
            said = await self._why_again(signed_in(self))
        if self.door.is_shared or (has_left and said == SIGNED_IN):  # in another tab, meanwhile
            self.redirect(goes_to.address)
            return
        self.show(goes_to, said, may_skip=said == SIGNED_IN or await self.door.is_open())

    async def post(self) -> None:
        """Try the key: a redirect to where the reader wanted to go, or the page with the reason why not."""
        goes_to = target(self.get_body_argument("next", ""))
        try:
            self.check_xsrf_cookie()
        except HTTPError:
            self.show(goes_to, "login_stale", status=HTTPStatus.FORBIDDEN)
            return
        wait_s = self.door.wait_s(self.request.remote_ip or "")
        if wait_s:
            self._refuse(goes_to, "login_too_many", status=HTTPStatus.TOO_MANY_REQUESTS, wait_s=wait_s)
            return
        await self._try(self.get_body_argument("key", "").strip(), goes_to)

    async def _try(self, text: str, goes_to: Target) -> None:
        try:
            key = SecretStr(checked_key(text[:MOST_KEY_CHARACTERS]))
            who = await self.door.who(key, timeout_s=self.door.settings.ui_timeout_s)
        except ValueError:
            self._refuse(goes_to, "login_wrong", status=HTTPStatus.UNAUTHORIZED)
        except ServiceError as error:
            self._refuse_for(error, goes_to)
        else:
            self.leave()
            sign_in(self, key)
            logger.info("%s (%s) signed in from %s", who.name, who.role, self.request.remote_ip)
            self.redirect(goes_to.address, status=HTTPStatus.SEE_OTHER)

    def _refuse_for(self, error: ServiceError, goes_to: Target) -> None:
        match error.problem.code:
            case "unauthorized":
                self._refuse(goes_to, "login_wrong", status=HTTPStatus.UNAUTHORIZED)
            case "rate_limited":
                wait_s = max(1.0, error.problem.wait_s)
                self._refuse(goes_to, "login_too_many", status=HTTPStatus.TOO_MANY_REQUESTS, wait_s=wait_s)
            case code:
                said = code or "login_failed"  # without a code of ours the service has said it in its own words
                self._refuse(goes_to, said, status=HTTPStatus.SERVICE_UNAVAILABLE, what=error.problem.what)

    def _refuse(self, goes_to: Target, said: str, *, status: int, wait_s: float = 0, what: str = "") -> None:
        logger.warning("sign-in from %s refused: %s", self.request.remote_ip, said)
        seconds = math.ceil(wait_s)
        if seconds:
            self.set_header("Retry-After", str(seconds))
        self.show(goes_to, said, status=status, seconds=seconds, what=what)

    async def _why_again(self, visitor: Visitor | None) -> str:
        if visitor is None:
            return "login_expired"
        return "login_revoked" if await self.door.visitor(self) is None else SIGNED_IN


class LogoutHandler(AtTheDoor):
    """Forgets who asks."""

    def get(self) -> None:
        """Sign out, and show the login page."""
        self.leave()
        self.redirect(f"login?{urlencode({'out': 1, 'next': target(self.get_query_argument('next', '')).address})}")
