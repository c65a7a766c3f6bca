from __future__ import annotations

import asyncio

import pytest

from steel_ui.views.parts import drawn
from steel_ui.views.parts.drawn import Choice, Days


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "ARRIVES_S", 0.01)


def told(days: Days, *, is_seen: bool) -> list[int]:
    """The stamps of what was told within ten such moments, to a browser that sees it or does not."""
    stamps: list[int] = []
    days.param.watch(lambda event: stamps.append(event.new["stamp"]), "shown")

    async def show() -> None:
        days.show([{"value": "2018-01-15", "label": "Mon 15", "hint": "", "pressed": False}], label="Days")
        days.seen = days.shown["stamp"] if is_seen else 0
        await asyncio.sleep(0.1)

    asyncio.run(show())
    return stamps


def test_what_arrives_is_told_once() -> None:
    assert len(told(Days(), is_seen=True)) == 1


def test_what_does_not_arrive_is_told_again_unchanged() -> None:
    days = Days()

    assert len(told(days, is_seen=False)) > 2
    assert days.shown["days"] == [{"value": "2018-01-15", "label": "Mon 15", "hint": "", "pressed": False}]


def test_a_page_that_was_closed_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "MOST_TRIES", 2)

    assert len(told(Days(), is_seen=False)) == 2


def test_the_same_may_be_done_twice_and_may_hold_a_bar() -> None:
    choice = Choice()
    choice.done = "a|b|1700"

    assert choice.last == "a|b"
