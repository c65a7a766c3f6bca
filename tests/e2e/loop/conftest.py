"""A small quick plant of its own and the real programs around it: what the loop is proved with.

A build, `dagster dev`, the service, a mail server and a receiver of webhooks, as a plant would run them.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import dagster as dg
import httpx
import polars as pl
import psutil
import pytest
import yaml
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from steel_assets.instance import open_instance
from steel_assets.settings import AssetsSettings
from steel_assets.testing import RunningDagster, running_dagster
from steel_energy.artifacts import Promotion, history
from steel_energy.config import Record
from steel_energy.inbox import Inbox
from steel_energy.lake import CLEANED_READINGS, Lake
from steel_energy.params import load_params
from steel_energy.plant import load_plant
from steel_energy.ports import free_port
from steel_energy.settings import PROJECT_ROOT
from steel_energy.simulation.plant import simulate
from steel_energy.simulation.shift import shifted
from steel_energy.sites import Site
from steel_energy.sources.raw import to_published, to_raw
from steel_energy.tariff import load_tariff
from steel_service.testing import RunningService, running_service

PLANT = "works"
START, END, SEED = dt.date(2018, 1, 1), dt.date(2018, 4, 16), 7
"""What the plant's export covers: fifteen weeks, to a Sunday."""
LEFT_OUT = [
    "seasonal_naive_day",
    "seasonal_naive_week",
    "xgboost",
    "chronos_zero_shot",
    "chronos_fine_tuned",
    "chronos_fine_tuned_covariates",
    "timesfm",
]
TREES, LEARNING_RATE, TRIALS = 40, 0.2, 1  # few trees that learn fast
LOOK_S = 0.5
Found = TypeVar("Found")


def works() -> Site:
    """The plant of the loop, as large as the published one, and its tariff."""
    plant = load_plant("gwangyang", plants_dir=PROJECT_ROOT / "data" / "plants")
    changes = {"id": PLANT, "name": "Works", "last_month": "2018-04", "open_until": "2018-12", "dataset": None}
    tariff = load_tariff(plant.tariff, tariffs_dir=PROJECT_ROOT / "data" / "tariffs")
    return Site(plant.model_copy(update=changes), tariff)


def simulated(start: dt.date, end: dt.date) -> pl.DataFrame:
    """Readings of the plant from ``start`` up to and without ``end``."""
    site = works()
    return pl.concat(simulate(site.plant, site.tariff, start=start, end=end, seed=SEED))


def batches(start: dt.date, end: dt.date, *, by_night: float) -> list[pl.DataFrame]:
    """A batch a day of the same plant, which does this share of its work by night."""
    plain, plant = simulated(start, end), works().plant
    moved = shifted(plain, kind="shift_pattern", size=by_night, start=plain["interval_start"][0], seed=1, plant=plant)
    return [
        day.drop("day")
        for day in moved.with_columns(day=pl.col("interval_start").dt.date()).partition_by("day", maintain_order=True)
    ]


def make_home(home: Path) -> Path:
    """Write the plant's files, its export and parameters under which everything takes seconds."""
    site = works()
    _write(home / "data" / "plants" / f"{PLANT}.yaml", site.plant)
    _write(home / "data" / "tariffs" / f"{site.tariff.id}.yaml", site.tariff)
    (home / "params.yaml").write_text(yaml.safe_dump(quick_params()), encoding="utf-8")
    (home / "meter.csv").write_text(export(simulated(START, END)), encoding="utf-8")
    return home


def export(readings: pl.DataFrame) -> str:
    """Readings as the plant's meter exports them."""
    plant = works().plant
    return to_published(to_raw(readings, plant.zone, label=plant.label)).write_csv()


