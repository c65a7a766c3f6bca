"""The small grammar of days, weeks, months, quarters and years; dates themselves are ``dates``'.

The phrases lie in the words' files under ``times``, by form, and each form has its reading here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from steel_energy.asking.dates import date_said, parsed
from steel_energy.asking.lexicon import LISTS, MARK, NUMBERS, Lexicon, in_order
from steel_energy.asking.moments import DAY, Said, Stretch, certain, days, month_stretch, nearest, unclear
from steel_energy.schema import INTERVAL

WEEK = 7
HALF_MONTH = 15
QUARTER_MONTHS = 3
MONTHS_PER_YEAR = 12
DAYS_AHEAD = {"hour": dt.timedelta(hours=1), "day": DAY, "week": WEEK * DAY, "weekend": WEEK * DAY}
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


Reader = Callable[[Found], Said | None]


def hear_days(text: str, lexicon: Lexicon, now: dt.datetime) -> tuple[str, list[Said]]:
    """The text with a mark for each day or stretch that it names, and what these are, in the order of the marks."""
    said: list[Said] = []
    for form, reader in READERS.items():
        for pattern in _patterns(lexicon, form):
            text = _marked(text, pattern, reader, lexicon, now, said)
    return in_order(text, "d", said)


def _marked(
    text: str, pattern: re.Pattern[str], reader: Reader, lexicon: Lexicon, now: dt.datetime, said: list[Said]
) -> str:
    def mark(match: re.Match[str]) -> str:
        before = text[: match.start()].split()[-1:]
        parts = {name: value for name, value in match.groupdict().items() if value}
        read = reader(Found(match[0], parts, before[0] if before else "", now, lexicon))
        if read is None:
            return match[0]
        said.append(read)
        return f" {MARK}d{len(said) - 1} "

    return " ".join(pattern.sub(mark, text).split())


_PATTERNS: dict[tuple[str, str], list[re.Pattern[str]]] = {}


def _patterns(lexicon: Lexicon, form: str) -> list[re.Pattern[str]]:
    key = (lexicon.language, form)
    if key not in _PATTERNS:
        named = {name: f"(?P<{name}>{lexicon.slot(name)})" for name in NAMES}
        _PATTERNS[key] = [lexicon.compiled([phrase], named) for phrase in lexicon["times"][form]]
    return _PATTERNS[key]


def _date(found: Found) -> Said:
    return date_said(found.words, found.lexicon.language, found.now)


def _day_range(found: Found) -> Said | None:
    first, last = found.number("n1"), found.number("n2")
    if "month" not in found.parts:
        return None
    options = []
    for month in _months(found, found.listed("month")):
        length = (month.end - month.start).days
        if 1 <= first <= last <= length:
            options.append(Stretch(month.start + (first - 1) * DAY, month.start + last * DAY))
    return _of_year(options, found) if options else unclear(found.words)


def _part_of_month(found: Found) -> Said:
    options = []
    for month in _months(found, found.listed("month")):
        half = month.start + HALF_MONTH * DAY
        if "ordinal" in found.parts:
            start = month.start + (found.listed("ordinal") - 1) * WEEK * DAY
            options.append(Stretch(start, min(start + WEEK * DAY, month.end)))
        else:
            options.append(Stretch(half, month.end) if "second_half" in found.parts else Stretch(month.start, half))
    return _of_year(options, found)


def _week_of(found: Found) -> Said:
    if "date" in found.parts:
        day = date_said(found.parts["date"], found.lexicon.language, found.now)
        past, future = (_week(one.start.date()) if one else None for one in (day.past, day.future))
        return Said(found.words, past, future, others=day.others)
    number = found.number("n")
    years = [int(found.parts["year"])] if "year" in found.parts else _years(found)
    options = []
    for year in years:
        if 1 <= number <= dt.date(year, 12, 28).isocalendar().week:
            options.append(days(dt.date.fromisocalendar(year, number, 1), WEEK))
    return _of_year(options, found) if options else unclear(found.words)


def _ago(found: Found) -> Said:
    """A day; the week or month that held it; or a quarter of an hour so many hours ago."""
    numbers = {**found.lexicon["numbers"]}
    words = re.sub("[a-z]+", lambda word: str(numbers.get(word[0], word[0])), found.words)
    when = parsed(words, found.lexicon.language, found.now, prefer="past")
    if when is None:
        return unclear(found.words)
    unit = str(found.lexicon["units"].get(re.search(rf"(?:{found.lexicon.slot('unit')})", words)[0]))  # type: ignore[index]
    if unit == "hour":
        return certain(found.words, Stretch(when, when + INTERVAL), is_exact=True)
    if unit == "week" and when < found.now:
        return certain(found.words, _week(when.date()))
    if unit in ("month", "year"):
        return certain(found.words, _calendar(unit, when.date()))
    return certain(found.words, days(when.date()))


def _day_of_month(found: Found) -> Said:
    """A day without its month: the last one and the next one that there are."""
    number, options = found.number("day"), []
    for shift in (-2, -1, 0, 1, 2):
        month = _calendar("month", _shifted_month(found.today, shift))
        if 1 <= number <= (month.end - month.start).days:
            options.append(days((month.start + (number - 1) * DAY).date()))
    return nearest(options, found.now, found.words) if options else unclear(found.words)


def _shifted_month(day: dt.date, months: int) -> dt.date:
    month = day.year * MONTHS_PER_YEAR + day.month - 1 + months
    return dt.date(month // MONTHS_PER_YEAR, month % MONTHS_PER_YEAR + 1, 1)


def _weekday_of_week(found: Found) -> Said:
    lexicon = found.lexicon
    shift = -1 if _is(found, "unit_last") else 1 if _is(found, "unit_next") else 0
    monday = _week(found.today).start + shift * WEEK * DAY
    return certain(found.words, days((monday + int(lexicon["weekdays"][found.parts["weekday"]]) * DAY).date()))


def _is(found: Found, form: str) -> bool:
    return any(pattern.search(found.words) for pattern in _patterns(found.lexicon, form))


def _weekday_last(found: Found) -> Said:
    return certain(found.words, _weekday_options(found)[0])


def _weekday_next(found: Found) -> Said:
    return certain(found.words, _weekday_options(found)[1])


def _weekday(found: Found) -> Said:
    before, after = _weekday_options(found)
    return Said(found.words, before, after)


def _weekday_this(found: Found) -> Said:
    monday = _week(found.today).start
    return certain(found.words, days((monday + found.listed("weekday") * DAY).date()))


def _weekday_options(found: Found) -> tuple[Stretch, Stretch]:
    """The newest of such days before today, and the first after."""
    back = (found.today.weekday() - found.listed("weekday") - 1) % WEEK + 1
    ahead = (found.listed("weekday") - found.today.weekday() - 1) % WEEK + 1
    return days(found.today - back * DAY), days(found.today + ahead * DAY)


def _last_n(found: Found) -> Said | None:
    length = _length(found, -found.number("count"))
    return length and certain(found.words, Stretch(length, found.now), is_exact=True)  # type: ignore[return-value]


def _next_n(found: Found) -> Said | None:
    length = _length(found, found.number("count"))
    return length and certain(found.words, Stretch(found.now, length), is_exact=True)  # type: ignore[return-value]


def _length(found: Found, count: int) -> dt.datetime | None:
    """The moment so many units from now; None for none of them."""
    if count == 0 or found.unit == "weekend":
        return None
    if found.unit in DAYS_AHEAD:
        return found.now + count * DAYS_AHEAD[found.unit]
    months = count * {"month": 1, "quarter": QUARTER_MONTHS, "year": MONTHS_PER_YEAR}[found.unit]
    month = found.now.year * MONTHS_PER_YEAR + found.now.month - 1 + months
    start = month_stretch(month // MONTHS_PER_YEAR, month % MONTHS_PER_YEAR + 1)
    return min(start.start + (found.now.day - 1) * DAY, start.end - DAY) + (found.now - _midnight(found.now))


def _quarter(found: Found) -> Said | None:
    number = int(found.parts["q"]) if "q" in found.parts else found.listed("ordinal")
    years = [int(found.parts["year"])] if "year" in found.parts else _years(found)
    return _of_year([month_stretch(year, (number - 1) * QUARTER_MONTHS + 1, QUARTER_MONTHS) for year in years], found)


def _unit_last(found: Found) -> Said | None:
    return _unit(found, -1)


def _unit_before(found: Found) -> Said | None:
    """The one before the last."""
    if "unit" not in found.parts or found.unit == "hour":
        return None
    first = _unit(found, -1)
    if first is None or first.past is None:
        return None
    length = found.unit in ("day", "weekend")
    there = first.past.start - (DAY if found.unit == "day" else WEEK * DAY if length else DAY)
    if found.unit == "weekend":
        return certain(found.words, Stretch(there, there + 2 * DAY))
    return certain(found.words, days(there.date()) if found.unit == "day" else _calendar(found.unit, there.date()))


def _unit_this(found: Found) -> Said | None:
    return _unit(found, 0)


def _unit_next(found: Found) -> Said | None:
    return _unit(found, 1)


def _unit(found: Found, shift: int) -> Said | None:
    if found.unit == "hour":
        hour = found.now.replace(minute=0, second=0, microsecond=0) + shift * DAYS_AHEAD["hour"]
        near = {-1: (found.now - DAYS_AHEAD["hour"], found.now), 1: (found.now, found.now + DAYS_AHEAD["hour"])}
        return certain(found.words, Stretch(*near.get(shift, (hour, hour + DAYS_AHEAD["hour"]))), is_exact=True)
    if found.unit == "day":
        return certain(found.words, days(found.today + shift * DAY))
    there = _calendar(found.unit, found.today)
    if shift:
        there = _calendar(found.unit, (there.start - DAY if shift < 0 else there.end).date())
    if found.unit == "weekend":
        monday = _week(found.today).start + shift * WEEK * DAY
        there = Stretch(monday + 5 * DAY, monday + WEEK * DAY)
    return certain(found.words, there)


def _calendar(unit: str, day: dt.date) -> Stretch:
    """The calendar's week, month, quarter or year around a day."""
    if unit in ("week", "weekend"):
        return _week(day)
    months = {"month": 1, "quarter": QUARTER_MONTHS, "year": MONTHS_PER_YEAR}[unit]
    return month_stretch(day.year, (day.month - 1) // months * months + 1, months)


def _offset(found: Found) -> Said:
    return certain(found.words, days(found.today + found.listed("offset") * DAY))


def _feast(found: Found) -> Said:
    month, day = map(int, found.lexicon["feasts"][found.parts["feast"]].split("-"))
    return nearest([days(dt.date(year, month, day)) for year in _years(found)], found.now, found.words)


def _month(found: Found) -> Said | None:
    name = found.parts["month"]
    needed = found.lexicon["needs_before"].get(name)
    if needed and "year" not in found.parts and found.before not in needed:
        return None
    return _of_year(_months(found, found.listed("month")), found)


def _month_last(found: Found) -> Said:
    over = [one for one in _months(found, found.listed("month")) if one.end <= found.now]
    return certain(found.words, max(over))


def _month_next(found: Found) -> Said:
    ahead = [one for one in _months(found, found.listed("month")) if one.start >= found.now]
    return certain(found.words, min(ahead))


def _weekend(found: Found) -> Said:
    saturday = _week(found.today).start + 5 * DAY
    options = [Stretch(saturday + shift * WEEK * DAY, saturday + (2 + shift * WEEK) * DAY) for shift in (-1, 0, 1)]
    return nearest(options, found.now, found.words)


def _year(found: Found) -> Said:
    return certain(found.words, month_stretch(int(found.parts["year"]), 1, MONTHS_PER_YEAR))


def _now(found: Found) -> Said:
    """The newest interval, or the next one."""
    past, future = Stretch(found.now - INTERVAL, found.now), Stretch(found.now, found.now + INTERVAL)
    return Said(found.words, past, future, is_exact=True)


def _week(day: dt.date) -> Stretch:
    return days(day - day.weekday() * DAY, WEEK)


def _midnight(moment: dt.datetime) -> dt.datetime:
    return dt.datetime.combine(moment.date(), dt.time())


def _years(found: Found) -> list[int]:
    return [found.now.year - 1, found.now.year, found.now.year + 1]


def _months(found: Found, month: int) -> list[Stretch]:
    years = [int(found.parts["year"])] if "year" in found.parts else _years(found)
    return [month_stretch(year, month) for year in years]


def _of_year(options: list[Stretch], found: Found) -> Said:
    """The one of the year that was said, or the nearest."""
    if "year" in found.parts:
        return certain(found.words, options[0])
    return nearest(options, found.now, found.words)


READERS: dict[str, Reader] = {
    "day_range": _day_range,
    "part_of_month": _part_of_month,
    "week_of": _week_of,
    "date": _date,
    "ago": _ago,
    "day_of_month": _day_of_month,
    "unit_before": _unit_before,
    "weekday_of_week": _weekday_of_week,
    "weekday_last": _weekday_last,
    "weekday_next": _weekday_next,
    "weekday_this": _weekday_this,
    "last_n": _last_n,
    "next_n": _next_n,
    "quarter": _quarter,
    "unit_last": _unit_last,
    "unit_this": _unit_this,
    "unit_next": _unit_next,
    "offset": _offset,
    "feast": _feast,
    "month_last": _month_last,
    "month_next": _month_next,
    "month": _month,
    "weekday": _weekday,
    "weekend": _weekend,
    "year": _year,
    "now": _now,
}
"""Form to its reading, in the order in which they are tried."""
