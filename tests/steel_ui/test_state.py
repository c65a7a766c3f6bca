from __future__ import annotations

import asyncio

import pytest

from steel_ui.client import Problem
from steel_ui.expected import Data
from steel_ui.frame import Frame
from steel_ui.state import ROLES, Session
from steel_ui.testing import ToyService, plant, refusal


def start(frame: Frame) -> None:
    asyncio.run(frame.start())


def data(frame: Frame) -> Data:
    shown: Data = frame.current.data
    return shown


def problems(frame: Frame) -> tuple[Problem, ...]:
    found: tuple[Problem, ...] = frame.session.problems or frame.current.problems
    return found


def tick(frame: Frame, *, times: int) -> None:
    async def ask() -> None:
        for _ in range(times):
            await frame.tick()

    asyncio.run(ask())


def test_a_healthy_service_fills_the_page(frame: Frame) -> None:
    start(frame)

    assert data(frame).is_complete
    assert problems(frame) == ()


def test_a_service_that_is_down_is_a_problem_and_nothing_is_made_up(frame: Frame, toy: ToyService) -> None:
    toy.is_up = False

    start(frame)

    assert [problem.code for problem in problems(frame)] == ["unreachable"]
    assert data(frame).history is None


def test_the_page_fills_when_the_service_comes_up(frame: Frame, toy: ToyService) -> None:
    toy.is_up = False
    tick(frame, times=2)

    toy.is_up = True
    tick(frame, times=1)

    assert data(frame).is_complete
    assert problems(frame) == ()


def test_what_is_shown_stays_when_the_service_goes_away_and_the_problem_goes_when_it_is_back(
    frame: Frame, toy: ToyService
) -> None:
    start(frame)
    toy.is_up = False
    tick(frame, times=20)
    assert data(frame).is_complete
    assert problems(frame) != ()

    toy.is_up = True
    tick(frame, times=1)

    assert problems(frame) == ()


def test_half_a_service_shows_its_half_and_says_what_is_missing(frame: Frame, toy: ToyService) -> None:
    missing = {"what": "no champion yet", "remedy": "run make build"}
    toy.answers["/health"] |= {"status": "degraded", "champion": None, "problems": [missing]}
    toy.refusals |= dict.fromkeys(("/forecast", "/model/info"), (503, refusal("no champion yet", "run make build")))

    start(frame)

    assert data(frame).history is not None
    assert data(frame).forecast is None
    assert [(problem.what, problem.remedy) for problem in problems(frame)] == [("no champion yet", "run make build")]


def test_a_refusal_that_health_does_not_know_of_is_shown_once(frame: Frame, toy: ToyService) -> None:
    toy.refusals |= dict.fromkeys(("/forecast", "/model/info"), (503, refusal("reloading", "wait")))

    start(frame)

    assert [problem.what for problem in problems(frame)] == ["reloading"]


def test_while_all_is_well_only_health_is_asked_and_only_every_minute(frame: Frame, toy: ToyService) -> None:
    start(frame)
    toy.asked.clear()

    tick(frame, times=19)
    assert toy.asked == []

    tick(frame, times=1)
    assert toy.asked == ["/health"]


def test_newer_readings_are_fetched(frame: Frame, toy: ToyService) -> None:
    start(frame)
    toy.answers["/health"]["readings_until"] = "2018-01-15T06:00:00+09:00"
    toy.asked.clear()

    start(frame)

    assert sorted(toy.asked) == ["/forecast", "/health", "/history", "/model/info", "/models"]


def test_a_step_down_of_the_service_and_its_recovery_are_fetched(frame: Frame, toy: ToyService) -> None:
    start(frame)
    seen = []
    for fallback in ({"step": "seasonal naive", "because": "champion: was altered"}, None):
        toy.answers["/health"]["fallback"] = toy.answers["/forecast"]["fallback"] = fallback
        start(frame)
        seen.append(data(frame).forecast and data(frame).forecast.fallback)

    assert [fallback and fallback.step for fallback in seen] == ["seasonal naive", None]


