"""Why a past day took as much energy as it did.

It is compared with the whole days of the same kind; see ``attribution`` for how the difference is split. How long
the plant was in which state, and when, are facts of the day itself: they say how it came about, not why it was wanted.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.calendar import interval_end
from steel_energy.explaining.attribution import Factor, decompose, require_cases
from steel_energy.explaining.bill_impact import UsualEnergies, bill_changes
from steel_energy.explaining.past import DAYS_BEFORE, STATES, PastLoad
from steel_energy.explaining.records import (
    Code,
    Compare,
    Contribution,
    HourOfDay,
    PastExplanation,
    Usual,
    Value,
)
from steel_energy.explaining.similar_events import similar_days
from steel_energy.schema import HOURS_PER_DAY, INTERVALS_PER_DAY

RISING: tuple[Code, ...] = ("operating_state", "recent_level")
"""What can only go with more energy: hours in a state above standing, and the energy of the days before."""


def explain_day(past: PastLoad, date: dt.date, *, compare: Compare = "earlier") -> PastExplanation:
    """Why the local day ``date`` took as much energy as it did.

    Args:
        past: known readings.
        date: must be known as a whole.
        compare: with earlier days alone, or with all other known days in hindsight. Its bill is always that of its
            whole month, as far as it is known.

    Raises:
        InputError: the day is not known as a whole.
        NotEnoughDataError: too few comparable days; no usual value is made up.
    """
    day = past.day_of(date, field="date")
    days, cases = past.days, _comparable(past, day, compare)
    split = decompose(float(days.usage_kwh[day]), days.usage_kwh[cases], _factors(past, day, cases))
    values = _values(past, day, cases)
    parts = [Contribution(code, kwh, values[code]) for code, kwh in split.parts_kwh.items()]
    rows = np.flatnonzero(past.day == day)
    usual = _usual_energies(past, rows, cases, total_kwh=split.usual_kwh)
    starts = past.readings["interval_start"]
    return PastExplanation(
        kind="day",
        start=starts[int(rows[0])],
        end=interval_end(starts[int(rows[-1])]),
        usage_kwh=float(days.usage_kwh[day]),
        usual=_usual(past, day, cases, compare),
        contributions=(
            *sorted(parts, key=lambda part: -abs(part.kwh)),
            Contribution("remainder", split.remainder_kwh, {}),
        ),
        hours=_hours(past, rows, usual),
        similar=similar_days(past, day, compare=compare),
        bill=bill_changes(past, rows, usual),
    )


def _allowed(past: PastLoad, day: int, compare: Compare) -> BoolArray:
    others = np.arange(len(past.dates))
    return past.is_whole & (others < day if compare == "earlier" else others != day)


def _comparable(past: PastLoad, day: int, compare: Compare) -> IntArray:
    cases = np.flatnonzero(_allowed(past, day, compare) & (past.day_type == past.day_type[day]))
    require_cases(len(cases), compare)
    return cases


def _factors(past: PastLoad, day: int, cases: IntArray) -> dict[Code, Factor]:
    days = past.days
    is_so_billed = (days.band == days.band[day]).astype(float)
    columns: dict[Code, FloatArray] = {
        "operating_state": days.hours_in_state[:, 1:],
        "recent_level": days.recent_kwh[:, None],
        "reactive": np.column_stack([days.lagging_percent, days.leading_percent]),
        "hour": days.centre_hour[:, None],
        "tariff_band": is_so_billed[:, None],
    }
    return {code: Factor(values[cases], values[day], is_rising=code in RISING) for code, values in columns.items()}


def _values(past: PastLoad, day: int, cases: IntArray) -> dict[Code, dict[str, Value]]:
    days = past.days
    return {
        "operating_state": {
            name: value
            for place, state in enumerate(STATES)
            for name, value in _beside(f"{state}_hours", days.hours_in_state[:, place], day, cases).items()
        },
        "hour": _beside("centre_hour", days.centre_hour, day, cases),
        "tariff_band": {
            "band": str(days.band[day]),
            "cases_in_band": float((days.band[cases] == days.band[day]).sum()),
            "cases": float(len(cases)),
        },
        "reactive": {
            **_beside("lagging_power_factor_percent", days.lagging_percent, day, cases),
            **_beside("leading_power_factor_percent", days.leading_percent, day, cases),
        },
        "recent_level": {
            "days": float(DAYS_BEFORE),
            "day_type": past.kind_of(day),
            **_beside("recent_kwh", days.recent_kwh, day, cases),
        },
    }


def _beside(name: str, values: FloatArray, day: int, cases: IntArray) -> dict[str, Value]:
    known = values[cases][~np.isnan(values[cases])]
    usual = float(np.median(known)) if len(known) else np.nan
    return {name: float(values[day]), f"usual_{name}": usual}


def _usual(past: PastLoad, day: int, cases: IntArray, compare: Compare) -> Usual:
    usage_kwh, day_type = past.days.usage_kwh, past.kind_of(day)
    plant_kwh = float(np.median(usage_kwh[_allowed(past, day, compare)]))
    usual_kwh = float(np.median(usage_kwh[cases]))
    return Usual(
        plant_kwh=plant_kwh,
        parts=(Contribution("day_type", usual_kwh - plant_kwh, {"day_type": day_type}),),
        kwh=usual_kwh,
        day_type=day_type,
        cases=len(cases),
        first=past.dates[cases[0]],
        last=past.dates[cases[-1]],
        compare=compare,
    )


def _usual_energies(past: PastLoad, rows: IntArray, cases: IntArray, *, total_kwh: float) -> UsualEnergies:
    """The usual of each interval of a day: medians of its time of day, all scaled so that they add up to the usual day.

    Medians of the parts of a day do not add up to the median of the whole: a second shift that is worked in two of
    three weeks is in the one and not in the other. Where all of them are 0, a usual day that is not is spread evenly.
    """
    medians = np.zeros((3, INTERVALS_PER_DAY))
    among = np.flatnonzero(np.isin(past.day, cases))
    energies = np.array([past.usage_kwh[among], past.lagging_kvarh[among], past.leading_kvarh[among]])
    for slot in np.unique(past.slot[rows]):
        of_slot = past.slot[among] == slot
        if of_slot.any():  # a clock that skips an hour may skip it on all of them
            medians[:, slot] = np.median(energies[:, of_slot], axis=1)
    usage, lagging, leading = medians[:, past.slot[rows]]
    if not usage.sum():
        return UsualEnergies(np.full(len(rows), total_kwh / len(rows)), lagging, leading)
    scale = total_kwh / usage.sum()
    return UsualEnergies(usage * scale, lagging * scale, leading * scale)


def _hours(past: PastLoad, rows: IntArray, usual: UsualEnergies) -> tuple[HourOfDay, ...]:
    usage, expected = (
        np.bincount(past.hour[rows], weights=values, minlength=HOURS_PER_DAY)
        for values in (past.usage_kwh[rows], usual.usage_kwh)
    )
    return tuple(HourOfDay(hour, float(usage[hour]), float(expected[hour])) for hour in range(HOURS_PER_DAY))
