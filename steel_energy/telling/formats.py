"""Numbers, money, dates and times as an answer writes them, and its sentences, in the reader's language.

Sentences stand beside this file in ``sentences*_<language>.yaml``; number marks and months are those of the weekly
report. Times are shown as they are given: in the plant's zone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from steel_energy.asking.lexicon import Language
from steel_energy.asking.moments import DAY, MINUTES_PER_DAY
from steel_energy.carrier import KWH, Measure
from steel_energy.config import read_yaml
from steel_energy.reporting.weekly_words import Words, words

MINUTES = 60
SMALL, LARGE = 10, 1_000
"""Below the one two decimals are shown, from the other on none."""
SMALL_T = 0.01
OF_FUEL = "_of_fuel"
"""Ending of a sentence that stands, for a plant that meters a fuel, in place of the one without it."""
MIDNIGHT = dt.time()
MONTHS = 12


@dataclass(frozen=True)
class Voice:
    """How one language says things.

    Attributes:
        words: its number marks and months.
        weekdays: full names, Monday first.
        texts: sentences by key, with ``{names}`` to fill in.
        measure: what energy and power are said in.
    """

    words: Words
    weekdays: tuple[str, ...]
    texts: dict[str, str]
    measure: Measure = KWH

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of ``key`` with ``values`` filled in; a missing key is a bug and raises KeyError."""
        return self.texts[key].format(**values)

    def number(self, value: float, digits: int | None = None) -> str:
        """A number; with as many digits as its size asks for, where none are named.

        >>> voice("es").number(1234.56), voice("en").number(87.654), voice("en").number(3.167)
        ('1.235', '87.7', '3.17')
        """
        if digits is None:
            size = abs(value)
            digits = 2 if size < SMALL else 1 if size < LARGE else 0
        return self.words.number(value, digits)

    def kwh(self, value: float) -> str:
        """Energy."""
        return self.in_energy(self.number(value / self.measure.kwh_per_unit))

    def kvarh(self, value: float) -> str:
        """Reactive energy."""
        return f"{self.number(value)} kvarh"

    def kw(self, value: float) -> str:
        """Power or demand."""
        return self.in_power(self.number(value / self.measure.kwh_per_unit, 1))

    def in_energy(self, shown: str) -> str:
        """A written number of the measure's units with the unit."""
        return f"{shown} {self.measure.energy_unit}"

    def in_power(self, shown: str) -> str:
        """Likewise of power."""
        return f"{shown} {self.measure.power_unit}"

    def krw(self, value: float) -> str:
        """Money, to the won."""
        return f"{self.number(value, 0)} KRW"

    def tonnes(self, value: float) -> str:
        """CO2, with at least two digits that count.

        >>> voice("en").tonnes(39.53), voice("en").tonnes(0.335), voice("es").tonnes(0.00169)
        ('39.5 t', '0.335 t', '0,0017 t')
        """
        size = abs(value)
        digits = 1 if size >= SMALL else 2 if size >= 1 else 3 if size >= SMALL_T else 4 if size else 0
        return f"{self.number(value, digits)} t"

    def percent(self, share: float, digits: int = 1) -> str:
        """A share, 0 to 1, as a percentage."""
        return self.words.percent(share, digits)

    def points(self, percent: float) -> str:
        """What is kept as a percentage, 0 to 100, such as a power factor."""
        return f"{self.number(percent, 1)} %"

    def figure(self, name: str, value: float) -> str:
        """A figure with the unit that its name ends in; a name of no known unit is a bug and raises StopIteration.

        >>> voice("en").figure("peak_kw", 336.96), voice("es").figure("lagging_power_factor", 89.84)
        ('337.0 kW', '89,8 %')
        """
        writers: dict[str, Callable[[float], str]] = {
            "_kwh": self.kwh,
            "_kw": self.kw,
            "_kvarh": self.kvarh,
            "_krw": self.krw,
            "_t": self.tonnes,
            "_share": self.percent,
            "_power_factor": self.points,
            "_h": lambda hours: f"{self.number(hours)} h",
        }
        return next(write(value) for suffix, write in writers.items() if name.endswith(suffix))

    def listing(self, parts: Sequence[str]) -> str:
        """Words as an enumeration.

        >>> voice("es").listing(["a", "b", "c"])
        'a, b y c'
        """
        head, last = ", ".join(parts[:-1]), parts[-1]
        return self("and", head=head, last=last) if head else last

    def clock(self, minute: int) -> str:
        """A minute of the day; one of the next day as that day shows it, the last one as 24:00.

        >>> voice("en").clock(600), voice("en").clock(1800), voice("en").clock(1440)
        ('10:00', '06:00', '24:00')
        """
        shown = minute if minute <= MINUTES_PER_DAY else minute - MINUTES_PER_DAY
        return f"{shown // MINUTES:02}:{shown % MINUTES:02}"

    def hours(self, spans: Sequence[tuple[int, int]]) -> str:
        """Minutes of each day as clock times.

        >>> voice("en").hours([(600, 720), (1320, 1800)])
        'from 10:00 to 12:00 and from 22:00 to 06:00'
        """
        return self.listing([self("hours", first=self.clock(one), last=self.clock(two)) for one, two in spans])

    def day(self, date: dt.date, *, with_year: bool = True) -> str:
        """A day with its weekday, as it stands in a sentence.

        >>> voice("en").day(dt.date(2018, 12, 13)), voice("es").day(dt.date(2018, 12, 13))
        ('Thursday 13 December 2018', 'jueves 13 de diciembre de 2018')
        """
        return self._dated("day", date, with_year=with_year)

    def moment(self, time: dt.datetime) -> str:
        """A day and a time of it."""
        return self("moment", day=self.day(time), clock=f"{time:%H:%M}")

    def month(self, date: dt.date) -> str:
        """A month with its year."""
        return self._dated("month", date, with_year=True)

    def during(self, start: dt.datetime, end: dt.datetime, *, with_year: bool = True) -> str:
        """A stretch of time, exclusive end, as an adverb that fits into a sentence or begins it.

        >>> first = dt.datetime(2018, 12, 3)
        >>> voice("en").during(first, dt.datetime(2018, 12, 10)), voice("es").during(first, dt.datetime(2018, 12, 4))
        ('from 3 to 9 December 2018', 'el lunes 3 de diciembre de 2018')
        >>> voice("en").during(first.replace(hour=22), dt.datetime(2018, 12, 4, 6), with_year=False)
        'from 22:00 on Monday 3 December to 06:00 on Tuesday 4 December'
        """
        if start.time() == end.time() == MIDNIGHT:
            return self._days(start.date(), (end - DAY).date(), with_year=with_year)
        clocks = {"first_clock": f"{start:%H:%M}", "last_clock": f"{end:%H:%M}"}
        if start.date() == (end - dt.timedelta(microseconds=1)).date():
            last = "24:00" if end.time() == MIDNIGHT else clocks["last_clock"]
            return self(
                "during_hours", day=self.day(start, with_year=with_year), first=clocks["first_clock"], last=last
            )
        is_one_year = start.year == end.year
        days = {
            "first": self.day(start, with_year=with_year and not is_one_year),
            "last": self.day(end, with_year=with_year),
        }
        key = "during_until" if start.time() == MIDNIGHT and end - start > DAY else "during_moments"
        return self(key, **days, **clocks)

    def _days(self, first: dt.date, last: dt.date, *, with_year: bool) -> str:
        """Full days, both inclusive."""
        if first == last:
            return self("during_day", day=self.day(first, with_year=with_year))
        year_first = with_year and first.year != last.year
        are_months = first.day == 1 and (last + dt.timedelta(days=1)).day == 1
        if are_months and (first.year, first.month) == (last.year, last.month):
            return self("during_month", month=self._dated("month", last, with_year=with_year))
        if are_months and (first.month, last.month) == (1, MONTHS):
            return self("during_year" if first.year == last.year else "during_years", first=first.year, last=last.year)
        if are_months:
            shown = (self._dated("month", first, with_year=year_first), self._dated("month", last, with_year=with_year))
            return self("during_months", first=shown[0], last=shown[1])
        is_one_month = (first.year, first.month) == (last.year, last.month)
        opening = first.day if is_one_month else self._dated("long_date", first, with_year=year_first)
        return self("during_days", first=opening, last=self._dated("long_date", last, with_year=with_year))

    def _dated(self, key: str, date: dt.date, *, with_year: bool) -> str:
        return self(_named(key, with_year=with_year), **self._parts(date))

    def _parts(self, date: dt.date) -> dict[str, Any]:
        return {
            "weekday": self.weekdays[date.weekday()],
            "day": date.day,
            "month": self.words.long_months[date.month - 1],
            "year": date.year,
        }


@cache
def voice(language: Language, measure: Measure = KWH) -> Voice:
    """How ``language`` says things that are counted in ``measure``, read once."""
    texts: dict[str, str] = {}
    weekdays: tuple[str, ...] = ()
    for path in sorted(Path(__file__).parent.glob(f"sentences*_{language}.yaml")):
        content = read_yaml(path)
        if twice := texts.keys() & content["texts"].keys():
            raise KeyError(f"{path.name} says again what another file says: {sorted(twice)}")
        texts |= content["texts"]
        weekdays = tuple(content.get("weekdays", weekdays))
    of_fuel = {key.removesuffix(OF_FUEL): text for key, text in texts.items() if key.endswith(OF_FUEL)}
    return Voice(words(language), weekdays, texts if measure is KWH else texts | of_fuel, measure)


def _named(key: str, *, with_year: bool) -> str:
    return key if with_year else f"{key}_no_year"


def sentence(text: str) -> str:
    """A text that begins with a capital.

    >>> sentence("en marzo")
    'En marzo'
    """
    return text[:1].upper() + text[1:]
