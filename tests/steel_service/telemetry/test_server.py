"""What a real service leaves behind: its log, its metrics and its prediction log, read after it was stopped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from steel_service.testing import running_service

PREDICTIONS = 12
FILE_BYTES = 2048


@dataclass(frozen=True)
class Told:
    """Some answers of a service, and what was there when it had ended."""

    answers: dict[str, httpx.Response]
    lines: list[dict[str, Any]]
    prediction_files: list[Path]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("served")
    settings = {
        "STEEL_DATA_DIR": str(folder / "data"),
        "STEEL_PLANT": "gwangyang",
        "STEEL_PREDICTIONS_FILE_BYTES": str(FILE_BYTES),
        "HOME": str(folder),
    }
    row = {
        "lagging_reactive_power": 2.95,
        "leading_reactive_power": 0.0,
        "co2": 0.0,
        "lagging_power_factor": 0.7321,
        "leading_power_factor": 1.0,
        "nsm": 900,
        "day_of_week": 0,
        "load_type": "Light",
    }
    with (
        running_service(folder / "api.log", environment=settings) as service,
        httpx.Client(base_url=service.url) as client,
    ):
        for number in range(PREDICTIONS):
            client.post("/predict", json=row, headers={"X-Request-ID": f"order-{number}"}).raise_for_status()
        paths = ("/livez", "/health", "/nope", "/metrics", "/model/metrics")
        answers = {path: client.get(path, headers={"X-Request-ID": f"get{path.replace('/', '-')}"}) for path in paths}
    lines = [json.loads(line) for line in service.log.read_text().splitlines()]
    files = sorted((folder / "data" / "predictions" / "nowcasts" / "data").iterdir())
    return Told(answers, lines, files)


def test_every_line_of_the_log_is_json_from_start_to_stop(told: Told) -> None:
    events = [line["event"] for line in told.lines]

    assert all({"timestamp", "level", "logger", "event"} <= set(line) for line in told.lines)
    assert "listening on http://127.0.0.1" in events[0]
    assert "cleanup" in events[-1]


def test_the_lines_of_a_request_carry_the_id_that_it_was_sent_with(told: Told) -> None:
    requests = {line["request_id"]: line for line in told.lines if line["event"] == "request"}

    assert [requests[f"order-{number}"]["status"] for number in range(PREDICTIONS)] == [200] * PREDICTIONS
    assert (requests["get-nope"]["route"], requests["get-nope"]["status"]) == ("unmatched", 404)


@pytest.mark.parametrize("path", ["/livez", "/health", "/nope", "/metrics"])
def test_no_header_tells_which_software_answers(told: Told, path: str) -> None:
    names = {name.lower() for name in told.answers[path].headers}

    assert not {name for name in names if name in {"server", "x-powered-by"} or name.startswith("x-bentoml")}


def test_prometheus_and_people_are_told_the_same(told: Told) -> None:
    families = list(text_string_to_metric_families(told.answers["/metrics"].text))
    samples = [sample for family in families for sample in family.samples]
    (predicted,) = (route for route in told.answers["/model/metrics"].json()["routes"] if route["route"] == "/predict")

    counted = {s.labels["route"]: s.value for s in samples if s.name == "steel_requests_total"}
    assert counted == {"/predict": PREDICTIONS, "/health": 1, "unmatched": 1}
    assert predicted["requests"] == PREDICTIONS
    assert [s.value for s in samples if s.name == "steel_predictions_lost_total"] == [0]


def test_a_stop_loses_no_prediction_and_full_files_are_set_aside(told: Told) -> None:
    lines = [json.loads(line) for file in told.prediction_files for line in file.read_text().splitlines()]

    assert {line["request_id"] for line in lines} == {f"order-{number}" for number in range(PREDICTIONS)}
    assert len(lines) == PREDICTIONS
    assert len(told.prediction_files) > 1
    assert told.prediction_files[0].name == "data.1.log"


WORKERS = """
import os
from prometheus_client import generate_latest, CollectorRegistry
from steel_service.telemetry.metrics import RequestMetrics

for _ in range(2):
    if not os.fork():
        metrics = RequestMetrics()
        metrics.answered("GET", "/x", status=200, seconds=0.1)
        metrics.lost(3)
        os._exit(0)
    os.wait()
registry = CollectorRegistry()
registry.register(RequestMetrics())
print(generate_latest(registry).decode())
"""


def test_the_requests_of_all_workers_are_counted_together(tmp_path: Path) -> None:
    variables = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", WORKERS], env=variables, capture_output=True, text=True, check=True)

    lines = ended.stdout.splitlines()
    assert 'steel_requests_total{method="GET",route="/x",status="200"} 2.0' in lines
    assert 'steel_request_duration_seconds_count{method="GET",route="/x"} 2.0' in lines
    assert "steel_predictions_lost_total 6.0" in lines
