"""What a plan is asked for: the period, the jobs, what of the base load may move, limits and weights.

One record, from YAML or JSON. It says nothing of prices, which are the tariff's, and nothing of the base load, which is
a forecast or the readings of the past.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from steel_energy.config import Record, fault_within, load_record
from steel_energy.errors import ConfigError
from steel_energy.fields import NO_TEXT, Moment, Number
from steel_energy.planning.jobs import MAX_KRW, AnyJob, KvarhPerKwh, Kw, Name, Window
from steel_energy.plant import WEEKDAYS, Weekday
from steel_energy.schema import HOURS_PER_DAY

MAX_JOBS = 100
MAX_DAYS = 14
MAX_BYTES = 500_000
"""Of a request's file: parsing more of YAML takes longer than the plan."""
QuarterHours = Annotated[Number, Field(ge=0, multiple_of=0.25)]


class CrewShift(Record):
    """Hours of the plant's clock in which a crew works, on some weekdays."""

    weekdays: frozenset[Weekday] = Field(
        default=frozenset(WEEKDAYS), description="Weekdays on which it starts; every day if absent."
    )
    start_hour: Annotated[QuarterHours, Field(lt=HOURS_PER_DAY)] = Field(description="Hour at which it starts.")
    end_hour: Annotated[QuarterHours, Field(le=2 * HOURS_PER_DAY)] = Field(
        description="Hour at which it ends, counted from the same midnight; past midnight add 24."
    )

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.end_hour <= self.start_hour:
            raise ValueError(f"end_hour {self.end_hour:g} is not after start_hour {self.start_hour:g}")
        return self


class Crew(Record):
    """People that jobs need."""

    name: Name
    shifts: tuple[CrewShift, ...] = Field(min_length=1, max_length=50, description="When it works.")
    jobs_at_once: Annotated[int, Field(ge=1), NO_TEXT] | None = Field(
        default=None, description="Jobs that it can run at once; any if absent."
    )


class BlackOut(Window):
    """A stretch in which a piece of equipment, or all of the jobs, must stand still."""

    equipment: Name | None = Field(default=None, description="What is being maintained; all jobs if absent.")


class Limits(Record):
    """What the plant as a whole must keep to."""

    power_kw: Kw | None = Field(default=None, description="Power of base load and jobs together, at most.")
    ramp_kw: Kw | None = Field(default=None, description="Change of it from one interval to the next, at most.")
    co2_t: Number | None = Field(default=None, gt=0, description="CO2 of the period, at most.")
    black_outs: tuple[BlackOut, ...] = Field(default=(), max_length=100, description="Maintenance.")


class Movable(Record):
    """A share of the base load that may be drawn at another time of the same day's hours."""

    share: Number = Field(gt=0, le=1, description="Share of each interval's base load that may move.")
    from_hour: Annotated[QuarterHours, Field(lt=HOURS_PER_DAY)] = Field(
        default=0, description="Hour of the plant's clock from which it may move."
    )
    to_hour: Annotated[QuarterHours, Field(gt=0, le=HOURS_PER_DAY)] = Field(
        default=HOURS_PER_DAY, description="Hour until which it may; its energy stays the same between the two."
    )
    max_added_kw: Kw = Field(description="Power that may be added to the base load of an interval, at most.")
    cost_krw_per_kwh: Number = Field(default=0, ge=0, le=MAX_KRW, description="What moving a kWh costs.")
    lagging_kvarh_per_kwh: KvarhPerKwh = Field(default=0, description="Lagging reactive energy that moves along.")

    @model_validator(mode="after")
    def _hours_in_order(self) -> Self:
        if self.to_hour <= self.from_hour:
            raise ValueError(f"to_hour {self.to_hour:g} is not after from_hour {self.from_hour:g}")
        return self


class Weights(Record):
    """What else counts beside the bill."""

    co2_krw_per_t: Number = Field(
        default=0, ge=0, le=MAX_KRW, description="What avoiding a tonne of CO2 is worth, beyond what the tariff bills."
    )


