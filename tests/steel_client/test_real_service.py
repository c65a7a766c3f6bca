"""Both clients against a real service that asks for keys."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from steel_client import AsyncSteelClient, ForbiddenError, RefusedError, SteelClient, UnauthorizedError

LINES = '{"interval_start": "2018-03-02T00:00:00", "usage_kwh": 4.0}\n{"interval_start": "noon"}\n'


def viewer(example: Any) -> SteelClient:
    return SteelClient(example.url, api_key=example.keys["viewer"])


def test_many_questions_are_awaited_at_once(example: Any) -> None:
    async def ask() -> tuple[Any, ...]:
        async with AsyncSteelClient(example.url, api_key=example.keys["viewer"]) as client:
            return await asyncio.gather(client.health(), client.forecast(horizon=4), client.models(), client.drift())

    health, forecast, models, drift = asyncio.run(ask())

    assert (health.source.is_simulated, len(forecast.intervals)) == (True, 4)
    assert models.serving.version == drift.champion.version == forecast.model_version


def test_pages_hold_the_same_rows_as_one_answer(example: Any) -> None:
    asked: dict[str, Any] = {"start": "2018-02-01", "end": "2018-02-03", "aggregation": "hour"}
    with viewer(example) as client:
        whole = client.history(**asked)
        pages = list(client.history_pages(**asked, limit=20))

    assert [len(page.rows) for page in pages] == [20, 20, 8]
    assert [row for page in pages for row in page.rows] == list(whole.rows)


def test_lines_are_judged_one_by_one(example: Any) -> None:
    with SteelClient(example.url, api_key=example.keys["operator"]) as client:
        answer = client.post_readings_ndjson(LINES)

    assert (answer.counts.received, answer.counts.rejected) == (2, 1)
    assert answer.rows[0].reasons[0].field == "interval_start"


def test_a_key_opens_what_its_role_may_and_no_more(example: Any) -> None:
    with viewer(example) as client, pytest.raises(ForbiddenError) as refused:
        client.post_readings([])
    with SteelClient(example.url, api_key="steel_00000000_wrong") as client, pytest.raises(UnauthorizedError):
        client.health()
    with SteelClient(example.url, api_key=example.keys["admin"]) as client:
        assert client.reload().plants[0].champion.now == client.health().champion.version  # type: ignore[union-attr]

    assert refused.value.request_id


def test_a_refusal_names_field_and_request(example: Any) -> None:
    with viewer(example) as client, pytest.raises(RefusedError) as caught:
        client.forecast(horizon=0)

    assert (caught.value.status, caught.value.field) == (422, "horizon")
    assert caught.value.request_id


def test_a_report_that_is_not_there_is_refused_whatever_its_name(example: Any) -> None:
    for name in ("none.html", "../keys.json"):
        with viewer(example) as client, pytest.raises(RefusedError):
            client.report(name)
