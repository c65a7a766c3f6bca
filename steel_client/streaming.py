"""A question to the copilot, told while it is answered: the server-sent events of /copilot/chat/stream as records."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from httpx_sse import EventSource, ServerSentEvent, SSEError, aconnect_sse, connect_sse

from steel_client.errors import SteelApiError, UnexpectedAnswerError
from steel_client.exchange import Call, answer_of, unanswered
from steel_client.models import ChatAnswer, ErrorAnswer

PATH = "/copilot/chat/stream"
FINAL, FAILED = "final", "error"
CUT = "the stream ends before the answer"


@dataclass(frozen=True)
class ChatEvent:
    """One thing that happened; docs/api.md lists the names and what their data holds.

    Attributes:
        name: start, step, tool_call, tool_result, token, replace or final.
        data: as it was sent.
    """

    name: str
    data: dict[str, Any]

    @property
    def answer(self) -> ChatAnswer | None:
        """The answer, which ``final`` alone has."""
        return ChatAnswer.model_validate(self.data["answer"]) if self.name == FINAL else None


def stream(http: httpx.Client, call: Call[Any], *, url: str) -> Generator[ChatEvent, None, None]:
    """What happens until the answer to ``call``; closing the iterator ends the turn.

    Raises:
        SteelClientError: nothing answers, the service refuses or fails, or the stream ends before the answer.
    """
    with _told(url), connect_sse(http, **_request(call)) as source:
        if not source.response.is_success:
            source.response.read()
        _check(call, source)
        for sent in source.iter_sse():
            yield _event(sent, source)
            if sent.event == FINAL:
                return
        raise SSEError(CUT)


async def stream_async(http: httpx.AsyncClient, call: Call[Any], *, url: str) -> AsyncGenerator[ChatEvent, None]:
    """As ``stream``, for ``async for``."""
    with _told(url):
        async with aconnect_sse(http, **_request(call)) as source:
            if not source.response.is_success:
                await source.response.aread()
            _check(call, source)
            async for sent in source.aiter_sse():
                yield _event(sent, source)
                if sent.event == FINAL:
                    return
            raise SSEError(CUT)


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Tell of what breaks a stream in the client's own errors."""
    try:
        yield
    except (SSEError, ValueError) as error:
        raise UnexpectedAnswerError(PATH, status=httpx.codes.OK, why=str(error)) from error
    except httpx.HTTPError as error:
        raise unanswered(url, error) from error


def _request(call: Call[Any]) -> dict[str, Any]:
    return {**call.as_request(), "url": PATH}


def _check(call: Call[Any], source: EventSource) -> None:
    if not source.response.is_success:
        answer_of(call, source.response)


def _event(sent: ServerSentEvent, source: EventSource) -> ChatEvent:
    if sent.event == FAILED:
        told = ErrorAnswer.model_validate_json(sent.data).error
        raise SteelApiError(source.response.status_code, **told.model_dump())
    return ChatEvent(sent.event, sent.json())
