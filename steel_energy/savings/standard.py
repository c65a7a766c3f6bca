"""The standard request: what a plant may move on any day, by shares of its contracted demand.

The same request for every plant and every model, so that what their plans are worth can be compared. What a plant
really wants to run is a request of its own (``planning.PlanRequest``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from steel_energy.calendar import in_zone
from steel_energy.config import Record
from steel_energy.planning import AnyJob, FixedJob, InterruptibleJob, Movable, PlanRequest, Window
from steel_energy.plant import Plant
from steel_energy.schema import HOURS_PER_DAY

MINUTES_PER_HOUR = 60
NO_IDLE_MOVE_KRW_PER_KWH = 0.01
"""Cost of moving, so that nothing moves for nothing; no tariff's prices lie as close together."""
Hour = Field(ge=0, le=HOURS_PER_DAY, multiple_of=0.25)


class StandardJob(Record):
    """A job of every open day."""

    name: str = Field(min_length=1, max_length=40)
    kind: Literal["fixed", "interruptible"]
    power_share: float = Field(gt=0, le=1)
    hours: float = Field(gt=0, le=HOURS_PER_DAY, multiple_of=0.25)
    min_run_hours: float = Field(default=0.25, gt=0, le=HOURS_PER_DAY, multiple_of=0.25)
    from_hour: float = Hour
    to_hour: float = Hour
    usual_hour: float = Hour

    @model_validator(mode="after")
    def _usual_run_fits(self) -> Self:
        if not self.from_hour <= self.usual_hour <= self.usual_hour + self.hours <= self.to_hour:
            raise ValueError("the usual run must lie between from_hour and to_hour")
        return self


class StandardPlanParams(Record):
    """What the standard request asks for."""

    days: int = Field(ge=1, le=7)
    movable_share: float = Field(gt=0, le=1)
    max_added_share: float = Field(gt=0, le=1)
    from_hour: float = Hour
    to_hour: float = Hour
    jobs: tuple[StandardJob, ...]

    @model_validator(mode="after")
    def _hours_in_order(self) -> Self:
        if self.to_hour <= self.from_hour:
            raise ValueError(f"to_hour {self.to_hour:g} is not after from_hour {self.from_hour:g}")
        return self


def standard_request(
    params: StandardPlanParams,
    *,
    plant: Plant,
    start: dt.datetime,
    end: dt.datetime,
    lagging_kvarh_per_kwh: float = 0.0,
) -> PlanRequest:
    """The standard request for ``[start, end)``.

    A job is asked for on each open day on which the period holds its usual run.

    Args:
        params: what may move.
        plant: gives contracted demand, zone and closed days.
        start: in the plant's zone.
        end: exclusive.
        lagging_kvarh_per_kwh: lagging reactive energy that comes along with each kWh that runs at another time.
    """
    return PlanRequest(
        start=start,
        end=end,
        jobs=tuple(_jobs(params, plant, start, end, lagging_kvarh_per_kwh)),
        movable=Movable(
            share=params.movable_share,
            from_hour=params.from_hour,
            to_hour=params.to_hour,
            max_added_kw=params.max_added_share * plant.contract_kw,
            cost_krw_per_kwh=NO_IDLE_MOVE_KRW_PER_KWH,
            lagging_kvarh_per_kwh=lagging_kvarh_per_kwh,
        ),
    )


def _jobs(
    params: StandardPlanParams, plant: Plant, start: dt.datetime, end: dt.datetime, lagging_kvarh_per_kwh: float
) -> Iterator[AnyJob]:
    for day in range((end.date() - start.date()).days + 1):
        date = start.date() + dt.timedelta(days=day)
        if plant.calendar.is_closed(date):
            continue
        for job in params.jobs:
            usual = _at(date, job.usual_hour, plant)
            if start <= usual and _at(date, job.usual_hour + job.hours, plant) <= end:
                window = Window(
                    start=max(start, _at(date, job.from_hour, plant)), end=min(end, _at(date, job.to_hour, plant))
                )
                yield _job(
                    job,
                    f"{job.name} {date}",
                    power_kw=job.power_share * plant.contract_kw,
                    window=window,
                    usual=usual,
                    lagging_kvarh_per_kwh=lagging_kvarh_per_kwh,
                )


def _job(
    job: StandardJob, name: str, *, power_kw: float, window: Window, usual: dt.datetime, lagging_kvarh_per_kwh: float
) -> AnyJob:
    minutes = round(job.hours * MINUTES_PER_HOUR)
    if job.kind == "fixed":
        return FixedJob(
            kind="fixed",
            name=name,
            power_kw=power_kw,
            duration_minutes=minutes,
            windows=(window,),
            planned_start=usual,
            lagging_kvarh_per_kwh=lagging_kvarh_per_kwh,
        )
    return InterruptibleJob(
        kind="interruptible",
        name=name,
        power_kw=power_kw,
        duration_minutes=minutes,
        min_run_minutes=round(job.min_run_hours * MINUTES_PER_HOUR),
        windows=(window,),
        planned_start=usual,
        lagging_kvarh_per_kwh=lagging_kvarh_per_kwh,
    )


def _at(date: dt.date, hour: float, plant: Plant) -> dt.datetime:
    """An hour of the plant's clock; 24 is the midnight after."""
    days, rest = divmod(hour, HOURS_PER_DAY)
    clock = dt.time(int(rest), round(rest % 1 * MINUTES_PER_HOUR))
    return in_zone(dt.datetime.combine(date + dt.timedelta(days=int(days)), clock), plant.zone)
