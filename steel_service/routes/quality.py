"""GET /quality: what cleaning did to the readings."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from steel_service.api_models.fields import ErrorAnswer
from steel_service.api_models.quality import QualityAnswer, QualityQuery
from steel_service.qualities import quality_answer
from steel_service.requests import NOT_READY, QUERY_ERRORS, Responses
from steel_service.state import StateOf

RESPONSES: Responses = {
    409: {"model": ErrorAnswer, "description": "The period ends before it starts."},
    **QUERY_ERRORS,
    **NOT_READY,
}
router = APIRouter(tags=["readings"], responses=RESPONSES)


@router.get("/quality", summary="What cleaning repaired, and whether the readings are sound")
def quality(query: Annotated[QualityQuery, Query()], state: StateOf) -> QualityAnswer:
    """Repairs of `[from, to)` by rule, by column and over time, gaps, the checks of the cleaned readings, each change.

    `repaired_share` counts cells that were wrong or missing: one that was only written otherwise is none, nor is one of
    a column that the source does not have at all. `rule` and `column` narrow the list of changes, not the counts.
    """
    return quality_answer(query, state)
