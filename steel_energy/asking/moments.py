"""Stretches of time as they are said: each with what it is of the past and what it would be of the future.

All times here are naive plant time; ``scene`` gives them their zone. Nothing here knows words.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
MINUTES_PER_DAY = 24 * 60
Direction = Literal["past", "future"]
Relation = Literal["before", "after", "year"]
"""To another stretch: the one of its kind right before it or right after it, or the same a year before."""
WEEK = 7 * DAY
YEAR_OF_WEEKS = 52 * WEEK
MONTHS_PER_YEAR = 12
FEBRUARY = 2


@dataclass(frozen=True, order=True)
class Stretch:
    """From ``start`` until before ``end``."""

    start: dt.datetime
    end: dt.datetime

    @property
    def is_days(self) -> bool:
        """Whether it is made of whole days."""
        return self.start.time() == self.end.time() == dt.time()

    @property
    def is_one_day(self) -> bool:
        """Whether it is a single whole day."""
        return self.is_days and self.end - self.start == DAY

    def shifted(self, count: int) -> Stretch:
        """The same so many days later."""
        return Stretch(self.start + count * DAY, self.end + count * DAY)

    def related(self, relation: Relation) -> Stretch:
        """The stretch of its kind beside it, or the same a year before; weeks stay weeks, months stay months.

        >>> days(dt.date(2018, 3, 1), 31).related("before").start.isoformat()
        '2018-02-01T00:00:00'
        """
        if relation == "year":
            return self.shifted(-YEAR_OF_WEEKS // DAY) if self.is_weeks else self._a_year_before()
        is_after = relation == "after"
        if self.is_months:
            count = (self.end.year - self.start.year) * MONTHS_PER_YEAR + self.end.month - self.start.month
            months = self.start.year * MONTHS_PER_YEAR + self.start.month - 1 + (count if is_after else -count)
            return month_stretch(months // MONTHS_PER_YEAR, months % MONTHS_PER_YEAR + 1, count)
        is_weekend = self.is_days and self.start.weekday() == 5 and self.end - self.start == 2 * DAY  # noqa: PLR2004
        back = -7 if is_weekend else (self.start - self.end) // DAY
        return self.shifted(-back if is_after else back)

    @property
    def is_weeks(self) -> bool:
        """Whether it is made of whole weeks from a Monday on."""
        return self.is_days and self.start.weekday() == 0 and (self.end - self.start) % WEEK == dt.timedelta()

    @property
    def is_months(self) -> bool:
        """Whether it is made of whole calendar months."""
        return self.is_days and self.start.day == self.end.day == 1

    def _a_year_before(self) -> Stretch:
        ends = (
            end.replace(year=end.year - 1, day=end.day - (end.month == FEBRUARY and end.day == 29))  # noqa: PLR2004
            for end in (self.start, self.end)
        )
        start, end = ends
        return Stretch(start, end if end > start else start + DAY)

    def at(self, span: tuple[int, int]) -> Stretch:
        """The minutes of its first day; beyond 1440 they run into the next."""
        return Stretch(self.start + span[0] * MINUTE, self.start + span[1] * MINUTE)


@dataclass(frozen=True)
class Said:
    """A day or a longer stretch, as somebody named it.

    Attributes:
        words: how it was said.
        past: the newest that has begun; None if there is none.
        future: the next that has not ended; the same as ``past`` where only one can be meant.
        others: readings that are as good as each other, to be asked about; then the two above are None.
        is_exact: whether its own ends hold the clock's time, so that no hours are added.
        days_from_first: so many days from the first one that a question names; 0 where it stands by itself.
        relation: to the first one that a question names; None where it stands by itself.
        leaning: which of the two is meant where nothing else tells.
    """

    words: str
    past: Stretch | None
    future: Stretch | None
    others: tuple[Stretch, ...] = ()
    is_exact: bool = False
    days_from_first: int = 0
    relation: Relation | None = None
    leaning: Direction | None = None

    @property
    def is_told_by_first(self) -> bool:
        """Whether it is told from another stretch, where there is one."""
        return bool(self.days_from_first) or self.relation is not None

    def from_first(self, first: Stretch) -> Stretch:
        """What it is beside the first stretch that a question names."""
        return first.related(self.relation) if self.relation else first.shifted(self.days_from_first)

    @property
    def is_clear(self) -> bool:
        """Whether it names anything."""
        return self.past is not None or self.future is not None


@dataclass(frozen=True)
class Clock:
    """Hours of a day, as somebody named them.

    Attributes:
        words: how they were said.
        spans: minutes of the day; an end beyond 1440 lies on the next day. Empty for the hours of a band.
        band: tariff band whose hours are meant.
        is_moment: whether a single moment was named; its span is a quarter of an hour.
        is_range: whether two moments were named with words such as "from" and "to" alone.
        is_target: whether a word such as "to" stands before it: where load goes.
        is_until: whether it is the end of what may last, as in "by 5 am".
    """

    words: str
    spans: tuple[tuple[int, int], ...] = ()
    band: str | None = None
    is_moment: bool = False
    is_range: bool = False
    is_target: bool = False
    is_until: bool = False


def days(first: dt.date, count: int = 1) -> Stretch:
    """Whole days from ``first`` on."""
    start = dt.datetime.combine(first, dt.time())
    return Stretch(start, start + count * DAY)


def certain(words: str, stretch: Stretch, *, is_exact: bool = False) -> Said:
    """What can be meant in one way only."""
    return Said(words, stretch, stretch, is_exact=is_exact)


def unclear(words: str) -> Said:
    """What looks like a date and is none."""
    return Said(words, None, None)


def month_stretch(year: int, month: int, months: int = 1) -> Stretch:
    """Whole calendar months.

    >>> month_stretch(2018, 11, 3).end.isoformat()
    '2019-02-01T00:00:00'
    """
    after = year * 12 + month - 1 + months
    return Stretch(dt.datetime(year, month, 1), dt.datetime(after // 12, after % 12 + 1, 1))  # noqa: DTZ001 - plant time


def nearest(options: list[Stretch], now: dt.datetime, words: str) -> Said:
    """The newest of ``options`` that has begun, and the first one that has not ended."""
    begun = [one for one in options if one.start < now]
    left = [one for one in options if one.end > now]
    return Said(words, max(begun, default=None), min(left, default=None))


def settled(said: Said, direction: Direction | None, *, now: dt.datetime, reach: dt.timedelta) -> Stretch | None:
    """What is meant; None if it has to be asked.

    Args:
        said: what was named.
        direction: whether of the past or the future; None if the words do not tell.
        now: end of the known readings.
        reach: how far ahead anything can be told; a stretch beyond it is not meant where the past has one.
    """
    if said.past == said.future:
        return said.past
    direction = direction or said.leaning
    if direction is not None:
        return said.past if direction == "past" else said.future
    if said.past is None or said.future is None:
        return said.past or said.future
    return None if said.future.start < now + reach else said.past
