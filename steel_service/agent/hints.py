"""The planner's understanding of a question as the call of a tool, for the model to make or to leave.

The inverse of ``tool_functions.request_of``: the call that is suggested comes to the request that was understood. What
no single call can say is not suggested.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from steel_energy.asking.moments import Stretch
from steel_energy.asking.outcomes import (
    ExplainSlots,
    Intent,
    KnowledgeSlots,
    NowcastSlots,
    Period,
    PlanSlots,
    Request,
    WhatIfSlots,
)
from steel_energy.asking.scene import MINUTES, Scene
from steel_energy.planning.jobs import AnyJob
from steel_energy.plant import WEEKDAYS
from steel_energy.schema import HOURS_PER_DAY, INTERVAL
from steel_energy.tariff import Band
from steel_energy.whatif.changes import (
    ChangeLoadType,
    CloseDay,
    CorrectPowerFactor,
    Hours,
    MoveLoad,
    OtherTariff,
    ScaleProduction,
)
from steel_service.agent.tool_functions import PERCENT, SECONDS

Given = dict[str, Any]
DAY = dt.timedelta(days=1)
ALL_DAY = Hours()
BAND_WORDS: dict[Band, str] = {"light": "off-peak hours", "medium": "mid-peak hours", "maximum": "peak hours"}
"""A band's hours as the grammar reads them."""


def suggested_call(request: Request, scene: Scene) -> str | None:
    """A call as the model is shown it; None where none says it all.

    Returns:
        Such as ``forecast(when="2018-12-13 10:00", measure="cost")``.
    """
    call = call_of(request, scene)
    if call is None:
        return None
    tool, given = call
    return f"{tool}({', '.join(f'{name}={json.dumps(value, ensure_ascii=False)}' for name, value in given.items())})"


def call_of(request: Request, scene: Scene) -> tuple[str, Given] | None:
    """The tool and the arguments that come to a request; None where there are none."""
    given = _GIVEN[request.intent](request, scene)
    if given is None:
        return None
    tool = {"drift": "status", "health": "status", "model": "status", "knowledge": "look_up"}.get(request.intent)
    return tool or request.intent, given


def time_words(period: Period, scene: Scene, hours: tuple[tuple[int, int], ...] = ()) -> str:
    """A period as days, as a moment or from one moment to another, plant time; then the hours of each day."""
    start, end = (moment.astimezone(scene.now.tzinfo).replace(tzinfo=None) for moment in (period.start, period.end))
    if start.time() == end.time() == dt.time():
        last = end - DAY
        text = f"{start:%Y-%m-%d}" if last == start else f"{start:%Y-%m-%d} to {last:%Y-%m-%d}"
    elif end - start == INTERVAL:
        text = f"{start:%Y-%m-%d %H:%M}"
    else:
        text = f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}"
    return f"{text} {_hour_words(hours, period, scene)}".strip()


def _hour_words(hours: tuple[tuple[int, int], ...], period: Period, scene: Scene) -> str:
    """Hours of a day; several runs of them by the name of their band, as the grammar reads one run of figures only."""
    if len(hours) <= 1:
        return "".join(f"{_clock(first)}-{_clock(last)}" for first, last in hours)
    start = period.start.astimezone(scene.now.tzinfo).replace(tzinfo=None)
    bands = (band for band in BAND_WORDS if scene.band_spans(band, Stretch(start, start)) == hours)
    return BAND_WORDS[next(bands)]


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes, MINUTES)
    return f"{hour if hour <= HOURS_PER_DAY else hour - HOURS_PER_DAY:02}:{minute:02}"


def _looked(request: Request, scene: Scene) -> Given | None:
    """Arguments of forecast and history."""
    focus = request.focus
    given: Given = {"measure": focus.measure}
    if focus.period is not None and "assumed_next_day" not in request.notes:
        given = {"when": time_words(focus.period, scene, focus.hours), **given}
    if focus.compared is not None:
        given["compare_with"] = time_words(focus.compared, scene)
    if focus.statistic is not None:
        given["statistic"] = focus.statistic
    return given


def _forecast(request: Request, scene: Scene) -> Given | None:
    is_past = request.body().get("at") is not None
    return None if is_past or request.focus.band else _looked(request, scene)


