"""Forecasts that were computed, kept as ready JSON, so that a question that is asked again costs no model.

A forecast follows from the readings, the calendar, the champion, the origin and the horizon. So it holds until one of
them changes; only that of a step below the champion, which may be back at any moment, is forgotten after a second.
Whoever asks while the same is being computed waits for that. Failures are never kept. What a forecast says is
``answers``'s.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from math import inf
from threading import Lock
from time import monotonic

from cachetools import LRUCache

from steel_energy.marked_days import MarkedDay, with_marks
from steel_energy.sites import Site
from steel_energy.timeline import MAX_HORIZON, Timeline, build_timeline
from steel_service.api_models.forecast import ForecastAnswer
from steel_service.readings import PlantReadings

COMPUTING_AT_ONCE = 2  # more share the same interpreter, and each takes longer
STEPPED_DOWN_S = 1.0
_NUMBERS = count()


@dataclass(frozen=True)
class Basis:
    """What all forecasts of a plant are made from until its readings change; ``number`` tells one from the next."""

    site: Site
    known: PlantReadings
    number: int = field(default_factory=lambda: next(_NUMBERS))

    @cached_property
    def timeline(self) -> Timeline:
        """The readings with a week of calendar ahead; building it costs more than a forecast."""
        return build_timeline(self.known.readings, plant=self.site.plant, tariff=self.site.tariff, ahead=MAX_HORIZON)


@dataclass(frozen=True)
class Question:
    """What a forecast follows from.

    Attributes:
        version: of the champion that serves; None where none does.
        origin: in the plant's zone, on the grid, not after the known readings.
        other_days: taken for closed or open, whatever the plant's calendar says.
    """

    basis: Basis
    version: str | None
    origin: dt.datetime
    horizon: int
    other_days: tuple[MarkedDay, ...] = ()

    @property
    def key(self) -> Hashable:
        """Equal for equal questions."""
        return self.basis.site.plant.id, self.basis.number, self.version, self.origin, self.horizon, self.other_days

    @property
    def asked_of(self) -> Basis:
        """The basis with those other days; building its timeline again costs more than a forecast."""
        if not self.other_days:
            return self.basis
        site = self.basis.site
        return Basis(replace(site, plant=with_marks(site.plant, self.other_days)), self.basis.known)


@dataclass(frozen=True)
class Made:
    """A forecast as it was answered.

    Attributes:
        answer: what it says.
        body: the same as JSON.
        until_s: when it is forgotten, by the monotonic clock.
    """

    answer: ForecastAnswer
    body: bytes
    until_s: float


class Forecasts:
    """Forecasts of all plants; the one that was asked for longest ago is forgotten first.

    Args:
        limit_bytes: size of all bodies together.
        stepped_down_s: seconds for which that of a step below the champion holds.
    """

    def __init__(self, *, limit_bytes: int, stepped_down_s: float = STEPPED_DOWN_S) -> None:
        self._stepped_down_s = stepped_down_s
        self._made: LRUCache[Hashable, Made] = LRUCache(limit_bytes, getsizeof=lambda made: len(made.body))
        self._computing: dict[Hashable, Future[Made]] = {}
        self._bases: dict[str, Basis] = {}
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(COMPUTING_AT_ONCE, thread_name_prefix="forecasts")

    def basis(self, site: Site, known: PlantReadings) -> Basis:
        """The basis of a plant's forecasts, another one where ``site`` or ``known`` is another object."""
        plant_id = site.plant.id
        with self._lock:
            basis = self._bases.get(plant_id)
            if basis is None or basis.site is not site or basis.known is not known:
                basis = self._bases[plant_id] = Basis(site, known)
                for key in [key for key, made in self._made.items() if made.answer.plant == plant_id]:
                    del self._made[key]
            return basis

    async def made(self, question: Question, compute: Callable[[Question], ForecastAnswer]) -> tuple[Made, bool]:
        """The answer to a question, and whether an earlier request had asked it.

        Args:
            question: what is asked.
            compute: answers it, in a thread of its own; what it raises is raised to everyone who waits for it.
        """
        with self._lock:
            kept = self._made.get(question.key)
            if kept is not None and monotonic() < kept.until_s:
                return kept, True
            computing = self._computing.get(question.key)
            is_first = computing is None
            if computing is None:
                computing = self._pool.submit(copy_context().run, self._compute, question, compute)
                self._computing[question.key] = computing
        return await asyncio.shield(asyncio.wrap_future(computing)), not is_first  # whoever leaves, the others wait on

    def _compute(self, question: Question, compute: Callable[[Question], ForecastAnswer]) -> Made:
        made = None
        try:
            answer = compute(question)
            holds = answer.fallback is None and answer.model_version == question.version
            until_s = inf if holds else monotonic() + self._stepped_down_s
            made = Made(answer, answer.model_dump_json().encode(), until_s)
            return made
        finally:
            with self._lock:
                del self._computing[question.key]
                if made is not None and self._bases.get(made.answer.plant) is question.basis:
                    self._made[question.key] = made
