"""POST /admin/promote and /admin/rollback: another model in the champion's place, for an administrator."""

from __future__ import annotations

from fastapi import APIRouter, Request

from steel_service.api_models.admin import ChampionChange, PromoteRequest, RollbackRequest
from steel_service.api_models.fields import ErrorAnswer
from steel_service.bodies import JsonRoute
from steel_service.handovers import change_champion
from steel_service.requests import BODY_ERRORS, Responses
from steel_service.state import StateOf

ERRORS: Responses = {
    **BODY_ERRORS,
    404: {"model": ErrorAnswer, "description": "There is no such plant or version."},
    409: {
        "model": ErrorAnswer,
        "description": "The version cannot take the place: it serves already, is damaged, of other columns or unable "
        "to forecast, another one serves than was expected, or another change is under way. Nothing has changed.",
    },
    503: {"model": ErrorAnswer, "description": "The audit log or the disk cannot be written. Nothing has changed."},
}
router = APIRouter(prefix="/admin", tags=["admin"], route_class=JsonRoute, responses=ERRORS)


@router.post("/promote", summary="Serve another version")
def promote(wanted: PromoteRequest, state: StateOf, request: Request) -> ChampionChange:
    """Put a version that is kept in the champion's place, also one that was rolled back or never served.

    It is read, loaded and asked for a forecast before it takes over, and a failure leaves everything as it is. The
    history, which the pipeline reads as well, keeps who did it and why. No review takes it back; the next build may
    replace it as any other champion, and then says whose choice it replaces.
    """
    return change_champion(wanted, state, request.scope)


@router.post("/rollback", summary="Serve an earlier champion again")
def rollback(wanted: RollbackRequest, state: StateOf, request: Request) -> ChampionChange:
    """Go back to the previous champion or a named one; what served since is rejected, and no build serves it again.

    From then on a build's model has to be better than the one in place by the promotion margin.
    """
    return change_champion(wanted, state, request.scope)
