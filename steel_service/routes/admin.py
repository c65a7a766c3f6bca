"""POST /admin/reload: what only an administrator may ask for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from steel_service.api_models.admin import ReloadAnswer
from steel_service.api_models.fields import OMITTED_NOT_NULL, ErrorAnswer, PlantId
from steel_service.reloads import reload_models
from steel_service.requests import QUERY_ERRORS, Responses
from steel_service.state import StateOf

REFUSED: Responses = {
    409: {"model": ErrorAnswer, "description": "A newest model is refused; the one before serves on."}
}
OnePlant = Annotated[PlantId | None, OMITTED_NOT_NULL, Query(description="Plant id; all plants if absent.")]

router = APIRouter(prefix="/admin", tags=["admin"], responses={**QUERY_ERRORS, **REFUSED})


@router.post("/reload", summary="Serve the newest models")
def reload(state: StateOf, plant: OnePlant = None) -> ReloadAnswer:
    """Load the newest champion and nowcast, and serve them from now on; requests go on with the old ones meanwhile.

    A worker notices by itself what is published, at its next request, so this is for whoever wants to know at once how
    it went. With several workers, one of them answers, and the others follow at their next requests.
    """
    return reload_models([state.site(plant)] if plant else state.asked_sites.values(), state)
