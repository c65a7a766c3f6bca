"""Longer stretches as they are said: last week, this month, the third quarter, the next 12 hours, 2018, now."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

from steel_energy.asking.found import (
    HALF_MONTH_DAYS,
    MONTHS,
    MONTHS_PER_YEAR,
    WEEK_DAYS,
    Found,
    calendar,
    months,
    of_year,
    week,
    years,
)
from steel_energy.asking.lexicon import MARK
from steel_energy.asking.moments import DAY, Said, Stretch, certain, days, month_stretch, nearest, unclear
from steel_energy.schema import INTERVAL

HOUR = dt.timedelta(hours=1)
LENGTHS = {
    "minute": dt.timedelta(minutes=1),
    "hour": HOUR,
    "day": DAY,
    "week": WEEK_DAYS * DAY,
    "half_month": HALF_MONTH_DAYS * DAY,
}


def last_n(found: Found) -> Said | None:
    """So many units until now."""
    start = _moment_away(found, -found.number("count"))
    return None if start is None else certain(found.words, Stretch(start, found.now), is_exact=True)


def next_n(found: Found) -> Said | None:
    """So many units from now on."""
    end = _moment_away(found, found.number("count"))
    return None if end is None else certain(found.words, Stretch(found.now, end), is_exact=True)


def bare_n(found: Found) -> Said | None:
    """So many days, weeks or months: those until now, or those from now on."""
    unit = str(found.lexicon["units"][re.split("[ -]", found.words)[-1]])
    counted = dataclasses.replace(found, parts={**found.parts, "unit": _word_of(found, unit)})
    back, ahead = last_n(counted), next_n(counted)
    if back is None or ahead is None:
        return None
    return Said(found.words, back.past, ahead.future, is_exact=True)


def _word_of(found: Found, unit: str) -> str:
    """A word of the language for a unit."""
    units: dict[str, str] = found.lexicon["units"]
    return next(word for word, named in units.items() if named == unit)


def _moment_away(found: Found, count: int) -> dt.datetime | None:
    """The moment so many units from now; None for none of them."""
    if count == 0 or found.unit == "weekend":
        return None
    if found.unit in LENGTHS:
        return found.now + count * LENGTHS[found.unit]
    month = found.now.year * MONTHS_PER_YEAR + found.now.month - 1 + count * MONTHS[found.unit]
    start = month_stretch(month // MONTHS_PER_YEAR, month % MONTHS_PER_YEAR + 1)
    return min(start.start + (found.now.day - 1) * DAY, start.end - DAY) + (found.now - _midnight(found.now))


def vague(found: Found) -> Said:
    """What has no first and last day that all agree on, and "every Monday": to be asked about."""
    return unclear(found.words)


def rest_of_unit(found: Found) -> Said | None:
    """From now until the end of the day, week, month, quarter or year."""
    if found.unit in ("minute", "hour", "weekend"):
        return None
    end = days(found.today).end if found.unit == "day" else calendar(found.unit, found.today).end
    return certain(found.words, Stretch(found.now, end), is_exact=True)


def quarter(found: Found) -> Said:
    """A quarter of a year."""
    return _part_of_year(found, int(found.parts["q"]), MONTHS["quarter"])


def part_of_year(found: Found) -> Said:
    """Two, three, four or six months of a year, such as its second half; unclear where there is no such part."""
    number = int(found.parts["half"]) if "half" in found.parts else found.listed("ordinal")
    length = MONTHS[found.lexicon["parts_of_year"][found.parts["part"]]]
    if number * length > MONTHS_PER_YEAR:
        return unclear(found.words)
    return _part_of_year(found, number, length)


def _part_of_year(found: Found, number: int, length: int) -> Said:
    of = [int(found.parts["year"])] if "year" in found.parts else years(found)
    return of_year([month_stretch(year, (number - 1) * length + 1, length) for year in of], found)


def unit_last(found: Found) -> Said | None:
    """The calendar's unit before this one."""
    return _unit(found, -1)


def unit_this(found: Found) -> Said | None:
    """The calendar's unit around now."""
    return _unit(found, 0)


def unit_next(found: Found) -> Said | None:
    """The calendar's unit after this one."""
    return _unit(found, 1)


def unit_before(found: Found) -> Said | None:
    """The one before the last."""
    if "unit" not in found.parts or found.unit in ("minute", "hour"):
        return None
    first = _unit(found, -1)
    if first is None or first.past is None:
        return None
    length = found.unit in ("day", "weekend")
    there = first.past.start - (DAY if found.unit == "day" else WEEK_DAYS * DAY if length else DAY)
    if found.unit == "weekend":
        return certain(found.words, Stretch(there, there + 2 * DAY))
    return certain(found.words, days(there.date()) if found.unit == "day" else calendar(found.unit, there.date()))


def _unit(found: Found, shift: int) -> Said | None:
    if found.unit == "minute":
        return None
    if found.unit == "hour":
        hour = found.now.replace(minute=0, second=0, microsecond=0) + shift * HOUR
        near = {-1: (found.now - HOUR, found.now), 1: (found.now, found.now + HOUR)}
        return certain(found.words, Stretch(*near.get(shift, (hour, hour + HOUR))), is_exact=True)
    if found.unit == "day":
        return certain(found.words, days(found.today + shift * DAY))
    there = calendar(found.unit, found.today)
    if shift:
        there = calendar(found.unit, (there.start - DAY if shift < 0 else there.end).date())
    if found.unit == "weekend":
        monday = week(found.today).start + shift * WEEK_DAYS * DAY
        there = Stretch(monday + 5 * DAY, monday + WEEK_DAYS * DAY)
    return certain(found.words, there)


def month(found: Found) -> Said | None:
    """A month by its name; None where its name is another word here."""
    name = found.parts["month"]
    needed = found.lexicon["needs_before"].get(name)
    if needed and "year" not in found.parts and not (found.before in needed or found.before.startswith(MARK)):
        return None
    return of_year(months(found, found.listed("month")), found)


def month_last(found: Found) -> Said:
    """The newest that is over."""
    over = [one for one in months(found, found.listed("month")) if one.end <= found.now]
    return certain(found.words, max(over))


def month_next(found: Found) -> Said:
    """The first that has not begun."""
    ahead = [one for one in months(found, found.listed("month")) if one.start >= found.now]
    return certain(found.words, min(ahead))


def weekend(found: Found) -> Said:
    """The newest weekend or the next one."""
    saturday = week(found.today).start + 5 * DAY
    options = [
        Stretch(saturday + shift * WEEK_DAYS * DAY, saturday + (2 + shift * WEEK_DAYS) * DAY) for shift in (-1, 0, 1)
    ]
    return nearest(options, found.now, found.words)


def year(found: Found) -> Said:
    """A calendar year."""
    return certain(found.words, month_stretch(int(found.parts["year"]), 1, MONTHS_PER_YEAR))


def now(found: Found) -> Said:
    """The newest interval, or the next one where the words look ahead."""
    past, future = Stretch(found.now - INTERVAL, found.now), Stretch(found.now, found.now + INTERVAL)
    return Said(found.words, past, future, is_exact=True, leaning="past")


def _midnight(moment: dt.datetime) -> dt.datetime:
    return dt.datetime.combine(moment.date(), dt.time())
