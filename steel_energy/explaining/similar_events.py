"""Past events most like an explained one: they really happened, so whoever was there can say what was going on.

Likeness of two intervals is in how much power was drawn, in the interval and in the hours before it, in reactive
energy, in the time of day and in the kind of day; that of two days in their energy hour by hour.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from steel_energy.arrays import BoolArray, FloatArray
from steel_energy.explaining.past import PastLoad
from steel_energy.explaining.records import Compare, SimilarEvent, Value
from steel_energy.schema import INTERVALS_PER_DAY, INTERVALS_PER_HOUR

SHOWN = 3
OTHER_DAY_TYPE = 0.1
"""Weighs as much as a tenth of the contracted demand."""


def similar_intervals(past: PastLoad, row: int, *, compare: Compare) -> tuple[SimilarEvent, ...]:
    """The intervals most like the one of ``row``, the nearest first, one of each day and none of its own day.

    Args:
        past: known readings.
        row: place of the interval.
        compare: among earlier days alone, or all other ones.
    """
    far = _apart(past, row)
    far[~_allowed(past.day, int(past.day[row]), compare)] = np.inf
    nearest: list[int] = []
    for candidate in np.argsort(far, kind="stable"):
        if len(nearest) == SHOWN or not np.isfinite(far[candidate]):
            break
        if past.day[candidate] not in past.day[nearest]:
            nearest.append(int(candidate))
    return tuple(_like(past, row, other) for other in nearest)


def similar_days(past: PastLoad, day: int, *, compare: Compare) -> tuple[SimilarEvent, ...]:
    """The whole days most like ``day`` hour by hour, the nearest first."""
    days = past.days
    far = np.sqrt(np.mean((days.profile_kwh - days.profile_kwh[day]) ** 2, axis=1))
    far[~(past.is_whole & _allowed(np.arange(len(past.dates)), day, compare))] = np.inf
    nearest = [int(one) for one in np.argsort(far, kind="stable")[:SHOWN] if np.isfinite(far[one])]
    return tuple(
        SimilarEvent(
            start=_midnight(past, other),
            usage_kwh=float(days.usage_kwh[other]),
            day_type=past.kind_of(other),
            values={
                "apart_kwh": float(np.abs(days.profile_kwh[other] - days.profile_kwh[day]).mean()),
                "difference_kwh": float(days.usage_kwh[other] - days.usage_kwh[day]),
            },
        )
        for other in nearest
    )


def _allowed(of_day: np.ndarray, day: int, compare: Compare) -> BoolArray:
    allowed: BoolArray = of_day < day if compare == "earlier" else of_day != day
    return allowed


def _apart(past: PastLoad, row: int) -> FloatArray:
    """Distance of every interval from one, as a share of the contracted demand or of half a day; inf where unknown."""
    powers = (past.usage_kwh, past.recent_kwh, past.lagging_kvarh)
    by_power = [np.abs(values - values[row]) / past.contract_kwh for values in powers if not np.isnan(values[row])]
    turn = np.abs(past.slot - past.slot[row])
    by_clock = np.minimum(turn, INTERVALS_PER_DAY - turn) / (INTERVALS_PER_DAY / 2)
    day_type = past.day_type[past.day]
    far = np.sum(by_power, axis=0) + by_clock + OTHER_DAY_TYPE * (day_type != day_type[row])
    known: FloatArray = np.nan_to_num(far, nan=np.inf)
    return known


def _like(past: PastLoad, row: int, other: int) -> SimilarEvent:
    start: dt.datetime = past.readings["interval_start"][other]
    values: dict[str, Value] = {"demand_kw": float(past.usage_kwh[other]) * INTERVALS_PER_HOUR}
    if not np.isnan(past.recent_kwh[row]):
        values["recent_kw"] = float(past.recent_kwh[other]) * INTERVALS_PER_HOUR
        values["explained_recent_kw"] = float(past.recent_kwh[row]) * INTERVALS_PER_HOUR
    return SimilarEvent(start, float(past.usage_kwh[other]), past.kind_of(int(past.day[other])), values)


def _midnight(past: PastLoad, day: int) -> dt.datetime:
    start: dt.datetime = past.readings["interval_start"][int(np.searchsorted(past.day, day))]
    return start
