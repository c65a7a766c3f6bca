"""GET /whoami, /plants, /health, /model/…, /models, /drift: who asks, what is there, and whether it still fits."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from steel_service.answers import health_answer, model_answer, plants_answer
from steel_service.api_models.drift import DriftAnswer
from steel_service.api_models.fields import OMITTED_NOT_NULL
from steel_service.api_models.info import Health, ModelInfo, PlantsAnswer, WhoAmI
from steel_service.api_models.insight import EvaluationAnswer, ImportanceAnswer, Part
from steel_service.api_models.models import ModelsAnswer, VersionsAnswer
from steel_service.insights import evaluation_answer, importance_answer
from steel_service.model_answers import drift_answer, models_answer, versions_answer
from steel_service.requests import NOT_READY, QUERY_ERRORS, PlantQuery
from steel_service.security.principals import Principal
from steel_service.state import StateOf

PartQuery = Annotated[Part, Query(description="Which part of the readings.")]
ModelQuery = Annotated[
    str | None,
    OMITTED_NOT_NULL,
    Query(description="One of /models' leaderboard; the champion's kind if absent.", pattern="^[a-z][a-z0-9_]{0,63}$"),
]

router = APIRouter(responses=QUERY_ERRORS)


@router.get("/health", tags=["state"], summary="What is there and what is missing")
async def health(state: StateOf, plant: PlantQuery = None) -> Health:
    """Always answers; ``degraded`` names each problem with its remedy, ``fallback`` who answers for the champion."""
    copilot = await state.copilot.health()
    return await run_in_threadpool(health_answer, state.site(plant), state, copilot)


@router.get("/whoami", tags=["state"], summary="Who asks, and what they may")
async def whoami(request: Request, state: StateOf) -> WhoAmI:
    """Name and role of the key or token that was sent; without one, of whoever asks from this machine."""
    who: Principal = request.scope["state"]["principal"]
    return WhoAmI(name=who.name, role=who.role.value, means=who.means, plants=list(state.asked_sites))


@router.get("/plants", tags=["state"], summary="The plants that may be asked about")
def plants(state: StateOf) -> PlantsAnswer:
    """Each plant's clock, contracted demand and tariff, in alphabetical order of the ids."""
    return plants_answer(state)


@router.get("/model/info", tags=["state"], summary="The served model", responses=NOT_READY)
def model_info(state: StateOf, plant: PlantQuery = None) -> ModelInfo:
    """The manifest of the model that answers now: what it is made of and how it scored; and the nowcast."""
    return model_answer(state.site(plant), state)


@router.get("/models", tags=["state"], summary="The leaderboard and the champions so far", responses=NOT_READY)
def models(state: StateOf, plant: PlantQuery = None) -> ModelsAnswer:
    """Models of the last build by their error on the validation part, those that could not be tried out, and why.

    `champions` tells every promotion and rollback; `serving` is the model that answers now.
    """
    return models_answer(state.site(plant), state)


@router.get("/model/versions", tags=["state"], summary="The versions that may serve", responses=NOT_READY)
def versions(state: StateOf, plant: PlantQuery = None) -> VersionsAnswer:
    """Every bundle that is kept, what it scored and whether it serves, served, was rolled back or never served.

    POST /admin/promote puts one of them in the champion's place, POST /admin/rollback an earlier champion. `reviews`
    tells of promotions by builds how they did on the first days that neither model had seen.
    """
    return versions_answer(state.site(plant), state)


@router.get("/model/importance", tags=["state"], summary="What drives the champion", responses=NOT_READY)
def importance(state: StateOf, plant: PlantQuery = None) -> ImportanceAnswer:
    """How much each driver moves forecasts (SHAP), by how far ahead they look, and points for a swarm of features.

    It is what the last build explained: `explained` says which trees speak, `is_of_champion` whether they still are
    the champion's.
    """
    return importance_answer(state.site(plant), state)


@router.get(
    "/model/evaluation", tags=["state"], summary="Where a model errs, and whether its bands hold", responses=NOT_READY
)
def evaluation(
    state: StateOf, part: PartQuery = "test", model: ModelQuery = None, plant: PlantQuery = None
) -> EvaluationAnswer:
    """The backtest of the last build, taken apart: errors by hour, kind of day, tariff band and hours ahead.

    Beside them stand what each quantile and band promised and kept, and a grid of forecasts against readings. The test
    part is what nothing was chosen on.
    """
    return evaluation_answer(state.site(plant), state, part=part, model=model)


@router.get("/drift", tags=["state"], summary="Whether the readings still look like the training", responses=NOT_READY)
def drift(state: StateOf, plant: PlantQuery = None) -> DriftAnswer:
    """The newest days against the nearest like days of the training of the model that answers now, and a verdict.

    Each column has PSI and KS; beside them stand figures that production leaves alone, such as the level of all
    energies together, the hours that are worked, and the share of readings that cleaning had to repair. Any week
    differs from the ones before, so a thing has moved only where it differs by more than nearly all weeks of the
    training do, each from those before it: winter is no drift. A verdict is a reason to look; the remedy says where.
    """
    return drift_answer(state.site(plant), state)
