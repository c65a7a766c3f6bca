"""Which role a route needs: enforced where the route is included, so that the OpenAPI document shows it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.openapi.models import APIKey, APIKeyIn
from fastapi.openapi.models import HTTPBearer as HttpBearer
from fastapi.params import Depends as Dependency
from fastapi.security.base import SecurityBase

from steel_service.errors import ForbiddenError, UnauthorizedError
from steel_service.security.principals import ANONYMOUS, Principal, Role

KEY_HEADER = "X-API-Key"
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="steel"'}
SEND_A_KEY = f"send a key in the header {KEY_HEADER}; python -m steel_service keys create makes one"


class _Scheme(SecurityBase):
    """One way to prove who asks, for the OpenAPI document alone: the guard has read the headers before."""

    def __init__(self, name: str, model: APIKey | HttpBearer) -> None:
        self.scheme_name = name
        self.model = model

    async def __call__(self) -> None:
        """Nothing is left to do."""


KEY_SCHEME = _Scheme("api_key", APIKey(**{"in": APIKeyIn.header}, name=KEY_HEADER, description="An API key."))
BEARER_SCHEME = _Scheme("bearer", HttpBearer(description="An API key, or a JSON Web Token with exp, sub and role."))


def requires(role: Role) -> Dependency:
    """A dependency, as in ``include_router(..., dependencies=[requires(role)])``, that refuses lower roles.

    A refused request is answered with 401 where a key would help, and with 403 where the key is good but its role low.
    """

    async def check(
        request: Request, _key: Annotated[None, Depends(KEY_SCHEME)], _bearer: Annotated[None, Depends(BEARER_SCHEME)]
    ) -> None:
        require_role(request.scope.get("state", {}).get("principal"), role)

    return Dependency(check)


def require_role(principal: Principal | None, role: Role) -> None:
    """Refuse a principal that may do less than ``role``.

    Raises:
        UnauthorizedError: there is none, or an anonymous one, whom a key would help.
        ForbiddenError: it is known, and may not.
    """
    if principal is not None and principal.role >= role:
        return
    if principal is None or principal is ANONYMOUS:
        raise UnauthorizedError(f"this needs a key of the role {role}", remedy=SEND_A_KEY, headers=CHALLENGE)
    raise ForbiddenError(
        f"this needs the role {role}, and the key is of the role {principal.role}",
        remedy="ask whoever runs the service for a key of that role",
    )
