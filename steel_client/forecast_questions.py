"""The questions about what is to come and on which days the plant is closed; ``questions`` has them with all others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from steel_client.calls import Moment, got, posted
from steel_client.exchange import Call
from steel_client.models import CalendarAnswer, DaysMarked, ForecastAnswer

Day = dt.date | str


def forecast(
    *,
    at: Moment | None = None,
    horizon: int | None = None,
    closed_days: Iterable[Day] = (),
    open_days: Iterable[Day] = (),
    plant: str | None = None,
) -> Call[ForecastAnswer]:
    """Usage of the next ``horizon`` intervals (96 by default), with quantiles, bands, cost and CO2.

    Args:
        at: origin: the end of the last reading to use; the end of the known readings if absent.
        horizon: number of 15-minute intervals.
        closed_days: what if the plant were closed on these days? ``change`` tells.
        open_days: the same of days on which it would run.
        plant: its id.
    """
    days = {"closed_days": list(closed_days) or None, "open_days": list(open_days) or None}
    asked = {"at": at, "horizon": horizon, **days, "plant": plant}
    return posted("/forecast", ForecastAnswer, {name: value for name, value in asked.items() if value is not None})


def calendar(*, start: Day | None = None, days: int | None = None, plant: str | None = None) -> Call[CalendarAnswer]:
    """On which days the plant is closed, by its file and by the marks that people set.

    Args:
        start: first day; the one on which the known readings end if absent.
        days: how many, two weeks if absent.
        plant: its id.
    """
    return got("/calendar", CalendarAnswer, **{"from": None if start is None else str(start)}, days=days, plant=plant)


def mark_days(days: Iterable[BaseModel | Mapping[str, Any]], *, plant: str | None = None) -> Call[DaysMarked]:
    """Mark days as closed or open, or take their mark away; needs a key of the role operator.

    Args:
        days: such as ``{"day": "2019-01-03", "state": "closed", "reason": "maintenance"}``, or a ``Mark``.
        plant: its id.
    """
    asked = {"days": list(days), "plant": plant}
    return posted("/calendar", DaysMarked, {name: value for name, value in asked.items() if value is not None})
