"""A service that is killed outright while it takes readings in has kept every one that it answered 2xx."""

from __future__ import annotations

import datetime as dt
import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psutil

from steel_energy.inbox import Inbox
from steel_energy.schema import INTERVAL
from steel_service.testing import RunningService, running_service

CLIENTS = 4
POSTING_SECONDS = random.SystemRandom().uniform(0, 2)  # another moment in every run
FIRST = dt.datetime(2019, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=9)))
PULSE_KWH = 0.036
INTERVALS = 20_000  # more than anybody posts one by one in a few seconds


def reading(number: int) -> dict[str, Any]:
    return {"interval_start": (FIRST + number * INTERVAL).isoformat(), "usage_kwh": round(number * PULSE_KWH, 2)}


def post_until_killed(service: RunningService, numbers: range, promised: list[dict[str, Any]]) -> None:
    """Post one reading after the other until nobody answers any more; those that were answered go to ``promised``."""
    with httpx.Client(base_url=service.url, timeout=60) as client:
        for number in numbers:
            try:
                answer = client.post("/readings", json=[reading(number)])
            except httpx.TransportError:
                break
            assert answer.status_code == 202, answer.text
            promised.append(reading(number))


def kill_outright(service: RunningService) -> None:
    """SIGKILL to the supervisor and every process of it, at once."""
    supervisor = psutil.Process(service.process.pid)
    family = [supervisor, *supervisor.children(recursive=True)]
    for process in family:
        process.kill()
    psutil.wait_procs(family, timeout=60)


def test_a_killed_service_has_kept_every_reading_it_answered(tmp_path: Path) -> None:
    environment, promised = {"STEEL_DATA_DIR": str(tmp_path / "data")}, list[dict[str, Any]]()
    with running_service(tmp_path / "first.log", environment=environment) as service:
        with ThreadPoolExecutor(CLIENTS) as clients:
            posting = [
                clients.submit(post_until_killed, service, range(n, INTERVALS, CLIENTS), promised)
                for n in range(CLIENTS)
            ]
            while len(promised) <= CLIENTS and not any(client.done() for client in posting):
                time.sleep(0.01)
            time.sleep(POSTING_SECONDS)
            kill_outright(service)
        for client in posting:
            client.result()

    kept = Inbox(tmp_path / "data" / "lake" / "inbox").read("gwangyang", zone="Asia/Seoul")

    assert len(promised) > CLIENTS
    assert {row["interval_start"] for row in promised} <= {start.isoformat() for start in kept["interval_start"]}
    assert kept.height <= len(promised) + CLIENTS  # each client may have been killed before its last answer
    with running_service(tmp_path / "second.log", environment=environment) as service:
        again = httpx.post(f"{service.url}/readings", json=promised, timeout=30).json()

    assert again["counts"]["unchanged"] == len(promised)
