"""A conversation with the toy service's copilot: what is kept of each turn, and what becomes of failures."""

from __future__ import annotations

import asyncio

import pytest

from steel_ui.client import EnergyService
from steel_ui.conversation import Conversation, Turn
from steel_ui.testing import ToyService, refusal
from steel_ui.testing_chat import ANSWER, SESSION, TEXT


@pytest.fixture
def conversation(service: EnergyService) -> Conversation:
    return Conversation(service)


def asked(conversation: Conversation, *questions: str) -> tuple[Turn, ...]:
    async def ask() -> None:
        for question in questions:
            conversation.start(question)
            await conversation.work.wait()

    asyncio.run(ask())
    return conversation.turns


def test_what_happens_is_kept_and_the_answer_takes_the_place_of_what_was_streamed(conversation: Conversation) -> None:
    seen: list[str] = []
    conversation.param.watch(lambda event: event.new[-1].param.watch(lambda e: seen.append(e.new), "text"), "turns")

    (turn,) = asked(conversation, "  how much tomorrow? ")

    assert (turn.question, turn.text, turn.steps) == ("how much tomorrow?", TEXT, ("Asking for the forecast",))
    assert seen == ["As I thi", TEXT]
    assert turn.answer is not None
    assert not turn.is_open
    assert not conversation.work.is_running


def test_the_next_question_goes_on_from_the_answer_before(conversation: Conversation, toy: ToyService) -> None:
    asked(conversation, "first", "second")

    assert [query.get("session_id") for path, query in toy.queries if path == "/copilot/chat/stream"] == [None, SESSION]


@pytest.mark.parametrize("blank", ["", "   ", "\n"])
def test_nothing_is_asked_of_a_blank_line(conversation: Conversation, toy: ToyService, blank: str) -> None:
    assert asked(conversation, blank) == ()
    assert toy.asked == []


def test_a_failure_is_told_with_its_turn_and_the_next_question_is_answered(
    conversation: Conversation, toy: ToyService
) -> None:
    failed, cut, answered = asked(conversation, "fail", "break", "again")
    toy.refusals["/copilot/chat/stream"] = (429, refusal("too many questions", "wait"))
    *_, refused = asked(conversation, "once more")

    assert failed.problem is not None
    assert (failed.problem.what, failed.problem.remedy) == ("there is no model yet", "run make build")
    assert cut.problem is not None
    assert "the stream ends before the answer" in cut.problem.what
    assert answered.problem is None
    assert refused.problem is not None
    assert refused.problem.code == "rate_limited"


def test_a_service_that_is_away_is_a_problem_of_the_turn(conversation: Conversation, toy: ToyService) -> None:
    toy.is_up = False

    (turn,) = asked(conversation, "how much?")

    assert turn.problem is not None
    assert turn.problem.code == "unreachable"


def test_one_question_at_a_time_and_one_that_is_stopped_stays_as_it_is(conversation: Conversation) -> None:
    async def stop() -> None:
        conversation.start("first")
        conversation.start("second")
        conversation.stop()
        conversation.start("third")
        await conversation.work.wait()

    asyncio.run(stop())

    first, third = conversation.turns
    assert first.is_stopped
    assert not first.is_open
    assert third.text == TEXT
    assert not conversation.work.is_running


def test_a_rating_is_sent_with_the_answer_it_is_about(conversation: Conversation, toy: ToyService) -> None:
    async def rate() -> Turn:
        conversation.start("how much?")
        await conversation.work.wait()
        await conversation.rate(conversation.turns[0], "up")
        return conversation.turns[0]

    turn = asyncio.run(rate())

    assert turn.rating == "up"
    sent = {"session_id": SESSION, "answer_id": ANSWER, "rating": "up", "comment": ""}
    assert toy.queries[-1] == ("/copilot/feedback", sent)


def test_a_rating_that_cannot_be_written_is_a_problem_and_none_is_shown(
    conversation: Conversation, toy: ToyService
) -> None:
    toy.refusals["/copilot/feedback"] = (503, refusal("the disk is full", "make room"))

    async def rate() -> Turn:
        conversation.start("how much?")
        await conversation.work.wait()
        await conversation.rate(conversation.turns[0], "down")
        return conversation.turns[0]

    turn = asyncio.run(rate())

    assert turn.rating is None
    assert turn.problem is not None
    assert turn.problem.what == "the disk is full"
