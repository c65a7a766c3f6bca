"""A real service in a process of its own, for tests and benchmarks; fakes lie with the tests that use them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from steel_energy.ports import free_port

START_SECONDS = 180  # on a busy machine; a service that ended is noticed at once
STOP_SECONDS = 60
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class RunningService:
    """A started service: its port on this machine, its process and the file it logs to."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def running_service(log: Path, *, environment: Mapping[str, str], port: int | None = None) -> Iterator[RunningService]:
    """Start ``python -m steel_service`` on ``port`` or a free one, wait until it is ready, and stop it at the end.

    Args:
        log: file for everything it prints.
        environment: variables beside those of this process, such as ``STEEL_DATA_DIR``.
        port: where it is to listen.

    Raises:
        RuntimeError: it ended or was not ready in time; carries its log.
    """
    port = port or free_port()
    variables = {**os.environ, **environment, "STEEL_API_PORT": str(port)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "steel_service"], env=variables, stdout=output, stderr=subprocess.STDOUT
        )
    service = RunningService(port, process, log)
    try:
        _wait_until_ready(service)
        yield service
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def _wait_until_ready(service: RunningService) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _is_ready(service.url):
        if service.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the service did not start:\n{service.log.read_text()}")
        time.sleep(POLL_SECONDS)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=2).is_success
    except httpx.TransportError:
        return False
