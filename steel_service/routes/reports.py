"""GET /reports and /reports/{name}: the pages that the assets write for people."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from steel_service.api_models.reports import ReportsAnswer
from steel_service.reports import FILE_RESPONSES, report_response, reports_answer
from steel_service.requests import QUERY_ERRORS, PlantQuery
from steel_service.state import StateOf

ReportName = Annotated[str, Path(description="A name of the listing.", max_length=255, examples=["quality.html"])]

router = APIRouter(tags=["reports"], responses=QUERY_ERRORS)


@router.get("/reports", summary="The reports of a plant")
def reports(state: StateOf, plant: PlantQuery = None) -> ReportsAnswer:
    """Reports by name, each with a link to open it; none before the first build."""
    return reports_answer(state.site(plant), state)


@router.get("/reports/{name}", summary="One report", responses=FILE_RESPONSES)
def report(name: ReportName, state: StateOf, request: Request, plant: PlantQuery = None) -> Response:
    """A self-contained page, in a sandbox of the browser, or a PDF or workbook to keep.

    Answers `If-None-Match`, `If-Modified-Since` and `Range`.
    """
    return report_response(name, state.site(plant), state, request=request)