class PlanRequest(Record):
    """A plan that is asked for; ``docs/planning.md`` has an example."""

    start: Moment = Field(description="First moment of the plan; plant time if it has no offset.")
    end: Moment = Field(description=f"Last moment, exclusive; at most {MAX_DAYS} days later.")
    jobs: tuple[AnyJob, ...] = Field(default=(), max_length=MAX_JOBS, description="What is to be done.")
    crews: tuple[Crew, ...] = Field(default=(), max_length=MAX_JOBS, description="Who is there when.")
    movable: Movable | None = Field(default=None, description="What of the base load may move; nothing if absent.")
    limits: Limits = Field(default_factory=Limits)
    weights: Weights = Field(default_factory=Weights)
    co2_t_per_kwh: tuple[Annotated[Number, Field(ge=0, le=1)], ...] = Field(
        default=(),
        max_length=MAX_DAYS * (HOURS_PER_DAY + 1),
        description="CO2 of a kWh in each hour of the period; the meter's one factor if absent. Bills keep to that.",
    )

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        _require_unique("jobs", [job.name for job in self.jobs])
        _require_unique("crews", [crew.name for crew in self.crews])
        names, crews = {job.name for job in self.jobs}, {crew.name for crew in self.crews}
        for place, job in enumerate(self.jobs):
            if job.crew is not None and job.crew not in crews:
                raise fault_within(f"there is no crew {job.crew!r} under crews", "jobs", place, "crew")
            for at, after in enumerate(job.after):
                if after.job not in names:
                    raise fault_within(f"there is no job {after.job!r}", "jobs", place, "after", at, "job")
        return self

    @model_validator(mode="after")
    def _maintained_equipment_is_used(self) -> Self:
        used = {name for job in self.jobs for name in job.equipment}
        for place, black_out in enumerate(self.limits.black_outs):
            if black_out.equipment is not None and black_out.equipment not in used:
                message = f"no job uses the equipment {black_out.equipment!r}"
                raise fault_within(message, "limits", "black_outs", place, "equipment")
        return self

    @model_validator(mode="after")
    def _waits_end(self) -> Self:
        if waiting := _cycle({job.name: [after.job for after in job.after] for job in self.jobs}):
            place = next(at for at, job in enumerate(self.jobs) if job.name == waiting[0])
            raise fault_within(f"jobs wait for each other in a circle: {' -> '.join(waiting)}", "jobs", place, "after")
        return self

    @model_validator(mode="after")
    def _lags_end_somewhere(self) -> Self:
        flexible = {job.name for job in self.jobs if job.kind == "flexible"}
        for place, job in enumerate(self.jobs):
            for at, after in enumerate(job.after):
                if after.max_lag_minutes is not None and after.job in flexible:
                    message = f"{after.job!r} is flexible, so its end is open: leave max_lag_minutes out"
                    raise fault_within(message, "jobs", place, "after", at, "max_lag_minutes")
        return self


def read_request(path: Path) -> PlanRequest:
    """The request of a YAML file.

    Raises:
        ConfigError: the file is missing, far too large, or a field does not validate; names field and line.
    """
    if path.is_file() and path.stat().st_size > MAX_BYTES:
        raise ConfigError(
            f"has {path.stat().st_size:,} bytes, a request at most {MAX_BYTES:,}",
            field=str(path),
            remedy=f"plan at most {MAX_JOBS} jobs at a time",
        )
    return load_record(path, PlanRequest)


def _require_unique(field: str, names: list[str]) -> None:
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        place = len(names) - 1 - names[::-1].index(twice[0])
        raise fault_within(f"{twice[0]!r} is there twice: give each its own name", field, place, "name")


def _cycle(waits_for: dict[str, list[str]]) -> list[str]:
    """Names that wait for each other in a circle, the first one again at the end; empty where there is none."""
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        found = next((circle for other in waits_for[name] if (circle := walk(other, [*path, name]))), [])
        done.add(name)
        return found

    return next((circle for name in waits_for if (circle := walk(name, []))), [])
