"""How a request may come in: bounded in size of head and in time, which uvicorn leaves open with its fast parser.

Without it one connection could fill the memory with headers, and many could be held for ever by sending nothing. A
request that comes in one piece, which nearly all do, pays for a few comparisons. body_limits.py bounds the body's size.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http import auto
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 64 * 1024  # as uvicorn's other parser has it
REQUEST_TIMEOUT_S = 60.0


class BoundedHttpProtocol(HttpToolsProtocol):
    """Answers 400 to a head of more than 64 KiB, and closes a connection whose request is not there after 60 s.

    A head that comes in pieces is refused before it has grown by more than one read (256 KiB) past its bound.
    """

    _heads = 0
    _head_bytes = 0
    _is_in_head = True
    _is_incomplete = True
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - asyncio's own type differs by version
        """Wait for the first request."""
        self.access_log = False  # uvicorn's own line would be worded for each request only to be thrown away
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse; then see what has come of a request that is not complete."""
        heads = self._heads
        super().data_received(data)
        if self._is_incomplete:
            self._wait()
            self._head_bytes += len(data) if self._is_in_head and heads == self._heads else 0
            if self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
                self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        """A request begins."""
        self._heads += 1
        self._head_bytes = 0
        self._is_in_head = self._is_incomplete = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """A head is complete.

        Raises:
            ValueError: it is too large; the parser makes its own error of it, which is answered by 400.
        """
        self._is_in_head = False
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > MAX_HEAD_BYTES:
            raise ValueError("the head is too large")
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request is complete."""
        self._is_incomplete = False
        self._stop_waiting()
        super().on_message_complete()

    def _wait(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(REQUEST_TIMEOUT_S, self.timeout_keep_alive_handler)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def install_bounded_protocol() -> None:
    """Let the server of this process use it; BentoML passes no such option on, and takes uvicorn's automatic choice."""
    auto.AutoHTTPProtocol = BoundedHttpProtocol
