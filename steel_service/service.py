"""The Bento: it starts and watches the workers and answers their probes; other requests go to the FastAPI routes.

Requests for our routes pass by BentoML's own stack. Behind it lie pages that load scripts from outside and a schema in
another error shape, and on the way there per-request work that nobody uses here: traces without a collector, metrics
labelled by raw path, a timer that outlives its request. ``benchmarks/load.py`` shows what that work costs. The routes
are built when a worker starts, not on import.
"""

from __future__ import annotations

import gc
from functools import cached_property

import bentoml
from starlette.types import ASGIApp, Receive, Scope, Send

from steel_service.agent.copilot import UNCHECKED
from steel_service.answers import health_answer
from steel_service.app import build_asgi
from steel_service.orphans import stop_with_parent
from steel_service.security.binding import as_bound
from steel_service.security.http_protocol import install_bounded_protocol
from steel_service.security.layers import require_credentials
from steel_service.settings import ServiceSettings
from steel_service.state import build_state
from steel_service.telemetry.logs import configure_logs

PROBES = frozenset({"/livez", "/readyz"})


class Worker:
    """Nowcast, forecast and readings of the plants in ``data/plants``."""

    def __init__(self) -> None:
        """Load what is there, so that the first request is as fast as the next; what is missing stands in /health."""
        stop_with_parent()
        settings = as_bound(ServiceSettings())
        require_credentials(settings)
        self._log = configure_logs(settings.log_format)
        self._state = build_state(settings)
        for site in self._state.sites.values():
            health_answer(site, self._state, UNCHECKED)
        self._state.copilot.warm_up(self._state.sites)
        self.routes = build_asgi(self._state)
        gc.collect()
        gc.freeze()  # libraries and models stay: looking through them again and again held answers up for 0.4 s

    @bentoml.on_deployment  # type: ignore[untyped-decorator] # BentoML ships no types
    @staticmethod
    def prepare() -> None:
        """Set up the log of the process that starts and watches the workers; BentoML calls it there."""
        configure_logs(ServiceSettings().log_format)

    @bentoml.on_shutdown  # type: ignore[untyped-decorator]
    def close(self) -> None:
        """Write the predictions and the lines of the log that wait: the signal that ends a worker leaves no time."""
        self._state.predictions.close()
        self._log.close()


class PublicRoutes:
    """Leads requests to the worker's routes; BentoML's probes, startup and shutdown to BentoML."""

    def __init__(self, bento: ASGIApp) -> None:
        self._bento = bento

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or (scope["path"] in PROBES and scope["method"] in ("GET", "HEAD")):
            await self._bento(scope, receive, send)
        else:
            await self._routes(scope, receive, send)

    @cached_property
    def _routes(self) -> ASGIApp:
        """The worker's, which BentoML has made by the time the first request comes."""
        return bentoml.get_current_service().routes  # type: ignore[no-any-return]


class RoutedService(bentoml.Service[Worker]):
    """A BentoML service whose requests are answered by the worker's routes."""

    def to_asgi(self, is_main: bool = True) -> ASGIApp:  # noqa: FBT001, FBT002 - BentoML's signature
        """The app that a worker process serves."""
        install_bounded_protocol()
        return PublicRoutes(super().to_asgi(is_main=is_main))


SteelService = bentoml.service(
    name="steel",
    service_class=RoutedService,
    workers=1,
    metrics={"enabled": False},  # GET /metrics is ours: of the same registry, labelled by route
    http={"host": "127.0.0.1", "port": 8000},  # what `bentoml serve` takes; its own default is every address
    logging={"access": {"enabled": False}},
)(Worker)
