"""The copilot's tools: the service's own read-only routes, called in this process.

A call goes through the same route as one from outside, so it is validated, refused and logged as that would be. Which
routes there are is a fixed table, and what is asked ends up in their body or query alone: no argument can name another
route, another method, another plant or a file.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from steel_energy.asking.outcomes import Intent, Request
from steel_energy.telling.records import Call
from steel_energy.telling.tell import calls_of
from steel_service.errors import PassedOnError

LOG = structlog.get_logger()
BASE_URL = "http://127.0.0.1"  # never dialled: the transport hands requests to the app
GATEWAY_TIMEOUT = 504


@dataclass(frozen=True)
class Tool:
    """A route that only looks.

    Attributes:
        method: GET takes its arguments as a query, POST as a JSON body.
        path: without parameters.
        plant_in: where the route wants the plant.
    """

    method: Literal["GET", "POST"]
    path: str
    plant_in: Literal["query", "body"] = "query"

    @property
    def name(self) -> str:
        """For people, such as ``POST /forecast``."""
        return f"{self.method} {self.path}"


TOOLS: Mapping[Intent, Tool] = {
    "nowcast": Tool("POST", "/predict"),
    "forecast": Tool("POST", "/forecast", "body"),
    "what_if": Tool("POST", "/what-if", "body"),
    "explain": Tool("POST", "/explain", "body"),
    "optimize": Tool("POST", "/optimize", "body"),
    "bill": Tool("POST", "/bill", "body"),
    "history": Tool("GET", "/history"),
    "drift": Tool("GET", "/drift"),
    "health": Tool("GET", "/health"),
    "model": Tool("GET", "/model/info"),
    "knowledge": Tool("GET", "/knowledge"),
}
"""Everything that the copilot can do."""


def request_of(tool: Tool, arguments: Mapping[str, Any], *, plant: str | None) -> dict[str, Any]:
    """What httpx is to send for a call: the tool's method and path, the arguments in their place, the plant last.

    >>> request_of(TOOLS["history"], {"from": "2018-12-01", "plant": "other"}, plant="toy")["params"]
    {'from': '2018-12-01', 'plant': 'toy'}
    """
    named = {} if plant is None else {"plant": plant}
    asked: dict[str, Any] = {"method": tool.method, "url": tool.path}
    if tool.method == "GET":
        return asked | {"params": {**arguments, **named}}
    if tool.plant_in == "body":
        return asked | {"json": {**arguments, **named}}
    return asked | {"json": dict(arguments), "params": named}


@dataclass
class Toolbox:
    """The tools of one turn.

    Attributes:
        app: the routes.
        plant: whose they are asked of, whatever the arguments say.
        state: of the request that the turn answers; its id stands in the log of each call.
        timeout_s: of one call.
    """

    app: ASGIApp
    plant: str
    state: Mapping[str, Any] = field(default_factory=dict)
    timeout_s: float = 60.0
    _asked: dict[str, asyncio.Task[dict[str, Any]]] = field(default_factory=dict, repr=False)

    async def call(self, request: Request) -> Sequence[Mapping[str, Any]]:
        """The JSON answers of the routes of a request, in the order of ``telling.calls_of``.

        Raises:
            PassedOnError: a route refused.
        """
        return [await self.ask(call) for call in calls_of(request)]

    async def ask(self, call: Call) -> dict[str, Any]:
        """The JSON answer of one call; the same call is made once in a turn.

        Raises:
            PassedOnError: the route refused, with its status, code, message, field and hint.
        """
        key = json.dumps([call.tool, call.arguments], sort_keys=True)
        if key not in self._asked:
            self._asked[key] = asyncio.ensure_future(self._ask(call))
        return await self._asked[key]

    async def close(self) -> None:
        """End the calls that nobody waits for any more."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)

    async def _ask(self, call: Call) -> dict[str, Any]:
        transport = httpx.ASGITransport(app=_stated(self.app, self.state))
        client = httpx.AsyncClient(transport=transport, base_url=BASE_URL, trust_env=False)
        try:
            async with client, asyncio.timeout(self.timeout_s):
                answer = await client.request(**request_of(TOOLS[call.tool], call.arguments, plant=self.plant))
        except TimeoutError as error:
            raise PassedOnError(
                f"{TOOLS[call.tool].name} took longer than {self.timeout_s:g} s",
                status=GATEWAY_TIMEOUT,
                code="tool_too_slow",
                remedy="ask for a shorter period, or try again",
            ) from error
        return _answered(answer)


def _answered(answer: httpx.Response) -> dict[str, Any]:
    said: dict[str, Any] = answer.json()
    if answer.is_success:
        return said
    told = said["error"]
    raise PassedOnError(
        told["message"], status=answer.status_code, code=told["code"], field=told["field"], remedy=told["hint"]
    )


def _stated(app: ASGIApp, state: Mapping[str, Any]) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """``app`` as the turn's own request finds it; a bug in a route is logged, for its answer is a 500 already."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = dict(state)
        try:
            await app(scope, receive, send)
        except Exception:  # raised again by the app after it answered 500, which is what the copilot is told
            LOG.exception("a tool of the copilot failed", path=scope["path"])

    return answer
