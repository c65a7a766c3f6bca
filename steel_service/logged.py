"""From an answer to its entry in the prediction log; what the log does with it is ``prediction_log``'s."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from fastapi import Request

from steel_service.api_models.forecast import ForecastAnswer
from steel_service.api_models.nowcast import MeterReading, Prediction
from steel_service.ids import new_id
from steel_service.prediction_log import ForecastMade, NowcastMade

MS_PER_S = 1000.0


def forecast_made(answer: ForecastAnswer, request: Request, *, started_s: float, is_cached: bool) -> ForecastMade:
    """The entry of an answered /forecast; the intervals stand in that of the first answer only."""
    return ForecastMade(
        prediction_id=answer.prediction_id,
        request_id=_request_id(request),
        plant=answer.plant,
        model=answer.model,
        model_version=answer.model_version,
        fallback=answer.fallback.step if answer.fallback else None,
        origin=answer.origin,
        horizon=answer.horizon,
        latency_ms=_since_ms(started_s),
        is_cached=is_cached,
        intervals=() if is_cached else answer.intervals,
    )


def nowcast_made(
    predictions: Sequence[Prediction],
    readings: Sequence[MeterReading],
    request: Request,
    *,
    plant_id: str,
    started_s: float,
) -> NowcastMade:
    """The entry of an answered /predict, /predict/batch or /predict_onnx, with a new id."""
    return NowcastMade(
        prediction_id=new_id(),
        request_id=_request_id(request),
        plant=plant_id,
        route=request.scope["path"],
        latency_ms=_since_ms(started_s),
        readings=readings,
        predictions=predictions,
    )


def _request_id(request: Request) -> str | None:
    found: str | None = request.scope.get("state", {}).get("request_id")
    return found


def _since_ms(started_s: float) -> float:
    return MS_PER_S * (perf_counter() - started_s)
