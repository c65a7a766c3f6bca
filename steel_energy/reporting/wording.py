"""Numbers, dates and lists in the words of a report: one spelling for each, units always said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

KWH_PER_MWH = 1000
KRW_PER_MILLION = 1_000_000


def number(value: float, decimals: int = 0) -> str:
    """A number with thousands separators.

    >>> number(959636.71, 1)
    '959,636.7'
    """
    return f"{value:,.{decimals}f}"


def percent(share: float, decimals: int = 1) -> str:
    """A share as a percentage.

    >>> percent(0.5)
    '50.0 %'
    """
    return f"{100 * share:.{decimals}f} %"


def energy(kwh: float) -> str:
    """Energy in kWh, from 10 MWh on in MWh.

    >>> energy(350), energy(959636.71)
    ('350 kWh', '959.6 MWh')
    """
    is_large = abs(kwh) >= 10 * KWH_PER_MWH
    return f"{number(kwh / KWH_PER_MWH, 1)} MWh" if is_large else f"{number(kwh)} kWh"


def money(krw: float, *, unit: str = " KRW") -> str:
    """An amount in KRW, from ten million on in millions; ``unit`` is empty where the label has it.

    >>> money(8320), money(95_400_000)
    ('8,320 KRW', '95.4 million KRW')
    """
    is_large = abs(krw) >= 10 * KRW_PER_MILLION
    return f"{number(krw / KRW_PER_MILLION, 1)} million{unit}" if is_large else f"{number(krw)}{unit}"


def count(amount: int, noun: str, plural: str = "") -> str:
    """An amount with its noun.

    >>> count(1, "day"), count(1200, "day")
    ('1 day', '1,200 days')
    """
    return f"{amount:,} {noun if amount == 1 else plural or noun + 's'}"


def day(date: dt.date) -> str:
    """A date, with its weekday.

    >>> day(dt.date(2018, 11, 1))
    'Thu 1 Nov 2018'
    """
    return f"{date:%a} {date.day} {date:%b %Y}"


def moment(time: dt.datetime) -> str:
    """A date and time of day, in the zone it is given in.

    >>> moment(dt.datetime(2018, 11, 1, 9, 15))
    'Thu 1 Nov 2018 09:15'
    """
    return f"{day(time)} {time:%H:%M}"


def month_labels(keys: Sequence[str]) -> list[str]:
    """Short names of months of the form 2018-01, with the year only where there is more than one.

    >>> month_labels(["2018-01", "2018-02"]), month_labels(["2018-12", "2019-01"])
    (['Jan', 'Feb'], ['Dec 2018', 'Jan 2019'])
    """
    is_one_year = len({key[:4] for key in keys}) == 1
    return [month(key)[:3] if is_one_year else month(key) for key in keys]


def month(key: str) -> str:
    """A month of the form 2018-01.

    >>> month("2018-11")
    'Nov 2018'
    """
    return f"{dt.date.fromisoformat(key + '-01'):%b %Y}"


def listing(words: Sequence[str]) -> str:
    """Words as an enumeration.

    >>> listing(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
