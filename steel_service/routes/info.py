"""GET /health, /model/info and /history: what is known and what is served."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from steel_energy.history import Aggregation
from steel_service.answers import health_answer, history_answer, model_answer
from steel_service.api_models.fields import Moment
from steel_service.api_models.info import Health, HistoryAnswer, ModelInfo
from steel_service.requests import NOT_READY, QUERY_ERRORS, PlantQuery
from steel_service.state import StateOf

StartQuery = Annotated[Moment | None, Query(alias="from", description="Start; default: two weeks before the end.")]
EndQuery = Annotated[Moment | None, Query(alias="to", description="End, exclusive; default: end of the readings.")]

router = APIRouter(responses=QUERY_ERRORS)


@router.get("/health", tags=["state"], summary="What is there and what is missing")
def health(state: StateOf, plant: PlantQuery = None) -> Health:
    """Always answers; ``degraded`` names each problem with its remedy, ``fallback`` who answers for the champion."""
    return health_answer(state.site(plant), state)


@router.get("/model/info", tags=["state"], summary="The served model", responses=NOT_READY)
def model_info(state: StateOf, plant: PlantQuery = None) -> ModelInfo:
    """The manifest of the model that answers now: what it is made of and how it scored; and the nowcast."""
    return model_answer(state.site(plant), state)


@router.get("/history", tags=["readings"], summary="Known readings of a period", responses=NOT_READY)
def history(
    state: StateOf,
    plant: PlantQuery = None,
    start: StartQuery = None,
    end: EndQuery = None,
    aggregation: Annotated[Aggregation, Query(description="Single intervals, or sums by hour or day.")] = "15min",
) -> HistoryAnswer:
    """Cleaned readings of ``[from, to)``, oldest first; times without an offset are plant time."""
    return history_answer(state.site(plant), state, start=start, end=end, aggregation=aggregation)
