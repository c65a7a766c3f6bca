"""Kinds of fields of records that come from outside: JSON of a request or YAML of a file.

Numbers refuse text, booleans, NaN and infinity; a whole number may be written with a point. Times are ISO 8601. Each
says in its JSON schema exactly what it accepts.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import AllowInfNan, BeforeValidator, Strict, WithJsonSchema
from pydantic_core import PydanticCustomError

_YEAR = "(?:19[7-9]|2[01][0-9])[0-9]"  # 1970-2199: others convert badly between zones, and no meter has them
_DAY = "(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
_LEAP_DAY = "(?:19(?:7[26]|8[048]|9[26])|20(?:[02468][048]|[13579][26])|21(?:0[48]|[2468][048]|[13579][26]))-02-29"
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_TIME = rf"[T ]{_CLOCK}(?::[0-5][0-9](?:\.[0-9]{{1,9}})?)?(?:Z|[+-]{_CLOCK})?"
DAY_PATTERN = rf"^(?:{_YEAR}-{_DAY}|{_LEAP_DAY})$"
MOMENT_PATTERN = rf"^(?:{_YEAR}-{_DAY}|{_LEAP_DAY})(?:{_TIME})?$"
"""A day, or a time of it, with or without an offset: exactly what is accepted, so that the schema can say it."""


def _no_text(value: Any) -> Any:  # noqa: ANN401 - JSON or YAML
    if isinstance(value, bool | str):
        raise PydanticCustomError("number_type", "Input should be a number, not text or a boolean")
    return value


def _moment(value: Any) -> Any:  # noqa: ANN401 - JSON
    if value is None or isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):  # as YAML reads a day
        return dt.datetime.combine(value, dt.time())
    written = _unescaped(value) if isinstance(value, str) else ""
    if not re.fullmatch(MOMENT_PATTERN, written):
        example = "2018-12-01T00:00:00+09:00"
        raise PydanticCustomError("time", f"Input should be an ISO 8601 time from 1970 to 2199, such as {example}")
    return dt.datetime.fromisoformat(written)


def _unescaped(time: str) -> str:
    """In a query, an offset's plus sign that was not escaped arrives as a space."""
    return time.replace(" ", "+") if "T" in time else time


def _day(value: Any) -> Any:  # noqa: ANN401 - JSON or YAML
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if not isinstance(value, str) or not re.fullmatch(DAY_PATTERN, value):
        raise PydanticCustomError("day", "Input should be a day from 1970 to 2199, such as 2018-12-01")
    return dt.date.fromisoformat(value)


Number = Annotated[float, Strict(), AllowInfNan(allow_inf_nan=False)]
NO_TEXT = BeforeValidator(_no_text)
"""Stands after the bounds of a whole number within another type: before them, the schema would lack them."""
WholeNumber = Annotated[int, NO_TEXT]
Day = Annotated[dt.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "pattern": DAY_PATTERN})]
Moment = Annotated[dt.datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "pattern": MOMENT_PATTERN})]


def kind_required(schema: dict[str, Any]) -> None:
    """Say in a record's JSON schema that ``kind``, which tells records apart, must be sent; Python has its default."""
    schema["required"] = ["kind", *schema.get("required", [])]
