"""How a route, its query and its body become a ``Call``; which routes there are stands in ``questions``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TypeVar

from pydantic import BaseModel
from pydantic_core import to_json

from steel_client.exchange import Call

Moment = dt.datetime | str
RecordT = TypeVar("RecordT", bound=BaseModel)


def reads(answer: type[RecordT]) -> Callable[[bytes], RecordT]:
    """Reads an answer's JSON as a record."""
    return answer.model_validate_json


def got(path: str, answer: type[RecordT], **query: Moment | int | None) -> Call[RecordT]:
    """A question without a body."""
    return Call("GET", path, reads(answer), query=query_of(query))


def posted(path: str, answer: type[RecordT], body: object, *, plant: str | None = None) -> Call[RecordT]:
    """A question with a body of JSON; NaN is sent as it is, so that the service's refusal names the field."""
    content = to_json(body, inf_nan_mode="constants", exclude_none=True)
    return posted_text(path, answer, content, media_type="application/json", plant=plant)


def posted_text(
    path: str, answer: type[RecordT], content: str | bytes, *, media_type: str, plant: str | None
) -> Call[RecordT]:
    """A question with a body of ``media_type``."""
    body = content.encode() if isinstance(content, str) else content
    headers = {"Content-Type": media_type}
    return Call("POST", path, reads(answer), query=query_of({"plant": plant}), content=body, headers=headers)


def query_of(parameters: Mapping[str, Moment | int | None]) -> dict[str, str]:
    """Those parameters that are there, as text; a time in ISO 8601."""
    return {name: _text(value) for name, value in parameters.items() if value is not None}


def _text(value: Moment | int) -> str:
    return value.isoformat() if isinstance(value, dt.datetime) else str(value)
