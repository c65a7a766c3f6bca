"""What every route may be asked beside its own fields, and the errors it may answer; JSON is `bodies`'."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError

from steel_service.api_models.fields import OMITTED_NOT_NULL, PLANT_MEANING, ErrorAnswer, PlantId

Responses = dict[int | str, dict[str, Any]]
GUARD_ERRORS: Responses = {
    401: {
        "model": ErrorAnswer,
        "description": "No key or token came where one is needed, or a wrong one.",
        "headers": {"WWW-Authenticate": {"description": "How to prove who asks.", "schema": {"type": "string"}}},
    },
    403: {"model": ErrorAnswer, "description": "The key's role is too low, or another site's page asks."},
    429: {
        "model": ErrorAnswer,
        "description": "Too many requests came.",
        "headers": {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}},
    },
}
"""What the guard may answer on any route."""

QUERY_ERRORS: Responses = {
    **GUARD_ERRORS,
    404: {"model": ErrorAnswer, "description": "There is no such plant."},
    422: {"model": ErrorAnswer, "description": "A value is missing, wrong or out of range."},
}
BODY_ERRORS: Responses = {
    400: {"model": ErrorAnswer, "description": "The body is not valid JSON."},
    413: {"model": ErrorAnswer, "description": "The body is too large."},
    415: {"model": ErrorAnswer, "description": "The body is not declared as JSON."},
    **QUERY_ERRORS,
}
NOT_READY: Responses = {503: {"model": ErrorAnswer, "description": "Readings or model have not been built yet."}}

PlantQuery = Annotated[PlantId | None, OMITTED_NOT_NULL, Query(description=PLANT_MEANING)]
"""How an endpoint asks for the plant."""


_PLANT = TypeAdapter(PlantId)
PLANT_PARAMETER: dict[str, Any] = {
    "parameters": [
        {
            "name": "plant",
            "in": "query",
            "required": False,
            "schema": {**_PLANT.json_schema(), "description": PLANT_MEANING, "title": "Plant"},
            "description": PLANT_MEANING,
        }
    ]
}
"""Documents what `plant_of` reads."""


def plant_of(request: Request) -> str | None:
    """What `PlantQuery` gives, where a dependency would cost as much as the answer; the route documents it itself.

    Raises:
        RequestValidationError: it is no plant id.
    """
    if not request.scope["query_string"] or (asked := request.query_params.get("plant")) is None:
        return None
    try:
        return _PLANT.validate_python(asked)
    except ValidationError as error:
        raise RequestValidationError([{**found, "loc": ("query", "plant")} for found in error.errors()]) from error
