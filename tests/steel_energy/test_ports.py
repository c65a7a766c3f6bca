"""Ports for servers: nobody else's, and none that the system gives away by itself."""

from __future__ import annotations

import socket

import pytest

from steel_energy import ports
from steel_energy.ports import FREE, free_port


def test_a_server_can_listen_on_a_free_port() -> None:
    port = free_port()

    with socket.create_server(("127.0.0.1", port)):
        assert port in FREE


def test_a_port_that_is_taken_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    free = free_port()
    with socket.create_server(("127.0.0.1", 0)) as server:
        offered = iter([server.getsockname()[1], free])
        monkeypatch.setattr(ports._CHANCE, "choice", lambda _: next(offered))

        assert free_port() == free
