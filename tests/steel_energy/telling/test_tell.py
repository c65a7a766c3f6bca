"""What holds of every answer: all its numbers stand in its figures or the question, and every question has one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from questions import Asked, ask, questions, scene_at

from steel_energy.asking.grounding import grounded
from steel_energy.asking.lexicon import LANGUAGES
from steel_energy.asking.outcomes import Request
from steel_energy.asking.scene import Scene
from steel_energy.telling.records import Call, Told
from steel_energy.telling.tell import calls_of, tell

Ask = Callable[[Call], dict[str, Any]]
TIMED = ("history", "forecast", "bill")
SCENES = {now: scene_at(now) for now in {asked.now for asked in questions()}}
MEASURES = ("usage", "cost", "co2", "peak", "power_factor", "reactive", "load_type")
HOURS = ((), ((480, 720),), ((600, 720), (780, 1020)), ((1320, 1800),), ((690, 750),))
ZONE = dt.timezone(dt.timedelta(hours=9))


def _is_timed(asked: Asked) -> bool:
    return asked.expected["intent"] in TIMED


@pytest.mark.parametrize("asked", list(filter(_is_timed, questions())), ids=lambda asked: asked.question)
def test_every_question_on_readings_forecasts_and_bills_is_answered_with_proved_numbers(
    asked: Asked, tools_at: Callable[[Scene], Ask]
) -> None:
    scene = SCENES[asked.now]
    request = ask(asked, scene)
    assert isinstance(request, Request)
    tools = tools_at(scene)

    told = tell(request, [tools(call) for call in calls_of(request)], scene)

    _holds(told, asked.question)
    assert told.figures
    assert told.period == request.focus.period


@given(data=st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_numbers_are_proved_whatever_is_wanted_of_them(
    data: st.DataObject, varied_tools: Ask, toy_scene: Scene
) -> None:
    request = data.draw(_requests())

    told = tell(request, [varied_tools(call) for call in calls_of(request)], toy_scene)

    _holds(told, "")


def _holds(told: Told, question: str) -> None:
    assert grounded(told.text, [told.figures, question]) == []
    assert told.text
    assert "{" not in told.text
    assert "None" not in told.text
    assert all(round(value, 6) == value for value in told.figures.values() if isinstance(value, float))
    assert told.text == "\n".join(line.strip() for line in told.text.splitlines())


@st.composite
def _requests(draw: st.DrawFn) -> Request:
    """Any request of a time that the toy plant can be asked."""
    intent = draw(st.sampled_from(TIMED))
    known = [draw(_periods(0, 21)) for _ in range(2)]
    period = draw(_periods(21, 28)) if intent == "forecast" else known[0]
    focus = {
        "period": period,
        "compared": draw(st.sampled_from([None, known[1]])),
        "hours": draw(st.sampled_from(HOURS)),
        "band": draw(st.sampled_from([None, "light", "medium", "maximum"])),
        "measure": draw(st.sampled_from(MEASURES)),
        "statistic": draw(st.sampled_from([None, "maximum", "minimum", "mean", "total"])),
    }
    slots: dict[str, Any] = {"from": period["start"], "to": period["end"]}
    if intent == "forecast":
        slots = {"horizon": (period["end"] - dt.datetime(2018, 1, 22, tzinfo=ZONE)) // dt.timedelta(minutes=15)}
    elif intent == "history":
        slots["aggregation"] = draw(st.sampled_from(["15min", "hour", "day", "week", "month"]))
    else:
        slots["tariffs"] = draw(st.sampled_from([(), ("toy", "flat")]))
    language = draw(st.sampled_from(LANGUAGES))
    return Request.model_validate({"intent": intent, "language": language, "slots": slots, "focus": focus})


def _periods(first: int, last: int) -> st.SearchStrategy[dict[str, dt.datetime]]:
    """Quarters of an hour, or whole days, of the toy plant's days from ``first`` to ``last``."""
    start = dt.datetime(2018, 1, 1, tzinfo=ZONE)
    quarters = st.one_of(
        st.lists(st.integers(first * 96, last * 96), min_size=2, max_size=2, unique=True),
        st.lists(st.integers(first, last).map(lambda day: day * 96), min_size=2, max_size=2, unique=True),
    )
    return quarters.map(sorted).map(
        lambda ends: {
            name: start + quarter * dt.timedelta(minutes=15)
            for name, quarter in zip(("start", "end"), ends, strict=True)
        }
    )
