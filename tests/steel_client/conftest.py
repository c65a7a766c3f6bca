"""A service in a list: answers by turns what a test wrote down, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest

from steel_client import SteelClient

Turn = httpx.Response | httpx.HTTPError
HEALTH = {
    "status": "ok",
    "plant": "toy",
    "zone": "Asia/Seoul",
    "source": None,
    "readings_until": "2018-01-15T00:00:00+09:00",
    "champion": None,
    "fallback": None,
    "problems": [],
    "copilot": {"answers": "planner", "model": None, "state": "off", "remedy": ""},
    "service_version": "0.1.0",
}


@dataclass
class Script:
    """The next turn for each request; the last one for ever."""

    turns: list[Turn]
    asked: list[httpx.Request] = field(default_factory=list)

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        turn = self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]
        if isinstance(turn, httpx.HTTPError):
            raise turn
        return turn

    def client(self, **options: object) -> SteelClient:
        return SteelClient("http://toy", transport=httpx.MockTransport(self.handle), **options)  # type: ignore[arg-type]


@pytest.fixture
def script() -> Callable[..., Script]:
    return lambda *turns: Script(list(turns))


@pytest.fixture
def healthy() -> httpx.Response:
    return httpx.Response(200, json=HEALTH)


@pytest.fixture
def refused() -> Callable[..., httpx.Response]:
    """An error of the service, with a status and further headers."""

    def of(status: int, **headers: str) -> httpx.Response:
        error = {"code": "toy", "message": "is wrong", "field": "horizon", "hint": "mend it"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.Response(status, json={"error": error}, headers={"X-Request-ID": "r1"} | named)

    return of
