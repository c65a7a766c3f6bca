"""Days as they are said: dates, weekdays, yesterday, "the 15th", "from 3 to 5 August"; dates themselves are ``dates``'.

Each reading takes what its form's phrase holds and gives what it names; the phrases lie in the words' files.
"""

from __future__ import annotations

import datetime as dt
import re

from steel_energy.asking.dates import date_said, parsed
from steel_energy.asking.found import (
    HALF_MONTH_DAYS,
    MONTHS_PER_YEAR,
    WEEK_DAYS,
    Found,
    calendar,
    months,
    of_year,
    patterns,
    week,
    years,
)
from steel_energy.asking.moments import DAY, Said, Stretch, certain, days, nearest, unclear
from steel_energy.schema import INTERVAL


def date(found: Found) -> Said:
    """A date in figures or words."""
    return date_said(found.words, found.lexicon.language, found.now)


def weekday_date(found: Found) -> Said | None:
    """A date beside its weekday, "Saturday the 5th"; of several, the one that falls on that weekday."""
    if "date" in found.parts:
        said = date_said(found.parts["date"], found.lexicon.language, found.now)
        possible = {one for one in (said.past, said.future, *said.others) if one}
        fitting = [one for one in possible if one.start.weekday() == found.listed("weekday")]
        return certain(found.words, fitting[0]) if len(fitting) == 1 else said
    number, weekday, options = found.number("day"), found.listed("weekday"), []
    for shift in range(-MONTHS_PER_YEAR, MONTHS_PER_YEAR + 1):
        month = calendar("month", _shifted_month(found.today, shift))
        day = month.start + (number - 1) * DAY
        if number >= 1 and day < month.end and day.weekday() == weekday:
            options.append(days(day.date()))
    return nearest(options, found.now, found.words) if options else None


def day_range(found: Found) -> Said | None:
    """Days of one month, such as 3 to 5 August; None where the words were of something else."""
    first, last = found.number("n1"), found.number("n2")
    if "month" not in found.parts:
        return None
    options = []
    for month in months(found, found.listed("month")):
        length = (month.end - month.start).days
        if 1 <= first <= last <= length:
            options.append(Stretch(month.start + (first - 1) * DAY, month.start + last * DAY))
    return of_year(options, found) if options else unclear(found.words)


def day_pair(found: Found) -> Said | None:
    """Two days of one month, one after the other; None where there are days between them."""
    return day_range(found) if found.number("n2") == found.number("n1") + 1 else None


def part_of_month(found: Found) -> Said:
    """Half of a month, or its first, second, third or fourth seven days."""
    options = []
    for month in months(found, found.listed("month")):
        half = month.start + HALF_MONTH_DAYS * DAY
        if "ordinal" in found.parts:
            start = month.start + (found.listed("ordinal") - 1) * WEEK_DAYS * DAY
            options.append(Stretch(start, min(start + WEEK_DAYS * DAY, month.end)))
        else:
            options.append(Stretch(half, month.end) if "second_half" in found.parts else Stretch(month.start, half))
    return of_year(options, found)


def week_of(found: Found) -> Said:
    """The week around a date, or the ISO week of a number."""
    if "date" in found.parts:
        day = date_said(found.parts["date"], found.lexicon.language, found.now)
        is_weekend = "unit" in found.parts
        past, future = (_week(one, is_weekend=is_weekend) if one else None for one in (day.past, day.future))
        return Said(found.words, past, future, others=day.others)
    number = found.number("n")
    of = [int(found.parts["year"])] if "year" in found.parts else years(found)
    held = [year for year in of if 1 <= number <= dt.date(year, 12, 28).isocalendar().week]
    options = [days(dt.date.fromisocalendar(year, number, 1), WEEK_DAYS) for year in held]
    return of_year(options, found) if options else unclear(found.words)


def _week(day: Stretch, *, is_weekend: bool) -> Stretch:
    around = week(day.start.date())
    return Stretch(around.end - 2 * DAY, around.end) if is_weekend else around


def ago(found: Found) -> Said:
    """A day; the week or month that held it; or a quarter of an hour so many hours ago."""
    numbers = {**found.lexicon["numbers"]}
    words = re.sub("[a-z]+", lambda word: str(numbers.get(word[0], word[0])), found.words)
    when = parsed(words, found.lexicon.language, found.now, prefer="past")
    if when is None:
        return unclear(found.words)
    unit = str(found.lexicon["units"].get(re.search(rf"(?<![a-z])(?:{found.lexicon.slot('unit')})(?![a-z])", words)[0]))  # type: ignore[index]
    if unit == "hour":
        return certain(found.words, Stretch(when, when + INTERVAL), is_exact=True)
    if unit == "week" and when < found.now - WEEK_DAYS * DAY:  # one week ago is a day, as it is a week to the day
        return certain(found.words, week(when.date()))
    if unit in ("month", "year"):
        return certain(found.words, calendar(unit, when.date()))
    return certain(found.words, days(when.date()))