def _history(request: Request, scene: Scene) -> Given | None:
    given = _looked(request, scene) or {}
    given["by"] = request.body().get("aggregation", "15min")
    if request.focus.band is not None:
        given["load_type"] = request.focus.band
    return given


def _bill(request: Request, scene: Scene) -> Given | None:
    focus, tariffs = request.focus, request.body().get("tariffs", [])
    others = [one for one in tariffs if one != scene.tariff.id]
    if focus.period is None or len(others) > 1 or focus.hours or focus.measure != "cost":
        return None
    given: Given = {"when": time_words(focus.period, scene)}
    if focus.compared is not None:
        given["compare_with"] = time_words(focus.compared, scene)
    return given | ({"other_tariff": others[0]} if others else {})


def _explain(request: Request, scene: Scene) -> Given | None:
    slots, focus = request.slots, request.focus
    assert isinstance(slots, ExplainSlots)  # noqa: S101 - of this intent
    what = "forecast" if slots.kind == "forecast" else "peak" if focus.measure == "peak" else "usage"
    given: Given = {"what": what}
    if focus.period is not None and "assumed_next_day" not in request.notes:
        given = {"when": time_words(focus.period, scene, focus.hours), **given}
    return given


def _optimize(request: Request, scene: Scene) -> Given | None:
    slots = request.slots
    assert isinstance(slots, PlanSlots)  # noqa: S101 - of this intent
    if len(slots.jobs) > 1 or request.focus.period is None:
        return None
    given: Given = {}
    if "assumed_next_day" not in request.notes:
        given["when"] = _plan_words(request.focus.period, slots, scene)
    for job in slots.jobs:
        given |= _job(job)
    if slots.movable is not None and "assumed_movable" not in request.notes:
        given["movable_percent"] = _percent(slots.movable.share)
    if slots.limits.power_kw is not None:
        given["limit_kw"] = slots.limits.power_kw
    return given


def _job(job: AnyJob) -> Given:
    """A job with its power and either its duration or its energy."""
    said = {"power_kw": getattr(job, "power_kw", None) or getattr(job, "max_kw", None)}
    said["energy_kwh"] = getattr(job, "energy_kwh", None)
    minutes = getattr(job, "duration_minutes", None)
    said["duration_hours"] = minutes / MINUTES if minutes else None
    return {"job_name": job.name, **{name: value for name, value in said.items() if value}}


def _plan_words(period: Period, slots: PlanSlots, scene: Scene) -> str:
    """The days of a plan, with the hours in which its job may run."""
    windows = [window for job in slots.jobs for window in job.windows]
    if not windows:
        return time_words(period, scene)
    start, end = (f"{moment.astimezone(scene.now.tzinfo):%H:%M}" for moment in (windows[0].start, windows[0].end))
    return f"{time_words(period, scene)} {start}-{end}"


