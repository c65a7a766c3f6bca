"""What the forecast page shows, asked for together: readings, a forecast, its model, and what came afterwards."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from steel_client import questions
from steel_client.models import ForecastExplanationAnswer, ModelsAnswer
from steel_ui.client import EnergyService, Forecast, Health, History, ModelInfo, Problem, ServiceError
from steel_ui.replay import parted

T = TypeVar("T")


@dataclass(frozen=True)
class Data:
    """The last answers of the service; None where there is none yet.

    Attributes:
        health: state of the service.
        history: readings before the forecast's origin.
        forecast: what was or is expected after it.
        model: the champion.
        models: every model that was tried out, with its scores.
        at: the earlier moment looked at, in plant wall time; None for the latest readings.
        afterwards: what was measured after ``at``, as far as it is known; None without a forecast to compare it with.
    """

    health: Health | None = None
    history: History | None = None
    forecast: Forecast | None = None
    model: ModelInfo | None = None
    at: dt.datetime | None = None
    afterwards: History | None = None
    models: ModelsAnswer | None = None

    @property
    def is_complete(self) -> bool:
        """Whether there is something to show for every part of the page."""
        return None not in (self.history, self.forecast, self.model)


async def expected(
    service: EnergyService, health: Health | None, *, at: dt.datetime | None, hours: int
) -> tuple[Data, tuple[Problem, ...]]:
    """All answers as of ``at``; what cannot be had is None and its problem is returned, each problem once."""
    standings = service.ask(questions.models(plant=service.plant))
    readings, forecast, model, models = answers = await asyncio.gather(
        or_problem(service.history_around(at, hours=hours) if at else service.history()),
        or_problem(service.forecast(at, hours=hours)),
        or_problem(service.model_info()),
        or_problem(standings),
    )
    history, foreseen, afterwards = known(readings), known(forecast), None
    if at and history:
        history, afterwards = parted(history, at)
    data = Data(
        health=health,
        history=history,
        forecast=foreseen,
        model=known(model),
        at=at,
        afterwards=afterwards if foreseen else None,
        models=known(models),
    )
    return data, problems_in(answers)


@dataclass(frozen=True)
class Reasons:
    """What drives a forecast: as a whole, and in its highest interval."""

    whole: ForecastExplanationAnswer
    peak: ForecastExplanationAnswer


async def reasons(service: EnergyService, forecast: Forecast) -> Reasons:
    """Why ``forecast`` is what it is.

    Raises:
        ServiceError: among others where its model cannot say.
    """
    peak = max(forecast.intervals, key=lambda step: step.mean_kwh).interval_start
    asked = [
        questions.explain_forecast(
            at=forecast.origin, horizon=len(forecast.intervals), interval=interval, plant=service.plant
        )
        for interval in (None, peak)
    ]
    whole, highest = await asyncio.gather(*(service.ask(question) for question in asked))
    return Reasons(whole, highest)


async def or_problem(answer: Awaitable[T]) -> T | Problem:
    """``answer``, or what is wrong where the service has none: for questions that are asked together."""
    try:
        return await answer
    except ServiceError as error:
        return error.problem


def known(answer: T | Problem) -> T | None:
    """``answer`` where there is one."""
    return None if isinstance(answer, Problem) else answer


def problems_in(answers: tuple[object, ...] | list[object]) -> tuple[Problem, ...]:
    """The problems among ``answers``, each once."""
    return tuple(dict.fromkeys(answer for answer in answers if isinstance(answer, Problem)))
