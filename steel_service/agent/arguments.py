"""What the model may call: one flat record of arguments a tool, as small as a small model needs it.

The field descriptions are the tool's documentation on the wire, so each is a few words. Ollama's client passes on type,
description, choices and what is required, and drops the rest: bounds are checked here, and what a model leaves out or
leaves empty is the default. Times are words or ISO, in plant time, and read by ``steel_energy.asking``.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from steel_energy.plant import Weekday
from steel_energy.tariff import Band
from steel_energy.whatif.changes import MAX_KVAR

NOTHING = frozenset({"", "none", "null", "n/a", "undefined"})
"""What models write for an argument that they do not mean."""
LONGEST = 300
WHEN = "Time in words or ISO, plant time: 'tomorrow 10:00', 'last week', '2018-12-03', '2018-12-03 22:00 to 06:00'"
Text = Annotated[str, Field(max_length=LONGEST)]
Percent = Annotated[float, Field(ge=0, le=100)]
Kw = Annotated[float, Field(ge=0, le=1e6)]
Measure = Literal["usage", "cost", "co2", "peak", "power_factor", "reactive", "load_type"]
LoadType = Literal["none", "light", "medium", "maximum"]
Statistic = Literal["none", "total", "mean", "maximum", "minimum"]


class Arguments(BaseModel):
    """Base of a tool's arguments.

    Attributes:
        tool: its name.
        about: what it does, in one line.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)

    tool: ClassVar[str]
    about: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _meant(cls, given: Any) -> Any:  # noqa: ANN401 - whatever the model wrote
        """Without the arguments that are there but say nothing."""
        if not isinstance(given, dict):
            return given
        return {name: value for name, value in given.items() if not _is_nothing(value)}


class Forecast(Arguments):
    """Of the days ahead."""

    tool = "forecast"
    about = "Energy, cost, CO2 or peak that is expected in the days ahead."

    when: Text = Field(default="", description=f"{WHEN}. Empty: the next 24 hours.")
    compare_with: Text = Field(default="", description="Another time, to set beside it.")
    measure: Measure = Field(default="usage", description="What is wanted.")
    statistic: Statistic = Field(default="none", description="Which figure of it.")


class History(Arguments):
    """Of what was measured."""

    tool = "history"
    about = "What was measured: usage, cost, CO2, peak or power factor of a past time, or two compared."

    when: Text = Field(min_length=1, description=f"{WHEN}.")
    compare_with: Text = Field(default="", description="Another past time, to set beside it.")
    measure: Measure = Field(default="usage", description="What is wanted.")
    statistic: Statistic = Field(default="none", description="Which figure of it.")
    by: Literal["auto", "15min", "hour", "day", "week", "month"] = Field(
        default="auto", description="How fine, as in 'which day was the highest': day."
    )
    load_type: LoadType = Field(default="none", description="Only readings of this load type.")


class Bill(Arguments):
    """Of a past period."""

    tool = "bill"
    about = "The electricity bill of a past period, line by line; also under another tariff, to compare."

    when: Text = Field(min_length=1, description=f"{WHEN}.")
    compare_with: Text = Field(default="", description="Another past period.")
    other_tariff: Text = Field(default="", description="Id of another tariff.")


