"""POST /forecast: the next intervals with quantiles, bands, cost and CO2."""

from __future__ import annotations

from fastapi import APIRouter

from steel_service.answers import forecast_answer
from steel_service.api_models.forecast import ForecastAnswer, ForecastRequest
from steel_service.bodies import JsonRoute
from steel_service.requests import BODY_ERRORS, NOT_READY
from steel_service.state import StateOf

router = APIRouter(tags=["forecast"], route_class=JsonRoute, responses={**BODY_ERRORS, **NOT_READY})


@router.post("/forecast", summary="Usage of the next intervals")
def forecast(request: ForecastRequest, state: StateOf) -> ForecastAnswer:
    """Forecast the plant's usage from the end of the known readings, or from an earlier moment ``at``.

    Nothing measured at or after the origin is used; the calendar and the tariff are known ahead. Where the champion
    cannot answer, the previous champion does, else a seasonal naive forecast, and ``fallback`` says so.
    """
    return forecast_answer(request, state)
