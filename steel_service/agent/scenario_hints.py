"""A what-if as the arguments of its tool."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from steel_energy.asking.moments import Stretch
from steel_energy.asking.outcomes import Request, WhatIfSlots
from steel_energy.asking.scene import MINUTES, Scene
from steel_energy.schema import HOURS_PER_DAY
from steel_energy.whatif.changes import (
    ChangeLoadType,
    CloseDay,
    CorrectPowerFactor,
    Hours,
    MoveLoad,
    OtherTariff,
    ScaleProduction,
)
from steel_service.agent.scenarios import PERCENT
from steel_service.agent.time_words import BAND_WORDS, time_words

Given = dict[str, Any]
ALL_DAY = Hours()


def what_if_arguments(request: Request, scene: Scene) -> Given | None:
    """What the tool takes; None where no single call says it all."""
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
        given["share_percent"] = percent_of(change.share)
    for name in ("from_hours", "to_hours"):
        hours = getattr(change, name)
        if hours != ALL_DAY:
            given[name] = _hours(hours)
    return given


def _load_type(change: ChangeLoadType) -> Given:
    hours = {} if change.hours == ALL_DAY else {"hours": _hours(change.hours)}
    return {"change": "load_type", "load_type": change.load_type, **hours}


def _scale(change: ScaleProduction) -> Given:
    return {"change": "scale_production", "production_change_percent": percent_of(change.factor - 1)}


def _bank(change: CorrectPowerFactor) -> Given:
    given: Given = {"change": "capacitor_bank", "capacitor_kvar": change.capacitor_kvar}
    if change.control == "automatic":
        given["is_automatic"] = True
    if change.investment_krw is not None:
        given["investment_krw"] = change.investment_krw
    return given if change.hours == ALL_DAY else {**given, "hours": _hours(change.hours)}


def _hours(hours: Hours) -> str:
    return f"{hours.from_hour}-{hours.to_hour}"


def percent_of(share: float) -> float:
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
