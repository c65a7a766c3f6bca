"""The public routes as one FastAPI app over a `State`."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp

from steel_service.errors import install_error_handlers
from steel_service.routes import (
    admin,
    bill,
    calendar,
    champions,
    copilot,
    explain,
    forecast,
    history,
    info,
    knowledge,
    metrics,
    nowcast,
    optimize,
    quality,
    readings,
    reports,
    what_if,
)
from steel_service.routes.docs import install_docs
from steel_service.security.document import document_access
from steel_service.security.layers import secured
from steel_service.state import SERVICE_VERSION, State
from steel_service.telemetry.middleware import Telemetry
from steel_service.telemetry.routes import route_finder

DESCRIPTION = """
Nowcast, forecast and readings of a plant's electricity, in 15-minute intervals.

Energies are in kWh and kvarh of one interval, CO2 in tonnes, money in KRW; times are ISO 8601, and one without an
offset is plant time. Every failure answers `{"error": {"code", "message", "field", "hint"}}`.
Every answer carries `X-Request-ID`: the one that was sent, or a new one; the log of the service names it too.
Beside these routes: `/livez`, `/readyz` (probes).
"""

ROUTES = (
    *(nowcast, forecast, calendar, explain),
    *(bill, what_if, optimize),
    *(history, quality, info, metrics, reports),
    *(copilot, knowledge),
    *(readings, admin, champions),
)
"""In the order of the Swagger page."""
NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False}
"""FastAPI's own costs a quarter of a short request even where nobody collects it; ours is `Telemetry`."""


def build_asgi(state: State) -> ASGIApp:
    """What a server serves and tests ask: the routes over ``state`` inside the layers that see every request."""
    app = build_app(state)
    return Telemetry(
        secured(app, state.settings),
        metrics=state.metrics,
        route_of=route_finder(app),
        logs_successes=state.settings.api_access_log,
    )


def build_app(state: State) -> FastAPI:
    """The routes over ``state``; tests pass a state of fakes."""
    app = SteelAPI(
        title="Steel energy API",
        version=SERVICE_VERSION,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,
    )
    app.state.steel = state
    install_error_handlers(app)
    for routes in ROUTES:  # as the app's own: each router that is included costs every request a search of its own
        app.router.routes.extend(routes.router.routes)
    install_docs(app)
    return app


class SteelAPI(FastAPI):
    """FastAPI whose document says what the settings decide: who may ask what, and how many rows a batch may have."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, written when it is first asked for: that takes longer than all else of a start."""
        if self.openapi_schema is None:
            settings, document = self.state.steel.settings, super().openapi()
            document_access(document, demands_keys=settings.demands_keys)
            nowcast.document_rows(document, most=settings.api_max_batch_rows)
        return super().openapi()
