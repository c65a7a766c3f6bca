"""The JSON of /explain: a past interval, day or peak against the usual, or a forecast by its drivers."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi.openapi.models import Example
from pydantic import Field

from steel_energy.billing import Kind
from steel_energy.explaining.records import BillCode, Code, Compare, DayType, PastKind
from steel_energy.fields import Day, Moment, WholeNumber
from steel_energy.timeline import DEFAULT_HORIZON, MAX_HORIZON
from steel_service.api_models.fields import PLANT_MEANING, AnswerModel, Fallback, PlantId, RequestModel, Source

EXAMPLES: dict[str, Example] = {
    "peak": {
        "summary": "The highest demand of a month",
        "value": {"kind": "peak", "from": "2018-11-01", "to": "2018-12-01"},
    },
    "day": {"summary": "A Sunday that was worked", "value": {"kind": "day", "date": "2018-11-04"}},
    "interval": {
        "summary": "An interval, in hindsight",
        "value": {"kind": "interval", "at": "2018-01-15T13:30:00", "compare": "all"},
    },
    "forecast": {"summary": "The forecast of the next day", "value": {"kind": "forecast"}},
    "interval of a forecast": {
        "summary": "One interval of a forecast",
        "value": {"kind": "forecast", "at": "2018-11-22T00:00:00", "interval": "2018-11-22T09:30:00"},
    },
}
"""Requests that /docs offers to try."""
COMPARE_MEANING = "`earlier`: with days before its own alone. `all`: with every other known day, in hindsight."


class ExplainInterval(RequestModel):
    """Why an interval took as much energy as it did."""

    kind: Literal["interval"]
    plant: PlantId | None = Field(default=None, description=PLANT_MEANING)
    at: Moment = Field(
        description="Its start. Without an offset it is plant time.", examples=["2018-11-22T09:30:00+09:00"]
    )
    compare: Compare = Field(default="earlier", description=COMPARE_MEANING)


class ExplainDay(RequestModel):
    """Why a day took as much energy as it did."""

    kind: Literal["day"]
    plant: PlantId | None = Field(default=None, description=PLANT_MEANING)
    date: Day = Field(description="Of the plant's clock; it must be known as a whole.", examples=["2018-11-04"])
    compare: Compare = Field(default="earlier", description=COMPARE_MEANING)


class ExplainPeak(RequestModel):
    """Why the highest demand of a period came about."""

    kind: Literal["peak"]
    plant: PlantId | None = Field(default=None, description=PLANT_MEANING)
    start: Moment = Field(
        alias="from", description="Start of the period. Without an offset it is plant time.", examples=["2018-11-01"]
    )
    end: Moment = Field(alias="to", description="End of the period, exclusive.", examples=["2018-12-01"])
    compare: Compare = Field(default="earlier", description=COMPARE_MEANING)


class ExplainForecast(RequestModel):
    """Why a forecast is what it is, as a whole or in one of its intervals."""

    kind: Literal["forecast"]
    plant: PlantId | None = Field(default=None, description=PLANT_MEANING)
    at: Moment | None = Field(
        default=None,
        description="Origin, as of /forecast; the end of the known readings if absent.",
        examples=["2018-11-22T00:00:00+09:00"],
    )
    horizon: WholeNumber = Field(
        default=DEFAULT_HORIZON, ge=1, le=MAX_HORIZON, description="Number of 15-minute intervals.", examples=[96]
    )
    interval: Moment | None = Field(
        default=None,
        description="Start of the one interval that `contributions` are of; of all together if absent.",
        examples=["2018-11-22T09:30:00+09:00"],
    )


PastRequest = ExplainInterval | ExplainDay | ExplainPeak
ExplainRequest = Annotated[PastRequest | ExplainForecast, Field(discriminator="kind")]


class ExplainContribution(AnswerModel):
    """A signed part of the difference from the usual."""

    code: Code
    label: str = Field(description="What it is called.")
    kwh: float = Field(description="Raises (positive) or lowers the energy by so much.")
    values: dict[str, float | str | None] = Field(
        description="What the text is made of; a name ends in its value's unit. Null is not known."
    )
    text: str


class ExplainUsual(AnswerModel):
    """The value that is measured against; `plant_kwh` and the parts add up to `kwh`."""

    kwh: float = Field(description="Median of the comparable intervals, at the same time of such days, or days.")
    plant_kwh: float = Field(description="Median of all intervals, or days, of whatever kind.")
    parts: list[ExplainContribution] = Field(description="What the kind of day and the time of day add to that.")
    day_type: DayType = Field(description="The kind of day that is comparable.")
    compare: Compare = Field(description=COMPARE_MEANING)
    cases: int = Field(description="Number of comparable ones.")
    first: dt.date = Field(description="Day of the first of them.")
    last: dt.date = Field(description="Day of the last of them.")
    text: str


class ExplainHour(AnswerModel):
    """A clock hour of a day. Over the day both add up to the day's energy and to its usual one."""

    hour: int
    usage_kwh: float
    usual_kwh: float


