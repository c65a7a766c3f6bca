"""The tools of a turn without a model: what a call is answered, and what the model is told of tools."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from steel_energy.asking.outcomes import Request
from steel_energy.asking.planner import understand
from steel_energy.asking.scene import Scene
from steel_service.agent.arguments import RARE, TOOLS, Arguments, History, LookUp
from steel_service.agent.asked import Asked
from steel_service.agent.tools import Reply, TurnTools, offered

LOSSLESS = {"string", "number", "boolean"}
"""Types that Ollama's client passes on whole; of others it drops parts or all."""


def reply(one_number: Any, teller: Any, scene: Scene, kind: type[Arguments], **given: Any) -> Reply:
    tools = TurnTools(Asked("question", "es", scene), one_number, teller=teller)
    return asyncio.run(tools.reply(kind, given))


def test_a_call_is_asked_of_the_routes_and_told_in_the_questions_language(scene: Scene, one_number: Any, teller: Any):
    answered = reply(one_number, teller, scene, History, when="yesterday")

    assert answered.error is None
    assert one_number.requests == [answered.request]
    assert json.loads(str(answered)) == {"text": "Son 1.234,5 kWh (history).", "usage_kwh": 1234.5}


def test_what_a_model_wrote_is_not_repeated_in_a_refusal(scene: Scene, one_number: Any, teller: Any):
    answered = reply(one_number, teller, scene, LookUp, query="x", path="/etc/passwd")

    assert answered.error is not None
    assert answered.error.code == "invalid_arguments"
    assert "passwd" not in str(answered)
    assert one_number.requests == []


def test_an_argument_that_is_far_too_long_is_refused(scene: Scene, one_number: Any, teller: Any):
    answered = reply(one_number, teller, scene, LookUp, query="x" * 10_000)

    assert answered.error is not None
    assert answered.error.field == "query"
    assert len(str(answered)) < 300


@pytest.mark.parametrize("kind", [*TOOLS, *RARE], ids=lambda kind: kind.tool)
def test_what_the_model_is_told_of_a_tool_is_flat_and_reaches_it(kind: type[Arguments]):
    fields = kind.model_json_schema()["properties"]

    assert {field.get("type") for field in fields.values()} <= LOSSLESS
    assert all(field["description"] for field in fields.values())
    assert len(kind.about) < 100


def test_a_meters_values_are_offered_where_the_planner_read_some(scene: Scene):
    question = (
        "Con reactiva inductiva 2,95 kvarh, reactiva capacitiva 0, CO2 0, factor de potencia inductivo 73,21 %, "
        "factor capacitivo 100 %, a las 00:15 de un lunes con carga ligera, ¿cuánto consume?"
    )
    outcome, _ = understand(question, scene)
    assert isinstance(outcome, Request)

    assert offered(Asked(question, "es", scene, understood=outcome)) == (*TOOLS, *RARE)
    assert offered(Asked("¿cuánto?", "es", scene)) == TOOLS