def quick_params() -> dict[str, object]:
    params = load_params(PROJECT_ROOT / "params.yaml").model_dump(mode="json")
    for leads in params["forecasting"]["boosting"]["lead_ranges"]:
        leads["trees"] = TREES
    params["forecasting"]["lightgbm"]["learning_rate"] = LEARNING_RATE
    params["nowcasting"]["trees"] = TREES
    params["tuning"] |= {"trials": TRIALS, "folds": 1, "leads": [4]}
    params["evaluation"] |= {"cross_validated": ["seasonal_naive"], "left_out": LEFT_OUT}
    return params


def _write(path: Path, record: Record) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(record.model_dump(mode="json")), encoding="utf-8")


@dataclass
class Mailbox:
    """A mail server on this machine; ``subjects``, ``texts`` and ``ids`` of what it took."""

    subjects: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        body = message.get_body(("plain",))
        self.subjects.append(str(message["Subject"]))
        self.texts.append(body.get_content() if body else "")
        self.ids.append(str(message["Message-ID"]))
        return "250 OK"


@dataclass
class Hooks:
    """A receiver of webhooks on this machine; ``texts`` of what it took."""

    texts: list[str] = field(default_factory=list)


@dataclass
class Loop:
    """The running system, and what a test asks of it."""

    home: Path
    mailbox: Mailbox
    hooks: Hooks
    ports: dict[str, int]
    stack: ExitStack
    dagster: RunningDagster
    service: RunningService
    environment: dict[str, str]
    started_s: float = field(default_factory=time.monotonic)

    @property
    def settings(self) -> AssetsSettings:
        return AssetsSettings(home=self.home, data_dir=self.home / "data", source=str(self.home / "meter.csv"))

    def start_dagster(self) -> None:
        log = self.home / "dagster.log"
        self.dagster = self.stack.enter_context(
            running_dagster(log, environment=self.environment, port=self.ports["dagster"])
        )

    def start_service(self) -> None:
        log = self.home / "service.log"
        self.service = self.stack.enter_context(
            running_service(log, environment=self.environment, port=self.ports["service"])
        )

    def restart_dagster(self) -> None:
        """See what is left of it end, as a supervisor does, and start it again."""
        self.dagster.process.wait(120)
        self.dagster.stop()
        self.start_dagster()
        self.say("started Dagster again")

    def days(self, start: dt.date, end: dt.date, *, by_night: float) -> list[pl.DataFrame]:
        """A batch a day."""
        return batches(start, end, by_night=by_night)

    def post_days(self, start: dt.date, end: dt.date, *, by_night: float) -> None:
        """Post a batch a day."""
        for batch in batches(start, end, by_night=by_night):
            self.post(batch)
        self.say(f"posted {start} to {end}")

    def post(self, readings: pl.DataFrame) -> dict[str, Any]:
        """Post readings as the meter's export of them."""
        answer = httpx.post(
            f"{self.service.url}/readings",
            content=export(readings),
            headers={"Content-Type": "text/csv"},
            params={"plant": PLANT},
            timeout=60,
        )
        assert answer.status_code in (200, 201, 202), answer.text
        body: dict[str, Any] = answer.json()
        return body

    def kill_service(self) -> None:
        """``kill -9`` the service with its workers."""
        supervisor = psutil.Process(self.service.process.pid)
        family = [supervisor, *supervisor.children(recursive=True)]
        for process in family:
            process.kill()
        psutil.wait_procs(family, timeout=30)
        self.say("killed the service")

    def served(self) -> str:
        """The version that the service answers with."""
        answer = httpx.get(f"{self.service.url}/model/info", params={"plant": PLANT}, timeout=30)
        answer.raise_for_status()
        return str(answer.json()["version"])

    def runs(self, job: str) -> list[dg.DagsterRun]:
        """Runs of a job, newest first."""
        with open_instance(self.settings) as instance:
            return list(instance.get_runs(dg.RunsFilter(job_name=job)))

    def promotions(self) -> tuple[Promotion, ...]:
        return history(self.settings.bundles_dir, PLANT)

    def readings(self) -> pl.DataFrame:
        return Lake(self.settings.lake_dir).read(CLEANED_READINGS, PLANT)

    def posted(self) -> pl.DataFrame:
        return Inbox(self.settings.inbox_dir).history(PLANT)

    def until(self, look: Callable[[], Found], *, within_s: float, what: str) -> Found:
        """Look again and again until there is something, and say when that was."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            assert self.dagster.process.poll() is None, f"dagster ended while waiting for {what}"
            if found := look():
                self.say(what)
                return found
            time.sleep(LOOK_S)
        pytest.fail(f"{what} did not come within {within_s} s; {self.state()}")

    def say(self, what: str) -> None:
        print(f"{time.monotonic() - self.started_s:6.1f} s  {what}", flush=True)  # noqa: T201 - seen with -s

    def state(self) -> str:
        with open_instance(self.settings) as instance:
            runs = [(run.job_name, run.status.value, run.run_id[:8]) for run in instance.get_runs(limit=20)]
        return json.dumps({"runs": runs, "mails": self.mailbox.subjects, "hooks": len(self.hooks.texts)}, indent=1)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plant's home after a build; ``STEEL_E2E_HOME`` names one that was built before."""
    if ready := os.environ.get("STEEL_E2E_HOME"):
        return Path(ready)
    home = make_home(tmp_path_factory.mktemp("works"))
    command = [sys.executable, "-m", "steel_assets.build"]
    environment = os.environ | _places(home)
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert said.returncode == 0, said.stdout + said.stderr
    return home


