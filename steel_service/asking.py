"""A forecast as each route asks for it: found or computed, refused in the request's words, and logged."""

from __future__ import annotations

from functools import partial
from time import perf_counter

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from steel_service.answers import forecast_answer, forecast_question, told_about
from steel_service.api_models.forecast import ForecastRequest
from steel_service.forecasts import Made, Question
from steel_service.logged import forecast_made
from steel_service.state import State


async def asked_forecast(asked: ForecastRequest, request: Request, state: State) -> tuple[Made, Question]:
    """The answer of a forecast, and what it follows from.

    Raises:
        UnknownPlantError: there is no such plant.
        ConflictError: no forecast can start at that moment.
        NotReadyError: no readings, or too few of them yet.
        BundleError: no model can answer.
    """
    started_s = perf_counter()
    question = await run_in_threadpool(forecast_question, asked, state)
    with told_about(asked, question.basis.known):
        made, is_cached = await state.forecasts.made(question, partial(forecast_answer, state=state))
    state.predictions.forecast(forecast_made(made.answer, request, started_s=started_s, is_cached=is_cached))
    return made, question
