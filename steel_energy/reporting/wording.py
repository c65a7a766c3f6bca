"""Numbers, dates, columns and sources in the words of a report: one spelling for each, units always said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from steel_energy.months import first_day
from steel_energy.schema import HOURS_PER_DAY, INTERVAL_MINUTES, INTERVALS_PER_HOUR
from steel_energy.sources.raw import Origin

COLUMN_LABELS = {
    "usage_kwh": "usage",
    "lagging_reactive_kvarh": "lagging reactive energy",
    "leading_reactive_kvarh": "leading reactive energy",
    "lagging_power_factor": "lagging power factor",
    "leading_power_factor": "leading power factor",
    "co2_t": "CO2",
    "load_type": "load type",
    "interval_start": "time of the row",
    "row": "whole row",
}
"""What a person reads for each column, where the unit stands beside it; the last two occur in the audit only."""
KWH_PER_MWH = 1000
KRW_PER_MILLION = 1_000_000
MINUS = "\N{MINUS SIGN}"


def number(value: float, decimals: int = 0) -> str:
    """A number with thousands separators.

    >>> number(959636.71, 1)
    '959,636.7'
    """
    return f"{value:,.{decimals}f}".replace("-", MINUS)


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


def lead_time(leads: int) -> str:
    """How long after the origin the interval ends that is so many leads ahead.

    >>> lead_time(3), lead_time(16), lead_time(672)
    ('45 min', '4 h', '7 days')
    """
    hours = leads / INTERVALS_PER_HOUR
    if hours < 1:
        return f"{leads * INTERVAL_MINUTES} min"
    return f"{hours:g} h" if hours <= HOURS_PER_DAY else f"{hours / HOURS_PER_DAY:g} days"


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
    return f"{first_day(key):%b %Y}"


def rule_label(rule: str) -> str:
    """A cleaning rule's name as a person reads it.

    >>> rule_label("co2_of_usage"), rule_label("wh_for_kwh")
    ('CO2 of usage', 'Wh for kWh')
    """
    spelt = {"co2": "CO2", "nsm": "NSM", "wh": "Wh", "kwh": "kWh"}
    return " ".join(spelt.get(word, word) for word in rule.split("_"))


def column_label(name: str) -> str:
    """A column's name as a person reads it; an unknown one stays as it is."""
    return COLUMN_LABELS.get(name, name)


def listing(words: Sequence[str]) -> str:
    """Words as an enumeration.

    >>> listing(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def describe_source(origin: Origin | None) -> str:
    """Where readings came from, in words."""
    if origin is None:
        return "not stated"
    kinds = {"file": "the file", "uci": "the UCI archive,", "posted": "posted by", "simulated": "simulated:"}
    return f"{kinds[origin.kind]} {origin.location}"


def simulated_notice(origin: Origin | None) -> str:
    """The warning that a page of simulated readings opens with; empty for measured ones."""
    if origin is None or not origin.is_simulated:
        return ""
    return "**Simulated data.** No meter measured these readings: every number here comes from the plant simulator."
