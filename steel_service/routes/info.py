"""GET /health and /model/info: what is there and what is served."""

from __future__ import annotations

from fastapi import APIRouter

from steel_service.answers import health_answer, model_answer
from steel_service.api_models.info import Health, ModelInfo
from steel_service.requests import NOT_READY, QUERY_ERRORS, PlantQuery
from steel_service.state import StateOf

router = APIRouter(responses=QUERY_ERRORS)


@router.get("/health", tags=["state"], summary="What is there and what is missing")
def health(state: StateOf, plant: PlantQuery = None) -> Health:
    """Always answers; ``degraded`` names each problem with its remedy, ``fallback`` who answers for the champion."""
    return health_answer(state.site(plant), state)


@router.get("/model/info", tags=["state"], summary="The served model", responses=NOT_READY)
def model_info(state: StateOf, plant: PlantQuery = None) -> ModelInfo:
    """The manifest of the model that answers now: what it is made of and how it scored; and the nowcast."""
    return model_answer(state.site(plant), state)
