"""The dashboard's addresses behind a door, over real HTTP, in front of a service that knows two keys."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx
import panel as pn
import pytest
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from steel_ui.client import EnergyService
from steel_ui.handing import PATTERN, ReportHandler
from steel_ui.login.door import Door
from steel_ui.login.secret import encryption
from steel_ui.settings import UiSettings
from steel_ui.testing import ToyService, refusal

SECRET = "s" * 32
ANA, BEN = "steel_ana_1", "steel_ben_1"


@dataclass
class KeyedService:
    """The toy service where it wants keys; ``keys`` names who holds which and in what role."""

    toy: ToyService = field(default_factory=ToyService)
    keys: dict[str, tuple[str, str]] = field(default_factory=lambda: {ANA: ("ana", "viewer"), BEN: ("ben", "admin")})
    is_open: bool = False
    sent: list[str | None] = field(default_factory=list)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answers by the key that was sent."""
        key = request.headers.get("Authorization", "").removeprefix("Bearer ") or None
        self.sent.append(key)
        if key is None and not self.is_open:
            return httpx.Response(401, json=refusal("this needs a key", "send one"))
        if key is not None and key not in self.keys:
            return httpx.Response(401, json=refusal("the key is not accepted", "send another"))
        if key is not None and request.url.path == "/whoami":
            name, role = self.keys[key]
            return httpx.Response(200, json={"name": name, "role": role, "means": "key", "plants": ["toy"]})
        return self.toy.handle(request)


class Visit(RequestHandler):
    """What a page does for each visit, without the page."""

    def initialize(self, door: Door, seats: list[EnergyService]) -> None:
        """``seats`` collects the service of each visit."""
        self.door, self.seats = door, seats

    async def get(self) -> None:
        """One more visit, of somebody who is let in."""
        visitor = await self.door.visitor(self)
        assert visitor is not None
        self.seats.append(self.door.service(visitor))


class NoConnection:
    """What a handler wants of a connection that it does not use."""

    def set_close_callback(self, callback: object) -> None:
        """Nothing is closed."""


@pytest.fixture
def asking() -> Callable[..., RequestHandler]:
    """A request for an address with some headers, as a handler has it."""

    def ask(address: str = "/", **headers: str) -> RequestHandler:
        line = RequestStartLine("GET", address, "HTTP/1.1")
        sent = {"Host": "127.0.0.1"} | {name.replace("_", "-"): value for name, value in headers.items()}
        request = HTTPServerRequest(headers=HTTPHeaders(sent), connection=NoConnection(), start_line=line)  # type: ignore[arg-type]
        return RequestHandler(Application(cookie_secret=SECRET), request)

    return ask


@pytest.fixture
def seats() -> list[EnergyService]:
    """The services of the visits so far."""
    return []


@pytest.fixture
def keyed() -> KeyedService:
    return KeyedService()


@pytest.fixture
def make_door(keyed: KeyedService) -> Callable[..., Door]:
    def make(**settings: object) -> Door:
        chosen = UiSettings(api_url="http://toy", ui_cookie_secret=SECRET, **settings)  # type: ignore[arg-type]
        return Door(chosen, transport=httpx.MockTransport(keyed.handle))

    return make


@pytest.fixture
def at_door(monkeypatch: pytest.MonkeyPatch, seats: list[EnergyService]) -> Callable[..., None]:
    """Runs a conversation of a browser with the dashboard's addresses."""
    monkeypatch.setattr(pn.state, "encryption", encryption(SECRET))

    def run(door: Door, talk: Callable[[httpx.AsyncClient], Awaitable[None]]) -> None:
        async def serve() -> None:
            visits = ("/visit", Visit, {"door": door, "seats": seats})
            routes = [*door.endpoints, (PATTERN, ReportHandler, {"door": door}), visits]
            application = Application(routes, cookie_secret=SECRET)
            application.auth_provider = door  # type: ignore[attr-defined] # as Bokeh's has it
            server = HTTPServer(application, xheaders=True)
            socket, port = bind_unused_port()
            server.add_socket(socket)
            try:
                async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
                    await talk(client)
            finally:
                server.stop()

        asyncio.run(serve())

    return run
