"""A question through LlamaIndex's agent and back, over the real protocol of Ollama."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from ollama_replies import Body, Reply, call, say, scripted

from steel_service.agent.asked import Drafted, Exchange, Used
from steel_service.agent.events import Replace, Step, Token, ToolAnswered, ToolCalled

QUESTION = "How much will we use tomorrow?"
FORECAST = call("forecast", when="tomorrow")


def texts(events: list[Any]) -> str:
    return "".join(event.text for event in events if isinstance(event, Token))


def of_kind(events: list[Any], kind: type[Any]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


@pytest.mark.parametrize(
    ("question", "answer", "when"),
    [
        ("¿Cuánto consumiremos mañana a las 10am?", "Son 1.234,5 kWh (forecast).", "2018-12-13 10:00"),
        (QUESTION, "It is 1,234.5 kWh (forecast).", "2018-12-13"),
    ],
    ids=["es", "en"],
)
def test_a_question_is_answered_from_the_tool_in_its_language(copilot: Any, question: str, answer: str, when: str):
    async def ask() -> list[Any]:
        async with copilot() as one:
            return await one.all(question)

    events = asyncio.run(ask())

    assert [type(event) for event in events if not isinstance(event, Token)] == [
        *(Step, ToolCalled, ToolAnswered, Used, Step, Drafted)
    ]
    (called,) = of_kind(events, ToolCalled)
    (used,) = of_kind(events, Used)
    assert (called.id, called.tool, called.arguments["when"]) == ("1", "forecast", when)
    assert used.request.intent == "forecast"
    assert used.told.figures == {"usage_kwh": 1234.5}
    assert texts(events) == answer
    assert events[-1] == Drafted(answer)


def test_ollama_is_sent_the_instructions_the_question_with_its_line_and_flat_tools(copilot: Any):
    async def ask() -> list[Body]:
        async with copilot(answer_tokens=77) as one:
            await one.all(QUESTION)
            return one.server.bodies

    first, second = asyncio.run(ask())

    assert first["options"] == {"temperature": 0.0, "num_ctx": 8192, "num_predict": 77, "seed": 1}
    assert (first["stream"], first["keep_alive"]) == (True, "30m")
    assert [message["role"] for message in first["messages"]] == ["system", "user"]
    assert first["messages"][1]["content"] == (
        "How much will we use tomorrow?\n\n(Now it is wednesday 2018-12-12 15:30, plant time; tariff "
        'kepco-industrial-b-hv-a-ii-2018. Suggested call: forecast(when="2018-12-13", statistic="total"))'
    )
    fields = [one for tool in first["tools"] for one in tool["function"]["parameters"]["properties"].values()]
    assert {one["type"] for one in fields} == {"string", "number", "boolean"}
    assert all(one["description"] for one in fields)
    assert json.loads(second["messages"][-1]["content"]) == {
        "text": "It is 1,234.5 kWh (forecast).",
        "usage_kwh": 1234.5,
    }


@pytest.mark.parametrize(("capability", "think"), [("thinking", False), ("vision", None)])
def test_a_model_that_thinks_first_is_told_not_to(copilot: Any, capability: str, think: object):
    async def ask() -> Body:
        async with copilot() as one:
            one.server.capabilities = ["completion", "tools", capability]
            assert (await one.model.ready()).is_ready
            await one.all(QUESTION)
            return one.server.bodies[0]

    assert asyncio.run(ask()).get("think") is think


def test_nothing_but_chat_is_asked_of_ollama_in_a_turn(copilot: Any):
    async def ask() -> list[str]:
        async with copilot() as one:
            await one.all(QUESTION)
            return one.server.paths

    assert asyncio.run(ask()) == ["/api/chat", "/api/chat"]


def test_earlier_exchanges_are_shown_to_the_model_the_last_six_of_them(copilot: Any):
    history = [Exchange(f"question {number}", f"answer {number}") for number in range(8)]

    async def ask() -> list[dict[str, Any]]:
        async with copilot() as one:
            await one.all(QUESTION, history=history)
            return one.server.bodies[0]["messages"]

    messages = asyncio.run(ask())

    assert [one["content"] for one in messages[1:-1]] == [
        text for number in range(2, 8) for text in (f"question {number}", f"answer {number}")
    ]


def test_text_before_a_tool_call_is_streamed_and_taken_back(copilot: Any):
    thinking = Reply(text="Let me look that up.", calls=FORECAST.calls)

    async def ask() -> list[Any]:
        async with copilot(scripted([thinking, say("It is 1,234.5 kWh.")])) as one:
            return await one.all(QUESTION)

    events = asyncio.run(ask())
    place = next(at for at, event in enumerate(events) if isinstance(event, Replace))

    assert texts(events[:place]) == "Let me look that up."
    assert events[place] == Replace(text="", because="tool_call")
    assert texts(events[place:]) == "It is 1,234.5 kWh."


def test_a_slow_reader_is_told_the_same_as_a_fast_one(copilot: Any):
    async def slowly(events: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for event in events:
            yield event
            await asyncio.sleep(0.02)

    async def ask() -> tuple[list[Any], list[Any]]:
        async with copilot() as one:
            fast = await one.all(QUESTION)
            return fast, [event async for event in slowly(one.events(QUESTION))]

    fast, slow = asyncio.run(ask())

    assert [type(event) for event in slow] == [type(event) for event in fast]
    assert of_kind(slow, Replace) == []


@pytest.mark.parametrize(
    ("wrong", "fault", "fix"),
    [
        (call("forecast", day="tomorrow"), "there is no such argument", "forecast takes: when"),
        (call("forecast", when="banana"), "'banana' is no time", "tomorrow 10:00"),
        (call("forecast", when="tomorrow", measure="costo"), "Input should be 'usage', 'cost'", "call the tool again"),
        (call("history", when="tomorrow"), "lies after the known readings", "ask the user"),
        (call("bill"), "Field required", "call the tool again"),
        (call("what_if", change="move_load", when="tomorrow"), "hours", "give it"),
    ],
    ids=["name", "time", "choice", "future", "missing", "incomplete"],
)
def test_a_wrong_call_is_told_to_the_model_and_mended(copilot: Any, wrong: Reply, fault: str, fix: str):
    async def ask() -> tuple[list[Any], list[Body]]:
        async with copilot(scripted([wrong, FORECAST, say("It is 1,234.5 kWh.")])) as one:
            return await one.all(QUESTION), one.server.bodies

    events, bodies = asyncio.run(ask())
    told = json.loads(bodies[1]["messages"][-1]["content"])

    assert [one.ok for one in of_kind(events, ToolAnswered)] == [False, True]
    assert fault in told["error"]
    assert fix in told["fix"]
    assert events[-1] == Drafted("It is 1,234.5 kWh.")


def test_what_a_route_refuses_is_told_to_the_model_with_its_remedy(copilot: Any):
    async def ask() -> list[Body]:
        async with copilot(scripted([FORECAST, say("There are no readings.")])) as one:
            one.toolbox.refused = "forecast"
            await one.all(QUESTION)
            return one.server.bodies

    told = json.loads(asyncio.run(ask())[1]["messages"][-1]["content"])

    assert told == {"error": "there are no readings of that time", "field": "from", "fix": "ask of 2018"}


def test_a_tool_that_is_not_there_is_no_failure(copilot: Any):
    async def ask() -> list[Any]:
        async with copilot(scripted([call("delete_all"), say("I cannot do that.")])) as one:
            return await one.all(QUESTION)

    events = asyncio.run(ask())
    (answered,) = of_kind(events, ToolAnswered)

    assert (answered.ok, answered.error.code) == (False, "unknown_tool")
    assert events[-1] == Drafted("I cannot do that.")


def test_the_same_call_again_is_not_made_again(copilot: Any):
    async def ask() -> tuple[int, list[Body]]:
        async with copilot(scripted([FORECAST, FORECAST, say("It is 1,234.5 kWh.")])) as one:
            await one.all(QUESTION)
            return len(one.toolbox.requests), one.server.bodies

    calls, bodies = asyncio.run(ask())

    assert calls == 1
    assert "Answer the user now" in bodies[2]["messages"][-1]["content"]


def test_several_calls_at_once_are_told_apart(copilot: Any):
    both = Reply(calls=(("history", {"when": "yesterday"}), ("history", {"when": "last week"})))

    async def ask() -> list[Any]:
        async with copilot(scripted([both, say("1,234.5 kWh each.")])) as one:
            return await one.all(QUESTION)

    events = asyncio.run(ask())
    called = {one.id: one.arguments["when"] for one in of_kind(events, ToolCalled)}
    days = {
        one.id: (one.request.focus.period.end - one.request.focus.period.start).days for one in of_kind(events, Used)
    }

    assert sorted(called.values()) == ["last week", "yesterday"]
    assert {called[call_id]: length for call_id, length in days.items()} == {"yesterday": 1, "last week": 7}