def _nowcast(request: Request, scene: Scene) -> Given | None:
    del scene
    slots = request.slots
    assert isinstance(slots, NowcastSlots)  # noqa: S101 - of this intent
    return {
        "lagging_reactive_kvarh": slots.lagging_reactive_power,
        "leading_reactive_kvarh": slots.leading_reactive_power,
        "co2_t": slots.co2,
        "lagging_power_factor_percent": _percent(slots.lagging_power_factor),
        "leading_power_factor_percent": _percent(slots.leading_power_factor),
        "time_of_day": _clock(slots.nsm // SECONDS),
        "weekday": WEEKDAYS[slots.day_of_week],
        "load_type": slots.load_type.lower(),
    }


def _status(request: Request, scene: Scene) -> Given | None:
    del scene
    return {"of": request.intent}


def _look_up(request: Request, scene: Scene) -> Given | None:
    del scene
    assert isinstance(request.slots, KnowledgeSlots)  # noqa: S101 - of this intent
    return {"query": request.slots.query}


def _what_if(request: Request, scene: Scene) -> Given | None:
    slots = request.slots
    assert isinstance(slots, WhatIfSlots)  # noqa: S101 - of this intent
    hours = _runs(slots, scene)
    if hours is None or request.focus.period is None:
        return None
    days: Given = {}
    if "assumed_next_day" not in request.notes:
        days = {"when": time_words(request.focus.period, scene)}
    given = _CHANGES[type(slots.changes[0])](slots.changes[0])
    measure = {} if request.focus.measure == "cost" else {"measure": request.focus.measure}
    return {**given, **days, **measure} | _own_days(slots) | hours


def _runs(slots: WhatIfSlots, scene: Scene) -> Given | None:
    """Hours of a change that is made in each run of them, by the name of their band; none of one change alone.

    Returns:
        None where the changes differ in more than that, so that no single call says them.
    """
    first = slots.changes[0]
    if len(slots.changes) == 1 or all(isinstance(one, CloseDay) for one in slots.changes):
        return {}
    field = "from_hours" if isinstance(first, MoveLoad) else "hours"
    rests = {one.model_dump_json(exclude={field}) for one in slots.changes}
    runs = [getattr(one, field, None) for one in slots.changes]
    now = Stretch(scene.clock, scene.clock)
    bands = (band for band in BAND_WORDS if [_of_clock(span) for span in scene.band_spans(band, now)] == runs)
    band = next(bands, None)
    return {field: BAND_WORDS[band]} if len(rests) == 1 and band else None


def _of_clock(span: tuple[int, int]) -> Hours:
    """Minutes of a day as hours of a change."""
    first, last = (minutes // MINUTES for minutes in span)
    return Hours(from_hour=first, to_hour=last if last <= HOURS_PER_DAY else last - HOURS_PER_DAY)


def _own_days(slots: WhatIfSlots) -> Given:
    """The days that the change names itself, where they are not the load's."""
    change = slots.changes[0]
    if isinstance(change, CloseDay):
        first, last = change.day, slots.changes[-1]
        assert isinstance(last, CloseDay)  # noqa: S101 - all are
        return {"when": str(first) if first == last.day else f"{first} to {last.day}"}
    if isinstance(change, MoveLoad) and change.from_day is not None:
        return {"when": str(change.from_day)} | ({"to_day": str(change.to_day)} if change.to_day else {})
    days = getattr(change, "days", None)
    if days:
        return {"when": str(days[0]) if len(days) == 1 else f"{days[0]} to {days[-1]}"}
    return {}


def _move(change: MoveLoad) -> Given:
    given: Given = {"change": "move_load"}
    if change.share < 1:
        given["share_percent"] = _percent(change.share)
    for name in ("from_hours", "to_hours"):
        hours = getattr(change, name)
        if hours != ALL_DAY:
            given[name] = _hours(hours)
    return given


def _load_type(change: ChangeLoadType) -> Given:
    hours = {} if change.hours == ALL_DAY else {"hours": _hours(change.hours)}
    return {"change": "load_type", "load_type": change.load_type, **hours}


def _scale(change: ScaleProduction) -> Given:
    return {"change": "scale_production", "production_change_percent": _percent(change.factor - 1)}


def _bank(change: CorrectPowerFactor) -> Given:
    given: Given = {"change": "capacitor_bank", "capacitor_kvar": change.capacitor_kvar}
    if change.control == "automatic":
        given["is_automatic"] = True
    if change.investment_krw is not None:
        given["investment_krw"] = change.investment_krw
    return given if change.hours == ALL_DAY else {**given, "hours": _hours(change.hours)}


def _hours(hours: Hours) -> str:
    return f"{hours.from_hour}-{hours.to_hour}"


def _percent(share: float) -> float:
    """A share in percent, a whole number where it is one."""
    percent = round(share * PERCENT, 6)
    return int(percent) if percent == int(percent) else percent


_CHANGES: dict[type[Any], Callable[[Any], Given]] = {
    MoveLoad: _move,
    CloseDay: lambda _change: {"change": "close_day"},
    ChangeLoadType: _load_type,
    ScaleProduction: _scale,
    CorrectPowerFactor: _bank,
    OtherTariff: lambda change: {"change": "tariff", "other_tariff": change.tariff},
}
_GIVEN: dict[Intent, Callable[[Request, Scene], Given | None]] = {
    "nowcast": _nowcast,
    "forecast": _forecast,
    "what_if": _what_if,
    "explain": _explain,
    "optimize": _optimize,
    "history": _history,
    "bill": _bill,
    "drift": _status,
    "health": _status,
    "model": _status,
    "knowledge": _look_up,
}
