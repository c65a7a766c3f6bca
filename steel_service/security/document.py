"""What the OpenAPI document says of keys: required, or optional where the service is open to its own machine."""

from __future__ import annotations

from fastapi import FastAPI

ADMIN = "/admin/"
NO_KEY: dict[str, list[str]] = {}
"""OpenAPI's word for a request that needs no key, beside the requirements that would do too."""


def say_that_keys_are_optional(app: FastAPI) -> None:
    """Mark every route but the admin's as one that answers without a key; the routes must all be there."""
    for path, operations in app.openapi()["paths"].items():
        for operation in operations.values():
            if not path.startswith(ADMIN) and "security" in operation:
                operation["security"].append(NO_KEY)
