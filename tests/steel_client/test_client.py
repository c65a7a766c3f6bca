"""What is sent and what an answer means, over a scripted transport."""

from __future__ import annotations

import asyncio
import datetime as dt
import inspect
import json
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from steel_client import (
    AsyncSteelClient,
    FailedError,
    ForbiddenError,
    NotReadyError,
    RateLimitedError,
    RefusedError,
    SteelApiError,
    SteelClient,
    SteelClientError,
    TimedOutError,
    UnauthorizedError,
    UnexpectedAnswerError,
    UnreachableError,
    questions,
)
from steel_client.record import Record

SEOUL = dt.timezone(dt.timedelta(hours=9))
KEY = "sk-very-secret"
READING = {"co2": 0.0, "nsm": 900}


def page(following: str | None) -> dict[str, Any]:
    """A page of one day's readings."""
    first = "2018-01-01T00:00:00+09:00"
    facts = {"plant": "toy", "zone": "Asia/Seoul", "aggregation": "day", "source": None, "total": 2, "next": following}
    return facts | {"from": first, "to": "2018-01-03T00:00:00+09:00", "rows": [{"interval_start": first}]}


def body_of(request: httpx.Request) -> Any:
    return json.loads(request.content)


def test_an_answer_becomes_a_record_whose_times_keep_their_offset(script: Any, healthy: httpx.Response) -> None:
    with script(healthy).client() as client:
        health = client.health()

    assert (health.status, health.readings_until) == ("ok", dt.datetime(2018, 1, 15, tzinfo=SEOUL))


def test_the_same_methods_may_be_awaited(script: Any, healthy: httpx.Response) -> None:
    asked = script(healthy)

    async def ask() -> str:
        async with AsyncSteelClient("http://toy", transport=httpx.MockTransport(asked.handle)) as client:
            return (await client.health(plant="toy")).plant

    assert asyncio.run(ask()) == "toy"
    assert str(asked.asked[0].url) == "http://toy/health?plant=toy"


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        pytest.param(dt.datetime(2018, 12, 1, tzinfo=SEOUL), "2018-12-01T00:00:00+09:00", id="aware"),
        pytest.param(dt.datetime(2018, 12, 1), "2018-12-01T00:00:00", id="plant time"),  # noqa: DTZ001
        pytest.param("2018-12-01", "2018-12-01", id="text"),
    ],
)
def test_a_time_is_sent_alike_in_a_query_and_in_a_body(script: Any, moment: dt.datetime | str, sent: str) -> None:
    asked = script(httpx.Response(200, json={}))
    client = asked.client()
    for ask in (lambda: client.history(start=moment), lambda: client.forecast(at=moment)):
        with pytest.raises(UnexpectedAnswerError):
            ask()

    assert asked.asked[0].url.params["from"] == sent
    assert body_of(asked.asked[1]) == {"at": sent}


def test_pages_are_followed_to_the_last_one_within_the_period_of_the_first(script: Any) -> None:
    turns = [httpx.Response(200, json=page(next_)) for next_ in ("2018-01-02T00:00:00+09:00", None)]
    asked = script(*turns)

    pages = list(asked.client().history_pages(aggregation="day", limit=1))

    assert [found.next is None for found in pages] == [False, True]
    assert dict(asked.asked[0].url.params) == {"aggregation": "day", "limit": "1"}
    assert dict(asked.asked[1].url.params) == {
        "aggregation": "day",
        "limit": "1",
        "from": "2018-01-01T00:00:00+09:00",
        "to": "2018-01-03T00:00:00+09:00",
        "cursor": "2018-01-02T00:00:00+09:00",
    }


def test_pages_may_be_awaited(script: Any) -> None:
    asked = script(httpx.Response(200, json=page(None)))

    async def count() -> int:
        async with AsyncSteelClient("http://toy", transport=httpx.MockTransport(asked.handle)) as client:
            return len([found async for found in client.history_pages(columns=["usage_kwh", "co2_t"])])

    assert asyncio.run(count()) == 1
    assert asked.asked[0].url.params["columns"] == "usage_kwh,co2_t"


