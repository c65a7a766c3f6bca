from __future__ import annotations

import shutil
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from steel_energy.artifacts import publish
from steel_energy.doctor import Finding, examine
from steel_energy.settings import PROJECT_ROOT, SteelSettings
from steel_energy.testing import toy_facts


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SteelSettings:
    for name, port in (("API", "1"), ("UI", "1"), ("DAGSTER", "1"), ("MLFLOW", "1")):
        monkeypatch.setenv(f"STEEL_{name}_PORT", port)
    monkeypatch.setenv("STEEL_OLLAMA_URL", "http://127.0.0.1:1")
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
        "source", "problem", "no file /no/such.csv", "set STEEL_SOURCE to a file, a URL, uci, posted, simulated or auto"
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


@pytest.fixture
def put(settings: SteelSettings) -> Callable[[str], Path]:
    """Publish a bundle of a text; returns its folder."""

    def publish_text(text: str) -> Path:
        facts = toy_facts(plant="gwangyang")
        manifest = publish(settings.bundles_dir, facts, write=lambda folder: (folder / "a").write_text(text) and None)
        return settings.bundles_dir / "gwangyang" / manifest.version

    return publish_text


def test_champion_and_previous_champion_are_told_with_their_age(settings: SteelSettings, put) -> None:
    first, second = put("one"), put("two")

    findings = found(settings)

    champion, previous = findings["gwangyang champion"], findings["gwangyang previous champion"]
    assert (champion.state, previous.state) == ("ok", "ok")
    assert champion.detail == f"seasonal_naive {second.name}, 0 days old; by build, number 2"
    assert previous.detail == f"seasonal_naive {first.name}, 0 days old"


@pytest.mark.parametrize(
    ("damage_previous", "answers"),
    [("no", "its previous champion {} answers"), ("yes", "a seasonal naive forecast answers")],
)
def test_a_damaged_champion_is_a_problem_and_it_is_told_who_answers(
    settings: SteelSettings, put, damage_previous: str, answers: str
) -> None:
    first, second = put("one"), put("two")
    (second / "a").write_text("evil")
    if damage_previous == "yes":
        (first / "a").unlink()

    champion = found(settings)["gwangyang champion"]

    assert champion.state == "problem"
    assert "was altered" in champion.detail
    assert champion.detail.endswith(answers.format(first.name))
    assert "make build" in champion.remedy


def test_an_unreadable_history_is_a_problem(settings: SteelSettings, put) -> None:
    put("one")
    (settings.bundles_dir / "gwangyang" / "champions.jsonl").write_text("nonsense\n")

    champion = found(settings)["gwangyang champion"]

    assert (champion.state, champion.remedy) == ("problem", "mend or remove it")


def test_a_running_service_that_stepped_down_is_a_problem(
    settings: SteelSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"fallback": {"step": "seasonal naive", "because": "champion: was altered"}}')

        def log_message(self, *args: object) -> None:
            """Keep the test's output quiet."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("STEEL_API_PORT", str(server.server_port))

        finding = found(settings)["api"]
        server.shutdown()

    assert finding.state == "problem"
    assert finding.detail.endswith("forecasts by the seasonal naive: champion: was altered")


@pytest.mark.parametrize(
    ("answer", "state", "told"),
    [
        pytest.param(b'{"models": [{"model": "llama3.2:3b"}]}', "ok", "llama3.2:3b at", id="there"),
        pytest.param(b'{"models": [{"model": "other:1b"}]}', "off", "lacks llama3.2:3b", id="another-model"),
        pytest.param(b"<html>", "problem", "is no Ollama", id="another-program"),
    ],
)
def test_the_copilots_model_is_looked_up_at_ollama(
    settings: SteelSettings, monkeypatch: pytest.MonkeyPatch, answer: bytes, state: str, told: str
) -> None:
    class Ollama(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Ollama) as server:
        Thread(target=server.handle_request, daemon=True).start()
        monkeypatch.setenv("STEEL_OLLAMA_URL", f"http://127.0.0.1:{server.server_port}")
        finding = found(settings)["copilot's model"]

    assert finding.state == state
    assert told in finding.detail


def test_without_ollama_the_planner_answers_and_nothing_is_wrong(settings: SteelSettings) -> None:
    finding = found(settings)["copilot's model"]

    assert (finding.state, "planner" in finding.detail, "ollama serve" in finding.remedy) == ("off", True, True)
