"""What each change does to a load: one function a kind, each giving the new load and its words.

Reactive energy comes along with load by ``Knowledge.kvarh_per_kwh``. Money does not live here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import singledispatch

import numpy as np

from steel_energy.arrays import BoolArray, FloatArray
from steel_energy.errors import InputError, NotEnoughDataError
from steel_energy.schema import INTERVALS_PER_HOUR
from steel_energy.whatif import wording
from steel_energy.whatif.changes import (
    Change,
    ChangeLoadType,
    CloseDay,
    CorrectPowerFactor,
    Hours,
    MoveLoad,
    OtherTariff,
    ScaleProduction,
)
from steel_energy.whatif.loads import Load
from steel_energy.whatif.typical import TypicalHistory

NAME_ANOTHER = "name days and hours of the period"


@dataclass(frozen=True)
class Knowledge:
    """What changes are made by: the plant's typical loads, and the reactive energy that each kWh brings along."""

    typical: TypicalHistory
    kvarh_per_kwh: float


@dataclass(frozen=True)
class Applied:
    """A load after a change, and what the change did in words."""

    load: Load
    words: str


def apply_all(changes: Sequence[Change], load: Load, knowledge: Knowledge) -> list[Applied]:
    """Make the changes one after the other; one result for each.

    Raises:
        InputError: a change does not fit the period; names its field, as ``changes.0.close_day.day``.
        NotEnoughDataError: too little is known for one of them.
    """
    made: list[Applied] = []
    for number, change in enumerate(changes):
        try:
            made.append(apply(change, made[-1].load if made else load, knowledge))
        except InputError as error:
            where = f"changes.{number}.{change.kind}"
            field = where if isinstance(error, NotEnoughDataError) else f"{where}.{error.field}"
            raise type(error)(error.message, field=field, remedy=error.remedy) from error
    return made


@singledispatch
def apply(change: Change, load: Load, knowledge: Knowledge) -> Applied:
    """The load after one change.

    Raises:
        InputError: the change does not fit the period; the field is the change's own.
        NotEnoughDataError: too little is known for it.
    """
    raise TypeError(f"{change!r} is no change of {load!r} by {knowledge!r}")


@apply.register
def _move(change: MoveLoad, load: Load, knowledge: Knowledge) -> Applied:
    usage, left_days = _moved_within_days(change, load) if change.from_day is None else (_moved_away(change, load), 0)
    after = load.drawing(usage, kvarh_per_kwh=knowledge.kvarh_per_kwh)
    moved_kwh = float(np.maximum(load.usage_kwh - usage, 0.0).sum())
    words = wording.moved(change, moved_kwh, left_days=left_days)
    return Applied(after, wording.with_reactive(words, knowledge.kvarh_per_kwh))


@apply.register
def _close(change: CloseDay, load: Load, knowledge: Knowledge) -> Applied:
    _require_day(load, change.day, field="day")
    is_day = load.grid.on_days([change.day])
    typical = knowledge.typical.closed_day(load.grid)
    usage = np.where(is_day, np.minimum(load.usage_kwh, typical.usage_kwh), load.usage_kwh)
    before_kwh, after_kwh = float(load.usage_kwh[is_day].sum()), float(usage[is_day].sum())
    words = wording.closed(change.day, before_kwh, after_kwh, typical)
    after = load.drawing(usage, kvarh_per_kwh=knowledge.kvarh_per_kwh)
    return Applied(after, wording.with_reactive(words, knowledge.kvarh_per_kwh))


@apply.register
def _run_as(change: ChangeLoadType, load: Load, knowledge: Knowledge) -> Applied:
    _require_days(load, change.days)
    is_changed = change.hours.counts(load.grid.hour) & load.grid.on_days(change.days)
    if not is_changed.any():
        raise InputError("the period has no such hours", field="hours", remedy=NAME_ANOTHER)
    typical = knowledge.typical.under(change.load_type, load.grid)
    usage = np.where(is_changed, typical.usage_kwh, load.usage_kwh)
    words = wording.under_load_type(
        change.load_type,
        change.hours,
        wording.days_of(change.days),
        typical,
        beyond=int((is_changed & typical.is_beyond).sum()),
        changed_kwh=float((usage - load.usage_kwh).sum()),
    )
    after = load.drawing(usage, kvarh_per_kwh=knowledge.kvarh_per_kwh)
    return Applied(after, wording.with_reactive(words, knowledge.kvarh_per_kwh))


