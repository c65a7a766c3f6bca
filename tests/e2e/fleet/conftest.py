"""A small plant, a Redis, a PostgreSQL and two workers as real processes: what a fleet is proved with.

The plant's readings lie behind an address whose server can be told to wait: that is how a test meets a step in the
middle.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import dagster as dg
import polars as pl
import psutil
import pytest
import yaml

from steel_assets.fleet_testing import RunningWorker, missing_programs, running_servers, running_worker
from steel_assets.instance import open_instance
from steel_assets.partitions import PlantMonth, range_tags
from steel_assets.settings import AssetsSettings
from steel_energy.config import Record
from steel_energy.settings import PROJECT_ROOT
from steel_energy.simulation.plant import simulate
from steel_energy.sources.raw import to_published, to_raw
from steel_energy.testing import toy_plant, toy_tariff

START, END = dt.date(2018, 1, 1), dt.date(2018, 3, 1)
MONTHS = ("2018-01", "2018-02")
STEP_LIMIT_S = 15
JOB = "rebuild_months"
PATIENCE_S = 300


@dataclass
class Source:
    """The plant's export behind an address; the next ``waits`` who ask are kept waiting."""

    export: bytes
    waits: int = 0
    asked: threading.Event = field(default_factory=threading.Event)
    answer: threading.Event = field(default_factory=threading.Event)
    requests: int = 0


@dataclass
class Asked:
    """A run that was asked for, as a person does on the command line."""

    process: subprocess.Popen[str]
    name: str

    def ended(self) -> str:
        """See it end; what it printed."""
        said, _ = self.process.communicate(timeout=PATIENCE_S)
        assert self.process.returncode == 0, said[-5000:]
        return said

    def failed(self) -> str:
        """See it fail; what it printed."""
        said, _ = self.process.communicate(timeout=PATIENCE_S)
        assert self.process.returncode == 1, said[-5000:]
        return said


@dataclass
class Fleet:
    """A plant's home and those who work for it."""

    home: Path
    environment: dict[str, str]
    stack: ExitStack
    source: Source
    workers: list[RunningWorker] = field(default_factory=list)

    @property
    def settings(self) -> AssetsSettings:
        return AssetsSettings(
            home=self.home,
            data_dir=self.home / "data",
            engine="celery",
            step_limit_s=STEP_LIMIT_S,
            **{
                name: self.environment[f"STEEL_{name.upper()}"]
                for name in ("broker_url", "database_url", "tracking_url")
            },
        )

    def add_worker(self) -> None:
        log = self.home / f"worker-{len(self.workers)}.log"
        self.workers.append(self.stack.enter_context(running_worker(log, environment=self.environment)))

    def ask(self) -> Asked:
        run = asked(self.environment, name=self.home.parent.name)
        self.stack.callback(run.process.kill)  # of no effect on one that has ended
        return run

    def busy(self) -> RunningWorker:
        """The worker whose step waits for the source."""
        assert self.source.asked.wait(PATIENCE_S), "nobody asked the source"
        self.source.asked.clear()
        port = urlsplit(self.environment["STEEL_SOURCE"]).port
        (found,) = [worker for worker in self.workers if worker.is_alive and is_connected(worker.child, port)]
        return found

    def lake(self) -> dict[str, bytes]:
        return lake_bytes(self.home)

    def told(self, run: Asked) -> Counter[tuple[str, str]]:
        """How often each kind of event of each step stands in Dagster's log of the one run."""
        with open_instance(self.settings) as instance:
            (record,) = instance.get_run_records(dg.RunsFilter(tags={"test": run.name}))
            entries = instance.all_logs(record.dagster_run.run_id)
        assert record.dagster_run.is_success
        events = [entry.dagster_event for entry in entries if entry.dagster_event]
        return Counter((event.event_type_value, event.step_key or "") for event in events)


def is_connected(process: psutil.Process, port: int | None) -> bool:
    """Whether a process talks to a port of this machine."""
    ports = [found.raddr.port for found in process.net_connections() if found.status == psutil.CONN_ESTABLISHED]
    return port in ports


def make_home(home: Path) -> Path:
    write_yaml(home / "data" / "plants" / "toy.yaml", toy_plant())
    write_yaml(home / "data" / "tariffs" / "toy.yaml", toy_tariff())
    (home / "params.yaml").symlink_to(PROJECT_ROOT / "params.yaml")
    return home


def write_yaml(path: Path, record: Record) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(record.model_dump(mode="json")), encoding="utf-8")


def places(home: Path, address: str) -> dict[str, str]:
    data = home / "data"
    own = {"STEEL_HOME": home, "STEEL_DATA_DIR": data, "DAGSTER_HOME": data / "dagster", "PYTHONPATH": PROJECT_ROOT}
    return {**{name: str(path) for name, path in own.items()}, "STEEL_SOURCE": address, "DO_NOT_TRACK": "1"}


def asked(environment: dict[str, str], *, name: str) -> Asked:
    """A run of the plant's months, begun by Dagster's own command."""
    tags = range_tags(*(PlantMonth("toy", month) for month in MONTHS)) | {"test": name}
    command = [sys.executable, "-m", "dagster", "job", "execute", "-m", "steel_assets.definitions", "-a", "defs"]
    process = subprocess.Popen(
        [*command, "-j", JOB, "--tags", json.dumps(tags)],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Asked(process, name)


def lake_bytes(home: Path) -> dict[str, bytes]:
    lake = home / "data" / "lake"
    return {str(path.relative_to(lake)): path.read_bytes() for path in sorted(lake.rglob("*")) if path.is_file()}


@pytest.fixture(scope="session")
def servers() -> Iterator[dict[str, str]]:
    if missing := missing_programs():
        pytest.skip(f"not installed: {', '.join(missing)}")
    with running_servers() as addresses:
        yield addresses


@pytest.fixture(scope="session")
def source() -> Source:
    plant = toy_plant()
    readings = pl.concat(simulate(plant, toy_tariff(), start=START, end=END, seed=1))
    return Source(to_published(to_raw(readings, plant.zone, label=plant.label)).write_csv().encode())


@pytest.fixture(scope="session")
def address(source: Source) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(source))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/meter.csv"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory, address: str) -> dict[str, bytes]:
    """The lake's files as one process writes them."""
    home = make_home(tmp_path_factory.mktemp("local"))
    environment = places(home, address)
    open_instance(AssetsSettings(home=home, data_dir=home / "data"))
    asked(environment, name="local").ended()
    return lake_bytes(home)


@pytest.fixture
def fleet(
    tmp_path: Path, servers: dict[str, str], source: Source, address: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Fleet]:
    """Two workers that wait for steps."""
    source.asked.clear()
    source.answer.clear()
    source.waits, source.requests = 0, 0
    for name, value in servers.items():
        monkeypatch.setenv(name, value)
    home = make_home(tmp_path / "fleet")
    own = {"STEEL_ENGINE": "celery", "STEEL_STEP_LIMIT_S": str(STEP_LIMIT_S), **servers}
    with ExitStack() as stack:
        fleet = Fleet(home, places(home, address) | own, stack, source)
        open_instance(fleet.settings)
        for _ in range(2):
            fleet.add_worker()
        yield fleet
        source.answer.set()


def _handler(source: Source) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            source.requests += 1
            if source.waits:
                source.waits -= 1
                source.asked.set()
                source.answer.wait(PATIENCE_S)
            self.send_response(200)
            self.send_header("Content-Length", str(len(source.export)))
            self.end_headers()
            self.wfile.write(source.export)

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    return Handler
