"""The service as the dashboard sees it: the client's records with the page's own words, and its failures as problems.

No drawing and no state here. Times keep the offset the service sent, which is the plant's; energies are kWh in one
15-minute interval.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Literal, TypeVar

import httpx
from pydantic import Field, SecretStr

from steel_client import AsyncSteelClient, Call, ChatEvent, SteelClientError, questions
from steel_client.models import (
    ForecastAnswer,
    ForecastInterval,
    Health,
    HistoryRow,
    ModelInfo,
    PlantFacts,
    Source,
    WhoAmI,
)
from steel_client.record import Record
from steel_ui.problems import Problem, problems_of, service_problem
from steel_ui.units import KWH, Units, counted, holds_energy, units_of

__all__ = [
    "INTERVAL",
    "INTERVALS_PER_HOUR",
    "SIGNED_OUT",
    "EnergyService",
    "Forecast",
    "Health",
    "History",
    "ModelInfo",
    "PlantFacts",
    "Problem",
    "Reading",
    "ServiceError",
    "Source",
    "Step",
    "WhoAmI",
    "problems_of",
]

T = TypeVar("T")
SIGNED_OUT = "signed_out"
INTERVAL = dt.timedelta(minutes=15)
INTERVALS_PER_HOUR = dt.timedelta(hours=1) // INTERVAL
HISTORY_SPAN = dt.timedelta(days=14)
COLUMNS = ("usage_kwh", "load_type", "billing_band", "repaired")


class Reading(HistoryRow):
    """One interval of the past, with the columns that the page asks for."""

    usage_kwh: float
    load_type: Literal["light", "medium", "maximum"]
    repaired: bool

    @property
    def band(self) -> str:
        """The tariff band: as billed where the service says so, else by the plant's calendar."""
        return self.billing_band or self.load_type


class History(Record):
    """Readings in time order."""

    rows: tuple[Reading, ...]


class Step(ForecastInterval):
    """One interval of the forecast."""

    @property
    def band(self) -> str:
        """The tariff band the interval is billed in."""
        return self.billing_band


class Forecast(ForecastAnswer):
    """A forecast; ``origin`` is the end of the last interval it may have read."""

    intervals: Annotated[tuple[Step, ...], Field(min_length=1)]

    @property
    def ends(self) -> dt.datetime:
        """End of the last interval."""
        return self.intervals[-1].interval_start + INTERVAL

    @property
    def is_in_sample(self) -> bool:
        """Whether the model had already seen what came after the origin."""
        return self.model_trained_until > self.origin


