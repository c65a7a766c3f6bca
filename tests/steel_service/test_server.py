"""The real thing: a BentoML process over a small lake, asked over HTTP and stopped by a signal."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import polars as pl
import psutil
import pytest

from steel_energy.artifacts import publish, rollback
from steel_energy.forecasting import SeasonalNaive
from steel_energy.lake import Lake
from steel_energy.params import load_params
from steel_energy.plant import Plant
from steel_energy.ports import free_port
from steel_energy.settings import PROJECT_ROOT
from steel_energy.sites import Site
from steel_energy.tariff import Tariff
from steel_energy.testing import toy_facts
from steel_service.testing import RunningService, running_service

SOURCE = {"kind": "file", "location": "meter.csv"}


@pytest.fixture(scope="session")
def real_site(gwangyang: Plant, kepco: Tariff) -> Site:
    return Site(gwangyang, kepco)


@pytest.fixture(scope="session")
def readings(real_site: Site, constant: Any) -> pl.DataFrame:
    zone = ZoneInfo(real_site.plant.zone)
    frame: pl.DataFrame = constant(
        real_site, dt.datetime(2018, 1, 1, tzinfo=zone), dt.datetime(2018, 3, 1, tzinfo=zone)
    )
    return frame


@pytest.fixture(scope="session")
def data_dir(real_site: Site, readings: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    lake = Lake(folder / "lake")
    for month in ("2018-01", "2018-02"):
        rows = readings.filter(pl.col("interval_start").dt.strftime("%Y-%m") == month)
        lake.write("cleaned_readings", real_site.plant.id, month, rows)
    lake.write_facts("raw_readings", real_site.plant.id, SOURCE)
    publish_champion(folder, real_site, readings, score=1.0)
    return folder


def publish_champion(folder: Path, site: Site, readings: pl.DataFrame, *, score: float) -> str:
    """Publish a seasonal naive forecaster; another score makes another version of it."""
    params = load_params(PROJECT_ROOT / "params.yaml").forecasting
    forecaster = SeasonalNaive(plant=site.plant, tariff=site.tariff, params=params).fit(readings)
    facts = toy_facts(
        plant=site.plant.id,
        trained_from=readings["interval_start"][0],
        trained_until=readings["interval_start"][-1],
        source=SOURCE,
        metrics={"score": score},
    )
    manifest = publish(folder / "bundles", facts, write=forecaster.save)
    return manifest.version


@pytest.fixture(scope="session")
def environment(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("home")
    return {"STEEL_DATA_DIR": str(data_dir), "STEEL_PLANT": "gwangyang", "HOME": str(home), "PYTHONWARNINGS": "default"}


@pytest.fixture(scope="session")
def server(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with running_service(tmp_path_factory.mktemp("log") / "api.log", environment=environment) as service:
        yield service


def children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for_the_end_of(pid: int) -> None:
    deadline = time.monotonic() + 60
    while is_running(pid):
        assert time.monotonic() < deadline, "the worker outlived its supervisor"
        time.sleep(0.1)


def test_it_answers_the_public_routes(server: RunningService, reading: dict[str, Any]) -> None:
    row = reading | {"lagging_reactive_power": 2.95, "lagging_power_factor": 0.7321, "co2": 0}  # of the published meter
    with httpx.Client(base_url=server.url) as client:
        health = client.get("/health").json()
        prediction = client.post("/predict", json=row).json()
        forecast = client.post("/forecast", json={}).json()
        history = client.get("/history", params={"aggregation": "day"}).json()

    assert (health["status"], health["readings_until"]) == ("ok", "2018-03-01T00:00:00+09:00")
    assert health["source"] == {"kind": "file", "location": "meter.csv", "is_simulated": False}
    assert prediction["predicted_usage_kwh"] == 3.17
    assert [step["mean_kwh"] for step in forecast["intervals"]] == [8.0] * 96
    assert [row["usage_kwh"] for row in history["rows"]] == [768.0] * 14


def test_no_request_fails_or_waits_while_champions_are_promoted_broken_and_rolled_back(
    server: RunningService, data_dir: Path, real_site: Site, readings: pl.DataFrame, until: Any
) -> None:
    bundles, plant_id, done = data_dir / "bundles", real_site.plant.id, Event()

    def hammer(body: dict[str, Any]) -> list[tuple[int, float]]:
        """Status and seconds of each answer."""
        answers = []
        with httpx.Client(base_url=server.url, timeout=30) as client:
            while not done.is_set():
                answer = client.post("/forecast", json=body)
                answers.append((answer.status_code, answer.elapsed.total_seconds()))
        return answers

    def is_served(version: str) -> bool:
        answer = httpx.post(server.url + "/forecast", json={"horizon": 2}, timeout=30).json()
        return bool(answer["model_version"] == version)

    bodies: list[dict[str, Any]] = [{"horizon": 1}, {"at": "2018-02-20", "horizon": 4}, {"plant": plant_id}] * 2
    with ThreadPoolExecutor(len(bodies)) as pool:
        clients = [pool.submit(hammer, body) for body in bodies]
        try:
            first = publish_champion(data_dir, real_site, readings, score=2.0)
            until(lambda: is_served(first))
            second = publish_champion(data_dir, real_site, readings, score=3.0)
            until(lambda: is_served(second))
            broken = publish_champion(data_dir, real_site, readings, score=4.0)
            (bundles / plant_id / broken / "forecaster.json").write_text("{}", encoding="utf-8")
            rollback(bundles, plant_id, to=first)
            until(lambda: is_served(first))
        finally:
            done.set()
        answers = [answer for client in clients for answer in client.result()]

    assert {status for status, _ in answers} == {200}
    assert max(seconds for _, seconds in answers) < 2


def test_a_damaged_champion_is_refused_and_the_old_one_serves_on_until_a_sound_one_comes(
    server: RunningService, data_dir: Path, real_site: Site, readings: pl.DataFrame, until: Any
) -> None:
    bundles = data_dir / "bundles"

    def said() -> list[tuple[str, str | None]]:
        """Version and step that /forecast, /health and /model/info name."""
        with httpx.Client(base_url=server.url, timeout=30) as client:
            forecast = client.post("/forecast", json={}).json()
            health, info = client.get("/health").json(), client.get("/model/info").json()
        assert [step["mean_kwh"] for step in forecast["intervals"]] == [8.0] * 96
        named = [(forecast, "model_version"), (health["champion"], "version"), (info, "version")]
        fallbacks = [answer["fallback"] for answer in (forecast, health, info)]
        return [(one[key], step and step["step"]) for (one, key), step in zip(named, fallbacks, strict=True)]

    def status() -> str:
        return str(httpx.get(server.url + "/health").json()["status"])

    first = publish_champion(data_dir, real_site, readings, score=11.0)
    until(lambda: said() == [(first, None)] * 3)

    damaged = publish_champion(data_dir, real_site, readings, score=12.0)
    (bundles / real_site.plant.id / damaged / "forecaster.json").write_text("{}", encoding="utf-8")
    until(lambda: status() == "degraded")
    assert said() == [(first, None)] * 3

    last = publish_champion(data_dir, real_site, readings, score=14.0)
    until(lambda: said() == [(last, None)] * 3)
    assert status() == "ok"

    rollback(bundles, real_site.plant.id, to=first)
    until(lambda: said() == [(first, None)] * 3)
    assert "the newest champion of gwangyang is refused, what served until now stays" in server.log.read_text()


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
        pytest.param({"STEEL_API_HOST": "0.0.0.0"}, "STEEL_API_HOST: other machines can reach 0.0.0.0", id="no-key"),  # noqa: S104
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


def test_after_an_outright_kill_it_starts_again_on_its_port(environment: dict[str, str], tmp_path: Path) -> None:
    with running_service(tmp_path / "killed.log", environment=environment) as killed:
        (worker,) = children(killed.process.pid)
        killed.process.kill()
        wait_for_the_end_of(worker)
        with running_service(tmp_path / "next.log", environment=environment, port=killed.port) as started:
            assert httpx.get(f"{started.url}/health").json()["status"] == "ok"


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
