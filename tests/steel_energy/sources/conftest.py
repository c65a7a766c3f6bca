"""A small raw export, and a real HTTP server on this machine that fails in the ways real ones do."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import polars as pl
import pytest

from steel_energy.calendar import interval_grid
from steel_energy.schema import readings_schema
from steel_energy.sources.raw import to_published, to_raw

STALL_S = 0.6


@dataclass
class Server:
    """Answers the next request with the next of ``answers``, and stays with the last.

    An answer is a status, the content, or ``stall`` (no answer in time) or ``truncate`` (half of the content).
    """

    url: str
    answers: list[int | bytes | str] = field(default_factory=list)
    content: bytes = b""
    requests: int = 0

    def next_answer(self) -> int | bytes | str:
        answer = self.answers[min(self.requests, len(self.answers) - 1)]
        self.requests += 1
        return answer


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = state.next_answer()
            if answer == "stall":
                time.sleep(STALL_S)
                return
            content = answer if isinstance(answer, bytes) else state.content
            self.send_response(answer if isinstance(answer, int) else 200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if answer == "truncate" else content)

        def log_message(self, *_args: object) -> None:
            pass

    http_server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state = Server(url=f"http://127.0.0.1:{http_server.server_port}/year.zip")
    thread = threading.Thread(target=http_server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield state
    http_server.shutdown()
    http_server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def readings() -> Callable[..., pl.DataFrame]:
    """Readings of the data contract, by default of the first of January 2018 in Seoul: 96 times 3.17 kWh."""

    def make(first: str = "2018-01-01", *, days: int = 1, zone: str = "Asia/Seoul") -> pl.DataFrame:
        start = dt.datetime.fromisoformat(first)
        return pl.select(
            plant=pl.lit("toy"),
            interval_start=interval_grid(start, start + dt.timedelta(days=days), zone=zone),
            usage_kwh=3.17,
            lagging_reactive_kvarh=2.95,
            leading_reactive_kvarh=0.0,
            lagging_power_factor=73.21,
            leading_power_factor=100.0,
            co2_t=0.0,
            load_type=pl.lit("light"),
        ).cast(readings_schema(zone))

    return make


@pytest.fixture(scope="session")
def day(readings: Callable[..., pl.DataFrame]) -> pl.DataFrame:
    """The same day as raw rows."""
    return to_raw(readings(), "Asia/Seoul")


@pytest.fixture(scope="session")
def day_csv(day: pl.DataFrame) -> bytes:
    return to_published(day).write_csv().encode()
