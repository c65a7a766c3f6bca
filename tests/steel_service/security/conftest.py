"""A few routes behind the guard: those of the service take seconds to set up, and the guard does not know them."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.types import ASGIApp

from steel_service.errors import install_error_handlers
from steel_service.routes.docs import install_docs
from steel_service.security import Role
from steel_service.security.audit import count_for_audit
from steel_service.security.key_file import create_key
from steel_service.security.layers import secured
from steel_service.settings import ServiceSettings

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


def routes(settings: ServiceSettings) -> FastAPI:
    """One route for each role, and the docs; each tells who asks."""
    app = FastAPI(docs_url=None, redoc_url=None)
    app.state.steel = SimpleNamespace(settings=settings)
    install_error_handlers(app)
    install_docs(app)

    @app.get("/health")
    async def health(request: Request) -> str:
        return request.scope["state"]["principal"].name

    @app.post("/readings")
    @app.post("/predict")
    async def echo(request: Request) -> int:
        body = await request.body()
        count_for_audit(request.scope, accepted=len(body))
        return len(body)

    @app.post("/admin/reload")
    async def admin(request: Request, fault: bool = False) -> str:  # noqa: FBT001, FBT002 - a query
        if fault:
            raise ZeroDivisionError("a bug")
        return request.scope["state"]["principal"].name

    return app


@dataclass
class Guarded:
    """The routes behind a guard of some settings, and a client of them."""

    settings: ServiceSettings
    app: ASGIApp = field(init=False)
    client: Any = field(init=False)

    def __post_init__(self) -> None:
        with warnings.catch_warnings():  # Starlette would like another HTTP client, which nothing here needs
            warnings.simplefilter("ignore")
            from fastapi.testclient import TestClient  # noqa: PLC0415 - it warns when imported
        self.app = secured(routes(self.settings), self.settings)
        options = {"base_url": "http://127.0.0.1:8000", "follow_redirects": False, "raise_server_exceptions": False}
        self.client = TestClient(self.app, **options)

    def error(self, method: str, path: str, **request: Any) -> tuple[int, dict[str, Any]]:
        """Status and error of a request that is expected to fail, after its shape was checked."""
        answer = self.client.request(method, path, **request)
        body = answer.json()
        assert list(body) == ["error"], body
        assert set(body["error"]) == {"code", "message", "field", "hint"}
        return answer.status_code, body["error"]


@pytest.fixture
def serve(tmp_path: Path) -> Callable[..., Guarded]:
    """A service with the given settings."""

    def with_settings(**settings: Any) -> Guarded:
        return Guarded(ServiceSettings(data_dir=tmp_path, **settings))

    return with_settings


@pytest.fixture
def keys(tmp_path: Path) -> dict[Role, str]:
    """A key of each role, named after it."""
    return {role: create_key(tmp_path / "keys.json", role, role=role, days=None, now=NOW)[1] for role in Role}


@pytest.fixture
def guarded(serve: Callable[..., Guarded]) -> Guarded:
    """The service as it starts without any setting."""
    return serve()


@pytest.fixture
def locked(serve: Callable[..., Guarded], keys: dict[Role, str]) -> Guarded:  # noqa: ARG001 - it starts only with keys
    """The service that asks for keys on loopback too."""
    return serve(api_require_keys=True)
