"""What a phrase of the grammar of times holds, and the calendar's stretches around a day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from steel_energy.asking.lexicon import LISTS, NUMBERS, Lexicon
from steel_energy.asking.moments import DAY, Said, Stretch, certain, days, month_stretch, nearest

WEEK_DAYS = 7
MONTHS_PER_YEAR = 12
MONTHS = {"month": 1, "two_months": 2, "quarter": 3, "third": 4, "half": 6, "year": MONTHS_PER_YEAR}
"""Months of a unit of the calendar."""
HALF_MONTH_DAYS = 15
NAMES = (*LISTS, "units", "count", "date", *NUMBERS)


@dataclass(frozen=True)
class Found:
    """What a form's phrase holds.

    Attributes:
        words: all of it.
        parts: word or number of each placeholder.
        before: the word before it.
        now: end of the known readings, plant time.
    """

    words: str
    parts: Mapping[str, str]
    before: str
    now: dt.datetime
    lexicon: Lexicon

    @property
    def today(self) -> dt.date:
        """Day of the first interval that is not known."""
        return self.now.date()

    def number(self, name: str) -> int:
        """A count, in figures or as a word."""
        said = self.parts[name]
        return int(said) if said.isdigit() else int(self.lexicon["numbers"][said])

    def listed(self, name: str) -> int:
        """What the words' file says a word is: a weekday 0-6, a month 1-12, days from today."""
        return int(self.lexicon[f"{name}s"][self.parts[name]])

    @property
    def unit(self) -> str:
        """hour, day, week, weekend, month, quarter or year."""
        said = self.parts.get("unit") or self.parts["units"]
        return str(self.lexicon["units"][said])


_PATTERNS: dict[tuple[str, str], list[re.Pattern[str]]] = {}


def patterns(lexicon: Lexicon, form: str) -> list[re.Pattern[str]]:
    """The phrases of a form, each part of them named; compiled when they are first asked for."""
    key = (lexicon.language, form)
    if key not in _PATTERNS:
        named = {name: f"(?P<{name}>{lexicon.slot(name)})" for name in NAMES}
        _PATTERNS[key] = [lexicon.compiled([phrase], named) for phrase in lexicon["times"][form]]
    return _PATTERNS[key]


def calendar(unit: str, day: dt.date) -> Stretch:
    """The calendar's week, month, quarter or year around a day."""
    if unit in ("week", "weekend"):
        return week(day)
    if unit == "half_month":
        whole = calendar("month", day)
        middle = whole.start + HALF_MONTH_DAYS * DAY
        return Stretch(whole.start, middle) if day < middle.date() else Stretch(middle, whole.end)
    months = MONTHS[unit]
    return month_stretch(day.year, (day.month - 1) // months * months + 1, months)


def week(day: dt.date) -> Stretch:
    """Monday to Sunday around a day."""
    return days(day - day.weekday() * DAY, WEEK_DAYS)


def years(found: Found) -> list[int]:
    """Last year, this one and the next."""
    return [found.now.year - 1, found.now.year, found.now.year + 1]


def months(found: Found, month: int) -> list[Stretch]:
    """A month of the year that was said, or of the years around now."""
    of = [int(found.parts["year"])] if "year" in found.parts else years(found)
    return [month_stretch(year, month) for year in of]


def of_year(options: list[Stretch], found: Found) -> Said:
    """The one of the year that was said, or the nearest."""
    if "year" in found.parts:
        return certain(found.words, options[0])
    return nearest(options, found.now, found.words)
