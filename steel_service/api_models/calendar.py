"""The JSON of /calendar: on which days the plant is closed, and the marks that people set."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, model_validator

from steel_energy.config import fault_within
from steel_energy.fields import Day
from steel_energy.marked_days import Reason
from steel_service.api_models.fields import OMITTED_NOT_NULL, PLANT_MEANING, AnswerModel, PlantId, RequestModel

MAX_DAYS = 366
TWO_WEEKS = 14


class CalendarQuery(RequestModel):
    """Which days are looked at."""

    plant: Annotated[PlantId | None, OMITTED_NOT_NULL] = Field(default=None, description=PLANT_MEANING)
    start: Annotated[Day | None, OMITTED_NOT_NULL] = Field(
        default=None,
        alias="from",
        description="First day; the one on which the known readings end if absent.",
        examples=["2019-01-01"],
    )
    days: int = Field(default=TWO_WEEKS, ge=1, le=MAX_DAYS, description="Number of days.")


class CalendarDay(AnswerModel):
    """One day of the plant's clock."""

    day: dt.date
    is_closed: bool = Field(description="Whether the plant is closed on it: by its mark, else by the plant's file.")
    is_usually_closed: bool = Field(description="Whether it is by the plant's file alone.")
    is_marked: bool = Field(description="Whether somebody marked it.")
    reason: Reason | None = Field(description="Why, as whoever marked it said; null where nothing was said.")
    is_public_holiday: bool = Field(description="Whether it is one by the tariff, which closes no plant by itself.")


class CalendarAnswer(AnswerModel):
    """Days of a plant, in order."""

    plant: str
    zone: str = Field(description="IANA time zone of the plant.")
    days: list[CalendarDay]


class Mark(RequestModel):
    """How a day is to stand from now on."""

    day: Day = Field(examples=["2019-01-03"])
    state: Literal["closed", "open", "usual"] = Field(
        description="`usual` takes the mark away, so that the plant's file says again whether the day is closed."
    )
    reason: Reason | None = Field(default=None, description="Why, for people; no computation reads it.")


class MarkRequest(RequestModel):
    """Days to be marked; all others stay as they are."""

    plant: PlantId | None = Field(default=None, description=PLANT_MEANING)
    days: tuple[Mark, ...] = Field(min_length=1, max_length=MAX_DAYS)

    @model_validator(mode="after")
    def _each_day_once(self) -> MarkRequest:
        if len({one.day for one in self.days}) < len(self.days):
            raise fault_within("A day stands twice; name each one once", "days")
        return self


class DaysMarked(AnswerModel):
    """The days that were named, as they stand now; what is answered has been kept."""

    plant: str
    changed: int = Field(description="How many of them stood otherwise before; asked again, none.")
    days: list[CalendarDay]
