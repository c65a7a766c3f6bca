"""What the JSON of all routes shares: kinds of fields, the two bases, the error shape and the source of readings.

Numbers refuse text, booleans, NaN and infinity; a whole number may be written with a point. Times are ISO 8601.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

_YEAR = "(?:19[7-9]|2[01][0-9])[0-9]"  # 1970-2199: others convert badly between zones, and no meter has them
_DAY = "(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
_LEAP_DAY = "(?:19(?:7[26]|8[048]|9[26])|20(?:[02468][048]|[13579][26])|21(?:0[48]|[2468][048]|[13579][26]))-02-29"
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_TIME = rf"[T ]{_CLOCK}(?::[0-5][0-9](?:\.[0-9]{{1,9}})?)?(?:Z|[+-]{_CLOCK})?"
MOMENT_PATTERN = rf"^(?:{_YEAR}-{_DAY}|{_LEAP_DAY})(?:{_TIME})?$"
"""A day, or a time of it, with or without an offset: exactly what is accepted, so that the schema can say it."""


def _number(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, bool | str):
        raise PydanticCustomError("number_type", "Input should be a number, not text or a boolean")
    if isinstance(value, float) and not math.isfinite(value):
        raise PydanticCustomError("finite_number", "Input should be a finite number")
    return value


def _moment(value: Any) -> Any:  # noqa: ANN401 - JSON
    if value is None or isinstance(value, dt.datetime):
        return value
    written = _unescaped(value) if isinstance(value, str) else ""
    if not re.fullmatch(MOMENT_PATTERN, written):
        example = "2018-12-01T00:00:00+09:00"
        raise PydanticCustomError("time", f"Input should be an ISO 8601 time from 1970 to 2199, such as {example}")
    return dt.datetime.fromisoformat(written)


def _unescaped(time: str) -> str:
    """In a query, an offset's plus sign that was not escaped arrives as a space."""
    return time.replace(" ", "+") if "T" in time else time


Number = Annotated[float, BeforeValidator(_number)]
WholeNumber = Annotated[int, BeforeValidator(_number)]
Moment = Annotated[dt.datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "pattern": MOMENT_PATTERN})]
PlantId = Annotated[str, Field(max_length=64)]


class _OmittedNotNull:
    """Marks an optional field of a query: it may be left out, but no query can say null."""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        described = handler(schema)
        alternatives = described.pop("anyOf", [{}])
        return {**described, **alternatives[0]}


OMITTED_NOT_NULL = _OmittedNotNull()
PLANT_MEANING = "Plant id; the service's default plant if absent."


class RequestModel(BaseModel):
    """Base of all requests."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AnswerModel(BaseModel):
    """Base of all answers."""

    model_config = ConfigDict(frozen=True, from_attributes=True, protected_namespaces=())


class ErrorDetail(AnswerModel):
    """What is wrong, where, and what to do about it."""

    code: str = Field(description="Stable name of the kind of error.", examples=["validation"])
    message: str = Field(description="What is wrong.", examples=["Input should be less than or equal to 1"])
    field: str | None = Field(description="The field it is about.", examples=["lagging_power_factor"])
    hint: str = Field(description="What to do about it.", examples=["see /docs for each field's unit and range"])


class ErrorAnswer(AnswerModel):
    """Every answer that is not a success."""

    error: ErrorDetail


class Fallback(AnswerModel):
    """Says that the champion could not answer, who did instead, and why."""

    step: Literal["previous champion", "seasonal naive"] = Field(
        description="The bundle that served before, or the newest similar day, fitted on the spot from known readings."
    )
    because: str = Field(description="Why each step above could not answer.")


class Source(AnswerModel):
    """Where the raw readings came from."""

    kind: str = Field(description="file, uci, posted or simulated.")
    location: str = Field(description="Path, URL or plant it was read from.")
    is_simulated: bool = Field(description="Whether the readings are made up.")
