"""The service under lock: keys of each role in a file, asked for on loopback too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from steel_service.security.key_file import create_key
from steel_service.security.principals import Role

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@pytest.fixture
def keys(service: Any) -> dict[Role, str]:
    """A key of each role, named after it."""
    file = service.state.settings.keys_file
    return {role: create_key(file, role.value, role=role, days=None, now=NOW)[1] for role in Role}


@pytest.fixture
def serve(service: Any) -> Callable[..., Any]:
    """The service with other settings."""

    def with_settings(**settings: Any) -> Any:
        return service.with_(settings=service.state.settings.model_copy(update=settings))

    return with_settings


@pytest.fixture
def locked(serve: Callable[..., Any], keys: dict[Role, str]) -> Any:  # noqa: ARG001 - it starts only with keys
    return serve(api_require_keys=True)
