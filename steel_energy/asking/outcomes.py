"""What a question comes to: a request with the body of one of the service's routes, a question back, or a refusal."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from steel_energy.asking.lexicon import Language
from steel_energy.config import Record
from steel_energy.explaining.records import Compare
from steel_energy.fields import Moment
from steel_energy.history import Aggregation
from steel_energy.planning.request import PlanRequest
from steel_energy.tariff import Band
from steel_energy.timeline import DEFAULT_HORIZON, MAX_HORIZON
from steel_energy.whatif.changes import MAX_CHANGES, Change

Intent = Literal[
    "nowcast",
    "forecast",
    "what_if",
    "explain",
    "optimize",
    "history",
    "bill",
    "drift",
    "health",
    "model",
    "knowledge",
]
Measure = Literal["usage", "cost", "co2", "peak", "power_factor", "reactive", "load_type"]
Statistic = Literal["maximum", "minimum", "mean", "total"]
Horizon = Annotated[int, Field(ge=1, le=MAX_HORIZON)]


class Slots(Record):
    """Base of what a route is asked; names are its JSON's."""

    model_config = ConfigDict(populate_by_name=True)

    def body(self) -> dict[str, Any]:
        """The JSON of the request."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


class NowcastSlots(Slots):
    """A meter's values of one interval, as /predict takes them."""

    lagging_reactive_power: float
    leading_reactive_power: float
    co2: float
    lagging_power_factor: float
    leading_power_factor: float
    nsm: int
    day_of_week: int
    load_type: Literal["Light", "Medium", "Maximum"]


class ForecastSlots(Slots):
    """As /forecast takes them."""

    at: Moment | None = None
    horizon: Horizon = DEFAULT_HORIZON


class Measured(Slots):
    """A period that was measured."""

    kind: Literal["measured"]
    start: Moment = Field(alias="from")
    end: Moment = Field(alias="to")


class Forecast(Slots):
    """The next intervals."""

    kind: Literal["forecast"]
    at: Moment | None = None
    horizon: Horizon = DEFAULT_HORIZON


class WhatIfSlots(Slots):
    """As /what-if takes them."""

    load: Annotated[Measured | Forecast, Field(discriminator="kind")]
    changes: tuple[Change, ...] = Field(max_length=MAX_CHANGES)


class ExplainSlots(Slots):
    """As /explain takes them; which fields are there depends on the kind."""

    kind: Literal["interval", "day", "peak", "forecast"]
    at: Moment | None = None
    date: dt.date | None = None
    start: Moment | None = Field(default=None, alias="from")
    end: Moment | None = Field(default=None, alias="to")
    horizon: Horizon = DEFAULT_HORIZON
    interval: Moment | None = None
    compare: Compare = "earlier"


class PlanSlots(PlanRequest):
    """As /optimize takes them."""

    def body(self) -> dict[str, Any]:
        """The JSON of the request."""
        return self.model_dump(mode="json", exclude_unset=True)


class BillSlots(Slots):
    """As /bill takes them."""

    start: Moment = Field(alias="from")
    end: Moment = Field(alias="to")
    tariffs: tuple[str, ...] = ()


class HistorySlots(Slots):
    """As /history takes them."""

    start: Moment = Field(alias="from")
    end: Moment = Field(alias="to")
    aggregation: Aggregation = "15min"
    columns: tuple[str, ...] = ()


class KnowledgeSlots(Slots):
    """What is looked up in the notes."""

    query: str


class NoSlots(Slots):
    """Of routes that take nothing."""


AnySlots = (
    NowcastSlots
    | ForecastSlots
    | WhatIfSlots
    | ExplainSlots
    | PlanSlots
    | BillSlots
    | HistorySlots
    | KnowledgeSlots
    | NoSlots
)


class Period(Record):
    """A stretch of time, exclusive end, with the plant's offset."""

    start: dt.datetime
    end: dt.datetime


class Focus(Record):
    """What of a result is wanted; the routes answer more.

    Attributes:
        period: the stretch that was named, as far as it can be answered; None where none matters.
        compared: another one to set beside it.
        hours: minutes of each day that count; all if empty. An end beyond 1440 lies on the next day.
        band: billing band that counts; all if None.
        measure: what of it.
        statistic: which figure of it; None if none was named.
    """

    period: Period | None = None
    compared: Period | None = None
    hours: tuple[tuple[int, int], ...] = ()
    band: Band | None = None
    measure: Measure = "usage"
    statistic: Statistic | None = None


Note = Literal[
    "cut_to_horizon",
    "cut_to_known",
    "assumed_next_day",
    "assumed_movable",
    "assumed_whole_load",
    "rounded_to_quarter",
    "explained_by_peak",
]
"""What was taken for granted or left out, to be said in the answer."""


class Request(Record):
    """A question understood."""

    intent: Intent
    slots: AnySlots
    language: Language
    focus: Focus = Focus()
    notes: tuple[Note, ...] = ()

    def body(self) -> dict[str, Any]:
        """The JSON that the intent's route takes."""
        return self.slots.body()


class Clarify(Record):
    """A question back: one thing is missing or could be several.

    Attributes:
        question: to the user, in the language of theirs.
        missing: name of the slot.
        intent: what the request will be.
        options: what it could be, where that is known; ISO dates or ids.
    """

    question: str
    missing: str
    intent: Intent
    language: Language
    options: tuple[str, ...] = ()


class OutOfScope(Record):
    """A refusal that says what can be asked.

    Attributes:
        reason: off_topic, hostile, command (something would be changed), help (a greeting) or unknown.
        text: for the user.
    """

    reason: Literal["off_topic", "hostile", "command", "help", "unknown"]
    text: str
    language: Language


Outcome = Request | Clarify | OutOfScope


class Doubt(Exception):  # noqa: N818 - a way back to the one place that asks, no failure
    """Something must be asked before a request can be made."""

    def __init__(self, missing: str, *, text: str = "", options: tuple[str, ...] = (), **values: object) -> None:
        super().__init__(missing)
        self.missing = missing
        self.text = text or missing
        self.options = options
        self.values = values
