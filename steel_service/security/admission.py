"""Who is let in: the headers of a request against keys, tokens, rates and the names the service is called by.

Decides without touching a file or the network, and neither keeps nor repeats what the headers hold.
"""

from __future__ import annotations

from functools import lru_cache

from starlette.types import Scope

from steel_service.errors import ForbiddenError, UnauthorizedError
from steel_service.security.access import SEND_A_KEY, needed_role, require_role
from steel_service.security.key_file import LiveKeys
from steel_service.security.keys import PREFIX
from steel_service.security.principals import ANONYMOUS, Principal
from steel_service.security.rates import Rates
from steel_service.security.settings import SecuritySettings, is_loopback
from steel_service.security.tokens import Tokens

HOST, ORIGIN, KEY, AUTHORIZATION = b"host", b"origin", b"x-api-key", b"authorization"
READ = frozenset({HOST, ORIGIN, KEY, AUTHORIZATION})
WRONG = {"WWW-Authenticate": 'Bearer realm="steel", error="invalid_token"'}
UNKNOWN_CLIENT = "unknown"


class Admission:
    """Says who asks, or refuses."""

    def __init__(self, settings: SecuritySettings, *, keys: LiveKeys, tokens: Tokens | None, rates: Rates) -> None:
        self._keys = keys
        self._tokens = tokens
        self._rates = rates
        self._is_open = not settings.demands_keys
        self._names = frozenset(name.lower() for name in settings.api_allowed_hosts)
        self._origins = frozenset(settings.api_cors_origins)

    def admit(self, scope: Scope) -> Principal | None:
        """Who asks, which is put into the scope's state too; None on the few paths that anybody may ask.

        Raises:
            UnauthorizedError: the credentials are wrong, or none came where some are needed.
            ForbiddenError: the role is too low, or the service is called by a foreign name or another origin's page.
            RateLimitedError: too many requests came.
            NotReadyError: the file of keys cannot be read.
        """
        found = [header for header in scope["headers"] if header[0] in READ]
        headers = dict(found)
        if len(headers) < len(found):
            raise ForbiddenError("a header stands twice", field="Host, Origin, X-API-Key or Authorization")
        is_open = self._is_open and is_own_address((scope.get("server") or ("",))[0])
        if is_open or self._names:
            self._require_own_name(headers)
        try:
            principal = self._proven(headers) or (ANONYMOUS if is_open else None)
            scope.setdefault("state", {})["principal"] = principal
            if principal is not None:
                self._rates.asked(principal)
            require_role(principal, needed_role(scope["method"], scope["path"]))
        except UnauthorizedError:
            self._rates.failed((scope.get("client") or (UNKNOWN_CLIENT,))[0])
            raise
        return principal

    def _require_own_name(self, headers: dict[bytes, bytes]) -> None:
        """Keep other sites' pages out: their browser calls by their name, or says which origin it asks for."""
        host = headers.get(HOST, b"").decode("latin-1")
        name = host_name(host)
        if name != "localhost" and name not in self._names and not is_own_address(name):
            raise ForbiddenError(
                "the service is called by a name it does not know", field="Host", remedy="set STEEL_API_ALLOWED_HOSTS"
            )
        origin = headers.get(ORIGIN, b"").decode("latin-1")
        if origin and origin.partition("://")[2] != host and origin not in self._origins:
            raise ForbiddenError("a page of another origin asks", field="Origin", remedy="set STEEL_API_CORS_ORIGINS")

    def _proven(self, headers: dict[bytes, bytes]) -> Principal | None:
        """Who holds the credentials, which must be right even where none are needed; None without any."""
        key, authorization = headers.get(KEY), headers.get(AUTHORIZATION)
        if key is None and authorization is None:
            return None
        if key is not None and authorization is not None:
            raise UnauthorizedError("two credentials came", remedy="send one of them", headers=WRONG)
        credential = _bearer(authorization) if authorization is not None else key
        principal = self._holder((credential or b"").decode("latin-1"), is_bearer=key is None)
        if principal is None:
            raise UnauthorizedError("the key or token is not accepted", remedy=SEND_A_KEY, headers=WRONG)
        return principal

    def _holder(self, credential: str, *, is_bearer: bool) -> Principal | None:
        if is_bearer and not credential.startswith(PREFIX):
            return self._tokens.holder(credential) if self._tokens else None
        return self._keys.holder(credential)


@lru_cache(maxsize=1024)
def is_own_address(text: str) -> bool:
    """`is_loopback`, remembered: it is asked of each request."""
    return is_loopback(text)


@lru_cache(maxsize=1024)
def host_name(host: str) -> str:
    """The name in a Host header, without its port.

    >>> host_name("LOCALHOST:8000"), host_name("[::1]:8000"), host_name("127.0.0.1"), host_name("")
    ('localhost', '::1', '127.0.0.1', '')
    """
    name, _, port = host.rpartition(":")
    if not name or not port.isdecimal():
        name = host
    return name.strip("[]").lower()


def _bearer(authorization: bytes) -> bytes:
    scheme, _, credential = authorization.partition(b" ")
    return credential.strip() if scheme.lower() == b"bearer" else b""
