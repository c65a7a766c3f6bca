"""The Bento: it starts and watches the workers and answers their probes; other requests go to the FastAPI routes.

Requests for our routes pass by BentoML's own stack. Behind it lie pages that load scripts from outside and a schema in
another error shape, and on the way there per-request work that nobody uses here: traces without a collector, metrics
labelled by raw path, a timer that outlives its request. ``benchmarks/load.py`` shows what that work costs. The routes
are built when a worker starts, not on import.
"""

from __future__ import annotations

import bentoml
from starlette.types import ASGIApp, Receive, Scope, Send

from steel_service.answers import health_answer
from steel_service.app import build_asgi
from steel_service.orphans import stop_with_parent
from steel_service.settings import ServiceSettings
from steel_service.state import build_state

PROBES = frozenset({"/livez", "/readyz"})


class Worker:
    """Nowcast, forecast and readings of the plants in ``data/plants``."""

    def __init__(self) -> None:
        """Load what is there, so that the first request is as fast as the next; what is missing stands in /health."""
        stop_with_parent()
        state = build_state(ServiceSettings())
        for site in state.sites.values():
            health_answer(site, state)
        self.routes = build_asgi(state)


class PublicRoutes:
    """Leads requests to the worker's routes; BentoML's probes, startup and shutdown to BentoML."""

    def __init__(self, bento: ASGIApp) -> None:
        self._bento = bento

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or (scope["path"] in PROBES and scope["method"] in ("GET", "HEAD")):
            await self._bento(scope, receive, send)
        else:
            await bentoml.get_current_service().routes(scope, receive, send)


class RoutedService(bentoml.Service[Worker]):
    """A BentoML service whose requests are answered by the worker's routes."""

    def to_asgi(self, is_main: bool = True) -> ASGIApp:  # noqa: FBT001, FBT002 - BentoML's signature
        """The app that a worker process serves."""
        return PublicRoutes(super().to_asgi(is_main=is_main))


SteelService = bentoml.service(
    name="steel",
    service_class=RoutedService,
    workers=1,
    metrics={"enabled": False},  # GET /metrics is ours: of the same registry, labelled by route
    http={"host": "127.0.0.1", "port": 8000},  # what `bentoml serve` takes; its own default is every address
    logging={"access": {"enabled": False}},
)(Worker)
