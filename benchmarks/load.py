"""Many callers at once: 64 connections, each asking again as soon as it is answered, over HTTP on this machine.

    python benchmarks/load.py [--seconds 60] [--write]

First what the service costs beside a bare FastAPI app (the same nowcast; of a forecast only writing the same answer as
JSON), beside the whole app mounted in a BentoML service as it comes, and beside a socket that sends the same bytes: one
worker each, in turns, so that all see the same machine. Then /predict and /forecast of the real service for
``--seconds`` each. Shown are percentiles of the answers' times in milliseconds, the processor time of the server for
each request, and what failed. ``--write`` puts the first table into ``docs/benchmarks.md``. Needs readings and a
champion: run ``make build`` first.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
import psutil
from libraries.lacks import require_built
from libraries.results import PAGE, Result, keep
from libraries.tables import markdown, put
from rich.console import Console
from rich.progress import track
from service import ROW

from steel_energy.ports import free_port
from steel_service.testing import running_service

CONNECTIONS = 64
TURN_S = 4.0
TURNS = 3
SECTION = "load: benchmarks/load.py --write"
HEAD = ("question and server", "answers a second", "p50 ms", "p95 ms", "p99 ms", "CPU ms each", "failed")
OURS, BARE, BYTES = "this service", "bare FastAPI", "the same bytes from a socket"
OTHERS = {BYTES: "bytes", BARE: "bare", "the same app mounted in BentoML as it comes": "mounted"}
START_S = 60
BENCHMARKS = Path(__file__).parent

ASKED: dict[str, dict[str, object]] = {"/predict": {**ROW}, "/forecast": {}}
NextBody = Callable[[], bytes]
Server = tuple[str, psutil.Process]
"""Where it answers, and the process that does."""


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

    def row(self, name: str) -> tuple[object, ...]:
        """The cells of one row."""
        requests = len(self.answered_s)
        p50, p95, p99 = 1000 * np.percentile(self.answered_s, [50, 95, 99])
        spent = f"{self.cpu_ms:.3f}"
        return (
            name,
            f"{requests / self.wall_s:,.0f}",
            *(f"{ms:.1f}" for ms in (p50, p95, p99)),
            spent,
            len(self.failed),
        )

    @property
    def cpu_ms(self) -> float:
        """Processor time of the server for each answer."""
        return 1000 * self.cpu_s / len(self.answered_s)


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
def other_server(kind: str, answers: Path) -> Iterator[Server]:
    """A server of ``libraries/servers.py`` in a process of its own; it logs beside the answers that it is given."""
    path = os.pathsep.join([str(BENCHMARKS), *filter(None, [os.environ.get("PYTHONPATH")])])
    port, variables, log = free_port(), {**os.environ, "PYTHONPATH": path}, answers / f"{kind}.log"
    command = [sys.executable, "-m", "libraries.servers", kind, str(port), str(answers)]
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
    """Return once the server has answered each question; a RuntimeError with its log if it does not start."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            for path, question in ASKED.items():
                httpx.post(url + path, json=question, timeout=START_S).raise_for_status()
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


def side_by_side(servers: Mapping[str, Server]) -> dict[str, dict[str, Load]]:
    """By route and server, what came of it in turns."""
    loads = {path: {name: Load() for name in servers} for path in ASKED}
    turns = [(path, name) for _ in range(TURNS) for path in ASKED for name in servers]
    for path, name in track(turns, "in turns", console=Console(stderr=True), transient=True):
        url, process = servers[name]
        loads[path][name].add(load_on(url, path, constant(ASKED[path]), process=process, seconds=TURN_S))
    return loads


def results(loads: Mapping[str, Mapping[str, Load]]) -> list[Result]:
    """The lines of the summary."""
    return [
        Result(
            what=f"an answer of {path}: CPU ms of the server",
            ours=by_server[OURS].cpu_ms,
            peer=BARE,
            theirs=by_server[BARE].cpu_ms,
            limit=by_server[BYTES].cpu_ms,
            limited_by=BYTES,
            digits=3,
        )
        for path, by_server in loads.items()
    ]


def for_long(url: str, process: psutil.Process, *, readings_until: str, seconds: float) -> Iterator[tuple[object, ...]]:
    """The real service alone, each question for so long."""
    questions = {
        "/predict": ("/predict", constant(ROW)),
        "/forecast": ("/forecast", constant({})),
        "/forecast, another origin each": ("/forecast", other_origins(readings_until)),
    }
    for name, (path, next_body) in questions.items():
        yield load_on(url, path, next_body, process=process, seconds=seconds).row(f"{name}, {seconds:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="of each question to the service alone")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    options = parser.parse_args()
    with ExitStack() as stack:
        answers = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ours = stack.enter_context(running_service(answers / "api.log", environment={}))
        health = httpx.get(f"{ours.url}/health").json()
        require_built(health)
        for path, question in ASKED.items():
            (answers / f"{path[1:]}.json").write_bytes(httpx.post(ours.url + path, json=question).content)
        servers = {name: stack.enter_context(other_server(kind, answers)) for name, kind in OTHERS.items()}
        servers[OURS] = (ours.url, psutil.Process(ours.process.pid))
        loads = side_by_side(servers)
        table = markdown(
            HEAD, [load.row(f"{path}, {name}") for path, each in loads.items() for name, load in each.items()]
        )
        print(f"{CONNECTIONS} connections, one worker, champion {health['champion']['model']}\n\n{table}\n")
        if options.write:
            put(PAGE, SECTION, table)
            keep(results(loads))
        print(
            markdown(HEAD, for_long(*servers[OURS], readings_until=health["readings_until"], seconds=options.seconds))
        )


if __name__ == "__main__":
    main()
