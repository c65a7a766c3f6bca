"""What of the planner a user may change: the hours behind words such as "night shift"."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from steel_energy.config import Record
from steel_energy.schema import HOURS_PER_DAY

Hour = Annotated[float, Field(ge=0, le=HOURS_PER_DAY, multiple_of=0.25)]
ClockHours = tuple[Hour, Hour]


class AskingParams(Record):
    """Hours of the plant's clock, first and last; over midnight where the last is smaller."""

    shifts: dict[str, ClockHours] = Field(description="Hours of the shifts night, morning, afternoon and day.")
    parts_of_day: dict[str, ClockHours] = Field(
        description="Hours of night, small_hours, morning, afternoon and evening."
    )
