"""What the JSON of all routes shares: kinds of fields, the two bases, the error shape and the source of readings.

Numbers refuse text, booleans, NaN and infinity; a whole number may be written with a point. Times are ISO 8601.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

YEARS = (1970, 2200)  # times outside cannot be converted between zones without care, and no meter has them


def _number(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, bool | str):
        raise PydanticCustomError("number_type", "Input should be a number, not text or a boolean")
    if isinstance(value, float) and not math.isfinite(value):
        raise PydanticCustomError("finite_number", "Input should be a finite number")
    return value


def _moment(value: Any) -> Any:  # noqa: ANN401 - JSON
    if value is None or isinstance(value, dt.datetime):
        return value
    try:
        return dt.datetime.fromisoformat(_unescaped(value))
    except (TypeError, ValueError, AttributeError):
        example = "2018-12-01T00:00:00+09:00"
        raise PydanticCustomError("time", f"Input should be an ISO 8601 time, such as {example}") from None


def _unescaped(time: str) -> str:
    """In a query, an offset's plus sign that was not escaped arrives as a space."""
    return time.replace(" ", "+") if "T" in time else time


def _near(moment: dt.datetime) -> dt.datetime:
    first, last = YEARS
    if not first <= moment.year < last:
        raise PydanticCustomError("time_range", f"Input should lie in the years {first} to {last - 1}")
    return moment


Number = Annotated[float, BeforeValidator(_number)]
WholeNumber = Annotated[int, BeforeValidator(_number)]
Moment = Annotated[dt.datetime, BeforeValidator(_moment), AfterValidator(_near)]
PlantId = Annotated[str, Field(max_length=64)]
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

    kind: str = Field(description="file, uci or simulated.")
    location: str = Field(description="Path, URL or plant it was read from.")
    is_simulated: bool = Field(description="Whether the readings are made up.")