class ServiceError(Exception):
    """The service could not be reached, refused, or answered something else than agreed.

    Attributes:
        problem: what is wrong and its remedy, ready to be shown.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


class EnergyService:
    """Asks the service at ``url`` about one plant; every failure becomes a ``ServiceError``.

    Attributes:
        plant: id of the plant that is asked about; None for the service's default.
        ended: why nothing is asked any more, once somebody signed out; None until then.

    Args:
        url: address of the service, without a path.
        timeout_s: seconds after which a request is given up; nothing is repeated, since the page asks again by itself.
        api_key: the reader's key, or the dashboard's; None for a service that is open to this machine.
        is_personal: whether the key is the reader's own, or would be, so that what is wrong with it is theirs to mend.
        ends_at: when the reader has to sign in again, in seconds since 1970; None for never.
        transport: stands in for the network in tests.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout_s: float,
        api_key: SecretStr | None = None,
        is_personal: bool = False,
        ends_at: float | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.url = url
        self.plant: str | None = None
        self.ended: Problem | None = None
        self._ends_at = ends_at
        self._own_codes = _personal(has_key=api_key is not None) if is_personal else {}
        self._default: str | None = None
        self._units: dict[str, Units] = {}
        self._client = AsyncSteelClient(url, api_key=api_key, timeout_s=timeout_s, retries=0, transport=transport)

    async def health(self) -> Health:
        """State of the service, its source and its champion."""
        return await self.ask(questions.health(plant=self.plant))

    async def whoami(self) -> WhoAmI:
        """Whose key this is, and what it may do."""
        return await self.ask(questions.whoami())

    async def plants(self) -> tuple[PlantFacts, ...]:
        """The plants that may be asked about, each contract in its plant's own units."""
        found = tuple((await self.ask_in_kwh(questions.plants())).plants)
        self._units = {plant.id: units_of(plant) for plant in found}
        self._default = next((plant.id for plant in found if plant.is_default), None)
        return tuple(counted(plant, units_of(plant)) for plant in found)

    @property
    def units(self) -> Units:
        """What the plant is counted in, once the service has said it."""
        return self._units.get(self.plant or self._default or "", KWH)

    async def history(self) -> History:
        """Readings of the last two weeks, at least one."""
        history = await self.ask(questions.history(columns=COLUMNS, plant=self.plant).read_as(History))
        if not history.rows:
            raise ServiceError(Problem(code="no_readings", what="the service has no readings"))
        return history

    async def history_around(self, at: dt.datetime, *, hours: int = 24) -> History:
        """Readings of the two weeks before ``at`` and the ``hours`` after it, as far as they are known."""
        end = at + dt.timedelta(hours=hours)
        asked = questions.history(start=at - HISTORY_SPAN, end=end, columns=COLUMNS, plant=self.plant)
        return await self.ask(asked.read_as(History))

    async def forecast(self, at: dt.datetime | None = None, *, hours: int = 24) -> Forecast:
        """Forecast of the ``hours`` after the last known reading, or after ``at`` on the plant's clock."""
        asked = questions.forecast(at=at, horizon=hours * INTERVALS_PER_HOUR, plant=self.plant)
        return await self.ask(asked.read_as(Forecast))

    async def model_info(self) -> ModelInfo:
        """The champion and the span it was trained on."""
        return await self.ask(questions.model_info(plant=self.plant))

    async def chat(self, question: str, *, session_id: str | None = None) -> AsyncGenerator[ChatEvent, None]:
        """What happens until a question in plain language is answered; closing the iterator ends the turn."""
        self._require_login()
        try:
            happening = self._client.chat_stream(question, session_id=session_id, plant=self.plant)
            async with aclosing(happening) as events:
                async for event in events:
                    yield event
        except SteelClientError as error:
            raise ServiceError(self._problem(error)) from error

    def end(self) -> None:
        """Ask nothing more: the reader has signed out."""
        self.ended = Problem(code=SIGNED_OUT, what="signed out", is_of_key=True)

    def _problem(self, error: SteelClientError) -> Problem:
        problem = service_problem(error)
        return problem.model_copy(update={"code": self._own_codes.get(problem.code, problem.code)})

    def _require_login(self) -> None:
        if self.ended is None and self._ends_at is not None and time.time() >= self._ends_at:
            self.ended = Problem(code="login_over", what="the sign-in has expired", is_of_key=True)
        if self.ended is not None:
            raise ServiceError(self.ended)

    async def close(self) -> None:
        """Close the connections; the object is of no use afterwards."""
        await self._client.close()

    async def ask(self, call: Call[T]) -> T:
        """The answer to any question of ``steel_client.questions``, in the plant's units; name its plant yourself."""
        answer = await self.ask_in_kwh(call)
        if not self._units and holds_energy(answer):
            await self.plants()
        return counted(answer, self.units)

    async def ask_in_kwh(self, call: Call[T]) -> T:
        """As ``ask``, in the service's units: for a page that asks in kWh and kW for any plant, too."""
        self._require_login()
        try:
            return await self._client.send(call)
        except SteelClientError as error:
            raise ServiceError(self._problem(error)) from error


def _personal(*, has_key: bool) -> dict[str, str]:
    """The codes of what is wrong with a reader's own key, by those of the dashboard's."""
    return {"unauthorized": "key_refused" if has_key else "key_needed", "forbidden": "key_too_low"}
