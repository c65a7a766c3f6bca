"""A visit that ends leaves nothing of itself in the process: the real application, asked over HTTP and a socket."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakSet

import httpx
import panel as pn
import pytest
from bokeh.models import UIElement
from bokeh.protocol import Protocol
from bokeh.server.server import Server
from tornado.httpclient import AsyncHTTPClient
from tornado.websocket import WebSocketClientConnection, websocket_connect

from steel_ui.app import build_server
from steel_ui.frame import Frame
from steel_ui.login.door import Door
from steel_ui.settings import UiSettings
from steel_ui.state import Session
from steel_ui.testing import ToyService

OURS = (Session, Frame, pn.viewable.Viewable, UIElement)
READY = {"type": "event", "name": "document_ready", "values": {"type": "map"}}
PATIENCE_S = 60
VISITS = 2
LOOKS, LOOK_S = 10, 0.5


@pytest.fixture
def settings(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path, toy: ToyService
) -> UiSettings:
    """Of a dashboard before the toy service that looks every moment for news and for visits that ended."""
    monkeypatch.setattr("steel_ui.app.Door", partial(Door, transport=httpx.MockTransport(toy.handle)))
    monkeypatch.setattr(pn, "serve", partial(pn.serve, check_unused_sessions_milliseconds=50))
    caplog.set_level(logging.WARNING, "panel")  # pytest keeps the records of a log, and they keep what they tell of
    return UiSettings(ui_port=0, ui_retry_s=0.5, data_dir=tmp_path)


@pytest.fixture
def forget() -> Iterator[Callable[[], None]]:
    """Leaves all that there is, millions of things, out of what the garbage collector and ``alive`` look at."""

    def freeze() -> None:
        gc.collect()
        gc.freeze()

    yield freeze
    gc.unfreeze()


def alive() -> WeakSet[Any]:
    gc.collect()
    return WeakSet(one for one in gc.get_objects() if issubclass(type(one), OURS))


async def visit(server: Server, page: str) -> WebSocketClientConnection:
    """A browser's way to ``page``: the document, its socket, the word that it is drawn; until its figures came."""
    address = f"127.0.0.1:{server.port}/"
    answer = await AsyncHTTPClient().fetch(f"http://{address}?page={page}")
    found = re.search(r'"token":"([^"]+)"', answer.body.decode())
    assert found is not None
    socket = await websocket_connect(f"ws://{address}ws", subprotocols=["bokeh", found[1]])
    pull = Protocol().create("PULL-DOC-REQ")
    ready = {"events": [{"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": READY}]}
    for part in (pull.header_json, pull.metadata_json, pull.content_json):
        await socket.write_message(part)
    for content in ({"msgid": "ready", "msgtype": "PATCH-DOC"}, {}, ready):
        await socket.write_message(json.dumps(content))
    async with asyncio.timeout(PATIENCE_S):
        while "1,496" not in str(message := await socket.read_message()):
            assert message is not None, "the dashboard closed the socket"
    return socket


async def leave(server: Server, sockets: list[WebSocketClientConnection]) -> None:
    """Close the pages; until the server has forgotten them."""
    for session in server.get_sessions("/"):
        session.request_expiration()
    for socket in sockets:
        socket.close()
    async with asyncio.timeout(PATIENCE_S):
        while server.get_sessions("/"):  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.05)


def test_visits_that_end_leave_nothing_in_memory(settings: UiSettings, forget: Callable[[], None]) -> None:
    async def left_of_visits() -> list[Any]:
        server = build_server(settings)
        server.start()
        await leave(server, [await visit(server, "forecast")])  # what the process makes once for all
        forget()
        sockets = [await visit(server, "forecast") for _ in range(VISITS)]
        opened = alive()
        assert sum(isinstance(one, Session) for one in opened) == VISITS
        await leave(server, sockets)
        for _ in range(LOOKS):
            if not opened & alive():
                break
            await asyncio.sleep(LOOK_S)
        server.stop()
        return list(opened)

    assert asyncio.run(left_of_visits()) == []