def test_an_unchanged_half_does_not_redraw_the_page(frame: Frame, toy: ToyService) -> None:
    toy.refusals["/forecast"] = (503, refusal("no champion yet", "run make build"))
    seen: list[object] = []
    frame.current.param.watch(seen.append, "data")

    tick(frame, times=3)

    assert len(seen) == 1


def test_two_sessions_do_not_share_their_choices(session: Session) -> None:
    other = Session(session.service, retry_s=3, refresh_s=60)

    session.language, session.theme, session.window = "es", "dark", "1d"

    assert (other.language, other.dark, other.window) == ("en", False, "3d")


def test_another_plant_is_asked_about_from_then_on(frame: Frame, toy: ToyService) -> None:
    start(frame)
    toy.queries.clear()

    frame.session.plant = "moon"
    start(frame)

    assert {query.get("plant") for path, query in toy.queries if path not in {"/whoami", "/plants"}} == {"moon"}


def test_an_unknown_plant_is_one_problem_with_the_services_words(frame: Frame, toy: ToyService) -> None:
    toy.refusals["/health"] = (404, refusal("unknown plant 'moon'", "known plants: toy"))

    start(frame)

    assert [(problem.what, problem.is_refusal) for problem in problems(frame)] == [("unknown plant 'moon'", True)]
    assert data(frame).history is None


def test_a_service_that_limits_the_page_is_left_alone_as_long_as_it_says(frame: Frame, toy: ToyService) -> None:
    start(frame)
    toy.refusals["/health"] = (429, refusal("too many requests", "wait"))
    toy.headers["Retry-After"] = "30"
    tick(frame, times=20)
    assert [problem.code for problem in problems(frame)] == ["rate_limited"]
    toy.asked.clear()

    tick(frame, times=9)
    assert toy.asked == []

    tick(frame, times=1)
    assert toy.asked == ["/health"]


@pytest.mark.parametrize(
    ("role", "allowed"),
    [("viewer", ["viewer"]), ("operator", ["viewer", "operator"]), ("admin", ["viewer", "operator", "admin"])],
)
def test_a_role_may_do_its_own_and_what_lower_ones_may(
    session: Session, toy: ToyService, role: str, allowed: list[str]
) -> None:
    assert (session.role, session.may("viewer")) == (None, False)

    toy.answers["/whoami"] |= {"name": "ana", "role": role, "means": "key"}
    asyncio.run(session.look())

    assert (session.who.name, session.role) == ("ana", role)
    assert [name for name in ROLES if session.may(name)] == allowed


def test_the_plants_are_those_that_the_key_may_ask_about(session: Session, toy: ToyService) -> None:
    toy.answers["/plants"] = {"plants": [plant(), plant(id="moon", name="Moon plant", is_default=False)]}
    toy.answers["/whoami"]["plants"] = ["moon"]

    asyncio.run(session.look())

    assert [facts.id for facts in session.plants] == ["moon"]


def test_a_key_that_is_no_longer_accepted_may_nothing_until_it_is_again(session: Session, toy: ToyService) -> None:
    asyncio.run(session.look())
    toy.refusals["/health"] = (401, refusal("the key or token is not accepted", "send another"))
    asyncio.run(session.look())
    assert (session.role, session.may("viewer"), [problem.code for problem in session.problems]) == (
        None,
        False,
        ["unauthorized"],
    )

    toy.refusals.clear()
    asyncio.run(session.look())

    assert session.may("operator")


def test_a_session_that_is_over_is_noticed_at_the_next_tick_and_leads_back_to_what_was_shown(
    session: Session, toy: ToyService
) -> None:
    session.signs_in, session.page, session.language = True, "models", "es"
    frame = Frame(session)
    frame.panel()
    asyncio.run(frame.start())
    session.service.end()

    tick(frame, times=1)

    assert [problem.code for problem in session.problems] == ["signed_out"]
    assert frame._menu.leads_to == f"{session.by_way_of('login')}&out=1"
    assert session.by_way_of("login").startswith("login?next=.%2F%3Fpage%3Dmodels%26lang%3Des")
    toy.asked.clear()
    tick(frame, times=3)
    assert toy.asked == []
