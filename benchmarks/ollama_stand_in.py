"""A stand-in for Ollama: a real HTTP server that speaks its protocol, with a model that is a function.

For tests, and for benchmarks where no Ollama is at hand; it computes nothing. It checks what it is sent as Ollama does,
and keeps every body and every stream that its client left before the end. For a service to talk to, run it by itself:

    python benchmarks/ollama_stand_in.py --port 11434
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from ollama_replies import Obedient, Reply, Responder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

VERSION = "0.12.6"
MODEL = "llama3.2:3b"
ROLES = frozenset({"system", "user", "assistant", "tool"})
START_SECONDS = 20
OK, BAD_REQUEST, NOT_FOUND = 200, 400, 404
TOKENS_PER_WORD = 1.3


@dataclass
class OllamaStandIn:
    """The server; ``with`` starts it on a free port of this machine and ends it.

    Attributes:
        responder: the model.
        models: that are installed.
        capabilities: of each of them.
        tags_delay_s: how long ``/api/tags`` takes.
        tags_raw: what it answers instead of its list.
        bodies: of every ``/api/chat``, in the order in which they came.
        paths: of every request.
        aborted: replies whose stream the client left before its end.
    """

    responder: Responder = field(default_factory=Obedient)
    models: Sequence[str] = (MODEL,)
    capabilities: Sequence[str] = ("completion", "tools")
    tags_delay_s: float = 0
    tags_raw: str | None = None
    port: int = 0
    bodies: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    aborted: list[Reply] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> OllamaStandIn:
        self._server = uvicorn.Server(uvicorn.Config(self.app(), port=self.port, log_level="critical", lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        waited = threading.Event()
        for _ in range(START_SECONDS * 100):
            if self._server.started:
                break
            waited.wait(0.01)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_failure: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End it; what it is streaming breaks off."""
        self._server.force_exit = True
        self._server.should_exit = True
        self._thread.join(START_SECONDS)

    def app(self) -> Starlette:
        """Its routes."""
        routes = [
            Route("/", self._root),
            Route("/api/version", self._version),
            Route("/api/tags", self._tags),
            Route("/api/show", self._show, methods=["POST"]),
            Route("/api/chat", self._chat, methods=["POST"]),
        ]
        return Starlette(routes=routes)

    def _has(self, name: str | None) -> bool:
        """Whether a model is installed; one without a tag is its latest."""
        return name in self.models or f"{name}:latest" in self.models

    async def _root(self, request: Request) -> Response:
        self.paths.append(request.url.path)
        return PlainTextResponse("Ollama is running")

    async def _version(self, request: Request) -> Response:
        self.paths.append(request.url.path)
        return JSONResponse({"version": VERSION})

    async def _tags(self, request: Request) -> Response:
        self.paths.append(request.url.path)
        await asyncio.sleep(self.tags_delay_s)
        if self.tags_raw is not None:
            return PlainTextResponse(self.tags_raw, media_type="text/html")
        return JSONResponse({"models": [_listed(name) for name in self.models]})

    async def _show(self, request: Request) -> Response:
        self.paths.append(request.url.path)
        name = (await request.json()).get("model")
        if not self._has(name):
            return JSONResponse({"error": f"model '{name}' not found"}, status_code=NOT_FOUND)
        shown = {"details": _listed(name)["details"], "model_info": {"llama.context_length": 131072}}
        return JSONResponse({**shown, "capabilities": list(self.capabilities)})

    async def _chat(self, request: Request) -> Response:
        self.paths.append(request.url.path)
        body = await request.json()
        self.bodies.append(body)
        if (wrong := self._refusal(body)) is not None:
            return wrong
        reply = self.responder(body)
        await asyncio.sleep(reply.delay_s)
        if reply.raw is not None:
            return Response(reply.raw, status_code=reply.status, media_type="text/html")
        if reply.status != OK:
            return JSONResponse({"error": "the stand-in was told to fail"}, status_code=reply.status)
        if body.get("stream") is False:
            return JSONResponse(_whole(reply, body))
        return StreamingResponse(self._stream(reply, body), media_type="application/x-ndjson")

    def _refusal(self, body: dict[str, Any]) -> Response | None:
        """As Ollama refuses a body."""
        if not self._has(body.get("model")):
            error = f"model '{body.get('model')}' not found"
            return JSONResponse({"error": error}, status_code=NOT_FOUND)
        if body.get("tools") and "tools" not in self.capabilities:
            return JSONResponse({"error": f"{body['model']} does not support tools"}, status_code=BAD_REQUEST)
        roles = {message.get("role") for message in body.get("messages", [])}
        named = all(tool.get("function", {}).get("name") for tool in body.get("tools") or [])
        if not roles or roles - ROLES or not named:
            return JSONResponse({"error": "invalid message or tool"}, status_code=BAD_REQUEST)
        return None

    async def _stream(self, reply: Reply, body: dict[str, Any]) -> AsyncIterator[str]:
        """Ollama's lines, until the fault."""
        is_over = False
        try:
            for number, line in enumerate(_lines(reply, body)):
                await asyncio.sleep(reply.pause_s)
                if number == reply.cut_after:
                    break
                if number == reply.dead_after:
                    is_over = True
                    raise ConnectionResetError("the stand-in was told to die")
                if number == reply.broken_after:
                    yield '{"model": "llama'
                    break
                if number == reply.error_after:
                    yield json.dumps({"error": "an error was encountered while running the model"}) + "\n"
                    break
                yield json.dumps(line, ensure_ascii=False) + "\n"
            is_over = True
        finally:
            if not is_over:
                self.aborted.append(reply)


