"""A question through LlamaIndex's agent and back, over the real protocol of Ollama."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

import httpx
import ollama_stand_in
import pytest
from ollama_replies import Body, Obedient, Reply, call, say, scripted

from steel_energy.asking.scene import Scene
from steel_service.agent.asked import AgentFailedError, Asked, Drafted, Exchange, Used
from steel_service.agent.events import Replace, Step, Token, ToolAnswered, ToolCalled
from steel_service.agent.llm import ModelSettings, build_model
from steel_service.agent.running import agent_events
from steel_service.testing import free_port

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
        'kepco-industrial-b-hv-a-ii-2018. Suggested call: forecast(when="2018-12-13", measure="usage", '
        'statistic="total"))'
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


FAULTS: list[tuple[str, Callable[[Body], Reply], str, dict[str, Any]]] = [
    ("status", scripted([Reply(status=500)]), "refused", {}),
    ("html", scripted([Reply(raw="<html>Bad gateway</html>")]), "malformed", {}),
    ("html 502", scripted([Reply(raw="<html>Bad gateway</html>", status=502)]), "refused", {}),
    ("malformed line", scripted([say("One two three", broken_after=2)]), "malformed", {}),
    ("field missing", scripted([say("One two three", leaves_out="message")]), "malformed", {}),
    ("error line", scripted([say("One two three", error_after=2)]), "refused", {}),
    ("cut before done", scripted([say("One two three", cut_after=2)]), "cut_short", {}),
    ("cut at once", scripted([say("One", cut_after=0)]), "cut_short", {}),
    ("too long", scripted([say("One two three", done_reason="length")]), "cut_short", {}),
    ("connection broken", scripted([say("One two three", dead_after=2)]), "cut_short", {}),
    ("empty", scripted([say("")]), "empty", {}),
    ("thoughts alone", scripted([say("<think>Hm</think>")]), "empty", {}),
    ("call as text", scripted([say('{"name": "forecast", "parameters": {"when": "tomorrow"}}')]), "call_as_text", {}),
    ("call in a fence", scripted([say('```json\n{"name": "bill", "arguments": {}}\n```')]), "call_as_text", {}),
    ("silent", scripted([say("One", delay_s=5)]), "slow", {"silence_s": 0.3}),
    ("slow but steady", scripted([say("word " * 100, pause_s=0.1)]), "too_long", {"total_s": 1}),
]


@pytest.mark.parametrize(
    ("responder", "reason", "settings"), [fault[1:] for fault in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_each_way_to_fail_is_told_apart(
    copilot: Any, responder: Callable[[Body], Reply], reason: str, settings: dict[str, Any]
):
    async def ask() -> AgentFailedError:
        async with copilot(responder, **settings) as one:
            with pytest.raises(AgentFailedError) as failure:
                await one.all(QUESTION)
            return failure.value

    failure = asyncio.run(ask())

    assert failure.reason == reason
    assert failure.remedy


def test_endless_tool_calls_are_stopped(copilot: Any):
    days = iter(range(1, 30))

    async def ask() -> tuple[AgentFailedError, int]:
        async with copilot(lambda _body: call("history", when=f"2018-11-{next(days):02}"), tool_rounds=3) as one:
            with pytest.raises(AgentFailedError) as failure:
                await one.all(QUESTION)
            return failure.value, len(one.toolbox.requests)

    failure, calls = asyncio.run(ask())

    assert failure.reason == "too_many_steps"
    assert calls == 4


def test_as_many_tool_rounds_as_are_allowed_still_come_to_an_answer(copilot: Any):
    replies = [call("history", when=f"2018-11-{day:02}") for day in (1, 2, 3)]

    async def ask() -> list[Any]:
        async with copilot(scripted([*replies, say("Done.")]), tool_rounds=3) as one:
            return await one.all(QUESTION)

    assert asyncio.run(ask())[-1] == Drafted("Done.")


def test_an_ollama_that_is_down_or_lacks_the_model_says_what_helps(copilot: Any):
    async def ask() -> list[AgentFailedError]:
        found = []
        async with copilot(model="qwen3:8b") as one:
            for _ in range(2):
                with pytest.raises(AgentFailedError) as failure:
                    await one.all(QUESTION)
                found.append(failure.value)
                one.server.stop()
        return found

    missing, down = asyncio.run(ask())

    assert (missing.reason, missing.remedy) == ("model_missing", "get it with: ollama pull qwen3:8b")
    assert (down.reason, down.remedy) == ("down", "start it with `ollama serve`")


def test_a_call_written_as_text_is_never_shown(copilot: Any):
    shown: list[Any] = []

    async def show(events: AsyncIterator[Any]) -> None:
        async for event in events:
            shown.append(event)  # noqa: PERF401 - what was shown before the failure stays

    async def ask() -> None:
        async with copilot(scripted([say('{"name": "forecast", "parameters": {}}')])) as one:
            with pytest.raises(AgentFailedError):
                await show(one.events(QUESTION))

    asyncio.run(ask())

    assert texts(shown) == ""


def test_an_ollama_that_is_killed_while_it_speaks_is_noticed_at_once(scene: Scene, one_number: Any, teller: Any):
    async def ask(url: str) -> AgentFailedError:
        asked, model = Asked(QUESTION, "en", scene), build_model(ModelSettings(url=url))
        events = agent_events(asked, one_number, model=model, teller=teller)
        with pytest.raises(AgentFailedError) as failure:
            await end_at_the_first_token(events)
        await model.aclose()
        return failure.value

    async def end_at_the_first_token(events: AsyncIterator[Any]) -> None:
        async for event in events:
            if isinstance(event, Token):
                process.kill()

    port = free_port()
    command = [sys.executable, ollama_stand_in.__file__, "--port", str(port), "--pause-s", "0.3"]
    with subprocess.Popen(command) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/")
            started_s = time.perf_counter()
            failure = asyncio.run(ask(f"http://127.0.0.1:{port}"))
        finally:
            process.kill()

    assert failure.reason == "cut_short"
    assert time.perf_counter() - started_s < 10


def wait_for(url: str) -> None:
    for _ in range(600):
        try:
            httpx.get(url, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return


def test_a_tool_that_breaks_is_a_failure_with_its_cause(copilot: Any):
    async def ask() -> AgentFailedError:
        async with copilot() as one:

            async def broken(_request: object) -> object:
                raise ZeroDivisionError("a bug")

            one.toolbox.call = broken
            with pytest.raises(AgentFailedError) as failure:
                await one.all(QUESTION)
            return failure.value

    failure = asyncio.run(ask())

    assert failure.reason == "tool_failed"
    assert isinstance(failure.__cause__, ZeroDivisionError)


def test_the_first_event_does_not_wait_for_the_model(copilot: Any):
    async def ask() -> float:
        async with copilot(Obedient(faults={"delay_s": 3})) as one:
            started_s = time.perf_counter()
            async with aclosing(one.events(QUESTION)) as events:
                await anext(events)
                return time.perf_counter() - started_s

    assert asyncio.run(ask()) < 0.3


def test_leaving_a_stream_reaches_ollama_and_leaves_no_task_behind(copilot: Any):
    async def ask() -> tuple[int, int]:
        async with copilot(scripted([say("word " * 200, pause_s=0.05)])) as one:
            async with aclosing(one.events(QUESTION)) as events:
                async for event in events:
                    if isinstance(event, Token):
                        break
            left = len(asyncio.all_tasks()) - 1
            return left, await aborted(one.server)

    assert asyncio.run(ask()) == (0, 1)


def test_cancelling_the_reader_reaches_ollama(copilot: Any):
    async def ask() -> int:
        async with copilot(scripted([say("word " * 200, pause_s=0.05)])) as one:
            reader = asyncio.create_task(one.all(QUESTION))
            await once(lambda: one.server.bodies)
            await asyncio.sleep(0.2)
            reader.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reader
            return await aborted(one.server)

    assert asyncio.run(ask()) == 1


async def once(there: Callable[[], Any]) -> None:
    """Wait until something is there; for as long as a busy machine may take."""
    for _ in range(500):
        if there():
            return
        await asyncio.sleep(0.02)


async def aborted(server: Any) -> int:
    """Streams that the server saw its client leave, once it had the time to see it."""
    await once(lambda: server.aborted)
    return len(server.aborted)


def test_twenty_turns_at_once_are_not_mixed(copilot: Any):
    def echo(body: Body) -> Reply:
        number = re.findall(r"turn (\d+)", body["messages"][1]["content"])[0]
        is_told = body["messages"][-1]["role"] == "tool"
        return say(f"answer {number}", pause_s=0.01) if is_told else call("history", when=f"2018-11-{int(number):02}")

    async def ask() -> list[list[Any]]:
        async with copilot(echo) as one:
            return await asyncio.gather(*(one.all(f"usage of yesterday, turn {number}") for number in range(1, 21)))

    turns = asyncio.run(ask())

    for number, events in enumerate(turns, start=1):
        (used,) = of_kind(events, Used)
        assert events[-1] == Drafted(f"answer {number}")
        assert texts(events) == f"answer {number}"
        assert used.request.focus.period.start.day == number


def test_a_turn_leaves_no_task_behind(copilot: Any):
    async def ask() -> int:
        async with copilot() as one:
            await one.all(QUESTION)
            return len(asyncio.all_tasks()) - 1

    assert asyncio.run(ask()) == 0
