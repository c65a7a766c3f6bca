"""What the model may call: one flat record of arguments a tool, as small as a small model needs it.

The descriptions are the tool's documentation on the wire and every word of them costs time, so each is a few words;
how times are written stands in the instructions. Ollama's client passes on type,
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
WHEN = "Time."
NEXT = "Time; empty: next 24 hours."
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
    about = "What is expected in the days ahead."

    when: Text = Field(default="", description=NEXT)
    compare_with: Text = Field(default="", description="Another time.")
    measure: Measure = Field(default="usage", description="What is wanted.")
    statistic: Statistic = Field(default="none", description="Which figure of it.")


class History(Arguments):
    """Of what was measured."""

    tool = "history"
    about = "What was measured at a past time; or two times compared."

    when: Text = Field(min_length=1, description=WHEN)
    compare_with: Text = Field(default="", description="Another past time.")
    measure: Measure = Field(default="usage", description="What is wanted.")
    statistic: Statistic = Field(default="none", description="Which figure of it.")
    by: Literal["auto", "15min", "hour", "day", "week", "month"] = Field(
        default="auto", description="Which day was highest: day."
    )
    load_type: LoadType = Field(default="none", description="Only of this load type.")


class Bill(Arguments):
    """Of a past period."""

    tool = "bill"
    about = "The bill of a past period; also under another tariff."

    when: Text = Field(min_length=1, description=WHEN)
    compare_with: Text = Field(default="", description="Another past period.")
    measure: Literal["cost", "peak", "power_factor"] = Field(default="cost", description="Or the part of it.")
    other_tariff: Text = Field(default="", description="Id of another tariff.")


class WhatIf(Arguments):
    """One change."""

    tool = "what_if"
    about = "What a change would do to energy, cost, CO2 and peak."

    change: Literal["move_load", "close_day", "load_type", "scale_production", "capacitor_bank", "tariff"] = Field(
        description="The change."
    )
    when: Text = Field(default="", description=NEXT)
    share_percent: Percent = Field(default=0, description="move_load. 0: all.")
    from_hours: Text = Field(default="", description="move_load, as 10-12 or peak hours.")
    to_hours: Text = Field(default="", description="move_load, as 22-6.")
    to_day: Text = Field(default="", description="move_load: another day.")
    hours: Text = Field(default="", description="load_type, capacitor_bank.")
    load_type: LoadType = Field(default="none", description="load_type.")
    production_change_percent: float = Field(
        default=0, ge=-100, le=200, description="scale_production: -10 is 10 % less."
    )
    capacitor_kvar: float = Field(default=0, ge=0, le=MAX_KVAR, description="capacitor_bank.")
    is_automatic: bool = Field(default=False, description="capacitor_bank.")
    investment_krw: float = Field(default=0, ge=0, le=1e12, description="capacitor_bank.")
    other_tariff: Text = Field(default="", description="tariff.")
    measure: Literal["cost", "co2", "peak", "power_factor"] = Field(default="cost", description="What is wanted.")


class Explain(Arguments):
    """Why."""

    tool = "explain"
    about = "Why usage, the peak or the forecast is as it is."

    when: Text = Field(default="", description=WHEN)
    what: Literal["usage", "peak", "forecast"] = Field(default="usage", description="What to explain.")


class Optimize(Arguments):
    """A plan."""

    tool = "optimize"
    about = "The cheapest time for a job, or for load that may move."

    when: Text = Field(default="", description="Day or hours it may run; empty: next 24 hours.")
    power_kw: Kw = Field(default=0, description="Power of the job.")
    duration_hours: float = Field(default=0, ge=0, le=336, description="How long it runs.")
    energy_kwh: float = Field(default=0, ge=0, le=1e7, description="Energy instead of a duration.")
    more_jobs: Text = Field(default="", description="As: furnace 200 kW for 2 hours.")
    job_name: Text = Field(default="", description="Name of the job.")
    movable_percent: Percent = Field(default=0, description="Share of the load that may move.")
    limit_kw: Kw = Field(default=0, description="Most for the whole plant.")


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
    about = "Drift of the readings, health of data and service, accuracy of the model."

    of: Literal["drift", "health", "model"] = Field(description="Which.")


class LookUp(Arguments):
    """In the notes."""

    tool = "look_up"
    about = "The plant's notes: terms, tariff rules and prices, what to do when, reports."

    query: Text = Field(min_length=1, description="In the user's language.")


TOOLS: tuple[type[Arguments], ...] = (Forecast, History, Bill, WhatIf, Explain, Optimize, Status, LookUp)
"""What the model is told of, in this order; each costs it a tenth of a second and more."""
RARE: tuple[type[Arguments], ...] = (Nowcast,)
"""Told of where the planner suggests it."""


def _is_nothing(value: object) -> bool:
    return value is None or (isinstance(value, str) and value.strip().casefold() in NOTHING)