@pytest.mark.parametrize(
    ("ask", "media_type"),
    [
        pytest.param(SteelClient.history_csv, "text/csv", id="csv"),
        pytest.param(SteelClient.history_parquet, "application/vnd.apache.parquet", id="parquet"),
    ],
)
def test_a_file_is_asked_for_by_its_media_type_and_handed_on_as_it_is(script: Any, ask: Any, media_type: str) -> None:
    asked = script(httpx.Response(200, content=b"\x00any bytes"))

    assert asked.client().send(ask(limit=1)) == b"\x00any bytes"
    assert asked.asked[0].headers["accept"] == media_type


def test_what_is_not_named_is_not_sent(script: Any) -> None:
    asked = script(httpx.Response(200, json={}))
    with pytest.raises(UnexpectedAnswerError):
        asked.client().forecast()

    assert asked.asked[0].content == b"{}"
    assert asked.asked[0].headers["content-type"] == "application/json"


def test_a_number_that_json_has_not_is_left_for_the_service_to_refuse(script: Any, refused: Any) -> None:
    asked = script(refused(422))
    with pytest.raises(RefusedError):
        asked.client().predict(READING | {"co2": float("nan")})

    assert b'"co2":NaN' in asked.asked[0].content


def test_an_answer_may_be_read_as_a_record_of_ones_own(script: Any, healthy: httpx.Response) -> None:
    class Short(Record):
        plant: str

    assert script(healthy).client().send(questions.health().read_as(Short)) == Short(plant="toy")


def test_a_field_of_a_newer_service_is_ignored(script: Any, healthy: httpx.Response) -> None:
    newer = httpx.Response(200, json=healthy.json() | {"moon_phase": "full"})

    assert script(newer).client().health().plant == "toy"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        pytest.param(401, UnauthorizedError, id="no-key"),
        pytest.param(403, ForbiddenError, id="role"),
        pytest.param(404, RefusedError, id="not-found"),
        pytest.param(409, RefusedError, id="conflict"),
        pytest.param(422, RefusedError, id="validation"),
        pytest.param(429, RateLimitedError, id="too-much"),
        pytest.param(500, FailedError, id="fault"),
        pytest.param(503, NotReadyError, id="not-ready"),
    ],
)
def test_an_error_of_the_service_keeps_its_words(
    script: Any, refused: Any, status: int, kind: type[SteelApiError]
) -> None:
    with pytest.raises(kind) as caught:
        script(refused(status)).client(retries=0).forecast()

    error = caught.value
    told = (error.status, error.code, error.message, error.field, error.hint, error.request_id)
    assert type(error) is kind
    assert told == (status, "toy", "is wrong", "horizon", "mend it", "r1")
    assert str(error) == f"{status} toy: horizon: is wrong (mend it)"


@pytest.mark.parametrize("status", [200, 302, 404, 500])
def test_an_answer_in_another_shape_is_unexpected(script: Any, status: int) -> None:
    with pytest.raises(UnexpectedAnswerError, match=rf"of /health \(HTTP {status}\)"):
        script(httpx.Response(status, text="<html>a page of somebody else</html>")).client().health()


@pytest.mark.parametrize(
    ("failure", "kind", "was_sent"),
    [
        pytest.param(httpx.ConnectError("no"), UnreachableError, False, id="refused"),
        pytest.param(httpx.ConnectTimeout("no"), TimedOutError, False, id="no-connection"),
        pytest.param(httpx.ReadTimeout("no"), TimedOutError, True, id="no-answer"),
        pytest.param(httpx.RemoteProtocolError("no"), UnreachableError, True, id="broken-off"),
    ],
)
def test_no_answer_says_whether_the_request_may_have_arrived(
    script: Any, *, failure: httpx.HTTPError, kind: type[UnreachableError], was_sent: bool
) -> None:
    with pytest.raises(kind) as caught:
        script(failure).client(retries=0).health()

    assert (type(caught.value), caught.value.was_sent, caught.value.url) == (kind, was_sent, "http://toy")


