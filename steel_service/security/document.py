"""What the OpenAPI document says of keys: how they are sent, and which role each operation needs."""

from __future__ import annotations

from typing import Any

from steel_service.security.access import KEY_HEADER, needed_role
from steel_service.security.principals import ANONYMOUS

SCHEMES: dict[str, Any] = {
    "api_key": {"type": "apiKey", "in": "header", "name": KEY_HEADER, "description": "An API key."},
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, or a JSON Web Token with exp, sub and role.",
    },
}
NO_KEY: dict[str, list[str]] = {}
"""OpenAPI's word for a request that needs no key, beside the requirements that would do too."""


def document_access(document: dict[str, Any], *, demands_keys: bool) -> None:
    """Write into an OpenAPI document which role each of its operations needs.

    Args:
        document: of all routes.
        demands_keys: whether keys are needed everywhere; else they are optional but for the admin.
    """
    document["components"]["securitySchemes"] = SCHEMES
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            role = needed_role(method.upper(), path)
            if role is not None:
                is_optional = not demands_keys and ANONYMOUS.role >= role
                operation["security"] = [{name: []} for name in SCHEMES] + [NO_KEY] * is_optional
                operation["description"] = f"{operation.get('description', '')}\n\nRole: {role}.".strip()
