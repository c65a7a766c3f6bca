"""Requests for a plan: jobs with their power and duration, load that may move, limits."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import Any

from pydantic import ValidationError

from steel_energy.asking.hearing import Heard
from steel_energy.asking.jobs import JobSaid
from steel_energy.asking.lexicon import MARK
from steel_energy.asking.looking import next_day
from steel_energy.asking.moments import DAY, Direction, Stretch, days
from steel_energy.asking.outcomes import Doubt, Focus, Note, PlanSlots, Request
from steel_energy.asking.scene import MINUTES, Scene
from steel_energy.asking.timing import When, ahead, known, when
from steel_energy.planning.request import MAX_DAYS
from steel_energy.schema import HOURS_PER_DAY, INTERVAL_MINUTES


def optimize(heard: Heard, scene: Scene) -> Request:
    """A plan of what is ahead, or of what was where the words look back.

    Raises:
        Doubt: a job lacks its power or duration, or the period cannot be told.
    """
    direction: Direction = heard.tense if heard.tense == "past" else "future"
    named = when(heard, scene, direction)
    if named is not None and direction == "future":
        named = _by_then(named, heard, scene)
    there = _planned(named or next_day(scene), scene)
    windows = _windows(named, there.stretch, heard) if named else []
    each = _windows_of_jobs(named, there.stretch, heard) if named else []
    jobs, notes = _jobs(heard, scene, each or [windows] * len(heard.jobs))
    body: dict[str, Any] = {"start": scene.aware(there.stretch.start), "end": scene.aware(there.stretch.end)}
    share = heard.quantity("share")
    if jobs:
        body["jobs"] = jobs
    if share is not None or not jobs:
        body["movable"] = _movable(share, windows, scene)
        notes = notes if share is not None else (*notes, "assumed_movable")
    if limit := _limit_kw(heard):
        body["limits"] = {"power_kw": limit}
    try:
        slots = PlanSlots.model_validate(body)
    except ValidationError as error:
        raise Doubt("jobs") from error
    return Request(
        intent="optimize",
        slots=slots,
        language=heard.language,
        focus=Focus(period=there.period(scene), measure="cost"),
        notes=tuple(dict.fromkeys((*notes, *there.notes))),
    )


def _by_then(named: When, heard: Heard, scene: Scene) -> When:
    """From now on, where an hour alone is told by which all must be done."""
    if heard.days or not (len(heard.clocks) == 1 and heard.clocks[0].is_until):
        return named
    end = named.stretch.end
    end -= (end - scene.clock - dt.timedelta(minutes=1)) // DAY * DAY  # the next such hour
    until = Stretch(scene.clock, end)
    return When(until, until)


def _planned(there: When, scene: Scene) -> When:
    """The whole days of what was named, as far as they can be planned."""
    day = Stretch(there.day.start, max(there.day.end, there.stretch.end))  # a night ends on the day after
    whole = When(day, day, notes=there.notes)
    there = known(whole, scene) if there.stretch.end <= scene.clock else ahead(whole, scene)
    if there.stretch.end - there.stretch.start > MAX_DAYS * DAY:
        raise Doubt("period", text="period_days", days=MAX_DAYS)
    return When(there.stretch, there.day, notes=there.notes)


def _is_shunned(heard: Heard) -> bool:
    """Whether the hours are named as those in which nothing may run."""
    return heard.words.compiled(heard.words["shunned"], {"h": rf"{MARK}h\d+"}).search(heard.marked) is not None


def _windows(named: When, plan: Stretch, heard: Heard) -> list[Stretch]:
    """When jobs may run: the hours that were named, of each of the days, or all but these; none where all may.

    What is to be done by an hour of several days is done before the first.
    """
    if named.stretch == named.day and not named.hours:
        return []
    if named.hours:
        count = -(-(plan.end - _midnight(plan.start)) // DAY)
        each = [days(plan.start.date() + place * DAY) for place in range(-1, count)]
        told = [day.at(span) for day in each for span in named.hours]
    else:
        told = [named.stretch]
    told = sorted(told)
    if _is_shunned(heard):
        ends, starts = [plan.start, *(one.end for one in told)], [*(one.start for one in told), plan.end]
        told = [Stretch(start, end) for start, end in zip(ends, starts, strict=True)]
    cut = [Stretch(max(one.start, plan.start), min(one.end, plan.end)) for one in told]
    left = [one for one in cut if one.start < one.end]
    is_deadline = bool(named.hours) and any(clock.is_until for clock in heard.clocks)
    return [Stretch(plan.start, left[0].end)] if is_deadline and left else left


def _windows_of_jobs(named: When, plan: Stretch, heard: Heard) -> list[list[Stretch]]:
    """The windows of each job where each was told with hours of its own; none where they share what was said."""
    count, marks = len(heard.jobs), "".join(re.findall(rf"{MARK}([qh])\d+", heard.marked))
    is_each = count > 1 and count == len(named.hours) and re.fullmatch(rf"(?:q+h){{{count}}}|(?:hq+){{{count}}}", marks)
    if not is_each:
        return []
    return [_windows(dataclasses.replace(named, hours=(span,)), plan, heard) for span in named.hours]


def _jobs(heard: Heard, scene: Scene, each: list[list[Stretch]]) -> tuple[list[dict[str, Any]], tuple[Note, ...]]:
    if heard.without and not heard.jobs:
        raise Doubt("jobs")
    jobs, names, is_rounded = [], set[str](), False
    for place, (said, windows) in enumerate(zip(heard.jobs, each, strict=True), start=1):
        name = said.name or heard.words["default_job"]
        name = f"{name} {place}" if name in names else name
        names.add(name)
        job, rounded = _job(said, name)
        if windows:
            job["windows"] = [{"start": scene.aware(one.start), "end": scene.aware(one.end)} for one in windows]
        jobs.append(job)
        is_rounded = is_rounded or rounded
    return jobs, ("rounded_to_quarter",) if is_rounded else ()


def _job(said: JobSaid, name: str) -> tuple[dict[str, Any], bool]:
    """A job as the plan takes it, and whether its duration was rounded up."""
    if said.energy_kwh is not None and said.duration_minutes is None:
        if said.power_kw is None:
            raise Doubt("max_kw", name=name)
        return {"name": name, "kind": "flexible", "energy_kwh": said.energy_kwh, "max_kw": said.power_kw}, False
    power = said.power_kw
    if power is None and said.energy_kwh and said.duration_minutes:
        power = said.energy_kwh / (said.duration_minutes / MINUTES)
    if power is None:
        raise Doubt("power_kw", name=name)
    if said.duration_minutes is None:
        raise Doubt("duration_minutes", name=name)
    minutes = -(-said.duration_minutes // INTERVAL_MINUTES) * INTERVAL_MINUTES
    job = {"name": name, "kind": "fixed", "power_kw": power, "duration_minutes": int(minutes)}
    return job, minutes != said.duration_minutes


def _movable(share: float | None, windows: list[Stretch], scene: Scene) -> dict[str, Any]:
    movable = scene.movable.model_dump()
    if share is not None:
        movable["share"] = share
    window = windows[0] if len(windows) == 1 else None
    if window is not None and window.end <= _midnight_after(window.start):
        movable["from_hour"] = (window.start - _midnight(window.start)) / dt.timedelta(hours=1)
        movable["to_hour"] = (window.end - _midnight(window.start)) / dt.timedelta(hours=1)
    return movable


def _limit_kw(heard: Heard) -> float | None:
    """The power that the whole plant must keep to; with an energy, a limit is that job's."""
    return None if heard.quantity("kwh") is not None else heard.quantity("kw", is_limit=True)


def _midnight(moment: dt.datetime) -> dt.datetime:
    return dt.datetime.combine(moment.date(), dt.time())


def _midnight_after(moment: dt.datetime) -> dt.datetime:
    return _midnight(moment) + dt.timedelta(hours=HOURS_PER_DAY)