class WhatIf(Arguments):
    """One change."""

    tool = "what_if"
    about = "What a change would do to energy, cost, CO2 and peak, of the days ahead or of a past time."

    change: Literal["move_load", "close_day", "load_type", "scale_production", "capacitor_bank", "tariff"] = Field(
        description="What is changed."
    )
    when: Text = Field(default="", description="Day or days of the load, as in the other tools. Empty: next 24 hours.")
    share_percent: Percent = Field(default=0, description="move_load: how much of it moves, as 20. 0: all of it.")
    from_hours: Text = Field(default="", description="move_load: hours it leaves, as '10-12' or 'peak hours'.")
    to_hours: Text = Field(default="", description="move_load: hours it goes to, as '22-6'.")
    to_day: Text = Field(default="", description="move_load: day it goes to, if another.")
    hours: Text = Field(default="", description="load_type and capacitor_bank: hours of it. Empty: all day.")
    load_type: LoadType = Field(default="none", description="load_type: the new one.")
    production_change_percent: float = Field(
        default=0, ge=-100, le=200, description="scale_production: -10 is a tenth less, 15 is 15 % more."
    )
    capacitor_kvar: float = Field(default=0, ge=0, le=MAX_KVAR, description="capacitor_bank: its size.")
    is_automatic: bool = Field(default=False, description="capacitor_bank: controlled, never too much.")
    investment_krw: float = Field(default=0, ge=0, le=1e12, description="capacitor_bank: what it costs.")
    other_tariff: Text = Field(default="", description="tariff: id of the other one.")
    measure: Literal["cost", "co2", "peak", "power_factor"] = Field(default="cost", description="What is wanted.")


class Explain(Arguments):
    """Why."""

    tool = "explain"
    about = "Why usage or the peak was as it was at a past time, or why the forecast is as it is."

    when: Text = Field(default="", description=f"{WHEN}.")
    what: Literal["usage", "peak", "forecast"] = Field(default="usage", description="What is explained.")


class Optimize(Arguments):
    """A plan."""

    tool = "optimize"
    about = "The cheapest schedule of a job, or of load that may move. Advice only: nothing is switched."

    when: Text = Field(default="", description="Day or hours in which it may run. Empty: next 24 hours.")
    power_kw: Kw = Field(default=0, description="Power of the job; with energy_kwh its most.")
    duration_hours: float = Field(default=0, ge=0, le=336, description="How long it runs.")
    energy_kwh: float = Field(default=0, ge=0, le=1e7, description="Energy instead of a duration.")
    more_jobs: Text = Field(default="", description="Further jobs, as 'furnace 200 kW for 2 hours'.")
    job_name: Text = Field(default="", description="Name of the job.")
    movable_percent: Percent = Field(default=0, description="Without a job: how much of the load may move.")
    limit_kw: Kw = Field(default=0, description="Power that the whole plant must stay below.")


class Nowcast(Arguments):
    """Of a meter's values."""

    tool = "nowcast"
    about = "Usage of one quarter of an hour from the meter's other readings."

    lagging_reactive_kvarh: float = Field(ge=0, description="Lagging reactive energy.")
    leading_reactive_kvarh: float = Field(ge=0, description="Leading reactive energy.")
    co2_t: float = Field(ge=0, description="CO2 in tonnes.")
    lagging_power_factor_percent: Percent = Field(description="0 to 100.")
    leading_power_factor_percent: Percent = Field(description="0 to 100.")
    time_of_day: Annotated[str, Field(pattern=r"^([01]?\d|2[0-3]):[0-5]\d$")] = Field(description="As 10:15.")
    weekday: Weekday = Field(description="Day of the week.")
    load_type: Band = Field(description="Load type.")


class Status(Arguments):
    """Of the system."""

    tool = "status"
    about = "The state of things: drift of the readings, health of the service and its data, the model in use."

    of: Literal["drift", "health", "model"] = Field(description="health: data and service; model: accuracy, version.")


class LookUp(Arguments):
    """In the notes."""

    tool = "look_up"
    about = "Notes: meaning of a term or column, tariff rules and prices, what to do when something happens, reports."

    query: Text = Field(min_length=1, description="What to look for, in the user's language.")


TOOLS: tuple[type[Arguments], ...] = (Forecast, History, Bill, WhatIf, Explain, Optimize, Nowcast, Status, LookUp)
"""Every tool of the model; in the order in which it is told of them."""


def _is_nothing(value: object) -> bool:
    return value is None or (isinstance(value, str) and value.strip().casefold() in NOTHING)