@pytest.fixture
def loop(built: Path, tmp_path: Path, mailbox: Mailbox, hooks: Hooks, receivers: dict[str, str]) -> Iterator[Loop]:
    """The system over a copy of the plant's home, started."""
    home = tmp_path / "works"
    shutil.copytree(built, home)
    ports = {"dagster": free_port(), "service": free_port()}
    environment = _places(home) | receivers | {"DAGSTER_HOME": str(home / "data" / "dagster"), "DO_NOT_TRACK": "1"}
    environment |= {"STEEL_AUTOMATION": "on", "STEEL_ALERT_DAGSTER_URL": f"http://127.0.0.1:{ports['dagster']}"}
    with ExitStack() as stack:
        service = stack.enter_context(
            running_service(home / "service.log", environment=environment, port=ports["service"])
        )
        dagster = stack.enter_context(
            running_dagster(home / "dagster.log", environment=environment, port=ports["dagster"])
        )
        yield Loop(home, mailbox, hooks, ports, stack, dagster, service, environment)


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def hooks() -> Hooks:
    return Hooks()


@pytest.fixture
def receivers(mailbox: Mailbox, hooks: Hooks) -> Iterator[dict[str, str]]:
    """A mail server and a receiver of webhooks that listen, and the settings that lead there."""
    mail = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    mail.start()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hooks))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield {
        "STEEL_ALERT_SMTP_HOST": "127.0.0.1",
        "STEEL_ALERT_SMTP_PORT": str(mail.port),
        "STEEL_ALERT_SMTP_SECURITY": "none",
        "STEEL_ALERT_MAIL_FROM": "steel@plant.example",
        "STEEL_ALERT_MAIL_TO": "shift@plant.example",
        "STEEL_ALERT_MAIL_MIN_SEVERITY": "info",
        "STEEL_ALERT_WEBHOOK_URL": f"http://127.0.0.1:{server.server_port}/hook",
    }
    server.shutdown()
    server.server_close()
    thread.join()
    mail.stop()


def _handler(hooks: Hooks) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hooks.texts.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    return Handler


def _places(home: Path) -> dict[str, str]:
    return {
        "STEEL_HOME": str(home),
        "STEEL_DATA_DIR": str(home / "data"),
        "STEEL_SOURCE": str(home / "meter.csv"),
        "STEEL_PLANT": PLANT,
    }
