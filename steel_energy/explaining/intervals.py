"""Why a past interval, or the highest demand of a period, was what it was.

It is compared with the intervals at the same time of day on days of the same kind; see ``attribution`` for how the
difference is split. What a factor looks at is measured before the interval or known ahead, but for reactive energy,
which the meter counts beside the usage: it goes with the load and says of what sort it was, not where it came from.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.calendar import in_zone, interval_end
from steel_energy.errors import InputError
from steel_energy.explaining.attribution import Factor, decompose, require_cases, shapley
from steel_energy.explaining.bill_impact import bill_changes, usual_energies
from steel_energy.explaining.past import HOURS_BEFORE, PastLoad, state_of
from steel_energy.explaining.records import Code, Compare, Contribution, PastExplanation, PastKind, Usual, Value
from steel_energy.explaining.similar_events import similar_intervals
from steel_energy.meter import exact_power_factor
from steel_energy.schema import INTERVALS_PER_HOUR

RISING: tuple[Code, ...] = ("operating_state", "recent_level")
"""What can only go with more energy: power that was drawn before."""


def explain_interval(past: PastLoad, start: dt.datetime, *, compare: Compare = "earlier") -> PastExplanation:
    """Why the interval that begins at ``start`` (a naive one is plant time) took as much energy as it did.

    Args:
        past: known readings.
        start: must be a known interval.
        compare: with days before its own alone, or with all other known days in hindsight. Its bill is always that of
            its whole month, as far as it is known.

    Raises:
        InputError: no known interval begins there.
        NotEnoughDataError: too few comparable intervals; no usual value is made up.
    """
    return _explained("interval", past, past.row_of(start, field="at"), compare)


def explain_peak(
    past: PastLoad, start: dt.datetime, end: dt.datetime, *, compare: Compare = "earlier"
) -> PastExplanation:
    """Why the highest demand of ``[start, end)`` came about, the first of equal ones; see ``explain_interval``.

    Raises:
        InputError: no reading of the period is known, or it is reversed.
        NotEnoughDataError: too few comparable intervals.
    """
    first, last = (in_zone(moment, past.plant.zone) for moment in (start, end))
    if first.astimezone(dt.UTC) >= last.astimezone(dt.UTC):  # clocks of one zone can show an hour twice
        raise InputError("must lie before the end of the period", field="from", remedy="swap from and to")
    starts = past.readings["interval_start"]
    rows = np.flatnonzero(starts.is_between(first, last, closed="left").to_numpy())
    if not len(rows):
        known = f"{starts[0].isoformat()} to {interval_end(starts[-1]).isoformat()}"
        raise InputError("no reading of the period is known", field="from", remedy=f"readings reach from {known}")
    return _explained("peak", past, int(rows[past.usage_kwh[rows].argmax()]), compare)


def _explained(kind: PastKind, past: PastLoad, row: int, compare: Compare) -> PastExplanation:
    cases = _comparable(past, row, compare)
    split = decompose(float(past.usage_kwh[row]), past.usage_kwh[cases], _factors(past, row, cases))
    values = _values(past, row, cases)
    parts = [Contribution(code, kwh, values[code]) for code, kwh in split.parts_kwh.items()]
    start: dt.datetime = past.readings["interval_start"][row]
    return PastExplanation(
        kind=kind,
        start=start,
        end=interval_end(start),
        usage_kwh=float(past.usage_kwh[row]),
        usual=_usual(past, row, cases, compare),
        contributions=(
            *sorted(parts, key=lambda part: -abs(part.kwh)),
            Contribution("remainder", split.remainder_kwh, {}),
        ),
        hours=(),
        similar=similar_intervals(past, row, compare=compare),
        bill=bill_changes(past, np.array([row]), usual_energies(past, cases)),
    )


def _allowed(past: PastLoad, row: int, compare: Compare) -> BoolArray:
    """The intervals that may be looked at: those of earlier days, or of all other days."""
    day = past.day[row]
    allowed: BoolArray = past.day < day if compare == "earlier" else past.day != day
    return allowed


def _comparable(past: PastLoad, row: int, compare: Compare) -> IntArray:
    """Intervals at the same time of day on days of the same kind."""
    alike = (past.slot == past.slot[row]) & (past.day_type[past.day] == past.day_type[past.day[row]])
    cases = np.flatnonzero(alike & _allowed(past, row, compare))
    require_cases(len(cases), compare)
    return cases


def _factors(past: PastLoad, row: int, cases: IntArray) -> dict[Code, Factor]:
    is_so_billed = (past.band == past.band[row]).astype(float)
    columns: dict[Code, tuple[FloatArray, ...]] = {
        "operating_state": (past.before_kwh,),
        "recent_level": (past.recent_kwh,),
        "reactive": (past.lagging_kvarh, past.leading_kvarh),
        "tariff_band": (is_so_billed,),
    }
    return {
        code: Factor(
            np.column_stack([values[cases] for values in part]),
            np.array([float(values[row]) for values in part]),
            is_rising=code in RISING,
        )
        for code, part in columns.items()
    }


def _values(past: PastLoad, row: int, cases: IntArray) -> dict[Code, dict[str, Value]]:
    before_kw, usual_before_kw = (INTERVALS_PER_HOUR * kwh for kwh in _beside(past.before_kwh, row, cases))
    recent_kw, usual_recent_kw = (INTERVALS_PER_HOUR * kwh for kwh in _beside(past.recent_kwh, row, cases))
    lagging, usual_lagging = _beside(past.lagging_kvarh, row, cases)
    leading, usual_leading = _beside(past.leading_kvarh, row, cases)
    percent, usual_percent = _beside(exact_power_factor(past.usage_kwh, past.lagging_kvarh), row, cases)
    return {
        "operating_state": {
            "state": state_of(before_kw / past.plant.contract_kw),
            "before_kw": before_kw,
            "usual_before_kw": usual_before_kw,
        },
        "tariff_band": {
            "band": str(past.band[row]),
            "price_krw_per_kwh": float(past.price_krw[row]),
            "cases_in_band": float((past.band[cases] == past.band[row]).sum()),
            "cases": float(len(cases)),
        },
        "reactive": {
            "lagging_kvarh": lagging,
            "usual_lagging_kvarh": usual_lagging,
            "leading_kvarh": leading,
            "usual_leading_kvarh": usual_leading,
            "lagging_power_factor_percent": percent,
            "usual_lagging_power_factor_percent": usual_percent,
        },
        "recent_level": {"hours": float(HOURS_BEFORE), "recent_kw": recent_kw, "usual_recent_kw": usual_recent_kw},
    }


def _beside(values: FloatArray, row: int, cases: IntArray) -> tuple[float, float]:
    """The value of the interval and the usual one; NaN where it is not known."""
    known = values[cases][~np.isnan(values[cases])]
    return float(values[row]), float(np.median(known)) if len(known) else np.nan


def _usual(past: PastLoad, row: int, cases: IntArray, compare: Compare) -> Usual:
    """The usual value, and how the kind of day and the hour make it what it is."""
    allowed, day_type = _allowed(past, row, compare), past.day_type[past.day]
    of_day, of_slot = day_type == day_type[row], past.slot == past.slot[row]
    known: dict[tuple[Code, ...], BoolArray] = {
        (): allowed,
        ("day_type",): allowed & of_day,
        ("hour",): allowed & of_slot,
        ("day_type", "hour"): allowed & of_day & of_slot,
    }
    expected = {codes: float(np.median(past.usage_kwh[rows])) for codes, rows in known.items()}
    values: dict[Code, dict[str, Value]] = {
        "day_type": {"day_type": past.kind_of(past.day[row])},
        "hour": {"slot": float(past.slot[row])},
    }
    codes: tuple[Code, ...] = ("day_type", "hour")
    return Usual(
        plant_kwh=expected[()],
        parts=tuple(Contribution(code, kwh, values[code]) for code, kwh in shapley(expected, codes).items()),
        kwh=expected[codes],
        day_type=past.kind_of(past.day[row]),
        cases=len(cases),
        first=past.dates[past.day[cases[0]]],
        last=past.dates[past.day[cases[-1]]],
        compare=compare,
    )
