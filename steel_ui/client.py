"""The HTTP service seen from the dashboard: typed records of its answers and one class that asks for them.

No drawing and no state here. Fields the page does not use are ignored, so the service may grow without breaking it.
Times keep the offset the service sent, which is the plant's; energies are kWh in one 15-minute interval.
"""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

INTERVAL = dt.timedelta(minutes=15)
INTERVALS_PER_HOUR = dt.timedelta(hours=1) // INTERVAL
HISTORY_SPAN = dt.timedelta(days=14)
FORECAST_SPAN = dt.timedelta(days=1)
UNPROCESSABLE = 422


class Answer(BaseModel):
    """A frozen part of an answer; unknown fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


AnswerT = TypeVar("AnswerT", bound=Answer)


class Source(Answer):
    """Where the readings come from."""

    kind: str
    location: str = ""
    is_simulated: bool = False


class Fallback(Answer):
    """The champion could not answer: who did instead, ``previous champion`` or ``seasonal naive``, and why."""

    step: str
    because: str


class Champion(Answer):
    """The forecasting model in use; ``label`` says how it came to be, where its name would promise more."""

    model: str
    version: str
    label: str = ""


class Problem(Answer):
    """Something that is missing, and what to do about it.

    ``code`` names a problem the dashboard found itself (its words are translated); it is empty for the service's own.
    ``is_refusal`` says that what was asked for cannot be had, so that asking again is of no use.
    """

    what: str
    remedy: str = ""
    code: str = ""
    is_refusal: bool = False


class Health(Answer):
    """Answer of ``GET /health``."""

    status: str
    plant: str
    zone: str
    source: Source | None = None
    readings_until: dt.datetime | None = None
    champion: Champion | None = None
    fallback: Fallback | None = None
    problems: tuple[Problem, ...] = ()


class Reading(Answer):
    """One interval of the past."""

    interval_start: dt.datetime
    usage_kwh: float
    co2_t: float
    load_type: str
    billing_band: str | None = None
    repaired: bool = False

    @property
    def band(self) -> str:
        """The tariff band: as billed where the service says so, else by the plant's calendar."""
        return self.billing_band or self.load_type


class History(Answer):
    """Answer of ``GET /history``, 15-minute rows in time order."""

    rows: tuple[Reading, ...]


class Step(Answer):
    """One interval of the forecast."""

    interval_start: dt.datetime
    mean_kwh: float
    q05: float
    q10: float
    q90: float
    q95: float
    billing_band: str
    cost_krw: float
    co2_t: float

    @property
    def band(self) -> str:
        """The tariff band the interval is billed in."""
        return self.billing_band


class Totals(Answer):
    """Sums over the forecast and its highest demand."""

    usage_kwh: float
    cost_krw: float
    co2_t: float
    peak_kw: float


class Forecast(Answer):
    """Answer of ``POST /forecast``; ``origin`` is the end of the last interval it may have read."""

    origin: dt.datetime
    model: str
    model_version: str
    model_trained_until: dt.datetime | None = None
    fallback: Fallback | None = None
    currency: str
    intervals: tuple[Step, ...] = Field(min_length=1)
    totals: Totals

    @property
    def ends(self) -> dt.datetime:
        """End of the last interval."""
        return self.intervals[-1].interval_start + INTERVAL

    @property
    def is_in_sample(self) -> bool:
        """Whether the model had already seen what came after the origin."""
        return self.model_trained_until is not None and self.model_trained_until > self.origin


class ModelInfo(Answer):
    """Answer of ``GET /model/info``, as far as the page shows it."""

    model: str
    version: str
    trained_from: dt.datetime | None = None
    trained_until: dt.datetime | None = None


class ServiceError(Exception):
    """The service could not be reached, refused, or answered something else than agreed.

    Attributes:
        problem: what is wrong and its remedy, ready to be shown.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


class EnergyService:
    """Asks the service at ``url``; every failure becomes a ``ServiceError``.

    Args:
        url: address of the service, without a path.
        timeout_s: seconds after which a request is given up.
        transport: stands in for the network in tests.
    """

    def __init__(self, url: str, *, timeout_s: float, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.url = url
        self._http = httpx.AsyncClient(base_url=url, timeout=timeout_s, transport=transport)

    async def health(self) -> Health:
        """State of the service, its source and its champion."""
        return await self._ask(Health, "GET", "/health")

    async def history(self) -> History:
        """Readings of the last two weeks, at least one."""
        history = await self._ask(History, "GET", "/history", params={"aggregation": "15min"})
        if not history.rows:
            raise ServiceError(Problem(code="no_readings", what="the service has no readings"))
        return history

    async def history_around(self, at: dt.datetime) -> History:
        """Readings of the two weeks before ``at`` and the 24 hours after it, as far as they are known."""
        period = {"from": (at - HISTORY_SPAN).isoformat(), "to": (at + FORECAST_SPAN).isoformat()}
        return await self._ask(History, "GET", "/history", params={"aggregation": "15min"} | period)

    async def forecast(self, at: dt.datetime | None = None) -> Forecast:
        """Forecast of the 24 hours after the last known reading, or after ``at`` on the plant's clock."""
        return await self._ask(Forecast, "POST", "/forecast", json={"at": at.isoformat()} if at else {})

    async def model_info(self) -> ModelInfo:
        """The champion and the span it was trained on."""
        return await self._ask(ModelInfo, "GET", "/model/info")

    async def close(self) -> None:
        """Close the connections; the object is of no use afterwards."""
        await self._http.aclose()

    async def _ask(
        self,
        kind: type[AnswerT],
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        json: dict[str, object] | None = None,
    ) -> AnswerT:
        try:
            response = await self._http.request(method, path, params=params, json=json)
        except httpx.TimeoutException as error:
            raise ServiceError(Problem(code="timeout", what=f"no answer in time from {self.url}{path}")) from error
        except httpx.HTTPError as error:
            raise ServiceError(Problem(code="unreachable", what=f"cannot reach {self.url}")) from error
        if response.is_error:
            raise ServiceError(_refusal(response))
        try:
            return kind.model_validate_json(response.content)
        except ValidationError as error:
            raise ServiceError(Problem(code="unexpected", what=f"unexpected answer of {path}")) from error


class _Refusal(Answer):
    message: str
    hint: str | None = None


class _RefusalBody(Answer):
    error: _Refusal


def _refusal(response: httpx.Response) -> Problem:
    try:
        refusal = _RefusalBody.model_validate_json(response.content).error
    except ValidationError:
        return Problem(code="unexpected", what=f"HTTP {response.status_code} from {response.request.url.path}")
    is_refusal = response.status_code == UNPROCESSABLE
    return Problem(what=refusal.message, remedy=refusal.hint or "", is_refusal=is_refusal)
