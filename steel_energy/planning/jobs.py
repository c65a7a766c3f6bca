"""The jobs of a plan as a request states them: what each draws, when it may run, and what it waits for.

Three kinds: a ``fixed`` job runs once, without a break, with a profile that cannot be changed; an ``interruptible`` one
runs for a total time and may pause; a ``flexible`` one needs an amount of energy and may draw more or less. What is
said of times here is checked against the period in ``horizon.py``, once the plant's clock is known.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from steel_energy.config import Record
from steel_energy.fields import NO_TEXT, Moment, Number, WholeNumber
from steel_energy.schema import INTERVAL_MINUTES, INTERVALS_PER_HOUR

MAX_KW = 1e6
MAX_KRW = 1e12
MAX_MINUTES = 31 * 24 * 60
_BLANK = r"\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_CONTROL = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
NAME_PATTERN = rf"^[^{_BLANK}](?:[^{_CONTROL}]*[^{_BLANK}])?$"
"""One line without blanks around it; spelt out, for what counts as a blank differs between readers of a schema."""
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=NAME_PATTERN)]
Kw = Annotated[Number, Field(gt=0, le=MAX_KW)]
Minutes = Annotated[int, Field(ge=0, le=MAX_MINUTES, multiple_of=INTERVAL_MINUTES), NO_TEXT]
SomeMinutes = Annotated[int, Field(ge=INTERVAL_MINUTES, le=MAX_MINUTES, multiple_of=INTERVAL_MINUTES), NO_TEXT]
KvarhPerKwh = Annotated[Number, Field(ge=0, le=10)]


class Window(Record):
    """A stretch of time; moments without an offset are plant time, on full quarters of an hour."""

    start: Moment = Field(description="First moment.")
    end: Moment = Field(description="Last moment, exclusive.")


class After(Record):
    """A job that must have ended before this one starts."""

    job: Name = Field(description="Name of the job that comes first.")
    min_lag_minutes: Minutes = Field(default=0, description="Time from its end to the start of this one, at least.")
    max_lag_minutes: Minutes | None = Field(
        default=None, description="The same at most; any time if absent. Not after a flexible job, whose end is open."
    )

    @model_validator(mode="after")
    def _lags_in_order(self) -> Self:
        if self.max_lag_minutes is not None and self.max_lag_minutes < self.min_lag_minutes:
            raise ValueError(f"max_lag_minutes lies below min_lag_minutes ({self.min_lag_minutes})")
        return self


class Job(Record):
    """What all kinds of jobs share."""

    name: Name = Field(description="Unique name; results speak of the job by it.")
    windows: tuple[Window, ...] = Field(
        default=(), max_length=100, description="When it may run; the whole period if none is given."
    )
    after: tuple[After, ...] = Field(default=(), max_length=20, description="Jobs that it waits for.")
    equipment: tuple[Name, ...] = Field(
        default=(), max_length=20, description="What it occupies while it runs; one job at a time on each."
    )
    crew: Name | None = Field(default=None, description="Crew that must be on shift while it runs; none if absent.")
    start_cost_krw: Number = Field(default=0, ge=0, le=MAX_KRW, description="What each start of it costs.")
    value_krw: Number | None = Field(
        default=None, ge=0, le=MAX_KRW, description="What it is worth to run it: makes it optional. Must run if absent."
    )
    priority: WholeNumber = Field(
        default=5, ge=1, le=9, description="Where not all can be done, jobs with a lower number are left out first."
    )
    planned_start: Moment | None = Field(
        default=None, description="When it would start without this plan; as early as possible if absent."
    )
    is_in_base_load: bool = Field(
        default=False, description="The base load holds it already, from planned_start on; it is taken out there."
    )
    lagging_kvarh_per_kwh: KvarhPerKwh = Field(default=0, description="Lagging reactive energy that it draws per kWh.")

    @model_validator(mode="after")
    def _is_somewhere_in_the_base_load(self) -> Self:
        if self.is_in_base_load and self.planned_start is None:
            raise ValueError("is_in_base_load needs planned_start, which says where in the base load the job is")
        return self

    @property
    def is_optional(self) -> bool:
        """Whether it may be left out."""
        return self.value_krw is not None


class FixedJob(Job):
    """Runs once, without a break, as its profile says."""

    kind: Literal["fixed"]
    power_kw: Kw | None = Field(default=None, description="Power while it runs; with duration_minutes.")
    duration_minutes: SomeMinutes | None = Field(default=None, description="How long it runs; with power_kw.")
    profile_kw: tuple[Annotated[Number, Field(ge=0, le=MAX_KW)], ...] = Field(
        default=(), max_length=3000, description="Or its power in each quarter of an hour from its start."
    )

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Self:
        flat = (self.power_kw is not None, self.duration_minutes is not None)
        if any(flat) != all(flat) or all(flat) == bool(self.profile_kw):
            raise ValueError("needs either power_kw and duration_minutes, or profile_kw")
        return self

    @property
    def powers_kw(self) -> tuple[float, ...]:
        """Power in each interval from the start."""
        if self.power_kw is None or self.duration_minutes is None:
            return self.profile_kw
        return (self.power_kw,) * (self.duration_minutes // INTERVAL_MINUTES)


class InterruptibleJob(Job):
    """Runs for a total time at one power, and may pause in between."""

    kind: Literal["interruptible"]
    power_kw: Kw = Field(description="Power while it runs.")
    duration_minutes: SomeMinutes = Field(description="Time that it runs in total.")
    min_run_minutes: SomeMinutes = Field(default=INTERVAL_MINUTES, description="Time that it runs at least, once on.")

    @model_validator(mode="after")
    def _runs_fit(self) -> Self:
        if self.min_run_minutes > self.duration_minutes:
            raise ValueError(f"min_run_minutes exceeds duration_minutes ({self.duration_minutes})")
        return self


class FlexibleJob(Job):
    """Needs an amount of energy and may draw it as it likes, up to a power."""

    kind: Literal["flexible"]
    energy_kwh: Number = Field(gt=0, le=MAX_KW * 1000, description="Energy that it needs in total.")
    max_kw: Kw = Field(description="Power that it draws at most.")
    min_kw: Number = Field(default=0, ge=0, le=MAX_KW, description="Power that it draws at least while it runs.")
    min_run_minutes: SomeMinutes = Field(default=INTERVAL_MINUTES, description="Time that it runs at least, once on.")

    @model_validator(mode="after")
    def _powers_in_order(self) -> Self:
        if self.min_kw > self.max_kw:
            raise ValueError(f"min_kw exceeds max_kw ({self.max_kw:g})")
        if self.min_kw * self.min_run_minutes / INTERVAL_MINUTES / INTERVALS_PER_HOUR > self.energy_kwh:
            raise ValueError("min_kw over min_run_minutes is more than energy_kwh")
        return self


AnyJob = Annotated[FixedJob | InterruptibleJob | FlexibleJob, Field(discriminator="kind")]