class ExplainSimilar(AnswerModel):
    """A past event most like the explained one."""

    start: dt.datetime
    usage_kwh: float
    day_type: DayType
    text: str = Field(description="In what it is like it, and in what not.")


class ExplainBillLine(AnswerModel):
    """What the event changed in a line of a month's bill, against the same bill with the usual in its place."""

    month: str = Field(description="Calendar month, as 2018-12.")
    kind: Kind = Field(description="What is charged.")
    code: BillCode = Field(description="As `kind`; `ratchet` is the demand charge of a later month.")
    band: str | None = Field(description="Season and billing band, of energy.")
    quantity: float = Field(description="More (positive) or less of it, in `unit`.")
    unit: str
    price_krw: float = Field(description="For one unit.")
    amount_krw: float = Field(description="What it costs more, or saves if negative; not rounded.")
    is_final: bool = Field(description="False where the month is not known to its end.")
    text: str


class ExplainBill(AnswerModel):
    """What the event costs more than the usual would have."""

    total_krw: float = Field(description="Sum of the lines.")
    lines: list[ExplainBillLine]
    text: str


class PastExplanationAnswer(AnswerModel):
    """Why a past interval, day or peak was what it was: `usual.kwh` and the contributions add up to `usage_kwh`."""

    kind: PastKind
    plant: str
    zone: str = Field(description="IANA time zone of the plant.")
    source: Source | None
    start: dt.datetime = Field(serialization_alias="from", description="Start of what is explained.")
    end: dt.datetime = Field(serialization_alias="to", description="Its end, exclusive.")
    text: str = Field(description="The whole in one sentence.")
    usage_kwh: float
    demand_kw: float | None = Field(description="Of an interval or peak; null for a day.")
    usual: ExplainUsual
    difference_kwh: float = Field(description="Energy less the usual: the sum of the contributions.")
    contributions: list[ExplainContribution] = Field(description="The largest first, what is left unexplained last.")
    hours: list[ExplainHour] = Field(description="Of a day; else empty.")
    hours_text: str = Field(description="The stretch of hours that took most of the difference; empty without one.")
    similar: list[ExplainSimilar] = Field(description="The most similar first.")
    currency: Literal["KRW"] = "KRW"
    bill: ExplainBill


class ForecastFeature(AnswerModel):
    """A feature of a driver, at the explained interval."""

    feature: str = Field(description="Its name in the model.")
    label: str
    value: float | None = Field(description="What it was; null where not known.")
    kwh: float


class ForecastContribution(AnswerModel):
    """What a driver adds to the forecast."""

    driver: str = Field(description="`base`, `rest`, or a driver in the words of the plant.")
    kwh: float
    features: list[ForecastFeature] = Field(description="Those that do most of it; of one interval only.")
    text: str


class ForecastDrivers(AnswerModel):
    """An interval of the forecast; the other energies add up to `forecast_kwh`."""

    interval_start: dt.datetime
    forecast_kwh: float
    base_kwh: float = Field(description="What the trees expect where they know nothing.")
    operating_state_kwh: float = Field(description="What the plant did in the last two hours.")
    recent_level_kwh: float = Field(description="How the hours and days before ran.")
    similar_days_kwh: float = Field(description="What like days took at this time.")
    calendar_kwh: float = Field(description="Time of day, weekday, closed days.")
    tariff_band_kwh: float
    reactive_kwh: float = Field(description="Reactive energy and power factor before the origin.")
    rest_kwh: float = Field(description="From the trees' forecast to the one that was answered.")


class ForecastExplanationAnswer(AnswerModel):
    """Why a forecast is what it is: the contributions, base and rest among them, add up to `forecast_kwh`."""

    kind: Literal["forecast"]
    plant: str
    zone: str = Field(description="IANA time zone of the plant.")
    source: Source | None
    prediction_id: str = Field(description="Of the forecast in the prediction log.")
    origin: dt.datetime = Field(description="Nothing measured at or after this moment was used.")
    horizon: int
    model: str
    model_version: str
    fallback: Fallback | None = Field(description="Null where the champion answered.")
    explained_by: str = Field(description="Whose trees are explained.")
    is_whole: bool = Field(description="Whether they are the whole model, and not one member of it.")
    interval: dt.datetime | None = Field(description="The interval that the contributions are of; null for all.")
    text: str = Field(description="The whole in one sentence.")
    forecast_kwh: float
    contributions: list[ForecastContribution]
    intervals: list[ForecastDrivers]


ExplainAnswer = PastExplanationAnswer | ForecastExplanationAnswer
