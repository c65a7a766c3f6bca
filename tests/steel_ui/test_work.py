from __future__ import annotations

import asyncio
import re

import pytest

from steel_ui.client import EnergyService, Forecast, Problem, ServiceError
from steel_ui.expected import reasons
from steel_ui.frame import Frame
from steel_ui.state import Session
from steel_ui.testing import ToyService, refusal
from steel_ui.views.forecast import ForecastView
from steel_ui.views.parts.work_bar import work_bar
from steel_ui.views.reasons import reasons_html
from steel_ui.words import Words
from steel_ui.work import Work


async def after(seconds: float, answer: str) -> str:
    await asyncio.sleep(seconds)
    return answer


def test_work_is_seen_running_and_then_has_its_result() -> None:
    async def use() -> tuple[bool, bool, object]:
        work = Work()
        work.start(after(0.01, "done"))
        was_running = work.is_running
        await work.wait()
        return was_running, work.is_running, work.result

    assert asyncio.run(use()) == (True, False, "done")


def test_cancelled_work_leaves_nothing_and_is_broken_off() -> None:
    broken_off = []

    async def endless() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            broken_off.append(True)
            raise

    async def use() -> tuple[bool, object]:
        work = Work()
        work.start(endless())
        await asyncio.sleep(0)
        work.cancel()
        await asyncio.sleep(0.01)
        return work.is_running, work.result

    assert asyncio.run(use()) == (False, None)
    assert broken_off == [True]


def test_work_that_is_started_anew_takes_the_place_of_the_one_before() -> None:
    async def use() -> object:
        work = Work()
        work.start(after(0.02, "old"))
        await asyncio.sleep(0)
        work.start(after(0.01, "new"))
        await work.wait()
        await asyncio.sleep(0.03)  # the old one would have ended by now
        return work.result

    assert asyncio.run(use()) == "new"


def test_the_last_result_may_stay_until_the_next_is_there() -> None:
    async def use() -> tuple[object, object, object]:
        work = Work()
        work.start(after(0, "old"))
        await work.wait()
        work.start(after(0, "new"), keeps_result=True)
        kept = work.result
        await work.wait()
        new = work.result
        work.start(after(0, "newest"))
        return kept, new, work.result

    assert asyncio.run(use()) == ("old", "new", None)


def test_work_that_fails_says_why_and_offers_another_try(session: Session) -> None:
    problem = Problem(code="timeout", what="slow")
    tried = []

    async def fail() -> None:
        raise ServiceError(problem)

    async def use() -> list[object]:
        work = Work()
        bar = work_bar(work, session, again=tried.append)
        work.start(fail())
        await work.wait()
        state, (cancel, retry) = bar[0], bar[1]
        retry.clicks += 1
        said = str(state.object)
        return [work.problem, cancel.visible, retry.visible, "took too long" in said, "keeps trying" in said]

    assert asyncio.run(use()) == [problem, False, True, True, False]
    assert len(tried) == 1


@pytest.mark.parametrize(
    ("code", "is_question", "tries"),
    [
        pytest.param("unreachable", True, 1, id="a question while the service is away"),
        pytest.param("unreachable", False, 0, id="what changes something"),
        pytest.param("timeout", True, 0, id="a question that takes too long"),
    ],
)
def test_a_question_is_asked_again_once_a_service_that_was_away_answers(
    session: Session,
    code: str,
    is_question: bool,  # noqa: FBT001 - a case
    tries: int,
) -> None:
    tried = []

    async def fail() -> None:
        raise ServiceError(Problem(code=code, what="gone"))

    async def use() -> str:
        work = Work()
        bar = work_bar(work, session, again=tried.append, is_question=is_question)
        await session.look()
        work.start(fail())
        await work.wait()
        said = str(bar[0].object)
        await session.look()
        return said

    said = asyncio.run(use())

    assert len(tried) == tries
    assert ("keeps trying" in said) == bool(tries)


def test_the_reasons_add_up_from_knowing_nothing_to_the_forecast(
    service: EnergyService, forecast: Forecast, english: Words, spanish: Words
) -> None:
    found = asyncio.run(reasons(service, forecast))

    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reasons_html(found, words=english)))
    assert "Knowing nothing 1,197 kWh Similar days +598 kWh" in text
    assert "Calendar and closed days \N{MINUS SIGN}299 kWh" in text
    assert "Forecast 1,496 kWh" in text
    assert "Its peak, Mon 15, 12:00" in text
    assert "Días parecidos" in reasons_html(found, words=spanish)


@pytest.mark.parametrize(("status", "is_refusal"), [(409, True), (503, False)], ids=["no trees", "not there now"])
def test_a_model_that_cannot_say_why_is_no_problem_of_the_page(
    frame: Frame,
    toy: ToyService,
    status: int,
    is_refusal: bool,  # noqa: FBT001 - a case
) -> None:
    toy.refusals["/explain"] = (status, refusal("has no trees", "explain a day"))

    async def visit() -> ForecastView:
        await frame.start()
        assert isinstance(frame.current, ForecastView)
        await frame.current.reasons.wait()
        return frame.current

    view = asyncio.run(visit())

    assert view.problems == ()
    assert view.data.is_complete
    assert view.reasons.problem is not None
    assert view.reasons.problem.is_refusal is is_refusal