@apply.register
def _scale(change: ScaleProduction, load: Load, knowledge: Knowledge) -> Applied:
    _require_days(load, change.days)
    typical = knowledge.typical.closed_day(load.grid)
    production = np.where(load.grid.on_days(change.days), np.maximum(load.usage_kwh - typical.usage_kwh, 0.0), 0.0)
    usage = load.usage_kwh + (change.factor - 1) * production
    words = wording.scaled(change.factor, wording.days_of(change.days), float(production.sum()), typical)
    after = load.drawing(usage, kvarh_per_kwh=knowledge.kvarh_per_kwh)
    return Applied(after, wording.with_reactive(words, knowledge.kvarh_per_kwh))


@apply.register
def _correct(change: CorrectPowerFactor, load: Load, knowledge: Knowledge) -> Applied:  # noqa: ARG001 - as all of them
    bank_kvarh = np.where(change.hours.counts(load.grid.hour), change.capacitor_kvar / INTERVALS_PER_HOUR, 0.0)
    lagging = load.lagging()
    if change.control == "automatic":
        bank_kvarh = np.minimum(bank_kvarh, lagging)
    after = replace(load, added_kvarh=load.added_kvarh - bank_kvarh)
    compensated_kvarh = float((lagging - after.lagging()).sum())
    overdone_kvarh = float((after.leading() - load.leading()).sum())
    return Applied(after, wording.corrected(change, compensated_kvarh, overdone_kvarh))


@apply.register
def _bill_otherwise(change: OtherTariff, load: Load, knowledge: Knowledge) -> Applied:  # noqa: ARG001 - as all of them
    return Applied(load, wording.other_tariff(change.tariff))


def _moved_within_days(change: MoveLoad, load: Load) -> tuple[FloatArray, int]:
    """Usage after each day moved a share within itself, and how many days could not for want of hours."""
    leaves, goes_to = (hours.counts(load.grid.hour) for hours in (change.from_hours, change.to_hours))
    day_of = np.unique(load.grid.day, return_inverse=True)[1]
    targets = np.bincount(day_of, goes_to)
    can_move = (np.bincount(day_of, leaves) > 0) & (targets > 0)
    if not can_move.any():
        raise InputError("no day of the period has both of the hours", field="from_hours", remedy=NAME_ANOTHER)
    taken = np.where(leaves & can_move[day_of], change.share * load.usage_kwh, 0.0)
    to_each = np.bincount(day_of, taken) / np.maximum(targets, 1)
    moved: FloatArray = load.usage_kwh - taken + goes_to * to_each[day_of]
    return moved, int((~can_move).sum())


def _moved_away(change: MoveLoad, load: Load) -> FloatArray:
    """Usage after a share of one day's hours was spread evenly over another's, or over others of its own."""
    source = _hours_of_day(load, change.from_day, change.from_hours, field="from")
    target = _hours_of_day(load, change.to_day or change.from_day, change.to_hours, field="to")
    taken = np.where(source, change.share * load.usage_kwh, 0.0)
    moved: FloatArray = load.usage_kwh - taken + target * (taken.sum() / target.sum())
    return moved


def _hours_of_day(load: Load, day: dt.date | None, hours: Hours, *, field: str) -> BoolArray:
    """Which intervals are hours of a day; ``field`` begins the names of both in a change."""
    _require_day(load, day, field=f"{field}_day")
    found: BoolArray = hours.counts(load.grid.hour) & load.grid.on_days([day] if day else ())
    if not found.any():
        raise InputError(f"{day} has no {hours} in the period", field=f"{field}_hours", remedy=NAME_ANOTHER).named(
            "hours_outside_period", day=str(day)
        )
    return found


def _require_days(load: Load, days: Sequence[object] | None) -> None:
    for day in days or ():
        _require_day(load, day, field="days")


def _require_day(load: Load, day: object, *, field: str) -> None:
    if np.datetime64(str(day), "D") not in load.grid.day:
        first, last = load.grid.day[0], load.grid.day[-1]
        raise InputError(
            f"{day} is no day of the period", field=field, remedy=f"name one from {first} to {last}"
        ).named("day_outside_period", day=str(day), first=str(first), last=str(last))