@pytest.mark.parametrize("key", [KEY, SecretStr(KEY)], ids=["text", "secret"])
def test_the_key_is_sent_and_never_shown(script: Any, refused: Any, key: str | SecretStr) -> None:
    asked = script(refused(401))
    client = asked.client(api_key=key)
    with pytest.raises(UnauthorizedError) as caught:
        client.health()

    assert asked.asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in repr(client) + repr(caught.value) + str(caught.value) + repr(vars(caught.value))


@pytest.mark.parametrize("key", ["", "two words", "line\n", "ключ"])
def test_a_key_that_cannot_be_sent_is_refused_without_a_word_of_it(key: str) -> None:
    with pytest.raises(ValueError, match="the API key") as caught:
        SteelClient(api_key=key)

    assert not key or key not in str(caught.value)


@pytest.mark.parametrize("url", ["", "plant:8000", "ftp://plant", "http://"])
def test_an_address_that_is_none_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        SteelClient(url)


def test_a_password_in_the_address_is_not_shown() -> None:
    assert repr(SteelClient("http://me:hush@plant:8000")) == "SteelClient('http://plant:8000')"


def test_the_environment_is_read_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEEL_API_URL", "http://plant:9000")
    monkeypatch.setenv("STEEL_API_KEY", KEY)
    named = AsyncSteelClient.from_environment(timeout_s=1)

    assert (SteelClient().url, named.url) == ("http://127.0.0.1:8000", "http://plant:9000")
    assert named._http.headers["authorization"] == f"Bearer {KEY}"
    assert "authorization" not in SteelClient()._http.headers


def test_a_method_shows_its_arguments() -> None:
    assert list(inspect.signature(SteelClient.forecast).parameters) == [
        "at",
        "horizon",
        "closed_days",
        "open_days",
        "plant",
    ]
    assert list(inspect.signature(SteelClient().forecast).parameters) == [
        "at",
        "horizon",
        "closed_days",
        "open_days",
        "plant",
    ]


def test_every_error_can_be_caught_by_its_base() -> None:
    assert issubclass(SteelApiError, SteelClientError)
    assert issubclass(TimedOutError, UnreachableError)


STREAMED = [("start", {"mode": "planner"}), ("token", {"text": "12 kWh"}), ("final", {"answer": None})]


def streamed(*events: tuple[str, dict[str, Any]]) -> httpx.Response:
    text = "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events)
    return httpx.Response(200, text=text, headers={"Content-Type": "text/event-stream"})


def test_a_question_is_told_while_it_is_answered_waiting_or_awaited(script: Any) -> None:
    asked, again = script(streamed(*STREAMED)), script(streamed(*STREAMED))

    async def ask() -> list[str]:
        async with AsyncSteelClient("http://toy", transport=httpx.MockTransport(asked.handle)) as client:
            return [event.name async for event in client.chat_stream("how much?", session_id="5" * 32)]

    assert asyncio.run(ask()) == ["start", "token", "final"]
    with again.client() as client:
        assert [event.data for event in client.chat_stream("how much?")] == [data for _, data in STREAMED]
    assert body_of(asked.asked[0]) == {"question": "how much?", "session_id": "5" * 32, "plant": None}


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (streamed(*STREAMED[:2]), UnexpectedAnswerError, "the stream ends before the answer"),
        (httpx.Response(200, json={}), UnexpectedAnswerError, "text/event-stream"),
        (
            streamed(("error", {"error": {"code": "x", "message": "no model", "field": None, "hint": "build"}})),
            SteelApiError,
            "no model",
        ),
        (
            httpx.Response(
                404, json={"error": {"code": "unknown_plant", "message": "unknown", "field": "plant", "hint": ""}}
            ),
            RefusedError,
            "unknown",
        ),
    ],
)
def test_a_stream_without_an_answer_is_a_failure_of_its_kind(
    script: Any, answer: httpx.Response, kind: type[SteelClientError], words: str
) -> None:
    with script(answer).client() as client, pytest.raises(kind, match=words):
        list(client.chat_stream("how much?"))
