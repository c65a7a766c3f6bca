from __future__ import annotations

import asyncio

from steel_ui.state import Session
from steel_ui.testing import ToyService, refusal


def refresh(session: Session, *, times: int = 1) -> None:
    async def ask() -> None:
        for _ in range(times):
            await session.refresh()

    asyncio.run(ask())


def tick(session: Session, *, times: int) -> None:
    async def ask() -> None:
        for _ in range(times):
            await session.tick()

    asyncio.run(ask())


def test_a_healthy_service_fills_the_page(session: Session) -> None:
    refresh(session)

    assert session.data.is_complete
    assert session.problems == ()


def test_a_service_that_is_down_is_a_problem_and_nothing_is_made_up(session: Session, toy: ToyService) -> None:
    toy.is_up = False

    refresh(session)

    assert [problem.code for problem in session.problems] == ["unreachable"]
    assert session.data.history is None


def test_the_page_fills_when_the_service_comes_up(session: Session, toy: ToyService) -> None:
    toy.is_up = False
    tick(session, times=2)

    toy.is_up = True
    tick(session, times=1)

    assert session.data.is_complete
    assert session.problems == ()


def test_what_is_shown_stays_when_the_service_goes_away_and_the_problem_goes_when_it_is_back(
    session: Session, toy: ToyService
) -> None:
    refresh(session)
    toy.is_up = False
    tick(session, times=20)
    assert session.data.is_complete
    assert session.problems != ()

    toy.is_up = True
    tick(session, times=1)

    assert session.problems == ()


def test_half_a_service_shows_its_half_and_says_what_is_missing(session: Session, toy: ToyService) -> None:
    missing = {"what": "no champion yet", "remedy": "run make build"}
    toy.answers["/health"] |= {"status": "degraded", "champion": None, "problems": [missing]}
    toy.refusals |= dict.fromkeys(("/forecast", "/model/info"), (503, refusal("no champion yet", "run make build")))

    refresh(session)

    assert session.data.history is not None
    assert session.data.forecast is None
    assert [(problem.what, problem.remedy) for problem in session.problems] == [("no champion yet", "run make build")]


def test_a_refusal_that_health_does_not_know_of_is_shown_once(session: Session, toy: ToyService) -> None:
    toy.refusals |= dict.fromkeys(("/forecast", "/model/info"), (503, refusal("reloading", "wait")))

    refresh(session)

    assert [problem.what for problem in session.problems] == ["reloading"]


def test_while_all_is_well_only_health_is_asked_and_only_every_minute(session: Session, toy: ToyService) -> None:
    refresh(session)
    toy.asked.clear()

    tick(session, times=19)
    assert toy.asked == []

    tick(session, times=1)
    assert toy.asked == ["/health"]


def test_newer_readings_are_fetched(session: Session, toy: ToyService) -> None:
    refresh(session)
    toy.answers["/health"]["readings_until"] = "2018-01-15T06:00:00+09:00"
    toy.asked.clear()

    refresh(session)

    assert sorted(toy.asked) == ["/forecast", "/health", "/history", "/model/info"]


def test_a_step_down_of_the_service_and_its_recovery_are_fetched(session: Session, toy: ToyService) -> None:
    refresh(session)
    seen = []
    for fallback in ({"step": "seasonal naive", "because": "champion: was altered"}, None):
        toy.answers["/health"]["fallback"] = toy.answers["/forecast"]["fallback"] = fallback
        refresh(session)
        seen.append(session.data.forecast and session.data.forecast.fallback)

    assert [fallback and fallback.step for fallback in seen] == ["seasonal naive", None]


def test_an_unchanged_half_does_not_redraw_the_page(session: Session, toy: ToyService) -> None:
    toy.refusals["/forecast"] = (503, refusal("no champion yet", "run make build"))
    seen = []
    session.param.watch(seen.append, "data")

    refresh(session, times=3)

    assert len(seen) == 1


def test_two_sessions_do_not_share_their_choices(session: Session) -> None:
    other = Session(session.service, retry_s=3, refresh_s=60)

    session.language, session.dark, session.window = "es", True, "1d"

    assert (other.language, other.dark, other.window) == ("en", False, "14d")
