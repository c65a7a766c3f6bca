"""Every way in which a model gives no answer, over the real protocol of Ollama."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import ollama_stand_in
import pytest
from ollama_replies import Body, Reply, call, say, scripted

from steel_energy.asking.scene import Scene
from steel_energy.ports import free_port
from steel_service.agent.asked import AgentFailedError, Asked, Drafted
from steel_service.agent.events import Token
from steel_service.agent.llm import ModelSettings, build_model
from steel_service.agent.running import agent_events

QUESTION = "How much will we use tomorrow?"


def texts(events: list[Any]) -> str:
    return "".join(event.text for event in events if isinstance(event, Token))


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
    assert time.perf_counter() - started_s < 30


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
