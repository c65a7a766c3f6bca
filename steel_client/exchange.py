"""One question and its answer, without any network: what is sent, and what an HTTP answer to it means.

Both clients send the same ``Call`` and read answers by the same ``answer_of``; they differ in how they wait alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, NoReturn, TypeVar, cast

import httpx
from pydantic import BaseModel, ValidationError

from steel_client.errors import SteelClientError, TimedOutError, UnexpectedAnswerError, UnreachableError, kind_of
from steel_client.models import ErrorAnswer

T = TypeVar("T")
RecordT = TypeVar("RecordT", bound=BaseModel)
REQUEST_ID = "X-Request-ID"
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True)
class Call(Generic[T]):
    """A question to the service.

    Attributes:
        method: of HTTP.
        path: the route.
        read: makes the answer of its bytes; raises ValidationError where they are not what was agreed.
        query: parameters after the path.
        content: body; None for none.
        headers: beside those of every request.
        is_repeatable: whether asking twice does the same as asking once.
    """

    method: str
    path: str
    read: Callable[[bytes], T]
    query: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    is_repeatable: bool = True

    def read_as(self, kind: type[RecordT]) -> Call[RecordT]:
        """The same question, its answer read as a record of your own."""
        return replace(cast("Call[Any]", self), read=kind.model_validate_json)

    def as_file(self, media_type: str) -> Call[bytes]:
        """The same question, answered as a file of ``media_type``."""
        return replace(cast("Call[Any]", self), read=bytes, headers={**self.headers, "Accept": media_type})

    def as_request(self) -> dict[str, Any]:
        """Arguments of httpx' ``request``."""
        return {
            "method": self.method,
            "url": self.path,
            "params": dict(self.query),
            "content": self.content,
            "headers": dict(self.headers),
        }


def answer_of(call: Call[T], response: httpx.Response) -> T:
    """What ``response`` says.

    Raises:
        SteelApiError: it is an error of the service.
        UnexpectedAnswerError: it is nothing that the service says.
    """
    if not response.is_success:
        _raise_error(call.path, response)
    try:
        return call.read(response.content)
    except ValidationError as error:
        raise UnexpectedAnswerError(call.path, status=response.status_code, why=_first(error)) from error


def unanswered(url: str, error: httpx.HTTPError) -> SteelClientError:
    """What it means that httpx raised ``error`` in place of an answer."""
    was_sent = not isinstance(error, UNSENT)
    if isinstance(error, httpx.TimeoutException):
        return TimedOutError("no answer in time from", url=url, was_sent=was_sent)
    return UnreachableError("cannot reach", url=url, was_sent=was_sent)


def _raise_error(path: str, response: httpx.Response) -> NoReturn:
    status = response.status_code
    try:
        told = ErrorAnswer.model_validate_json(response.content).error
    except ValidationError as error:
        raise UnexpectedAnswerError(path, status=status, why="not the service's error shape") from error
    raise kind_of(status)(
        status,
        **told.model_dump(),
        request_id=response.headers.get(REQUEST_ID),
        retry_after_s=_seconds(response.headers.get("Retry-After", "")),
    )


def _seconds(retry_after: str) -> float | None:
    return float(retry_after) if retry_after.isdecimal() else None


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}".removeprefix(": ")
