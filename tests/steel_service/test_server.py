"""The real thing: a BentoML process over a small lake, asked over HTTP and stopped by a signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from steel_energy.lake import Lake
from steel_service.testing import RunningService, free_port, running_service

pytestmark = pytest.mark.xdist_group("server")
PLANT = "gwangyang"


@pytest.fixture(scope="session")
def data_dir(known: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    lake = Lake(folder / "lake")
    lake.write("cleaned_readings", PLANT, "2018-01", known.readings)
    lake.write("repairs", PLANT, "2018-01", known.repairs)
    lake.write_facts("raw_readings", PLANT, known.source)
    return folder


@pytest.fixture(scope="session")
def environment(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("home")
    return {"STEEL_DATA_DIR": str(data_dir), "STEEL_PLANT": PLANT, "HOME": str(home), "PYTHONWARNINGS": "default"}


@pytest.fixture(scope="session")
def server(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with running_service(tmp_path_factory.mktemp("log") / "api.log", environment=environment) as service:
        yield service


def children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def test_it_answers_the_public_routes(server: RunningService, reading: dict[str, Any]) -> None:
    row = reading | {"lagging_reactive_power": 2.95, "lagging_power_factor": 0.7321, "co2": 0}  # of the published meter
    with httpx.Client(base_url=server.url) as client:
        health = client.get("/health").json()
        prediction = client.post("/predict", json=row).json()
        history = client.get("/history", params={"aggregation": "day"}).json()

    assert health["readings_until"] == "2018-01-15T00:00:00+09:00"
    assert health["source"] == {"kind": "simulated", "location": "toy", "is_simulated": True}
    assert prediction["predicted_usage_kwh"] == 3.17
    assert [row["usage_kwh"] for row in history["rows"]] == [768.0] * 14


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_probes_and_metrics_are_bentomls_own(server: RunningService, path: str) -> None:
    assert httpx.get(server.url + path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/docs.json", "/static_content/swagger-initializer.js", "/static_content/", "/index.html", "/nope"]
)
def test_pages_of_bentoml_are_not_reachable(server: RunningService, path: str) -> None:
    answer = httpx.get(server.url + path)

    assert (answer.status_code, list(answer.json())) == (404, ["error"])


def test_the_front_page_is_ours(server: RunningService) -> None:
    page = httpx.get(server.url + "/", follow_redirects=True).text

    assert "Steel energy API" in page
    assert "googletagmanager" not in page


def test_a_body_of_ten_megabytes_is_refused_and_the_connection_survives(
    server: RunningService, reading: dict[str, Any]
) -> None:
    with httpx.Client(base_url=server.url) as client:
        refused = client.post("/predict", content=b" " * 10_000_000, headers={"Content-Type": "application/json"})
        broken = client.post("/predict", content=b'{"co2": NaN}', headers={"Content-Type": "application/json"})
        sound = client.post("/predict", json=reading)

    assert [refused.status_code, broken.status_code, sound.status_code] == [413, 422, 200]


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT], ids=["terminate", "interrupt"])
def test_a_signal_stops_it_without_a_trace(environment: dict[str, str], tmp_path: Path, stop: signal.Signals) -> None:
    with running_service(tmp_path / "api.log", environment=environment) as service:
        workers = children(service.process.pid)
        service.process.send_signal(stop)

        assert service.process.wait(10) == 0
    assert workers
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
    assert "Traceback" not in service.log.read_text()
    assert list(Path(environment["HOME"]).iterdir()) == []


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        pytest.param({"STEEL_API_HOST": "0.0.0.0"}, "STEEL_API_HOST: is no loopback address", id="open-address"),  # noqa: S104
        pytest.param({"STEEL_API_PORT": "eighty"}, "STEEL_API_PORT: Input should be a valid integer", id="no-number"),
        pytest.param({"STEEL_PLANT": "moon"}, "plant: unknown plant 'moon'", id="unknown-plant"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(variables: dict[str, str], words: str) -> None:
    port = {"STEEL_API_PORT": str(free_port())}
    ended = subprocess.run(
        [sys.executable, "-m", "steel_service"],
        env=os.environ | port | variables,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 2
    assert ended.stderr.startswith("error: " + words)
    assert len(ended.stderr.splitlines()) == 1


def test_a_taken_port_is_one_clear_line(server: RunningService) -> None:
    port = server.url.rpartition(":")[2]
    ended = subprocess.run(
        [sys.executable, "-m", "steel_service"],
        env=os.environ | {"STEEL_API_PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in ended.stderr
