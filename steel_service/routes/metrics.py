"""GET /metrics and /model/metrics: how the service fares, for Prometheus and for people."""

from __future__ import annotations

from fastapi import APIRouter
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import Response

from steel_service.api_models.metrics import ModelMetrics
from steel_service.requests import GUARD_ERRORS, QUERY_ERRORS, PlantQuery
from steel_service.state import StateOf
from steel_service.telemetry import answers
from steel_service.telemetry.facts import StateFacts

EXAMPLE = 'steel_requests_total{method="POST",route="/predict",status="200"} 12.0\n'

router = APIRouter(tags=["state"], responses=GUARD_ERRORS)


@router.get(
    "/metrics",
    summary="Metrics for Prometheus",
    response_class=Response,  # with no media type of its own, so that refusals are documented as JSON
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}, "example": EXAMPLE}}}},
)
def metrics(state: StateOf) -> Response:
    """Requests and their latency by route over all workers since the start, models in use, end of the readings."""
    registry = CollectorRegistry()
    registry.register(state.metrics)
    registry.register(StateFacts(state))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)


@router.get("/model/metrics", summary="How the service and its model fare", responses=QUERY_ERRORS)
def model_metrics(state: StateOf, plant: PlantQuery = None) -> ModelMetrics:
    """Requests, errors and latency of each route over all workers since the start, and the scores of the model."""
    return answers.model_metrics(state.site(plant), state)
