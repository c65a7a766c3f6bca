"""What a scenario may change, as records that come from outside: JSON of a request or YAML of a file.

Each record says what it means and refuses what lies out of bounds. What it does to a load lives in ``applying``.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import ConfigDict, Field, model_validator

from steel_energy.arrays import BoolArray, IntArray
from steel_energy.config import Record, fault_within
from steel_energy.fields import Day, Number, WholeNumber, kind_required
from steel_energy.schema import HOURS_PER_DAY
from steel_energy.tariff import Band

MAX_CHANGES = 20
MAX_DAYS = 366
MAX_FACTOR = 3.0
MAX_KVAR = 10_000.0
MAX_INVESTMENT_KRW = 1e12
Control = Literal["fixed", "automatic"]


Days = Annotated[tuple[Day, ...], Field(min_length=1, max_length=MAX_DAYS)]


class Hours(Record):
    """Hours of a calendar day of the plant's clock: 10 to 12, or over midnight 23 to 5, which is 23-24 and 0-5 h."""

    from_hour: WholeNumber = Field(default=0, ge=0, lt=HOURS_PER_DAY, description="First hour, 0-23.", examples=[10])
    to_hour: WholeNumber = Field(
        default=HOURS_PER_DAY, ge=0, le=HOURS_PER_DAY, description="Hour it ends at, 0-24.", examples=[12]
    )

    @model_validator(mode="after")
    def _not_empty(self) -> Hours:
        if self.from_hour == self.to_hour:
            raise fault_within("The hours end where they begin; leave them out for the whole day")
        return self

    def counts(self, hour: IntArray) -> BoolArray:
        """Which of the hours 0-23 it holds, any shape.

        >>> Hours(from_hour=23, to_hour=5).counts(np.array([22, 23, 4, 5])).tolist()
        [False, True, True, False]
        """
        first, last = hour >= self.from_hour, hour < self.to_hour
        held: BoolArray = first & last if self.from_hour < self.to_hour else first | last
        return held

    def overlaps(self, other: Hours) -> bool:
        """Whether they share an hour."""
        hours = np.arange(HOURS_PER_DAY)
        return bool((self.counts(hours) & other.counts(hours)).any())

    def __str__(self) -> str:
        return f"{self.from_hour:02}-{self.to_hour:02} h"


class MoveLoad(Record):
    """Move a share of the load to other hours of the same calendar day or of another; spread evenly, as much energy."""

    model_config = ConfigDict(json_schema_extra=kind_required)

    kind: Literal["move_load"] = "move_load"
    share: Number = Field(ge=0, le=1, description="Share of each interval's energy that moves.", examples=[0.2])
    from_hours: Hours = Field(default_factory=Hours, description="Hours the energy leaves; the whole day if absent.")
    to_hours: Hours = Field(default_factory=Hours, description="Hours it goes to, evenly; the whole day if absent.")
    from_day: Day | None = Field(
        default=None, description="Day it leaves; if absent, every day moves within itself.", examples=["2019-01-03"]
    )
    to_day: Day | None = Field(
        default=None, description="Day it goes to; `from_day` if absent.", examples=["2019-01-05"]
    )

    @model_validator(mode="after")
    def _goes_elsewhere(self) -> MoveLoad:
        if self.to_day is not None and self.from_day is None:
            raise fault_within("to_day needs from_day: the day that the load leaves")
        if self.to_day in (None, self.from_day) and self.from_hours.overlaps(self.to_hours):
            raise fault_within("from_hours and to_hours share an hour of the same day")
        return self


class CloseDay(Record):
    """Close a day: each interval draws what it typically does on a closed day, and none draws more than before."""

    model_config = ConfigDict(json_schema_extra=kind_required)

    kind: Literal["close_day"] = "close_day"
    day: Day = Field(description="Day of the period that is closed.", examples=["2019-01-05"])


class ChangeLoadType(Record):
    """Run some hours as is typical of a load type: idle when light, in full swing when maximum; billed by the clock."""

    model_config = ConfigDict(json_schema_extra=kind_required)

    kind: Literal["load_type"] = "load_type"
    load_type: Band = Field(description="Load type whose typical load the hours get.", examples=["light"])
    hours: Hours = Field(default_factory=Hours, description="Hours that change; the whole day if absent.")
    days: Days | None = Field(default=None, description="Days that change; every day of the period if absent.")


class ScaleProduction(Record):
    """Scale the production: what an interval draws above the typical load of a closed day."""

    model_config = ConfigDict(json_schema_extra=kind_required)

    kind: Literal["scale_production"] = "scale_production"
    factor: Number = Field(ge=0, le=MAX_FACTOR, description="1 changes nothing, 0.9 is a tenth less.", examples=[0.9])
    days: Days | None = Field(default=None, description="Days that change; every day of the period if absent.")


class CorrectPowerFactor(Record):
    """Add a capacitor bank: it takes lagging reactive energy away, and what is left over of it leads."""

    model_config = ConfigDict(json_schema_extra=kind_required)

    kind: Literal["power_factor"] = "power_factor"
    capacitor_kvar: Number = Field(ge=0, le=MAX_KVAR, description="Reactive power of the bank.", examples=[100])
    control: Control = Field(
        default="fixed",
        description="fixed: in full while it is on; automatic: as much of it as the load lags, so it never leads.",
    )
    hours: Hours = Field(default_factory=Hours, description="Hours in which it is on; the whole day if absent.")
    investment_krw: Number | None = Field(
        default=None, ge=0, le=MAX_INVESTMENT_KRW, description="What it costs, for its payback.", examples=[6_000_000]
    )


class OtherTariff(Record):
    """Bill the scenario under another tariff."""

    model_config = ConfigDict(json_schema_extra=kind_required)

    kind: Literal["tariff"] = "tariff"
    tariff: Annotated[str, Field(max_length=100)] = Field(
        description="Id of a file in data/tariffs.", examples=["day-and-night-example"]
    )


Change = Annotated[
    MoveLoad | CloseDay | ChangeLoadType | ScaleProduction | CorrectPowerFactor | OtherTariff,
    Field(discriminator="kind"),
]


class Scenario(Record):
    """Changes that are made one after the other, each to what the ones before it left."""

    changes: tuple[Change, ...] = Field(default=(), max_length=MAX_CHANGES, description="In the order they are made.")
