"""The nowcast behind other servers: ``python -m libraries.servers bare|mounted PORT``.

``bare`` is FastAPI on uvicorn with this one route and nothing else; ``mounted`` is this service's whole app, mounted in
a BentoML service with BentoML's settings as they come.
"""

from __future__ import annotations

import sys

import bentoml
import uvicorn
from fastapi import FastAPI

from steel_service.api_models.nowcast import MeterReading, Prediction
from steel_service.app import build_asgi
from steel_service.nowcast import prediction
from steel_service.nowcasts import usable
from steel_service.settings import ServiceSettings
from steel_service.state import build_state


def bare_app() -> FastAPI:
    """One route over the default plant's virtual meter."""
    state = build_state(ServiceSettings())
    plant = state.site(None).plant
    fitted = usable(state.nowcasts, plant)
    app = FastAPI()

    @app.post("/predict")
    async def predict(reading: MeterReading) -> Prediction:
        return prediction(reading, plant, lambda: fitted)

    return app


class Mounted:
    """Builds the app when the worker starts."""

    def __init__(self) -> None:
        self.routes = build_asgi(build_state(ServiceSettings()))


async def routes(scope, receive, send) -> None:  # noqa: ANN001 - ASGI
    await bentoml.get_current_service().routes(scope, receive, send)


MountedService = bentoml.service(workers=1)(Mounted)
MountedService.mount_asgi_app(routes, path="/")


def main() -> None:
    """Serve until stopped."""
    kind, port = sys.argv[1], int(sys.argv[2])
    if kind == "bare":
        uvicorn.run(bare_app(), port=port, access_log=False, log_level="warning")
    else:
        from libraries import servers  # noqa: PLC0415, PLW0406 - BentoML asks the service for the name of its module

        servers.MountedService.serve_http(host="127.0.0.1", port=port)


if __name__ == "__main__":
    main()
