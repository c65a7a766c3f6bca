"""Answers behind other servers: ``python -m libraries.servers bare|mounted|bytes PORT FOLDER``.

``bare`` is FastAPI on uvicorn: the nowcast, and the forecast that this service gave once, written as JSON each time;
``mounted`` is this service's whole app, mounted in a BentoML service with BentoML's settings as they come; ``bytes``
reads a request and writes our whole answer, as it was, to the socket: less than that no server does. FOLDER holds the
answers of this service by route (``predict.json``, ``forecast.json``).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bentoml
import uvicorn
import uvloop
from fastapi import FastAPI

from steel_service.api_models.nowcast import MeterReading, Prediction
from steel_service.app import build_asgi
from steel_service.nowcast import prediction
from steel_service.nowcasts import usable
from steel_service.settings import ServiceSettings
from steel_service.state import build_state


def bare_app(answers: Path) -> FastAPI:
    """The default plant's virtual meter, and the forecast as it was answered once."""
    state = build_state(ServiceSettings())
    plant = state.site(None).plant
    fitted = usable(state.nowcasts, plant)
    app = FastAPI()

    @app.post("/predict")
    async def predict(reading: MeterReading) -> Prediction:
        return prediction(reading, plant, lambda: fitted)

    forecasted = json.loads((answers / "forecast.json").read_text(encoding="utf-8"))

    @app.post("/forecast")
    async def forecast(_question: dict[str, Any]) -> dict[str, Any]:
        return forecasted

    return app


async def serve_bytes(port: int, stored: Mapping[bytes, bytes]) -> None:
    """Serve stored answers by route, without a look at the question."""
    head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"
    whole = {route: head.format(len(body)).encode() + body for route, body in stored.items()}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):  # the caller has gone
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                length = request.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
                await reader.readexactly(int(length))
                writer.write(whole[request.split(b" ", 2)[1].removeprefix(b"/")])
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", port) as server:
        await server.serve_forever()


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
    kind, port, answers = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    if kind == "bare":
        uvicorn.run(bare_app(answers), port=port, access_log=False, log_level="warning")
    elif kind == "bytes":
        uvloop.run(serve_bytes(port, {path.stem.encode(): path.read_bytes() for path in answers.glob("*.json")}))
    else:
        from libraries import servers  # noqa: PLC0415, PLW0406 - BentoML asks the service for the name of its module

        servers.MountedService.serve_http(host="127.0.0.1", port=port)


if __name__ == "__main__":
    main()
