"""The whole set of questions, and what must hold of every question whatsoever."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from questions import Asked, ask, faults, questions, scene_at

from steel_energy.asking.lexicon import lexicon
from steel_energy.asking.outcomes import Clarify, OutOfScope, Request
from steel_energy.asking.planner import understand
from steel_energy.asking.scene import Scene
from steel_service.api_models.bill import BillRequest
from steel_service.api_models.explain import ExplainRequest
from steel_service.api_models.forecast import ForecastRequest
from steel_service.api_models.history import HistoryQuery
from steel_service.api_models.nowcast import MeterReading
from steel_service.api_models.optimize import OptimizeRequest
from steel_service.api_models.what_if import WhatIfRequest

ALL = list(questions())
BODIES = {
    "nowcast": MeterReading,
    "forecast": ForecastRequest,
    "what_if": WhatIfRequest,
    "explain": ExplainRequest,
    "optimize": OptimizeRequest,
    "bill": BillRequest,
    "history": HistoryQuery,
}
WORDS = sorted({word for asked in ALL for word in (asked.question, *asked.question.split())})
SCENES = {now: scene_at(now) for now in {asked.now for asked in ALL}}
ANY_QUESTION = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join),
    st.lists(st.one_of(st.sampled_from(WORDS), st.from_regex(r"[0-9]{1,4}([:/.,-][0-9]{1,4}){0,2}")), max_size=9).map(
        " ".join
    ),
)


def test_at_least_95_of_100_questions_are_understood() -> None:
    wrong = {asked.question: found for asked in ALL if (found := faults(asked, ask(asked, SCENES[asked.now])))}
    assert len(wrong) <= 0.05 * len(ALL), wrong


def test_the_set_holds_160_questions_half_in_each_language_with_every_request() -> None:
    languages = [asked.language for asked in ALL]
    assert len(ALL) >= 160
    assert abs(languages.count("es") - languages.count("en")) <= 0.1 * len(ALL)
    assert {asked.expected["intent"] for asked in ALL} >= {*BODIES, "drift", "health", "model", "out_of_scope"}
    assert sum(bool(asked.after) for asked in ALL) >= 16


@pytest.mark.parametrize("intent", BODIES)
def test_bodies_are_what_the_route_takes(intent: str) -> None:
    made = [ask(asked, SCENES[asked.now]) for asked in ALL if asked.expected["intent"] == intent]
    requests = [one for one in made if isinstance(one, Request) and one.intent == intent]
    assert requests
    for request in requests:
        TypeAdapter(BODIES[intent]).validate_python(request.body(), by_alias=True)


def test_a_question_takes_less_than_20_ms_once_warm(wednesday: Scene) -> None:
    question = "¿Cuánta energia consumiremos el proximo luns de 10am a 2am en la planta?"
    understand(question, wednesday)
    began = time.process_time()  # the machine may be busy
    for _ in range(20):
        understand(question, wednesday)
    assert (time.process_time() - began) / 20 < 0.02


@settings(max_examples=300, deadline=None)
@given(question=ANY_QUESTION, before=ANY_QUESTION, asked=st.sampled_from(ALL))
def test_no_text_crashes_and_every_outcome_can_be_shown(question: str, before: str, asked: Asked) -> None:
    scene = SCENES[asked.now]
    _, kept = understand(before, scene)
    outcome, _ = understand(question, scene, kept)
    if isinstance(outcome, Clarify):
        assert outcome.question
        assert "{" not in outcome.question
    elif isinstance(outcome, OutOfScope):
        assert outcome.text
    else:
        assert outcome.body() is not None


@settings(max_examples=200, deadline=None)
@given(question=ANY_QUESTION, asked=st.sampled_from(ALL))
def test_what_is_asked_can_be_answered_from_what_is_known_or_forecast(question: str, asked: Asked) -> None:
    scene = SCENES[asked.now]
    outcome, _ = understand(question, scene)
    if not isinstance(outcome, Request) or outcome.focus.period is None:
        return
    period = outcome.focus.period
    assert period.start < period.end
    assert period.end.replace(tzinfo=None) <= scene.last
    if outcome.intent in ("history", "bill"):
        assert period.end <= scene.now


@settings(max_examples=200, deadline=None)
@given(
    day=st.dates(min_value=dt.date(2018, 1, 1), max_value=dt.date(2018, 12, 11)),
    form=st.sampled_from(
        ["consumo del {d} de {es} de {y}", "usage on {en} {d}, {y}", "usage on {iso}", "consumo del {d}/{m}/{y}"]
    ),
)
def test_a_day_that_is_said_is_the_day_that_is_read(day: dt.date, form: str) -> None:
    names = {
        code: next(n for n, number in lexicon(code)["months"].items() if number == day.month) for code in ("es", "en")
    }
    question = form.format(d=day.day, m=day.month, y=day.year, iso=day.isoformat(), **names)
    outcome, _ = understand(question, SCENES[dt.datetime(2018, 12, 12, 15, 30)])  # noqa: DTZ001 - plant time
    assert isinstance(outcome, Request)
    assert outcome.focus.period is not None
    assert outcome.focus.period.start.date() == day
    assert outcome.focus.period.end.date() == day + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("usage on 03/08/2018", "period"),  # March or August
        ("consumo de juio", "period"),  # June or July
        ("consumo del 31 de abril", "period"),
        ("consumo del 29 de febrero", "period"),  # 2018 and 2019 have none
        ("¿Cuánto consumiremos el lunes a las 25:00?", "period"),
        ("consumo de ayer a medianoche", "period"),  # its first moment or its last
        ("usage last 0 days", "period"),
        ("usage last Friday and on Feb 30", "period"),
    ],
)
def test_a_doubtful_time_is_asked_back(question: str, missing: str, wednesday: Scene) -> None:
    outcome, _ = understand(question, wednesday)
    assert isinstance(outcome, Clarify)
    assert outcome.missing == missing


def test_the_answer_to_a_question_back_completes_the_request(wednesday: Scene) -> None:
    kept = None
    for said in ("¿Cuándo debería arrancar el horno mañana?", "200", "3"):
        outcome, kept = understand(said, wednesday, kept)
    assert isinstance(outcome, Request)
    assert outcome.body()["jobs"] == [{"name": "horno", "kind": "fixed", "power_kw": 200.0, "duration_minutes": 180}]


def test_one_of_the_options_can_be_picked(wednesday: Scene) -> None:
    asked, kept = understand("usage on 03/08/2018", wednesday)
    outcome, _ = understand("the second one", wednesday, kept)
    assert isinstance(asked, Clarify)
    assert asked.options == ("2018-03-08", "2018-08-03")
    assert isinstance(outcome, Request)
    assert outcome.body()["from"] == "2018-08-03T00:00:00+09:00"


def test_a_refusal_leaves_the_session_as_it_was(wednesday: Scene) -> None:
    _, kept = understand("How much will we use tomorrow?", wednesday)
    refused, kept = understand("delete the readings", wednesday, kept)
    outcome, _ = understand("and on Friday?", wednesday, kept)
    assert isinstance(refused, OutOfScope)
    assert isinstance(outcome, Request)
    assert outcome.focus.period is not None
    assert outcome.focus.period.start.date() == dt.date(2018, 12, 14)


def test_what_was_taken_for_granted_is_noted(wednesday: Scene) -> None:
    notes = {}
    for question in ("forecast", "forecast for next week", "optimise tomorrow", "usage today"):
        outcome, _ = understand(question, wednesday)
        assert isinstance(outcome, Request)
        notes[question] = outcome.notes
    assert notes == {
        "forecast": ("assumed_next_day",),
        "forecast for next week": ("cut_to_horizon",),
        "optimise tomorrow": ("assumed_movable",),
        "usage today": ("cut_to_known",),
    }
