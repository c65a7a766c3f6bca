"""GET and POST /calendar: on which days the plant is closed, and marking them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from steel_service.api_models.calendar import CalendarAnswer, CalendarQuery, DaysMarked, MarkRequest
from steel_service.api_models.fields import ErrorAnswer
from steel_service.bodies import JsonRoute
from steel_service.marking import calendar_answer, marked
from steel_service.requests import BODY_ERRORS, NOT_READY, QUERY_ERRORS, Responses
from steel_service.security.audit import count_for_audit, name_plant_for_audit
from steel_service.state import StateOf

TWICE: Responses = {409: {"model": ErrorAnswer, "description": "A day stands twice."}}

reading = APIRouter(tags=["forecast"], responses={**QUERY_ERRORS, **NOT_READY})
router = APIRouter(tags=["forecast"], route_class=JsonRoute, responses={**BODY_ERRORS, **TWICE, **NOT_READY})


@reading.get("/calendar", summary="On which days the plant is closed")
def calendar(query: Annotated[CalendarQuery, Query()], state: StateOf) -> CalendarAnswer:
    """Each day as forecasts take it: by the mark that somebody set, else by the plant's file."""
    return calendar_answer(query, state)


@router.post("/calendar", summary="Mark days as closed or open")
def mark(wanted: MarkRequest, request: Request, state: StateOf) -> DaysMarked:
    """Keep marks over the calendar of the plant's file, which stays as it is; other days keep theirs.

    They are on the disk before the answer. From then on forecasts, plans, scenarios, explanations and the copilot go by
    them, also after a restart, and the next build takes them into the features; models stay. Asked again, nothing
    changes.
    """
    answer = marked(wanted, state)
    name_plant_for_audit(request.scope, answer.plant)
    count_for_audit(request.scope, days=len(answer.days), changed=answer.changed)
    return answer


router.routes.extend(reading.routes)
