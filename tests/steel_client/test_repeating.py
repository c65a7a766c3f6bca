"""What is sent again by itself, and what is not."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any

import httpx
import pytest

from steel_client import AsyncSteelClient, SteelClientError, questions

ONCE = replace(questions.health(), is_repeatable=False)
BROKEN = httpx.RemoteProtocolError("no")
DOWN = httpx.ConnectError("no")
SLOW = httpx.ReadTimeout("no")


def test_a_service_that_comes_up_meanwhile_is_asked_again(script: Any, healthy: httpx.Response) -> None:
    asked = script(DOWN, BROKEN, healthy)

    assert asked.client().health().plant == "toy"
    assert len(asked.asked) == 3


def test_the_awaited_client_repeats_alike(script: Any, healthy: httpx.Response) -> None:
    asked = script(DOWN, healthy)

    async def ask() -> str:
        async with AsyncSteelClient("http://toy", transport=httpx.MockTransport(asked.handle)) as client:
            return (await client.health()).plant

    assert asyncio.run(ask()) == "toy"


@pytest.mark.parametrize(("retries", "sent"), [(0, 1), (1, 2), (2, 3)])
def test_it_is_sent_again_only_so_often(script: Any, retries: int, sent: int) -> None:
    asked = script(DOWN)
    with pytest.raises(SteelClientError):
        asked.client(retries=retries).health()

    assert len(asked.asked) == sent


def test_a_limit_is_waited_out_as_long_as_the_service_says(script: Any, refused: Any, healthy: httpx.Response) -> None:
    asked = script(refused(429, Retry_After="1"), healthy)
    started = time.monotonic()

    assert asked.client().send(ONCE).plant == "toy"
    assert time.monotonic() - started >= 1


@pytest.mark.parametrize(
    ("status", "headers", "is_repeatable", "sent"),
    [
        pytest.param(429, {"Retry_After": "0"}, False, 3, id="limit"),
        pytest.param(429, {"Retry_After": "3600"}, True, 1, id="limit-for-an-hour"),
        pytest.param(429, {}, True, 1, id="limit-without-an-end"),
        pytest.param(503, {"Retry_After": "0"}, True, 3, id="not-ready"),
        pytest.param(503, {"Retry_After": "0"}, False, 1, id="not-ready-for-what-must-not-happen-twice"),
        pytest.param(422, {}, True, 1, id="refused"),
        pytest.param(500, {}, True, 1, id="fault"),
    ],
)
def test_only_errors_that_pass_are_worth_another_try(
    script: Any, refused: Any, *, status: int, headers: dict[str, str], is_repeatable: bool, sent: int
) -> None:
    asked = script(refused(status, **headers))
    with pytest.raises(SteelClientError):
        asked.client().send(replace(ONCE, is_repeatable=is_repeatable))

    assert len(asked.asked) == sent


@pytest.mark.parametrize(
    ("failure", "is_repeatable", "sent"),
    [
        pytest.param(DOWN, False, 3, id="never-arrived"),
        pytest.param(BROKEN, True, 3, id="broken-off"),
        pytest.param(BROKEN, False, 1, id="broken-off-and-not-twice"),
        pytest.param(SLOW, True, 1, id="too-slow"),
    ],
)
def test_a_request_that_may_have_arrived_is_repeated_only_where_that_does_no_harm(
    script: Any, *, failure: httpx.HTTPError, is_repeatable: bool, sent: int
) -> None:
    asked = script(failure)
    with pytest.raises(SteelClientError):
        asked.client().send(replace(ONCE, is_repeatable=is_repeatable))

    assert len(asked.asked) == sent
