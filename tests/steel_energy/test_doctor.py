from __future__ import annotations

import shutil
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from steel_energy.doctor import Finding, examine
from steel_energy.settings import PROJECT_ROOT, SteelSettings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SteelSettings:
    for name, port in (("API", "1"), ("UI", "1"), ("DAGSTER", "1"), ("MLFLOW", "1")):
        monkeypatch.setenv(f"STEEL_{name}_PORT", port)
    for part in ("data/plants", "data/tariffs"):
        shutil.copytree(PROJECT_ROOT / part, tmp_path / part)
    shutil.copy(PROJECT_ROOT / "params.yaml", tmp_path)
    return SteelSettings(home=tmp_path, data_dir=tmp_path / "data", source="simulated")


def found(settings: SteelSettings) -> dict[str, Finding]:
    return {finding.subject: finding for finding in examine(settings)}


def test_a_fresh_checkout_lacks_only_what_has_to_be_built(settings: SteelSettings) -> None:
    findings = found(settings)

    assert [f.subject for f in findings.values() if f.state == "problem"] == []
    assert findings["gwangyang readings"].state == findings["gwangyang champion"].state == "off"
    assert findings["api"].state == "off"
    assert all(finding.remedy for finding in findings.values() if finding.state != "ok")


@pytest.mark.parametrize(
    ("file", "subject"),
    [
        pytest.param("params.yaml", "params.yaml", id="parameters"),
        pytest.param("data/plants/gwangyang.yaml", "plants", id="plant"),
        pytest.param("data/tariffs/kepco-industrial-b-hv-a-ii-2018.yaml", "gwangyang tariff", id="tariff"),
    ],
)
def test_a_broken_file_is_a_problem_with_a_remedy(settings: SteelSettings, file: str, subject: str) -> None:
    (settings.home / file).write_text("nonsense: true\n")

    finding = found(settings)[subject]

    assert finding.state == "problem"
    assert finding.remedy


def test_a_source_that_is_no_file_is_a_problem(settings: SteelSettings) -> None:
    finding = found(settings.model_copy(update={"source": "/no/such.csv"}))["source"]

    assert finding == Finding(
        "source", "problem", "no file /no/such.csv", "set STEEL_SOURCE to a file, a URL, uci, simulated or auto"
    )


@pytest.mark.parametrize(("status", "state"), [(200, "ok"), (500, "problem")])
def test_a_program_that_listens_is_asked(
    settings: SteelSettings, monkeypatch: pytest.MonkeyPatch, status: int, state: str
) -> None:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Keep the test's output quiet."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("STEEL_API_PORT", str(server.server_port))

        finding = found(settings)["api"]
        server.shutdown()

    assert finding.state == state
