"""What one session of the page knows: the choices of its reader and the last answers of the service.

One object for each session, never a module global. ``refresh`` is the only place that asks the service; views watch
``data`` and ``problems`` and ask nothing themselves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

import param

from steel_ui.client import EnergyService, Forecast, Health, History, ModelInfo, Problem, ServiceError
from steel_ui.series import WINDOWS
from steel_ui.words import LANGUAGES

T = TypeVar("T")


@dataclass(frozen=True)
class Data:
    """The last answers of the service; None where there is none yet."""

    health: Health | None = None
    history: History | None = None
    forecast: Forecast | None = None
    model: ModelInfo | None = None

    @property
    def is_complete(self) -> bool:
        """Whether there is something to show for every part of the page."""
        return None not in (self.history, self.forecast, self.model)


class Session(param.Parameterized):
    """State of one session.

    Args:
        service: the service to ask.
        retry_s: seconds between two tries while something is missing.
        refresh_s: seconds between two looks for newer readings while all is well.
    """

    language = param.Selector(default="en", objects=list(LANGUAGES), doc="Language of the page.")
    dark = param.Boolean(default=False, doc="Whether the dark theme is on.")
    window = param.Selector(default="14d", objects=list(WINDOWS), doc="How much of the past the chart shows.")
    data = param.ClassSelector(class_=Data, default=Data(), doc="The last answers of the service.")
    problems = param.ClassSelector(class_=tuple, default=(), doc="What is missing now, as Problem records.")

    def __init__(self, service: EnergyService, *, retry_s: float, refresh_s: float, **choices: object) -> None:
        super().__init__(**choices)
        self.service = service
        self.retry_s = retry_s
        self.refresh_s = refresh_s
        self._waited_s = 0.0
        self._is_asking = False

    async def tick(self) -> None:
        """Called every ``retry_s``: asks again at once while something is missing, else every ``refresh_s``."""
        self._waited_s += self.retry_s
        is_cut_off = any(problem.code for problem in self.problems)
        if is_cut_off or not self.data.is_complete or self._waited_s >= self.refresh_s:
            await self.refresh()

    async def refresh(self) -> None:
        """Ask the service what there is and take over what changed; never raises a ``ServiceError``."""
        if self._is_asking:
            return
        self._is_asking, self._waited_s = True, 0.0
        try:
            await self._ask()
        finally:
            self._is_asking = False

    async def _ask(self) -> None:
        try:
            health = await self.service.health()
        except ServiceError as error:
            self.problems = (error.problem,)
            return
        if self.data.is_complete and _same_content(health, self.data.health):
            self.problems = health.problems
            return
        data, failures = await self._load(health)
        changes = {} if data == self.data else {"data": data}
        self.param.update(problems=health.problems or failures, **changes)

    async def _load(self, health: Health) -> tuple[Data, tuple[Problem, ...]]:
        """All answers; what cannot be had is None and its problem is returned, each problem once."""
        history, forecast, model = answers = await asyncio.gather(
            _or_problem(self.service.history()),
            _or_problem(self.service.forecast()),
            _or_problem(self.service.model_info()),
        )
        data = Data(health=health, history=_known(history), forecast=_known(forecast), model=_known(model))
        return data, tuple(dict.fromkeys(answer for answer in answers if isinstance(answer, Problem)))


async def _or_problem(answer: Awaitable[T]) -> T | Problem:
    try:
        return await answer
    except ServiceError as error:
        return error.problem


def _known(answer: T | Problem) -> T | None:
    return None if isinstance(answer, Problem) else answer


def _same_content(new: Health, old: Health | None) -> bool:
    return old is not None and (new.readings_until, new.champion, new.source) == (
        old.readings_until,
        old.champion,
        old.source,
    )
