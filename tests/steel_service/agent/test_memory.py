from __future__ import annotations

from dataclasses import dataclass

import pytest

from steel_service.agent.memory import Gate, Sessions
from steel_service.errors import ConflictError, RateLimitedError, UnknownSessionError


@dataclass
class Clock:
    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


def begun(sessions: Sessions, *, owner: str = "me") -> str:
    with sessions.turn(None, plant="toy", owner=owner) as session:
        return session.id


def test_a_conversation_goes_on_by_its_id() -> None:
    sessions = Sessions(most=10, minutes=60)
    first = begun(sessions)

    with sessions.turn(first, plant="toy", owner="me") as session:
        assert session.id == first


def test_somebody_elses_conversation_is_as_good_as_none() -> None:
    sessions = Sessions(most=10, minutes=60)

    with pytest.raises(UnknownSessionError):
        sessions.of(begun(sessions, owner="you"), owner="me")


def test_an_unused_conversation_is_forgotten() -> None:
    clock = Clock()
    sessions = Sessions(most=10, minutes=1, clock_s=clock)
    first = begun(sessions)
    clock.now_s = 61

    with pytest.raises(UnknownSessionError):
        sessions.of(first, owner="me")
    assert len(sessions) == 0


def test_of_too_many_the_one_unused_longest_is_forgotten() -> None:
    clock = Clock()
    sessions = Sessions(most=2, minutes=60, clock_s=clock)
    first, second = begun(sessions), begun(sessions)
    clock.now_s = 1
    with sessions.turn(first, plant="toy", owner="me"):
        pass
    begun(sessions)

    assert sessions.of(first, owner="me").id == first
    with pytest.raises(UnknownSessionError):
        sessions.of(second, owner="me")


def test_one_question_of_a_conversation_is_answered_at_a_time() -> None:
    sessions = Sessions(most=10, minutes=60)
    first = begun(sessions)

    with sessions.turn(first, plant="toy", owner="me"), pytest.raises(ConflictError, match="still being answered"):
        sessions.turn(first, plant="toy", owner="me").__enter__()
    with sessions.turn(first, plant="toy", owner="me") as session:
        assert session.answering


def test_a_conversation_stays_with_its_plant() -> None:
    sessions = Sessions(most=10, minutes=60)

    with pytest.raises(ConflictError) as refused:
        sessions.turn(begun(sessions), plant="other", owner="me").__enter__()
    assert refused.value.field == "plant"


def test_a_full_gate_says_when_to_come_again() -> None:
    gate = Gate(1)

    with gate.inside(), pytest.raises(RateLimitedError) as refused:
        gate.inside().__enter__()
    assert refused.value.headers == {"Retry-After": "2"}
    with gate.inside():
        pass
