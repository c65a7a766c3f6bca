"""The Bento: probes and metrics are BentoML's own, everything else is answered by the FastAPI routes.

The routes are mounted as a plain ASGI callable, which takes every path that BentoML has not taken before it, so none of
BentoML's own pages (they load scripts from outside) is reachable. They are built when a worker starts, not on import.
"""

from __future__ import annotations

import bentoml
from starlette.types import Receive, Scope, Send

from steel_service.answers import health_answer
from steel_service.app import build_app
from steel_service.settings import ServiceSettings
from steel_service.state import build_state

TIMEOUT_S = 600  # a last resort: BentoML's own answer to it has another shape than ours


class Worker:
    """Nowcast, forecast and readings of the plants in ``data/plants``."""

    def __init__(self) -> None:
        """Load what is there, so that the first request is as fast as the next; what is missing stands in /health."""
        state = build_state(ServiceSettings())
        for site in state.sites.values():
            health_answer(site, state)
        self.routes = build_app(state)


async def public_routes(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request with the routes of this worker's service."""
    await bentoml.get_current_service().routes(scope, receive, send)


SteelService = bentoml.service(
    name="steel",
    workers=1,
    traffic={"timeout": TIMEOUT_S},
    http={"host": "127.0.0.1", "port": 8000},  # what `bentoml serve` takes; its own default is every address
    logging={"access": {"enabled": False}},
)(Worker)
SteelService.mount_asgi_app(public_routes, path="/")
