"""POST /forecast: the next intervals with quantiles, bands, cost and CO2."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from steel_service.api_models.fields import ErrorAnswer
from steel_service.api_models.forecast import ForecastAnswer, ForecastRequest
from steel_service.asking import asked_forecast
from steel_service.bodies import JSON_TYPE, JsonRoute
from steel_service.requests import BODY_ERRORS, NOT_READY, Responses
from steel_service.state import StateOf

NO_ORIGIN: Responses = {
    409: {"model": ErrorAnswer, "description": "It cannot start `at` that moment or reach those days."}
}

router = APIRouter(tags=["forecast"], route_class=JsonRoute, responses={**BODY_ERRORS, **NO_ORIGIN, **NOT_READY})


@router.post("/forecast", summary="Usage of the next intervals", response_model=ForecastAnswer)
async def forecast(wanted: ForecastRequest, request: Request, state: StateOf) -> Response:
    """Forecast the plant's usage from the end of the known readings, or from an earlier moment ``at``.

    Nothing measured at or after the origin is used; the calendar and the tariff are known ahead. Where the champion
    cannot answer, the previous champion does, else the model of all plants, else a seasonal naive forecast, and
    ``fallback`` says so. Asked again, a forecast is the same, ``prediction_id`` included, until there are new readings,
    another champion or marked days.

    ``closed_days`` and ``open_days`` ask what would be if the plant were closed, or ran, on days on which its calendar
    says otherwise; ``change`` tells how far that moves the forecast. Nothing is kept of it: POST /calendar does that.
    """
    made, _ = await asked_forecast(wanted, request, state)
    return Response(made.body, media_type=JSON_TYPE)
