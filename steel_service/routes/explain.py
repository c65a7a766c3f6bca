"""POST /explain: why a past interval, day or peak, or a forecast, is what it is."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError

from steel_service.api_models.explain import EXAMPLES, ExplainAnswer, ExplainForecast, ExplainRequest
from steel_service.api_models.fields import ErrorAnswer
from steel_service.api_models.forecast import ForecastRequest
from steel_service.asking import asked_forecast
from steel_service.bodies import Handler, JsonRoute
from steel_service.explanations import past_answer
from steel_service.forecast_explanations import forecast_explanation
from steel_service.requests import BODY_ERRORS, NOT_READY, Responses
from steel_service.state import State, StateOf

ERRORS: Responses = {
    **BODY_ERRORS,
    409: {
        "model": ErrorAnswer,
        "description": "It is not known, too little is known to say what is usual, or the model has no trees.",
    },
    **NOT_READY,
}
KIND = 1
"""Where the location of a faulty field names the kind of the request, which is not part of the field's name."""


class ExplainRoute(JsonRoute):
    """Names a faulty field as it stands in the body."""

    def get_route_handler(self) -> Handler:
        """The handler, with locations that do not name the kind."""
        answer = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await answer(request)
            except RequestValidationError as error:
                raise RequestValidationError([_as_sent(problem) for problem in error.errors()]) from error

        return answered


def _as_sent(problem: dict[str, Any]) -> dict[str, Any]:
    location: tuple[str | int, ...] = tuple(problem["loc"])
    if problem["type"] in ("union_tag_not_found", "union_tag_invalid"):
        return {**problem, "loc": (*location, "kind")}
    return {**problem, "loc": (*location[:KIND], *location[KIND + 1 :])}


router = APIRouter(tags=["explanation"], route_class=ExplainRoute, responses=ERRORS)


@router.post("/explain", summary="Why an interval, a day, a peak or a forecast is what it is")
async def explain(
    wanted: Annotated[ExplainRequest, Body(openapi_examples=EXAMPLES)], request: Request, state: StateOf
) -> ExplainAnswer:
    """Explain the energy of a past interval, of a day, of the highest demand of a period, or of a forecast.

    The past is measured against the usual: the median of the same time on days of the same kind. Signed contributions
    in kWh add up to the difference, what they leave unexplained among them; the most similar past events and what it
    changed in the bill stand beside them. A forecast is explained by the trees of the model that answered.
    """
    if isinstance(wanted, ExplainForecast):
        return await _forecast(wanted, request, state)
    return await run_in_threadpool(past_answer, wanted, state)


async def _forecast(wanted: ExplainForecast, request: Request, state: State) -> ExplainAnswer:
    """The forecast is made, or found, and logged as any other."""
    asked = ForecastRequest(plant=wanted.plant, at=wanted.at, horizon=wanted.horizon)
    made, question = await asked_forecast(asked, request, state)
    return await run_in_threadpool(forecast_explanation, wanted, made.answer, question, state)
