"""Ports of this machine for the servers that tests and benchmarks start."""

from __future__ import annotations

import random
import socket

FREE = range(20_000, 32_000)
"""Below the ports that Linux, macOS and Windows give to a connection or a socket that names none: none of those takes a
port between the moment it is found free and the one its server listens."""
_CHANCE = random.SystemRandom()  # what seeds Python's own would let two processes find the same port


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    while True:
        port = _CHANCE.choice(FREE)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
