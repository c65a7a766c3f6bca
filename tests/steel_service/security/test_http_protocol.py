"""The bounds of a request's head and time, on real connections."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from threading import Thread

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from steel_energy.ports import free_port
from steel_service.security import http_protocol
from steel_service.security.http_protocol import MAX_HEAD_BYTES, BoundedHttpProtocol, install_bounded_protocol

TIMEOUT_S = 0.3
PATIENCE_S = 30  # on a busy machine
SMALL = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def count(_scope: Scope, receive: Receive, send: Send) -> None:
    """Answers the length of the body."""
    length, more = 0, True
    while more:
        message = await receive()
        length, more = length + len(message.get("body", b"")), message.get("more_body", False)
    answer = b"%d" % length
    headers = [(b"content-length", b"%d" % len(answer))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    port = free_port()
    config = uvicorn.Config(count, port=port, http=BoundedHttpProtocol, lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(http_protocol, "REQUEST_TIMEOUT_S", TIMEOUT_S)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield port
        server.should_exit = True
        thread.join()


@pytest.fixture
def connection(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as connection:
        yield connection


def said(connection: socket.socket, *, answers: int = 1) -> bytes:
    """All that the server says until it closes, or has given so many answers and is silent."""
    heard = b""
    try:
        while part := connection.recv(65536):
            heard += part
            if heard.count(b"HTTP/1.1 ") >= answers:
                connection.settimeout(TIMEOUT_S / 2)
    except TimeoutError:
        pass
    return heard


def padded(head_bytes: int) -> bytes:
    """A request with so many bytes of path, names and values."""
    return b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * (head_bytes - len("/" + "host" + "x" + "x-a")) + b"\r\n\r\n"


def test_a_head_may_have_64_kib_and_not_a_byte_more(port: int) -> None:
    first_lines = []
    for head_bytes in (MAX_HEAD_BYTES, MAX_HEAD_BYTES + 1):
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as connection:
            connection.sendall(padded(head_bytes))
            first_lines.append(said(connection).partition(b"\r\n")[0])

    assert first_lines == [b"HTTP/1.1 200 OK", b"HTTP/1.1 400 Bad Request"]


def test_a_head_without_end_is_refused_while_it_comes(connection: socket.socket) -> None:
    connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ")

    with pytest.raises(ConnectionError):
        connection.sendall(b"a" * 100_000_000)


def test_bodies_are_no_heads(connection: socket.socket) -> None:
    body = b"a" * (4 * MAX_HEAD_BYTES)
    connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body))
    connection.sendall(body + SMALL[:5])
    time.sleep(0.05)
    connection.sendall(SMALL[5:])

    assert said(connection, answers=2).count(b"HTTP/1.1 200 OK") == 2


@pytest.mark.parametrize(
    "beginning",
    [b"", SMALL[:10], SMALL[:-2], b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab"],
    ids=["nothing", "a-line", "no-end", "half-a-body"],
)
def test_a_request_that_does_not_come_is_given_up_in_time_without_a_word(port: int, beginning: bytes) -> None:
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as connection:
        connection.sendall(beginning)

        assert connection.recv(1) == b""

    assert time.monotonic() - began >= TIMEOUT_S


def test_the_time_runs_for_the_whole_request_and_not_from_byte_to_byte(connection: socket.socket) -> None:
    def drip() -> None:
        for _ in range(100):
            connection.sendall(b"a")
            time.sleep(TIMEOUT_S / 10)

    with pytest.raises(ConnectionError):
        drip()


def test_a_connection_that_is_kept_may_rest_between_requests(connection: socket.socket) -> None:
    heard = []
    for _ in range(2):
        connection.sendall(SMALL)
        heard.append(connection.recv(1000)[:15])
        time.sleep(1.5 * TIMEOUT_S)

    assert heard == [b"HTTP/1.1 200 OK"] * 2


def test_it_takes_the_place_of_uvicorns_own_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol.auto, "AutoHTTPProtocol", None)
    install_bounded_protocol()
    config = uvicorn.Config(count)
    config.load()

    assert config.http_protocol_class is BoundedHttpProtocol
