"""What the JSON of all routes shares: the two bases, the error shape and the source of readings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

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
    reason: str = Field(
        default="",
        description="Stable name of what is wrong, finer than the code, to say it in another language; absent where "
        "it has none. Of a value that does not validate, Pydantic's name of the fault.",
        examples=["less_than_equal"],
    )
    values: dict[str, str | float] = Field(
        default={}, description="What the message speaks of, by name.", examples=[{"le": 1}]
    )


class ErrorAnswer(AnswerModel):
    """Every answer that is not a success."""

    error: ErrorDetail


class Fallback(AnswerModel):
    """Says that the champion could not answer, who did instead, and why."""

    step: Literal["previous champion", "global model", "seasonal naive"] = Field(
        description="The bundle that served before, the model of all plants, or the newest similar day, fitted on the "
        "spot from known readings."
    )
    because: str = Field(description="Why each step above could not answer.")


class Source(AnswerModel):
    """Where the raw readings came from."""

    kind: str = Field(description="file, uci, posted or simulated.")
    location: str = Field(description="Path, URL or plant it was read from.")
    is_simulated: bool = Field(description="Whether the readings are made up.")