def from_now(found: Found) -> Said | None:
    """The quarter of an hour, the day or the calendar month so many units ahead."""
    if found.unit in ("minute", "hour"):
        ahead = dt.timedelta(minutes=found.number("count") * (60 if found.unit == "hour" else 1))
        start = found.now + ahead // INTERVAL * INTERVAL
        return certain(found.words, Stretch(start, start + INTERVAL), is_exact=True)
    if found.unit in ("day", "week"):
        length = WEEK_DAYS if found.unit == "week" else 1
        return certain(found.words, days(found.today + found.number("count") * length * DAY))
    return unclear(found.words)


def weekday_of_week(found: Found) -> Said:
    """A weekday of last week, this or the next."""
    lexicon = found.lexicon
    shift = -1 if _is(found, "unit_last") else 1 if _is(found, "unit_next") else 0
    monday = week(found.today).start + shift * WEEK_DAYS * DAY
    return certain(found.words, days((monday + int(lexicon["weekdays"][found.parts["weekday"]]) * DAY).date()))


def same_before(found: Found) -> Said:
    """The same day of the week before another that is named."""
    return Said(found.words, None, None, days_from_first=-WEEK_DAYS)


def day_before(found: Found) -> Said:
    """The day before another that is named."""
    return Said(found.words, None, None, days_from_first=-1)


def day_after(found: Found) -> Said:
    """The day after another that is named."""
    return Said(found.words, None, None, days_from_first=1)


def one_after(found: Found) -> Said:
    """The stretch of the same kind after another that is named."""
    return Said(found.words, None, None, relation="after")


def one_before(found: Found) -> Said:
    """The stretch of the same kind before another that is named."""
    return Said(found.words, None, None, relation="before")


def same_last_year(found: Found) -> Said:
    """Another that is named, a year before; by itself this day, week or month a year before."""
    unit = found.unit if "unit" in found.parts else "day"
    around = days(found.today) if unit in ("day", "hour", "minute") else calendar(unit, found.today)
    before = around.related("year")
    return Said(found.words, before, before, relation="year")


def _is(found: Found, form: str) -> bool:
    return any(pattern.search(found.words) for pattern in patterns(found.lexicon, form))


def weekday_last(found: Found) -> Said:
    """The newest before today."""
    return certain(found.words, _weekday_options(found)[0])


def weekday_before(found: Found) -> Said:
    """The one a week before the newest."""
    return certain(found.words, _weekday_options(found)[0].shifted(-WEEK_DAYS))


def weekday_next(found: Found) -> Said:
    """The first after today."""
    return certain(found.words, _weekday_options(found)[1])


def weekday(found: Found) -> Said:
    """Either of the two."""
    before, after = _weekday_options(found)
    return Said(found.words, before, after)


def weekday_this(found: Found) -> Said:
    """The one of this calendar week."""
    monday = week(found.today).start
    return certain(found.words, days((monday + found.listed("weekday") * DAY).date()))


def _weekday_options(found: Found) -> tuple[Stretch, Stretch]:
    """The newest of such days before today, and the first after."""
    back = (found.today.weekday() - found.listed("weekday") - 1) % WEEK_DAYS + 1
    ahead = (found.listed("weekday") - found.today.weekday() - 1) % WEEK_DAYS + 1
    return days(found.today - back * DAY), days(found.today + ahead * DAY)


def offset(found: Found) -> Said:
    """So many days from today, such as yesterday."""
    return certain(found.words, days(found.today + found.listed("offset") * DAY))


def feast(found: Found) -> Said:
    """A day of the year with a name."""
    month, day = map(int, found.lexicon["feasts"][found.parts["feast"]].split("-"))
    return nearest([days(dt.date(year, month, day)) for year in years(found)], found.now, found.words)


def day_of_month(found: Found) -> Said:
    """A day without its month: the last one and the next one that there are."""
    number, options = found.number("day"), []
    for shift in (-2, -1, 0, 1, 2):
        month = calendar("month", _shifted_month(found.today, shift))
        if 1 <= number <= (month.end - month.start).days:
            options.append(days((month.start + (number - 1) * DAY).date()))
    return nearest(options, found.now, found.words) if options else unclear(found.words)


def _shifted_month(day: dt.date, months: int) -> dt.date:
    month = day.year * MONTHS_PER_YEAR + day.month - 1 + months
    return dt.date(month // MONTHS_PER_YEAR, month % MONTHS_PER_YEAR + 1, 1)
