"""POST /what-if: what would change the bill, the energy, the CO2 and the peak."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request
from fastapi.concurrency import run_in_threadpool

from steel_service.api_models.fields import ErrorAnswer
from steel_service.api_models.forecast import ForecastRequest
from steel_service.api_models.what_if import EXAMPLES, MeasuredLoad, WhatIfAnswer, WhatIfRequest
from steel_service.asking import asked_forecast
from steel_service.bodies import JsonRoute
from steel_service.requests import BODY_ERRORS, NOT_READY, Responses
from steel_service.state import State, StateOf
from steel_service.what_ifs import AskedLoad, fields_within, load_of_forecast, measured_load, what_if_answer

ERRORS: Responses = {
    **BODY_ERRORS,
    404: {"model": ErrorAnswer, "description": "There is no such plant or tariff."},
    409: {"model": ErrorAnswer, "description": "The load, or what a change needs to know, is not known."},
    **NOT_READY,
}
router = APIRouter(tags=["cost"], route_class=JsonRoute, responses=ERRORS)


@router.post("/what-if", summary="A load against the same load after some changes")
async def what_if(
    wanted: Annotated[WhatIfRequest, Body(openapi_examples=EXAMPLES)], request: Request, state: StateOf
) -> WhatIfAnswer:
    """Compare a measured period, or the forecast of the next intervals, with what it becomes by some changes.

    Load may move between hours or days, a day close, production scale, hours run as under another load type, a
    capacitor bank correct the power factor, another tariff bill it all. Both are billed as `/bill` does; the answer
    tells energy, cost, CO2 and peak of both, their difference, how each came about and, of a forecast, a range.
    """
    load = await _load(wanted, request, state)
    return await run_in_threadpool(what_if_answer, wanted, load, state)


async def _load(wanted: WhatIfRequest, request: Request, state: State) -> AskedLoad:
    """The load that is asked about; a forecast that is made for it is logged as any other."""
    with fields_within(f"load.{wanted.load.kind}"):
        if isinstance(wanted.load, MeasuredLoad):
            return await run_in_threadpool(measured_load, wanted.load, wanted.plant, state)
        asked = ForecastRequest(plant=wanted.plant, at=wanted.load.at, horizon=wanted.load.horizon)
        made, question = await asked_forecast(asked, request, state)
        return await run_in_threadpool(load_of_forecast, made.answer, question.basis)
