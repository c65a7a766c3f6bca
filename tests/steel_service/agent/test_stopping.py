"""Turns that begin at once, are left before their end, or run beside each other."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import pytest
from ollama_replies import Body, Reply, call, say, scripted

from steel_service.agent.asked import Drafted, Used
from steel_service.agent.events import Token

QUESTION = "How much will we use tomorrow?"
PATIENCE_S = 60  # on a busy machine


def texts(events: list[Any]) -> str:
    return "".join(event.text for event in events if isinstance(event, Token))


def of_kind(events: list[Any], kind: type[Any]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def test_the_first_event_does_not_wait_for_the_model(copilot: Any):
    has_come, waited_for = threading.Event(), []

    def afterwards(_: Body) -> Reply:
        waited_for.append(has_come.wait(PATIENCE_S))
        return say("now")

    async def ask() -> None:
        async with copilot(afterwards) as one, aclosing(one.events(QUESTION)) as events:
            await anext(events)
            has_come.set()

    asyncio.run(ask())

    assert False not in waited_for


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
