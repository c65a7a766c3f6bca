"""A plant for the copilot's tests, a toolbox that answers with one number, and a model behind a stand-in for Ollama."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from ollama_replies import Responder
from ollama_stand_in import OllamaStandIn
from questions import scene_at

from steel_energy.asking.outcomes import Intent, Request
from steel_energy.asking.planner import understand
from steel_energy.asking.scene import Scene
from steel_energy.errors import SteelError
from steel_energy.telling.records import Teller, Told
from steel_service.agent import llm
from steel_service.agent.asked import AgentEvent, Asked
from steel_service.agent.llm import ChatModel, ModelSettings, build_model
from steel_service.agent.running import agent_events

NOW = dt.datetime(2018, 12, 12, 15, 30)  # noqa: DTZ001 - plant time


@pytest.fixture
def scene() -> Scene:
    return scene_at(NOW)


@dataclass
class OneNumber:
    """Answers every request with 1,234.5 kWh, or refuses one intent; keeps the requests."""

    refused: Intent | None = None
    requests: list[Request] = field(default_factory=list)

    async def call(self, request: Request) -> Sequence[Mapping[str, Any]]:
        self.requests.append(request)
        if request.intent == self.refused:
            raise SteelError("there are no readings of that time", field="from", remedy="ask of 2018")
        return ({"usage_kwh": 1234.5},)


def tell_plainly(request: Request, results: Sequence[Mapping[str, Any]], scene: Scene) -> Told:
    del scene
    text = {"en": "It is 1,234.5 kWh", "es": "Son 1.234,5 kWh"}[request.language]
    return Told(text=f"{text} ({request.intent}).", figures=dict(results[0]))


@pytest.fixture
def one_number() -> OneNumber:
    return OneNumber()


@pytest.fixture
def teller() -> Teller:
    return tell_plainly


@dataclass
class Copilot:
    """A model behind the stand-in, and what is asked of it."""

    server: OllamaStandIn
    model: ChatModel
    scene: Scene
    toolbox: OneNumber = field(default_factory=OneNumber)

    def asked(self, question: str, **more: Any) -> Asked:
        outcome, _ = understand(question, self.scene)
        understood = outcome if isinstance(outcome, Request) else None
        return Asked(question, outcome.language, self.scene, **{"understood": understood, **more})

    def events(self, question: str, **more: Any) -> AsyncIterator[AgentEvent]:
        return agent_events(self.asked(question, **more), self.toolbox, model=self.model, teller=tell_plainly)

    async def all(self, question: str, **more: Any) -> list[AgentEvent]:
        return [event async for event in self.events(question, **more)]


@pytest.fixture
def stand_in() -> Iterator[OllamaStandIn]:
    with OllamaStandIn() as server:
        yield server


CopilotMaker = Callable[..., Any]


@pytest.fixture
def copilot(stand_in: OllamaStandIn, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> CopilotMaker:
    """Opens a copilot whose model replies as told; settings of the model as keywords."""
    monkeypatch.setattr(llm, "CONNECT_SECONDS", 60)  # turns at once hold the loop for long on a busy machine

    @asynccontextmanager
    async def opened(responder: Responder | None = None, **settings: Any) -> AsyncIterator[Copilot]:
        if responder is not None:
            stand_in.responder = responder
        model = build_model(ModelSettings(url=stand_in.url, **settings))
        try:
            yield Copilot(stand_in, model, scene)
        finally:
            await model.aclose()

    return opened
