"""Which role a request needs: the one table of it, which the guard enforces and the OpenAPI document repeats.

It is asked before a body is read, and not by FastAPI's dependencies, which read the body first and cost several
times as much.
"""

from __future__ import annotations

from steel_service.errors import ForbiddenError, UnauthorizedError
from steel_service.security.principals import ANONYMOUS, Principal, Role

KEY_HEADER = "X-API-Key"
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="steel"'}
SEND_A_KEY = f"send a key in the header {KEY_HEADER}; python -m steel_service keys create makes one"

OPEN_PATHS = frozenset({"/", "/docs", "/openapi.json", "/livez", "/readyz"})
OPEN_FOLDER = "/docs/assets/"
ADMIN_FOLDER = "/admin/"
QUESTIONS = frozenset(
    {
        *("/predict", "/predict/batch", "/predict_onnx", "/forecast", "/bill", "/what-if", "/explain", "/optimize"),
        *("/copilot/chat", "/copilot/chat/stream", "/readings/preview"),
    }
)
"""What is asked by POST and changes nothing; any other POST is taken for one that does."""
REMARKS = frozenset({"/copilot/feedback"})
"""What anybody who may ask may remark on, too; it is written down, and changes no answer."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})


def needed_role(method: str, path: str) -> Role | None:
    """The lowest role that may ask this, whether there is such a route or not; None where anybody may.

    >>> needed_role("GET", "/docs"), needed_role("GET", "/health"), needed_role("POST", "/forecast")
    (None, <Role.VIEWER: 'viewer'>, <Role.VIEWER: 'viewer'>)
    >>> needed_role("POST", "/readings"), needed_role("POST", "/admin/reload")
    (<Role.OPERATOR: 'operator'>, <Role.ADMIN: 'admin'>)
    """
    if path in OPEN_PATHS or path.startswith(OPEN_FOLDER):
        return None
    if path.startswith(ADMIN_FOLDER):
        return Role.ADMIN
    return Role.VIEWER if method in READING or path in QUESTIONS | REMARKS else Role.OPERATOR


def require_role(principal: Principal | None, role: Role | None) -> None:
    """Refuse a principal that may do less than ``role``.

    Raises:
        UnauthorizedError: there is none, or an anonymous one, whom a key would help.
        ForbiddenError: it is known, and may not.
    """
    if role is None or (principal is not None and principal.role >= role):
        return
    if principal is None or principal is ANONYMOUS:
        raise UnauthorizedError(f"this needs a key of the role {role}", remedy=SEND_A_KEY, headers=CHALLENGE)
    raise ForbiddenError(
        f"this needs the role {role}, and the key is of the role {principal.role}",
        remedy="ask whoever runs the service for a key of that role",
    )