def _lines(reply: Reply, body: dict[str, Any]) -> list[dict[str, Any]]:
    """What Ollama streams of a reply, the last line with its counters."""
    messages: list[dict[str, Any]] = [{"role": "assistant", "content": piece} for piece in reply.pieces()]
    if reply.calls:
        calls = [{"function": {"name": name, "arguments": arguments}} for name, arguments in reply.calls]
        messages.append({"role": "assistant", "content": "", "tool_calls": calls})
    lines = [{**_head(body), "message": message, "done": False} for message in messages]
    if reply.leaves_out is not None:
        lines = [{key: value for key, value in line.items() if key != reply.leaves_out} for line in lines]
    return [*lines, _last(reply, body)]


def _last(reply: Reply, body: dict[str, Any]) -> dict[str, Any]:
    words = sum(len(str(message.get("content", "")).split()) for message in body["messages"])
    return {
        **_head(body),
        "message": {"role": "assistant", "content": ""},
        "done_reason": reply.done_reason,
        "done": True,
        "total_duration": 1_000_000,
        "load_duration": 1_000,
        "prompt_eval_count": round(words * TOKENS_PER_WORD),
        "prompt_eval_duration": 1_000,
        "eval_count": len(reply.pieces()),
        "eval_duration": 1_000,
    }


def _whole(reply: Reply, body: dict[str, Any]) -> dict[str, Any]:
    """A reply that is not streamed."""
    calls = [{"function": {"name": name, "arguments": arguments}} for name, arguments in reply.calls]
    message = {"role": "assistant", "content": reply.text, **({"tool_calls": calls} if calls else {})}
    return {**_last(reply, body), "message": message}


def _head(body: dict[str, Any]) -> dict[str, Any]:
    return {"model": body["model"], "created_at": dt.datetime.now(tz=dt.UTC).isoformat()}


def _listed(name: str) -> dict[str, Any]:
    details = {"format": "gguf", "family": "llama", "parameter_size": "3.2B", "quantization_level": "Q4_K_M"}
    return {"name": name, "model": name, "size": 2_019_393_189, "digest": "a80c4f17acd5", "details": details}


def main() -> None:
    """Run it until it is stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=11434)
    parser.add_argument("--model", default=MODEL)
    parser.add_argument("--pause-s", type=float, default=0, help="Before each word.")
    given = parser.parse_args()
    stand_in = OllamaStandIn(responder=Obedient(faults={"pause_s": given.pause_s}), models=[given.model])
    uvicorn.run(stand_in.app(), port=given.port, log_level="warning")


if __name__ == "__main__":
    main()
