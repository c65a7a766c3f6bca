"""What the reader fills in for a plan, as the service's request; which field a refusal is about. No widget here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from steel_client.models import OptimizeAnswer
from steel_ui.client import INTERVALS_PER_HOUR, Forecast
from steel_ui.series import wall
from steel_ui.words import Words

MINUTES_PER_HOUR = 60
MORE_THAN_ONE = 2
JOB_FIELDS = {
    "name": "name",
    "power_kw": "power_kw",
    "duration_minutes": "hours",
    "min_run_minutes": "hours",
    "windows": "window",
    "planned_start": "planned",
}
"""Which input shows what the service says of which field of a job."""
PLAN_FIELDS = {
    "start": "start",
    "end": "days",
    "movable.share": "share",
    "movable.from_hour": "share_hours",
    "movable.to_hour": "share_hours",
    "movable.max_added_kw": "max_added_kw",
    "limits.power_kw": "limit_kw",
}
"""The same of the plan as a whole."""


@dataclass(frozen=True)
class JobForm:
    """A job as it is filled in; what is None is left to the service, which says if it needs it.

    ``earliest``, ``latest`` and ``planned`` are plant wall time: from when and until when it may run, and when it would
    start without a plan.
    """

    name: str
    power_kw: float | None
    hours: float | None
    may_pause: bool = False
    earliest: dt.datetime | None = None
    latest: dt.datetime | None = None
    planned: dt.datetime | None = None

    def later(self, days: int) -> JobForm:
        """The same job ``days`` later."""
        by = dt.timedelta(days=days)
        moments = {name: getattr(self, name) for name in ("earliest", "latest", "planned")}
        return replace(self, **{name: moment + by for name, moment in moments.items() if moment is not None})


@dataclass(frozen=True)
class PlanForm:
    """Everything that is filled in for a plan; ``share`` is 0 where no base load may move."""

    start: dt.date
    days: int
    jobs: tuple[JobForm, ...] = ()
    share: float = 0.0
    share_hours: tuple[int, int] = (0, 24)
    max_added_kw: float | None = None
    limit_kw: float | None = None
    front: bool = False

    @property
    def starts(self) -> dt.datetime:
        """First moment, plant wall time."""
        return dt.datetime.combine(self.start, dt.time())

    @property
    def ends(self) -> dt.datetime:
        """Last moment, exclusive."""
        return self.starts + dt.timedelta(days=self.days)


@dataclass(frozen=True)
class Place:
    """Where on the page something is wrong: an input, of a job or of the plan; no input where none fits."""

    input: str | None
    job: int | None = None


@dataclass(frozen=True)
class LoadRow:
    """One interval of a chart: mean power before and, where there is a plan, after it."""

    interval_start: dt.datetime
    band: str
    before_kw: float
    after_kw: float | None = None
    krw_per_kwh: float | None = None


def plan_request(form: PlanForm, *, plant: str | None) -> dict[str, Any]:
    """The body of POST /optimize; moments without an offset, which is plant time."""
    hours = {"from_hour": form.share_hours[0], "to_hour": form.share_hours[1]}
    movable = {"share": form.share, "max_added_kw": form.max_added_kw, **hours}
    body = {
        "plant": plant,
        "start": form.starts.isoformat(),
        "end": form.ends.isoformat(),
        "jobs": [_job(job, form) for job in form.jobs],
        "movable": _given(movable) if form.share else None,
        "limits": {"power_kw": form.limit_kw} if form.limit_kw is not None else None,
        "front": form.front,
    }
    return _given(body)


def _job(job: JobForm, form: PlanForm) -> dict[str, Any]:
    is_bounded = job.earliest is not None or job.latest is not None
    window = {
        "start": (job.earliest or form.starts).isoformat(),
        "end": (job.latest or form.ends).isoformat(),
    }
    return _given(
        {
            "name": job.name,
            "kind": "interruptible" if job.may_pause else "fixed",
            "power_kw": job.power_kw,
            "duration_minutes": round(job.hours * MINUTES_PER_HOUR) if job.hours is not None else None,
            "windows": [window] if is_bounded else None,
            "planned_start": job.planned.isoformat() if job.planned else None,
        }
    )


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def place_of(field: str, jobs: Sequence[str]) -> Place:
    """Which input the service's ``field`` is about; ``jobs`` are their names in the request's order.

    >>> place_of("jobs.1.fixed.power_kw", ["furnace", "shredder"])
    Place(input='power_kw', job=1)
    >>> place_of("limits.power_kw", [])
    Place(input='limit_kw', job=None)
    """
    if not field.startswith("jobs."):
        return Place(input=PLAN_FIELDS.get(field))
    rest = field.removeprefix("jobs.")
    parts = rest.split(".")
    named = next((at for at, name in enumerate(jobs) if rest == name or rest.startswith(f"{name}.")), None)
    at = int(parts[0]) if parts[0].isdecimal() and int(parts[0]) < len(jobs) else named
    found = next((JOB_FIELDS[part] for part in parts[1:] if part in JOB_FIELDS), None)
    return Place(input=found, job=at)


def first_day(forecast: Forecast) -> dt.date:
    """The first whole day ahead with dear and cheap hours; the first whole one where all hours cost the same.

    A day on which nothing can be saved is no day to show a planner.
    """
    bands: dict[dt.date, list[str]] = {}
    for step in forecast.intervals:
        bands.setdefault(wall(step.interval_start).date(), []).append(step.band)
    whole = [day for day, found in bands.items() if len(found) == INTERVALS_PER_HOUR * 24] or list(bands)
    return next((day for day in whole if len(set(bands[day])) >= MORE_THAN_ONE), whole[0])


def expected_rows(forecast: Forecast, *, starts: dt.datetime, ends: dt.datetime) -> list[LoadRow]:
    """The forecast from ``starts`` to ``ends`` (plant wall time), before any plan; empty where it does not reach."""
    return [
        LoadRow(step.interval_start, step.band, step.mean_kwh * INTERVALS_PER_HOUR)
        for step in forecast.intervals
        if starts <= wall(step.interval_start) < ends
    ]


def planned_rows(answer: OptimizeAnswer) -> list[LoadRow]:
    """The load before and after the plan, in kW."""
    return [
        LoadRow(
            row.interval_start,
            row.billing_band,
            row.baseline_kwh * INTERVALS_PER_HOUR,
            row.total_kwh * INTERVALS_PER_HOUR,
            row.energy_krw_per_kwh,
        )
        for row in answer.schedule
    ]


def moved_kwh(answer: OptimizeAnswer) -> float:
    """Energy that the plan takes out of intervals in which it would be used without it."""
    return sum(max(row.baseline_kwh - row.total_kwh, 0.0) for row in answer.schedule)


def plan_table(answer: OptimizeAnswer) -> dict[str, list[object]]:
    """The schedule as columns of one length, for a file."""
    rows = answer.schedule
    names = ("base_kwh", "moved_kwh", "jobs_kwh", "total_kwh", "baseline_kwh", "energy_krw_per_kwh")
    return {
        "interval_start": [row.interval_start.isoformat() for row in rows],
        "band": [row.billing_band for row in rows],
        **{name: [getattr(row, name) for row in rows] for name in names},
    }


def examples(day: dt.date, *, words: Words) -> tuple[JobForm, ...]:
    """Two jobs of a steel plant on ``day`` to start from, in the hours that they are mostly run at."""
    at = dt.datetime.combine(day, dt.time())
    hour = dt.timedelta(hours=1)
    annealing, shredder = words("example_annealing"), words("example_shredder")
    return (
        JobForm(annealing, 80.0, 2.0, planned=at + 10 * hour, earliest=at + 6 * hour, latest=at + 22 * hour),
        JobForm(shredder, 60.0, 4.0, may_pause=True, planned=at + 13 * hour),
    )
