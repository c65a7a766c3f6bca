"""The public routes as one FastAPI app over a `State`."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import ASGIApp

from steel_service.errors import install_error_handlers
from steel_service.requests import GUARD_ERRORS
from steel_service.routes import admin, forecast, history, info, metrics, nowcast, readings, reports
from steel_service.routes.docs import install_docs
from steel_service.security import Role, requires
from steel_service.security.document import say_that_keys_are_optional
from steel_service.security.layers import secured
from steel_service.state import SERVICE_VERSION, State
from steel_service.telemetry.middleware import Telemetry
from steel_service.telemetry.routes import route_finder

DESCRIPTION = """
Nowcast, forecast and readings of a plant's electricity, in 15-minute intervals.

Energies are in kWh and kvarh of one interval, CO2 in tonnes, money in KRW; times are ISO 8601, and one without an
offset is plant time. Every failure answers `{"error": {"code", "message", "field", "hint"}}`.
Beside these routes: `/livez`, `/readyz` (probes) and `/metrics` (Prometheus).
"""


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
    app = FastAPI(
        title="Steel energy API",
        version=SERVICE_VERSION,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.steel = state
    install_error_handlers(app)
    for router in (nowcast.router, forecast.router, history.router, info.router, metrics.router, reports.router):
        app.include_router(router, dependencies=[requires(Role.VIEWER)], responses=GUARD_ERRORS)
    app.include_router(readings.router, dependencies=[requires(Role.OPERATOR)], responses=GUARD_ERRORS)
    app.include_router(admin.router, dependencies=[requires(Role.ADMIN)], responses=GUARD_ERRORS)
    install_docs(app)
    if not state.settings.demands_keys:
        say_that_keys_are_optional(app)
    return app
