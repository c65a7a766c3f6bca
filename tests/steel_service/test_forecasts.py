"""Forecasts that are asked again, at once, and after what they follow from has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from steel_energy.errors import BundleError
from steel_energy.ladder import CHAMPION, Failure
from steel_service.answers import forecast_answer, forecast_question
from steel_service.api_models.fields import Fallback
from steel_service.api_models.forecast import ForecastAnswer, ForecastRequest
from steel_service.forecasts import Forecasts, Made, Question

MANY_BYTES = 10_000_000


@pytest.fixture
def question(service: Any) -> Question:
    return forecast_question(ForecastRequest(horizon=2), service.state)


@pytest.fixture
def compute(service: Any) -> Callable[[Question], ForecastAnswer]:
    return lambda question: forecast_answer(question, service.state)


def on(forecasts: Forecasts, question: Question) -> Question:
    """The same question to other forecasts."""
    return replace(question, basis=forecasts.basis(question.basis.site, question.basis.known))


def ids(service: Any, *bodies: dict[str, Any]) -> list[str]:
    """The prediction of each request."""
    return [service.client.post("/forecast", json=body).json()["prediction_id"] for body in bodies]


def test_a_forecast_that_is_asked_again_is_the_same_to_the_byte_and_told_as_repeated(service: Any) -> None:
    first, second = (service.client.post("/forecast", json={"horizon": 2}) for _ in range(2))

    assert first.content == second.content
    assert [made.is_cached for made in service.state.predictions.forecasts] == [False, True]
    assert [len(made.intervals) for made in service.state.predictions.forecasts] == [2, 0]
    assert len({made.prediction_id for made in service.state.predictions.forecasts}) == 1


def test_what_is_not_asked_alike_is_computed_anew(service: Any) -> None:
    known_end = "2018-01-15T00:00:00+09:00"
    asked = ids(service, {"horizon": 2}, {"horizon": 3}, {"horizon": 2, "at": "2018-01-14"})

    assert len(set(asked)) == 3
    assert ids(service, {"horizon": 2, "at": known_end}, {"horizon": 2, "at": "2018-01-14T15:00:00Z"}) == asked[:1] * 2


def test_new_readings_make_new_forecasts(service: Any, known: Any) -> None:
    before = ids(service, {"horizon": 2})
    service.state.readings.known = replace(known)

    after = ids(service, {"horizon": 2}, {"horizon": 2})

    assert after == after[:1] * 2
    assert after[:1] != before


def test_another_champion_makes_new_forecasts_and_a_rollback_brings_back_the_old_ones(
    service: Any, champion: Any
) -> None:
    before = ids(service, {"horizon": 2})
    service.state.champions.served = replace(champion, manifest=champion.manifest.model_copy(update={"version": "x"}))
    other = service.client.post("/forecast", json={"horizon": 2}).json()
    service.state.champions.served = champion

    assert (other["model_version"], [other["prediction_id"]] == before) == ("x", False)
    assert ids(service, {"horizon": 2}) == before


def test_a_step_down_is_forgotten_as_soon_as_the_champion_is_back(service: Any) -> None:
    service.state.champions.failures = (Failure(CHAMPION, BundleError("was altered")),)
    stepped = service.client.post("/forecast", json={}).json()
    service.state.champions.failures = ()

    assert stepped["fallback"]["step"] == "previous champion"
    assert service.client.post("/forecast", json={}).json()["fallback"] is None


def test_a_step_down_of_a_champion_that_still_serves_holds_for_a_moment_only(
    question: Question, compute: Callable[[Question], ForecastAnswer]
) -> None:
    fallback = Fallback(step="seasonal naive", because="out of memory")

    def stepped_down(asked: Question) -> ForecastAnswer:
        return compute(asked).model_copy(update={"fallback": fallback})

    async def ask_twice(forecasts: Forecasts) -> list[bool]:
        asked = on(forecasts, question)
        return [(await forecasts.made(asked, stepped_down))[1] for _ in range(2)]

    assert asyncio.run(ask_twice(Forecasts(limit_bytes=MANY_BYTES))) == [False, True]
    assert asyncio.run(ask_twice(Forecasts(limit_bytes=MANY_BYTES, stepped_down_s=0))) == [False, False]


def test_many_who_ask_at_once_are_answered_by_one_computation(
    service: Any, question: Question, compute: Callable[[Question], ForecastAnswer]
) -> None:
    computed: list[Question] = []

    def count(asked: Question) -> ForecastAnswer:
        computed.append(asked)
        return compute(asked)

    async def ask_at_once() -> list[tuple[Made, bool]]:
        return list(await asyncio.gather(*(service.state.forecasts.made(question, count) for _ in range(64))))

    answers = asyncio.run(ask_at_once())

    assert len(computed) == 1
    assert len({made.body for made, _ in answers}) == 1
    assert sorted(is_cached for _, is_cached in answers) == [False] + [True] * 63


def test_whoever_leaves_does_not_take_the_answer_from_the_others(
    service: Any, question: Question, compute: Callable[[Question], ForecastAnswer]
) -> None:
    started, go_on = Event(), Event()

    def slowly(asked: Question) -> ForecastAnswer:
        started.set()
        go_on.wait(10)
        return compute(asked)

    async def one_leaves() -> Made:
        leaving, staying = (asyncio.create_task(service.state.forecasts.made(question, slowly)) for _ in range(2))
        await asyncio.to_thread(started.wait, 10)
        leaving.cancel()
        await asyncio.sleep(0)
        go_on.set()
        return (await staying)[0]

    assert asyncio.run(one_leaves()).answer.horizon == 2


def test_a_failure_is_told_to_all_who_wait_and_not_kept(
    service: Any, question: Question, compute: Callable[[Question], ForecastAnswer]
) -> None:
    def fail(_: Question) -> ForecastAnswer:
        raise BundleError("out of memory")

    async def ask() -> tuple[list[Any], Made]:
        made = service.state.forecasts.made
        failures = await asyncio.gather(*(made(question, fail) for _ in range(3)), return_exceptions=True)
        return failures, (await made(question, compute))[0]

    failures, made = asyncio.run(ask())

    assert [str(failure) for failure in failures] == ["out of memory"] * 3
    assert made.answer.horizon == 2


def test_the_kept_forecasts_stay_within_their_limit_and_the_oldest_goes_first(
    question: Question, compute: Callable[[Question], ForecastAnswer]
) -> None:
    questions = [replace(question, horizon=horizon) for horizon in (4, 5, 6)]
    size = len(compute(questions[-1]).model_dump_json())
    forecasts = Forecasts(limit_bytes=2 * size)

    async def ask() -> list[bool]:
        asked = [on(forecasts, one) for one in (*questions, *reversed(questions))]
        return [(await forecasts.made(one, compute))[1] for one in asked]

    assert asyncio.run(ask()) == [False, False, False, True, True, False]
