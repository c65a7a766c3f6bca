"""Days that a reader would close or open: what differs from the plant's calendar, and what the forecast makes of it.

Nothing is asked, drawn or kept here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from steel_client.models import CalendarDay
from steel_ui.client import Forecast

SHOWN_DAYS = 14


@dataclass(frozen=True)
class Calendar:
    """Two weeks of a plant's calendar, and the forecast by it.

    Attributes:
        days: in order.
        usual: the forecast of the next seven days by this calendar.
    """

    days: tuple[CalendarDay, ...]
    usual: Forecast

    @property
    def closed(self) -> frozenset[dt.date]:
        """The days on which the plant is closed as it stands."""
        return frozenset(day.day for day in self.days if day.is_closed)

    def changed(self, closed: Collection[dt.date]) -> tuple[CalendarDay, ...]:
        """The days that stand otherwise if the plant were closed on ``closed``."""
        return tuple(day for day in self.days if day.is_closed != (day.day in closed))

    def reached(self, days: Sequence[CalendarDay]) -> tuple[CalendarDay, ...]:
        """Those of ``days`` that the forecast speaks of."""
        first, last = self.usual.origin.date(), self.usual.ends.date()
        return tuple(day for day in days if first <= day.day <= last)


@dataclass(frozen=True)
class Tried:
    """What the forecast becomes by other closed days.

    Attributes:
        days: those that stand otherwise, as they stood before.
        forecast: with them; None where the forecast reaches none of them.
        is_kept: whether they were marked.
    """

    days: tuple[CalendarDay, ...]
    forecast: Forecast | None
    is_kept: bool = False


@dataclass(frozen=True)
class DayEnergy:
    """A day of the forecast: energy by the calendar, and with other closed days where some are tried."""

    day: dt.date
    usual_kwh: float
    tried_kwh: float | None


def marks(days: Sequence[CalendarDay], *, reason: str) -> list[dict[str, str]]:
    """What to send so that ``days`` stand the other way round; where the plant's file says so, a mark is taken away."""
    return [_mark(day, is_closed=not day.is_closed, reason=reason) for day in days]


def by_day(calendar: Calendar, tried: Tried | None) -> list[DayEnergy]:
    """The energy of each day of the forecast."""
    usual = _kwh_by_day(calendar.usual)
    other = _kwh_by_day(tried.forecast) if tried and tried.forecast else {}
    return [DayEnergy(day, kwh, other.get(day)) for day, kwh in usual.items()]


def _mark(day: CalendarDay, *, is_closed: bool, reason: str) -> dict[str, str]:
    if is_closed == day.is_usually_closed:
        return {"day": day.day.isoformat(), "state": "usual"}
    said = {"reason": reason} if reason else {}
    return {"day": day.day.isoformat(), "state": "closed" if is_closed else "open", **said}


def _kwh_by_day(forecast: Forecast) -> dict[dt.date, float]:
    days = groupby(forecast.intervals, key=lambda step: step.interval_start.date())
    return {day: sum(step.mean_kwh for step in steps) for day, steps in days}
