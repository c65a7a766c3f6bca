"""GET /history: known readings of a period."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from steel_service.api_models.fields import ErrorAnswer
from steel_service.api_models.history import HistoryQuery
from steel_service.histories import HISTORY_RESPONSE, history_response
from steel_service.requests import GUARD_ERRORS, NOT_READY, QUERY_ERRORS, Responses
from steel_service.state import StateOf

RESPONSES: Responses = {
    200: HISTORY_RESPONSE,
    406: {"model": ErrorAnswer, "description": "The Accept header names none of JSON, CSV and Parquet."},
    409: {"model": ErrorAnswer, "description": "The period ends before it starts."},
    **QUERY_ERRORS,
    **NOT_READY,
}
router = APIRouter(tags=["readings"], responses=GUARD_ERRORS)


@router.get("/history", summary="Known readings of a period", responses=RESPONSES)
def history(query: Annotated[HistoryQuery, Query()], state: StateOf, request: Request) -> Response:
    """Cleaned readings of `[from, to)`, oldest first, as they are or over calendar windows, page by page.

    The Accept header chooses the form: `application/json` (unless it says otherwise), `text/csv` or
    `application/vnd.apache.parquet`. Sums are energies, CO2 and the energy charge; `peak_kw` is the highest 15-minute
    demand of a window, and its power factors follow from its energies. A window at an edge of the period holds only
    the `intervals` inside it. Where rows are left, `next` and the header `Link` say how to go on.
    """
    return history_response(query, state, request=request)
