"""Visits of the dashboard by its socket alone: what a browser asks and says, without one that draws."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from tornado.websocket import WebSocketClientConnection, websocket_connect

TOKEN = re.compile(r'"token":"([^"]+)"')
QUIET_S, MOST_S = 3.0, 300.0
UNDRAWN_S = 12.0
"""After which a page is surely being filled: it waits six seconds for a browser to say that it is drawn."""
FEW, MANY = 10, 30
"""Messages in ``QUIET_S`` of a page that is filled, and at least in all: one that is only greeted gets fewer."""
READY = {
    "kind": "MessageSent",
    "msg_type": "bokeh_event",
    "msg_data": {"type": "event", "name": "document_ready", "values": {"type": "map", "entries": []}},
}
"""What a browser says once it has drawn the page; the dashboard fills it from then on."""


@asynccontextmanager
async def open_visit(url: str) -> AsyncIterator[int]:
    """A visit that stays open until the end of the ``with``, once its page has filled; gives the messages until then.

    Raises:
        RuntimeError: the dashboard sent no page, or did not fill it.
    """
    async with httpx.AsyncClient(timeout=MOST_S) as client:
        found = TOKEN.search((await client.get(url)).text)
    if found is None:
        raise RuntimeError("the dashboard sent no page")
    address = f"{url.replace('http', 'ws', 1)}ws"
    connection = await websocket_connect(address, subprotocols=["bokeh", found[1]])
    reader = _Reader(connection)
    try:
        for part in ({"msgid": "1", "msgtype": "PATCH-DOC"}, {}, {"events": [READY]}):
            await connection.write_message(json.dumps(part))
        yield await reader.until_quiet()
    finally:
        connection.close()
        await reader.task


class _Reader:
    """Takes what comes, as a browser does, and counts it."""

    def __init__(self, connection: WebSocketClientConnection) -> None:
        self.count = 0
        self.task = asyncio.create_task(self._read(connection))

    async def _read(self, connection: WebSocketClientConnection) -> None:
        while await connection.read_message() is not None:
            self.count += 1

    async def until_quiet(self) -> int:
        """Until no more comes than the dashboard's clock sends; returns how many messages came."""
        await asyncio.sleep(UNDRAWN_S)
        before, waited_s = -FEW, 0.0
        while self.count - before >= FEW or self.count < MANY:
            before, waited_s = self.count, waited_s + QUIET_S
            if waited_s > MOST_S or self.task.done():
                raise RuntimeError(f"the page did not fill: {self.count} messages came")
            await asyncio.sleep(QUIET_S)
        return self.count
