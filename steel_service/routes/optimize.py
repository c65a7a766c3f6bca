"""POST /optimize: the cheapest schedule of jobs and movable load under the tariff."""

from __future__ import annotations

from functools import partial

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool

from steel_service.api_models.fields import ErrorAnswer
from steel_service.api_models.optimize import OptimizeAnswer, OptimizeRequest
from steel_service.asking import asked_forecast
from steel_service.bodies import JsonRoute
from steel_service.plans import forecast_wanted, optimize_answer, planned_load
from steel_service.requests import BODY_ERRORS, NOT_READY, Responses
from steel_service.state import State, StateOf
from steel_service.what_ifs import AskedLoad, load_of_forecast

ERRORS: Responses = {
    **BODY_ERRORS,
    404: {"model": ErrorAnswer, "description": "There is no such plant or tariff."},
    409: {
        "model": ErrorAnswer,
        "description": "Fields do not go together, the load is not known, or no schedule keeps to the request "
        "(`infeasible_plan`): the message names what conflicts, the hint the cheapest way out.",
    },
    **NOT_READY,
}
router = APIRouter(tags=["cost"], route_class=JsonRoute, responses=ERRORS)


@router.post("/optimize", summary="The cheapest schedule of jobs and movable load")
async def optimize(wanted: OptimizeRequest, request: Request, state: StateOf) -> OptimizeAnswer:
    """Plan when jobs run and where base load moves, so that the bill is the least that the request allows.

    Billed as `/bill` does: energy by band, demand with what was reached before, power-factor clauses and CO2. The
    answer sets the plan beside doing nothing, says why each job runs when it does and what each limit costs, and
    proves the plan optimal or states its gap. Equal requests get equal plans.
    """
    forecast = await _forecast(wanted, request, state)
    load = await run_in_threadpool(planned_load, wanted, forecast, state)
    return await to_thread.run_sync(partial(optimize_answer, wanted, load, state), limiter=state.planners)


async def _forecast(wanted: OptimizeRequest, request: Request, state: State) -> AskedLoad | None:
    """The forecast part of the base load, logged as any other forecast."""
    asked = await run_in_threadpool(forecast_wanted, wanted, state)
    if asked is None:
        return None
    made, question = await asked_forecast(asked, request, state)
    return await run_in_threadpool(load_of_forecast, made.answer, question.basis)
