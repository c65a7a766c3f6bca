"""What one session of the page knows: the choices of its reader and the last answers of the service.

One object for each session, never a module global. ``refresh`` is the only place that asks the service; views watch
``data`` and ``problems`` and ask nothing themselves.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

import param

from steel_ui.client import EnergyService, Forecast, Health, History, ModelInfo, Problem, ServiceError, problems_of
from steel_ui.replay import LATEST, moment_of, parted
from steel_ui.series import WINDOWS
from steel_ui.words import LANGUAGES

T = TypeVar("T")


@dataclass(frozen=True)
class Data:
    """The last answers of the service; None where there is none yet.

    Attributes:
        health: state of the service.
        history: readings before the forecast's origin.
        forecast: what was or is expected after it.
        model: the champion.
        at: the earlier moment looked at, in plant wall time; None for the latest readings.
        afterwards: what was measured after ``at``, as far as it is known; None without a forecast to compare it with.
    """

    health: Health | None = None
    history: History | None = None
    forecast: Forecast | None = None
    model: ModelInfo | None = None
    at: dt.datetime | None = None
    afterwards: History | None = None

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
    at = param.Parameter(default=LATEST, doc="Moment to look at, as in the page's address: ISO plant time or latest.")
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
        if self._is_lacking() or self._waited_s >= self.refresh_s:
            await self.refresh()

    def _is_lacking(self) -> bool:
        """Whether something is missing that may be there at the next try."""
        if any(problem.is_refusal for problem in self.problems):
            return False
        return not self.data.is_complete or any(problem.code for problem in self.problems)

    async def refresh(self) -> None:
        """Ask the service what there is and take over what changed; never raises a ``ServiceError``.

        A moment chosen while the answers to another one are on their way is asked for right after them.
        """
        if self._is_asking:
            return
        self._is_asking, self._waited_s, asked = True, 0.0, object()
        try:
            while asked != self.at:
                asked = self.at
                await self._ask(moment_of(asked))
        finally:
            self._is_asking = False

    async def _ask(self, moment: dt.datetime | Problem | None) -> None:
        """Fill the page as of ``moment``; one that cannot be read is a problem, and the latest readings are shown."""
        unread, at = ((moment,), None) if isinstance(moment, Problem) else ((), moment)
        try:
            health = await self.service.health()
        except ServiceError as error:
            self.problems = (error.problem,)
            return
        if self.data.is_complete and self.data.at == at and _same_content(health, self.data.health):
            self.problems = unread or problems_of(health)
            return
        data, failures = await self._load(health, at)
        changes = {} if data == self.data else {"data": data}
        self.param.update(problems=unread + (problems_of(health) or failures), **changes)

    async def _load(self, health: Health, at: dt.datetime | None) -> tuple[Data, tuple[Problem, ...]]:
        """All answers; what cannot be had is None and its problem is returned, each problem once."""
        readings, forecast, model = answers = await asyncio.gather(
            _or_problem(self.service.history_around(at) if at else self.service.history()),
            _or_problem(self.service.forecast(at)),
            _or_problem(self.service.model_info()),
        )
        history, expected, afterwards = _known(readings), _known(forecast), None
        if at and history:
            history, afterwards = parted(history, at)
        data = Data(
            health=health,
            history=history,
            forecast=expected,
            model=_known(model),
            at=at,
            afterwards=afterwards if expected else None,
        )
        return data, tuple(dict.fromkeys(answer for answer in answers if isinstance(answer, Problem)))


async def _or_problem(answer: Awaitable[T]) -> T | Problem:
    try:
        return await answer
    except ServiceError as error:
        return error.problem


def _known(answer: T | Problem) -> T | None:
    return None if isinstance(answer, Problem) else answer


def _same_content(new: Health, old: Health | None) -> bool:
    shown = ("readings_until", "champion", "fallback", "source")
    return old is not None and all(getattr(new, name) == getattr(old, name) for name in shown)
