"""Whether a model can be asked, as an Ollama over HTTP says."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest
from ollama_stand_in import OllamaStandIn

from steel_energy.ports import free_port
from steel_service.agent.readiness import Probe, Readiness, ready


def test_a_model_that_is_installed_is_ready(stand_in: OllamaStandIn):
    found = asyncio.run(ready(stand_in.url, "llama3.2:3b"))

    assert found == Readiness(state="ready", model="llama3.2:3b", installed=("llama3.2:3b",))
    assert stand_in.paths == ["/api/tags", "/api/show"]


def test_a_model_without_a_tag_is_its_latest(stand_in: OllamaStandIn):
    stand_in.models = ["qwen3:latest"]

    assert asyncio.run(ready(stand_in.url, "qwen3")).is_ready


def test_a_missing_model_is_to_be_pulled(stand_in: OllamaStandIn):
    found = asyncio.run(ready(stand_in.url, "qwen3:8b"))

    assert (found.state, found.remedy) == ("model_missing", "Get it with: ollama pull qwen3:8b")
    assert found.installed == ("llama3.2:3b",)


def test_a_model_that_cannot_call_tools_is_not_ready(stand_in: OllamaStandIn):
    stand_in.capabilities = ["completion"]

    assert asyncio.run(ready(stand_in.url, "llama3.2:3b")).state == "no_tools"


def test_nobody_at_the_address_is_down(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")  # which must not be asked for this machine
    url = f"http://127.0.0.1:{free_port()}"
    found = asyncio.run(ready(url, "llama3.2:3b"))

    assert (found.state, found.is_ready) == ("down", False)
    assert found.remedy == f"Nothing answers at {url}: start Ollama with `ollama serve`, or set STEEL_OLLAMA_URL."


def test_an_ollama_that_keeps_silent_is_slow():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        started_s = time.perf_counter()
        found = asyncio.run(ready(f"http://127.0.0.1:{silent.getsockname()[1]}", "llama3.2:3b", timeout_s=0.3))

    assert found.state == "slow"
    assert time.perf_counter() - started_s < 20


@pytest.mark.parametrize("raw", ["<html>Hello</html>", "[]", '{"models": [{}]}', '{"models": 3}'])
def test_what_is_no_ollama_is_told_apart(stand_in: OllamaStandIn, raw: str):
    stand_in.tags_raw = raw

    assert asyncio.run(ready(stand_in.url, "llama3.2:3b")).state == "broken"


def test_many_turns_ask_once_and_again_after_a_while(stand_in: OllamaStandIn):
    async def ask() -> list[int]:
        probe = Probe(stand_in.url, "llama3.2:3b", kept_s=0.4)
        counts = []
        for pause_s in (0, 0.5):
            await asyncio.sleep(pause_s)
            await asyncio.gather(*(probe.readiness() for _ in range(10)))
            counts.append(stand_in.paths.count("/api/tags"))
        probe.forget()
        await probe.readiness()
        return [*counts, stand_in.paths.count("/api/tags")]

    assert asyncio.run(ask()) == [1, 2, 3]


def test_an_ollama_that_was_just_started_is_found_soon(stand_in: OllamaStandIn):
    async def ask() -> list[str]:
        stand_in.models = []
        probe = Probe(stand_in.url, "llama3.2:3b", kept_s=60, missed_s=0.1)
        before = (await probe.readiness()).state
        stand_in.models = ["llama3.2:3b"]
        await asyncio.sleep(0.15)
        return [before, (await probe.readiness()).state]

    assert asyncio.run(ask()) == ["model_missing", "ready"]
