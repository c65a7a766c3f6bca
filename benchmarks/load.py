"""Many callers at once: 64 connections, each asking again as soon as it is answered, over HTTP on this machine.

First what the service costs beside a bare FastAPI app that serves the same nowcast, and beside the same app mounted in
a BentoML service as it comes: one worker each, in turns, so that all three see the same machine. Then /predict and
/forecast of the real service for a minute each (``STEEL_BENCH_SECONDS``). Printed are percentiles of the answers' times
in milliseconds, the processor time of the server for each request, and what failed. Needs readings and a champion: run
``make build`` first.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
import psutil
from service import ROW

from steel_service.testing import free_port, running_service

CONNECTIONS = 64
TURN_S = 6.0
TURNS = 3
LONG_S = 60.0
START_S = 60
BENCHMARKS = Path(__file__).parent

NextBody = Callable[[], bytes]


@dataclass
class Load:
    """What came of a load: seconds of each good answer, the kinds of the others, processor seconds of the server."""

    answered_s: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    cpu_s: float = 0.0
    wall_s: float = 0.0

    def add(self, other: Load) -> None:
        """Count another turn in."""
        self.answered_s += other.answered_s
        self.failed += other.failed
        self.cpu_s += other.cpu_s
        self.wall_s += other.wall_s

    def row(self, name: str) -> str:
        """One line of the table."""
        requests = len(self.answered_s)
        p50, p95, p99 = 1000 * np.percentile(self.answered_s, [50, 95, 99])
        return (
            f"{name:44} {requests:7} {len(self.failed):6} {requests / self.wall_s:7.0f}"
            f" {p50:7.1f} {p95:7.1f} {p99:7.1f} {1000 * self.cpu_s / requests:8.3f}"
        )


async def connection(address: tuple[str, int], path: str, next_body: NextBody, until_s: float, load: Load) -> None:
    """One caller on one kept connection; it connects again if the server closes it, and that counts as a failure."""
    while time.perf_counter() < until_s:
        try:
            reader, writer = await asyncio.open_connection(*address)
            while time.perf_counter() < until_s:
                body = next_body()
                head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{address[1]}\r\nContent-Type: application/json\r\n"
                start = time.perf_counter()
                writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                status = await read_answer(reader)
                if status == "200":
                    load.answered_s.append(time.perf_counter() - start)
                else:
                    load.failed.append(status)
            writer.close()
        except (OSError, asyncio.IncompleteReadError) as error:
            load.failed.append(type(error).__name__)


async def read_answer(reader: asyncio.StreamReader) -> str:
    """The status of the next answer, after its body was read."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = head.partition("content-length:")[2].partition("\r\n")[0]
    await reader.readexactly(int(length))
    return head.split(" ", 2)[1]


def load_on(url: str, path: str, next_body: NextBody, *, process: psutil.Process, seconds: float) -> Load:
    """Let all connections ask for ``seconds``."""
    load, parsed = Load(), httpx.URL(url)
    address = (parsed.host, parsed.port or 80)

    async def all_connections() -> None:
        until_s = time.perf_counter() + seconds
        await asyncio.gather(*(connection(address, path, next_body, until_s, load) for _ in range(CONNECTIONS)))

    cpu_before, start = cpu_seconds(process), time.perf_counter()
    asyncio.run(all_connections())
    load.cpu_s, load.wall_s = cpu_seconds(process) - cpu_before, time.perf_counter() - start
    return load


def cpu_seconds(process: psutil.Process) -> float:
    """Processor time of a process and its children until now."""
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return sum(spent.user + spent.system for spent in times)


@contextmanager
def other_server(kind: str, log: Path) -> Iterator[tuple[str, psutil.Process]]:
    """A server of ``libraries/servers.py`` in a process of its own."""
    port, variables = free_port(), {**os.environ, "PYTHONPATH": str(BENCHMARKS)}
    command = [sys.executable, "-m", "libraries.servers", kind, str(port)]
    with (
        log.open("wb") as output,
        subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=variables) as process,
    ):
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for(url, process, log)
            yield url, psutil.Process(process.pid)
        finally:
            process.terminate()


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the server predicts; a RuntimeError with its log if it does not start."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.post(f"{url}/predict", json=ROW, timeout=5).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"the server did not start:\n{log.read_text()[-2000:]}")


def constant(body: object) -> NextBody:
    """The same body each time."""
    encoded = json.dumps(body).encode()
    return lambda: encoded


def other_origins(readings_until: str) -> NextBody:
    """Another origin each time, one interval earlier than the one before, through the last 60 days."""
    last = dt.datetime.fromisoformat(readings_until)
    origins = [last - n * dt.timedelta(minutes=15) for n in range(60 * 96)]
    bodies = itertools.cycle([json.dumps({"at": origin.isoformat()}).encode() for origin in origins])
    return lambda: next(bodies)


def main() -> int:
    """Print both tables."""
    seconds = float(os.environ.get("STEEL_BENCH_SECONDS", LONG_S))
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ours = stack.enter_context(running_service(scratch / "api.log", environment={}))
        health = httpx.get(f"{ours.url}/health").json()
        if health["status"] != "ok":
            print(f"cannot measure: {health['problems']}", file=sys.stderr)
            return 2
        process = psutil.Process(ours.process.pid)
        servers = {
            "bare FastAPI": stack.enter_context(other_server("bare", scratch / "bare.log")),
            "this service": (ours.url, process),
            "the same app mounted in BentoML as it comes": stack.enter_context(
                other_server("mounted", scratch / "mounted.log")
            ),
        }
        print(f"{CONNECTIONS} connections, one worker, champion {health['champion']['model']}\n")
        print(f"{'':44} {'answers':>7} {'failed':>6} {'per s':>7} {'p50 ms':>7} {'p95':>7} {'p99':>7} {'CPU ms':>8}")
        loads = {name: Load() for name in servers}
        for _ in range(TURNS):
            for name, (url, server) in servers.items():
                loads[name].add(load_on(url, "/predict", constant(ROW), process=server, seconds=TURN_S))
        for name, load in loads.items():
            print(load.row(f"/predict, {name}"))
        questions = {
            f"/predict, {seconds:.0f} s": ("/predict", constant(ROW)),
            f"/forecast, {seconds:.0f} s": ("/forecast", constant({})),
            f"/forecast, {seconds:.0f} s, another origin each": ("/forecast", other_origins(health["readings_until"])),
        }
        for name, (path, next_body) in questions.items():
            print(load_on(ours.url, path, next_body, process=process, seconds=seconds).row(name), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
