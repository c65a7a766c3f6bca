"""Who came: the key that their cookie holds, and how it gets there and out again.

The cookie is Panel's own ``access_token``: encrypted, signed, and out of reach of scripts. It is left out of what a
page carries to open its socket, so a session does not find it there; the door leaves ``VISITOR`` for it.
"""

from __future__ import annotations

import hashlib
from contextvars import ContextVar
from dataclasses import dataclass

from cryptography.fernet import InvalidToken
from panel.auth import OAuthLoginHandler
from panel.config import config
from panel.io.state import state
from pydantic import SecretStr
from tornado.web import RequestHandler

COOKIE = "access_token"
DAY_S = 86_400


@dataclass(frozen=True)
class Visitor:
    """Somebody at the door.

    Attributes:
        key: what the service is asked with; None for somebody without one.
        login: names the sign-in, and is no secret; empty without one.
        until: when it ends, in seconds since 1970; None for never.
    """

    key: SecretStr | None = None
    login: str = ""
    until: float | None = None


VISITOR: ContextVar[Visitor | None] = ContextVar("visitor", default=None)
"""Who asks in the request that is being answered."""


def visitor_now() -> Visitor:
    """Who asks in the request that is being answered.

    Raises:
        LookupError: nobody stands at the door: a session is made outside of a request.
    """
    visitor = VISITOR.get()
    if visitor is None:
        raise LookupError("nobody was let in")
    return visitor


def signed_in(handler: RequestHandler) -> Visitor | None:
    """Who the cookie of a request says that it is; None without one, or with one that is forged, damaged or too old."""
    content = handler.get_signed_cookie(COOKIE, max_age_days=config.oauth_expiry)
    if content is None:
        return None
    try:
        key = state.encryption.decrypt(content, ttl=int(config.oauth_expiry * DAY_S)).decode()
    except InvalidToken:
        return None
    until = state.encryption.extract_timestamp(content) + config.oauth_expiry * DAY_S
    return Visitor(SecretStr(key), hashlib.sha256(content).hexdigest(), until)


def sign_in(handler: RequestHandler, key: SecretStr) -> None:
    """Put ``key`` into the cookie of whoever asks."""
    OAuthLoginHandler.set_auth_cookies(handler, None, key.get_secret_value())


def sign_out(handler: RequestHandler) -> None:
    """Take the cookie away."""
    handler.clear_cookie(COOKIE, path=config.cookie_path)
