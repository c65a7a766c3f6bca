"""Words, numbers and dates of the weekly report in a reader's language; the texts lie in ``weekly_<language>.yaml``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from steel_energy.config import read_yaml
from steel_energy.months import first_day

LANGUAGES = ("en", "es")
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
"""In place of a number that does not exist."""
MILLION = 1_000_000


@dataclass(frozen=True)
class Words:
    """The texts and formats of one language.

    Attributes:
        language: ISO 639-1 code.
        locale: language and region, for the document's own record.
        texts: sentences by key, with ``{names}`` to fill in; ``**`` encloses what stands out.
        weekdays: short names, Monday first.
        months: short names, January first.
        long_months: full names.
        decimal: decimal mark.
        thousands: mark between groups of three digits.
    """

    language: str
    locale: str
    texts: dict[str, str]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    long_months: tuple[str, ...]
    decimal: str
    thousands: str

    def __call__(self, key: str, **values: object) -> str:
        """The text of ``key`` with ``values`` filled in; a missing key is a bug and raises KeyError."""
        return self.texts[key].format(**values)

    def number(self, value: float | None, digits: int = 0, *, signed: bool = False) -> str:
        """``value`` with the language's marks; a dash for None, and no minus before a zero."""
        if value is None:
            return DASH
        rounded = round(value, digits) + 0.0
        plain = f"{rounded:{'+' if signed and rounded else ''},.{digits}f}".replace("-", MINUS)
        return plain.translate(str.maketrans(",.", self.thousands + self.decimal))

    def percent(self, share: float | None, digits: int = 0, *, signed: bool = False) -> str:
        """A share as a percentage."""
        return DASH if share is None else f"{self.number(100 * share, digits, signed=signed)} %"

    def money(self, krw: float) -> str:
        """An amount in KRW, from a million on in millions with two decimals."""
        return " ".join(self.money_parts(krw))

    def money_parts(self, krw: float) -> tuple[str, str]:
        """Number and unit of an amount."""
        if abs(krw) >= MILLION:
            return self.number(krw / MILLION, 2), self("million")
        return self.number(krw), self("krw")

    def day(self, date: dt.date) -> str:
        """Weekday, day and month."""
        return self("date_short", **self._parts(date))

    def long_day(self, date: dt.date) -> str:
        """Day, month and year, written out."""
        return self("date_long", **self._parts(date))

    def moment(self, time: dt.datetime) -> str:
        """Day and clock time."""
        return self("moment", date=self.day(time), clock=f"{time:%H:%M}")

    def month(self, key: str) -> str:
        """A month such as 2018-11, written out with its year."""
        return self("month_year", **self._parts(first_day(key)))

    def short_month(self, key: str) -> str:
        """A month such as 2018-11, as short as can be."""
        return f"{self.months[first_day(key).month - 1]} {key[:4]}"

    def month_name(self, date: dt.date) -> str:
        """The month of a day, without its year."""
        return self.long_months[date.month - 1]

    def span(self, first: dt.date, last: dt.date) -> str:
        """From a day to a later one; what both share is said once."""
        if (first.year, first.month) == (last.year, last.month):
            return self("span_one_month", **self._parts(last) | {"first": first.day, "last": last.day})
        if first.year == last.year:
            return self("span", first=self("day_month", **self._parts(first)), last=self.long_day(last))
        return self("span", first=self.long_day(first), last=self.long_day(last))

    def _parts(self, date: dt.date) -> dict[str, str | int]:
        return {
            "weekday": self.weekdays[date.weekday()],
            "day": date.day,
            "month": self.months[date.month - 1],
            "long_month": self.long_months[date.month - 1],
            "year": date.year,
        }


@cache
def words(language: str) -> Words:
    """The words of ``language``, one of ``LANGUAGES``.

    >>> words("es").number(17872.76, 1), words("es").span(dt.date(2018, 10, 29), dt.date(2018, 11, 4))
    ('17.872,8', 'Del 29 de octubre al 4 de noviembre de 2018')
    """
    content = read_yaml(Path(__file__).parent / f"weekly_{language}.yaml")
    return Words(
        language=language,
        locale=content["locale"],
        texts=content["texts"],
        weekdays=tuple(content["weekdays"]),
        months=tuple(content["months"]),
        long_months=tuple(content["long_months"]),
        decimal=content["decimal"],
        thousands=content["thousands"],
    )
