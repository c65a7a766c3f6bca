"""A forecast as each route asks for it: found or computed, refused in the request's words, and logged."""

from __future__ import annotations

from dataclasses import replace
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

    One with other closed days than the calendar's is no prediction of what will come, so it is not logged as one; the
    one by the calendar, which it is compared with, is made and logged as any other.

    Raises:
        UnknownPlantError: there is no such plant.
        ConflictError: no forecast can start at that moment, or it does not reach a day that is named.
        NotReadyError: no readings, or too few of them yet.
        BundleError: no model can answer.
    """
    started_s = perf_counter()
    question = await run_in_threadpool(forecast_question, asked, state)
    by_calendar = replace(question, other_days=())
    with told_about(asked, question.basis.known):
        made, is_cached = await state.forecasts.made(by_calendar, partial(forecast_answer, state=state))
    state.predictions.forecast(forecast_made(made.answer, request, started_s=started_s, is_cached=is_cached))
    if question.other_days:
        compute = partial(forecast_answer, state=state, usual=made.answer.totals)
        made, _ = await state.forecasts.made(question, compute)
    return made, question
