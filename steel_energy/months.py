"""Months as text, such as 2018-01: first days, neighbours, and the moments at which they begin."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

MONTH_FORMAT = "%Y-%m"


def month_of(day: dt.date) -> str:
    """The month of a day, or of a moment on its own clock."""
    return f"{day:{MONTH_FORMAT}}"


def shift_month(month: str, months: int) -> str:
    """The month that lies ``months`` later.

    >>> shift_month("2018-01", -1)
    '2017-12'
    """
    year, number = (int(part) for part in month.split("-"))
    years, index = divmod(year * 12 + number - 1 + months, 12)
    return f"{years:04d}-{index + 1:02d}"


def first_day(month: str) -> dt.date:
    """First day of a month.

    >>> first_day("2018-01")
    datetime.date(2018, 1, 1)
    """
    return dt.date.fromisoformat(f"{month}-01")


def month_start(month: str, *, zone: str) -> dt.datetime:
    """The moment at which a month begins on the clock of ``zone`` (an IANA name)."""
    return dt.datetime.combine(first_day(month), dt.time(), tzinfo=ZoneInfo(zone))
