"""What-if requests: the load that is changed, and the changes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from pydantic import ValidationError

from steel_energy.asking.hearing import Heard
from steel_energy.asking.looking import next_day, tariff_doubt
from steel_energy.asking.moments import DAY, MINUTES_PER_DAY, Clock, Said, Stretch
from steel_energy.asking.outcomes import Doubt, Focus, Note, Period, Request, WhatIfSlots
from steel_energy.asking.scene import MINUTES, Scene
from steel_energy.asking.timing import When, ahead, day_of, known, require_readable, spans_of
from steel_energy.schema import HOURS_PER_DAY
from steel_energy.whatif.changes import MAX_CHANGES, Hours

Changed = tuple[list[dict[str, Any]], tuple[Note, ...]]
PAIR, MAX_NAMED = 2, 8
TARGET = re.compile(r"(?<![\w.,])(?:0[.,]\d+|\d\d? ?(?:%|percent|per cent|por ciento))(?!\w)")
"""A power factor that is wanted, as a ratio or in percent."""
MEASURES = ("co2", "peak", "power_factor")
"""What of a scenario may be wanted beside its cost."""


def what_if(heard: Heard, scene: Scene) -> Request:
    """A scenario of what is forecast or of what was measured.

    Raises:
        Doubt: something is missing.
    """
    require_readable(heard)
    whole, stretches = _framed([_stretch(said, heard, scene) for said in heard.days[:MAX_NAMED]])
    is_measured = (
        bool(stretches) and all(one.start < scene.clock for one in stretches) and _looks_back(stretches, heard, scene)
    )
    there = _whole(whole, scene, is_measured=is_measured)
    changes, notes = _changes(heard, scene, stretches, is_measured=is_measured, is_part=whole != stretches)
    period = there.period(scene)
    load = _measured(period) if is_measured else _forecast(there, scene)
    try:
        slots = WhatIfSlots.model_validate({"load": load, "changes": changes})
    except ValidationError as error:
        raise Doubt(_field(error)) from error
    return Request(
        intent="what_if",
        slots=slots,
        language=heard.language,
        focus=Focus.model_validate(
            {"period": period, "measure": heard.measure if heard.measure in MEASURES else "cost"}
        ),
        notes=tuple(dict.fromkeys((*notes, *there.notes))),
    )


def _stretch(said: Said, heard: Heard, scene: Scene) -> Stretch:
    """The days of a scenario: those ahead where they can be forecast, else those that were."""
    if heard.tense == "past" and said.past is not None:
        return day_of(said, heard, scene, "past")
    can_wait = heard.tense == "future" or (said.future is not None and said.future.start < scene.last)
    return day_of(said, heard, scene, "future" if can_wait or said.past is None else "past")


def _framed(stretches: list[Stretch]) -> tuple[list[Stretch], list[Stretch]]:
    """What the load is of, and what the changes are of: of "June, had we closed on the 16th" the month and the day."""
    longest = max(stretches, key=lambda one: one.end - one.start, default=None)
    parts = [one for one in stretches if one != longest]
    if longest and parts and all(longest.start <= one.start and one.end <= longest.end for one in parts):
        return [longest], parts
    return stretches, stretches


def _looks_back(stretches: list[Stretch], heard: Heard, scene: Scene) -> bool:
    return all(one.end <= scene.clock for one in stretches) or heard.tense == "past"


def _whole(stretches: list[Stretch], scene: Scene, *, is_measured: bool) -> When:
    """All the days that a scenario needs as one stretch."""
    if not stretches:
        return next_day(scene)
    whole = Stretch(min(one.start for one in stretches), max(one.end for one in stretches))
    return known(When(whole, whole), scene) if is_measured else ahead(When(whole, whole), scene)


def _measured(period: Period) -> dict[str, Any]:
    return {"kind": "measured", "from": period.start, "to": period.end}


def _forecast(there: When, scene: Scene) -> dict[str, Any]:
    return {"kind": "forecast", "horizon": scene.intervals_until(there.stretch.end)}


def _changes(heard: Heard, scene: Scene, stretches: list[Stretch], *, is_measured: bool, is_part: bool) -> Changed:
    kind = _kind(heard)
    dates = _all_days(stretches) if is_part else [] if is_measured else _dates(stretches, scene)
    makers: dict[str, Callable[[], Changed]] = {
        "tariff": lambda: _tariff(heard, scene),
        "power_factor": lambda: _power_factor(heard, scene),
        "close_day": lambda: _close(heard, stretches, scene, is_measured=is_measured),
        "load_type": lambda: _load_type(heard, scene, dates),
        "move_load": lambda: _move(heard, scene, stretches, dates),
        "scale_production": lambda: _scale(heard, dates),
    }
    return makers[kind]()


def _kind(heard: Heard) -> str:
    """Which change is meant: what is said most fully, else what is named at all."""
    said, share = set(heard.changes), heard.quantity("share")
    is_scaled = heard.factor is not None or (share is not None and heard.trend is not None)
    is_moved = bool(heard.clocks) or len(heard.days) == PAIR or share is not None
    rules = (
        ("tariff", bool(heard.tariffs)),
        ("power_factor", heard.quantity("kvar") is not None),
        ("move_load", "move_load" in said and is_moved),
        ("move_load", len(heard.clocks) == PAIR and share is not None and "load_type" not in said),
        ("close_day", "close_day" in said),
        ("power_factor", "power_factor" in said),
        ("load_type", "load_type" in said and heard.band is not None),
        ("scale_production", "scale_production" in said and is_scaled),
        *((kind, kind in said) for kind in ("move_load", "load_type", "tariff")),
        ("scale_production", heard.trend is not None and ("scale_production" in said or bool(heard.jobs))),
    )
    kind = next((kind for kind, holds in rules if holds), None)
    if kind is None:
        raise Doubt("change")
    return kind


def _dates(stretches: list[Stretch], scene: Scene) -> list[dt.date]:
    """The days that a change is of, where the forecast holds others before them."""
    if not stretches or (len(stretches) == 1 and stretches[0].start <= scene.clock):
        return []
    return [day for day in _all_days(stretches) if _midnight(day) < scene.last]


def _all_days(stretches: list[Stretch]) -> list[dt.date]:
    """Each day of the stretches once: one may be named twice, as in "tomorrow, Friday"."""
    return list(dict.fromkeys(day for one in stretches for day in _days_of(one)))


def _days_of(stretch: Stretch) -> list[dt.date]:
    count = -(-(stretch.end - stretch.start) // DAY)
    return [(stretch.start + place * DAY).date() for place in range(count)]


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())


def _tariff(heard: Heard, scene: Scene) -> Changed:
    named = [one for one in heard.tariffs if one != scene.tariff.id]
    if not named:
        raise tariff_doubt(heard, scene)
    return [{"kind": "tariff", "tariff": named[0]}], ()


def _power_factor(heard: Heard, scene: Scene) -> Changed:
    size = heard.quantity("kvar")
    if size is None:
        target = TARGET.search(heard.text)
        raise Doubt("capacitor_kvar", text="power_factor_target" if target else "", said=target[0] if target else "")
    change: dict[str, Any] = {"kind": "power_factor", "capacitor_kvar": size}
    if heard.is_automatic:
        change["control"] = "automatic"
    if (cost := heard.quantity("krw")) is not None:
        change["investment_krw"] = cost
    if heard.clocks:
        runs = _hours(heard.clocks[0], scene)
        if len(runs) == 1:  # a bank is on once a day
            change["hours"] = runs[0]
    return [change], ()


def _close(heard: Heard, stretches: list[Stretch], scene: Scene, *, is_measured: bool) -> Changed:
    """The days that are closed; of those ahead, the ones that a forecast reaches."""
    closed = [
        day
        for day in _all_days(stretches)
        if is_measured or (scene.clock.date() <= day and _midnight(day) < scene.last)
    ]
    if heard.words.says(heard.text, "some_days") or not 1 <= len(closed) <= MAX_CHANGES:
        raise Doubt("day")
    if any(clock.spans not in ((), ((0, MINUTES_PER_DAY),)) for clock in heard.clocks):
        raise Doubt("day", text="whole_days")
    return [{"kind": "close_day", "day": day} for day in closed], ()


def _load_type(heard: Heard, scene: Scene, dates: list[dt.date]) -> Changed:
    if heard.band is None:
        raise Doubt("load_type")
    change: dict[str, Any] = {"kind": "load_type", "load_type": heard.band}
    if dates:
        change["days"] = dates
    runs = _hours(heard.clocks[0], scene) if heard.clocks else [{}]
    return [{**change, **({"hours": hours} if hours else {})} for hours in runs], ()


def _scale(heard: Heard, dates: list[dt.date]) -> Changed:
    factor, share = heard.factor, heard.quantity("share")
    if factor is None and share is not None:
        factor = round(1 - share if heard.trend == "less" else 1 + share, 9)
    if factor is None:
        raise Doubt("factor")
    return [{"kind": "scale_production", "factor": factor, **({"days": dates} if dates else {})}], ()


def _move(heard: Heard, scene: Scene, stretches: list[Stretch], dates: list[dt.date]) -> Changed:
    share = heard.quantity("share")
    if share is None and (heard.quantity("kw") is not None or heard.words.says(heard.marked, "some_load")):
        raise Doubt("share")
    notes: tuple[Note, ...] = ("assumed_whole_load",) if share is None else ()
    change: dict[str, Any] = {"kind": "move_load", "share": 1 if share is None else share}
    if len(stretches) == PAIR:
        days = {"from_day": stretches[0].start.date(), "to_day": stretches[1].start.date()}
        return [{**change, **days, **hours} for hours in _moved_between_days(heard, scene)], notes
    sources, target = _ends(heard, scene, stretches[0] if stretches else None)
    moves = [{**change, "from_hours": source, "to_hours": target} for source in sources]
    return [{**move, "from_day": day} for day in dates for move in moves] if dates else moves, notes


def _moved_between_days(heard: Heard, scene: Scene) -> list[dict[str, Any]]:
    if not heard.clocks:
        return [{}]
    if len(heard.clocks) == 1:
        return [{"from_hours": hours, "to_hours": hours} for hours in _hours(heard.clocks[0], scene)]
    sources, target = _ends(heard, scene)
    return [{"from_hours": source, "to_hours": target} for source in sources]


def _ends(heard: Heard, scene: Scene, day: Stretch | None = None) -> tuple[list[dict[str, int]], dict[str, int]]:
    """Hours that the load leaves, and those it goes to: of "from 10 to 2", an hour each."""
    clocks = list(heard.clocks)
    if len(clocks) == 1 and heard.words.says(heard.text, "elsewhere"):
        raise Doubt("to_hours")
    if len(clocks) == 1 and clocks[0].is_range and not clocks[0].is_target:
        start, end = clocks[0].spans[0]
        return [_hour(start, start + MINUTES)], _hour(end, end + MINUTES)
    targets = [one for one in clocks if one.is_target] or clocks[1:PAIR]
    sources = [one for one in clocks if one not in targets[:1]]
    if not targets:
        raise Doubt("to_hours" if clocks else "from_hours")
    if not sources:
        raise Doubt("from_hours")
    there = _hours(_told_closer(targets[0], sources[1:]), scene, day)
    if len(there) != 1:
        raise Doubt("to_hours")
    leaving = _hours(sources[0], scene, day)
    elsewhere = [hours for hours in leaving if not _is_within(hours, there[0])]  # the rest is there already
    return (elsewhere if sources[0].band else leaving) or leaving, there[0]


def _told_closer(target: Clock, others: list[Clock]) -> Clock:
    """Of "to the small hours, from 1 to 3", these hours."""
    within = (one for one in others for start, end in one.spans if any(a <= start < end <= b for a, b in target.spans))
    return next(within, target)


def _is_within(inner: dict[str, int], outer: dict[str, int]) -> bool:
    counted = np.arange(HOURS_PER_DAY)
    held = Hours(**inner).counts(counted)
    return bool((Hours(**outer).counts(counted) >= held).all())


def _hours(clock: Clock, scene: Scene, day: Stretch | None = None) -> list[dict[str, int]]:
    """Full hours that a clock names; those of a band by the season of ``day``, today's if None."""
    season = day or Stretch(scene.clock, scene.clock)
    return [_hour(start, end) for start, end in spans_of(clock, season, scene)]


def _hour(start: int, end: int) -> dict[str, int]:
    """Full hours around some minutes of a day."""
    first, last = start // MINUTES % HOURS_PER_DAY, -(-end // MINUTES)
    last = last if last <= HOURS_PER_DAY else last - MINUTES_PER_DAY // MINUTES
    return {"from_hour": first, "to_hour": last}


def _field(error: ValidationError) -> str:
    """The slot to ask for where a change does not validate."""
    fields = [
        str(part) for fault in error.errors() for part in (*fault["loc"], *fault.get("ctx", {}).get("location", ()))
    ]
    known_ones = ("share", "factor", "capacitor_kvar", "day", "from_hours", "to_hours", "tariff")
    return next((field for field in fields if field in known_ones), "to_hours" if "move_load" in fields else "change")
