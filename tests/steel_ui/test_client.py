from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from html import escape

import httpx
import pytest
from pydantic import SecretStr

from steel_ui.client import EnergyService, Problem, ServiceError
from steel_ui.testing import ORIGIN, ToyService, refusal
from steel_ui.views.parts.notices import notices_html
from steel_ui.words import Words

Ask = Callable[[EnergyService], Awaitable[object]]


def problem_of(service: EnergyService, ask: Ask) -> Problem:
    with pytest.raises(ServiceError) as caught:
        asyncio.run(ask(service))
    return caught.value.problem


def test_the_four_routes_become_records(service: EnergyService) -> None:
    async def ask() -> tuple[object, ...]:
        health, history = await service.health(), await service.history()
        forecast, model = await service.forecast(), await service.model_info()
        return health.readings_until, len(history.rows), forecast.totals.peak_kw, model.version

    assert asyncio.run(ask()) == (ORIGIN, 1344, 132.0, "abc12345")


def test_fields_the_page_does_not_know_are_ignored(service: EnergyService, toy: ToyService) -> None:
    toy.answers["/health"] |= {"moon_phase": "full"}

    assert asyncio.run(service.health()).plant == "toy"


def test_a_service_that_is_down_is_unreachable(service: EnergyService, toy: ToyService) -> None:
    toy.is_up = False

    assert problem_of(service, EnergyService.health).code == "unreachable"


def test_a_slow_service_is_a_timeout() -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("too slow", request=request)

    service = EnergyService("http://toy", timeout_s=1, transport=httpx.MockTransport(slow))

    assert problem_of(service, EnergyService.forecast).code == "timeout"


def test_a_refusal_keeps_the_words_and_the_remedy_of_the_service(service: EnergyService, toy: ToyService) -> None:
    toy.refusals["/forecast"] = (503, refusal("no champion yet", "run make build"))

    told = Problem(what="no champion yet", remedy="run make build", kind="bundle")
    assert problem_of(service, EnergyService.forecast) == told


@pytest.mark.parametrize(
    ("status", "code"), [(401, "unauthorized"), (403, "forbidden"), (429, "rate_limited")], ids=["key", "role", "limit"]
)
def test_what_a_key_is_refused_is_explained_in_both_languages_and_asked_for_again(  # noqa: PLR0917
    service: EnergyService, toy: ToyService, english: Words, spanish: Words, status: int, code: str
) -> None:
    toy.refusals["/health"] = (status, refusal("this needs a key", "send one"))

    problem = problem_of(service, EnergyService.health)

    assert (problem.code, problem.is_refusal) == (code, False)
    for words in (english, spanish):
        html = notices_html((problem,), words=words, url="http://toy")
        assert escape(words(code)) in html
        assert escape(words(f"{code}_remedy")) in html


@pytest.mark.parametrize("status", [200, 404, 500])
def test_an_answer_in_another_shape_is_unexpected_and_never_a_traceback(
    service: EnergyService, toy: ToyService, status: int
) -> None:
    toy.refusals["/forecast"] = (status, {"detail": "who are you?"})

    assert problem_of(service, EnergyService.forecast).code == "unexpected"


def test_a_forecast_without_intervals_is_unexpected(service: EnergyService, toy: ToyService) -> None:
    toy.answers["/forecast"]["intervals"] = []

    assert problem_of(service, EnergyService.forecast).code == "unexpected"


def test_a_history_without_rows_is_said_to_be_missing(service: EnergyService, toy: ToyService) -> None:
    toy.answers["/history"]["rows"] = []

    assert problem_of(service, EnergyService.history).code == "no_readings"


def test_the_band_of_a_reading_is_the_billed_one_where_the_service_tells_it(
    service: EnergyService, toy: ToyService
) -> None:
    rows = toy.answers["/history"]["rows"]
    rows[0] |= {"load_type": "maximum", "billing_band": "medium"}
    rows[1] |= {"load_type": "maximum", "billing_band": None}

    history = asyncio.run(service.history())

    assert [row.band for row in history.rows[:2]] == ["medium", "maximum"]


def personal(toy: ToyService, *, key: str | None = "steel_ana_1", ends_at: float | None = None) -> EnergyService:
    transport = httpx.MockTransport(toy.handle)
    api_key = SecretStr(key) if key else None
    return EnergyService(
        "http://toy", timeout_s=1, api_key=api_key, is_personal=True, ends_at=ends_at, transport=transport
    )


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        ("steel_ana_1", 401, "key_refused"),
        (None, 401, "key_needed"),
        ("steel_ana_1", 403, "key_too_low"),
        ("steel_ana_1", 429, "rate_limited"),
    ],
)
def test_what_is_wrong_with_a_readers_own_key_is_theirs_to_mend(
    toy: ToyService, key: str | None, status: int, code: str
) -> None:
    toy.refusals["/health"] = (status, refusal("no", "yes"))

    problem = problem_of(personal(toy, key=key), lambda service: service.health())

    assert (problem.code, problem.is_of_key) == (code, status in {401, 403})


@pytest.mark.parametrize("how", ["over", "out"])
def test_after_the_sign_in_nothing_is_asked_any_more(toy: ToyService, how: str) -> None:
    service = personal(toy, ends_at=0 if how == "over" else None)
    if how == "out":
        service.end()

    asks: tuple[Ask, ...] = (lambda it: it.health(), lambda it: anext(it.chat("How much?")))
    codes = [problem_of(service, ask).code for ask in asks]

    assert codes == [{"over": "login_over", "out": "signed_out"}[how]] * 2
    assert toy.asked == []
