"""Dates in figures and words, read by dateparser: "3 de agosto", "August 3rd", "2018-08-03", "hace 3 días".

Only what the grammar has cut out as a date comes here, so that no loose number becomes one.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings

from steel_energy.asking.lexicon import Language
from steel_energy.asking.moments import Said, certain, days, unclear

NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d\d))?")
HAS_YEAR = re.compile(r"(?:19|20)\d\d")
DAY_AND_MONTH = 2
YEAR = dt.timedelta(days=367)


def date_said(words: str, language: Language, now: dt.datetime) -> Said:
    """The day that ``words`` name; unclear where there is none, such as 30 February.

    In figures a day comes first in Spanish; in English either order is usual, so 03/08 must be asked.
    """
    if numeric := NUMERIC.fullmatch(words):
        return _in_figures(words, numeric, language, now)
    found = [parsed(words, language, now, prefer=prefer) for prefer in ("past", "future")]
    if None in found or _last_number(words, found):
        return unclear(words)
    past, future = (days(one.date()) for one in found if one is not None)
    if past.start.date() == now.date():  # the parser's next one is a year away
        future = past
    if HAS_YEAR.search(words):
        return certain(words, past)
    is_near = past.start > now - YEAR and future.start < now + YEAR  # else it is 29 February of another year
    return Said(words, past, future) if is_near else unclear(words)


def parsed(words: str, language: Language, now: dt.datetime, *, prefer: str) -> dt.datetime | None:
    """What dateparser makes of ``words``, plant time; None if nothing."""
    import dateparser  # noqa: PLC0415 - loads its languages; a question needs it, an import of this package does not

    order = "DMY" if language == "es" else "MDY"
    settings = {
        "RELATIVE_BASE": now,
        "PREFER_DATES_FROM": prefer,
        "DATE_ORDER": order,
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of formats without a year, which it uses within
        try:
            found: dt.datetime | None = dateparser.parse(words, languages=[language], settings=settings)
        except (OverflowError, ValueError):  # a day before year 1 or after 9999
            return None
    return found


def _in_figures(words: str, numeric: re.Match[str], language: Language, now: dt.datetime) -> Said:
    first, second = int(numeric[1]), int(numeric[2])
    orders = [(first, second)] if language == "es" or "." in words else [(second, first), (first, second)]
    found = [one for day, month in dict.fromkeys(orders) if (one := _day(day, month, numeric[3], now))]
    if len(found) == DAY_AND_MONTH:
        options = tuple(stretch for said in found if (stretch := said.past or said.future))
        return Said(words, None, None, others=options)
    return Said(words, found[0].past, found[0].future) if found else unclear(words)


def _day(day: int, month: int, year: str | None, now: dt.datetime) -> Said | None:
    years = (
        [int(year) % 100 + 2000 if len(year) < len("2018") else int(year)]
        if year
        else [now.year - 1, now.year, now.year + 1]
    )
    options = [days(dt.date(one, month, day)) for one in years if _exists(one, month, day)]
    if not options:
        return None
    if year:
        return certain("", options[0])
    begun, left = [one for one in options if one.start <= now], [one for one in options if one.end > now]
    return Said("", max(begun, default=None), min(left, default=None))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def _last_number(words: str, found: list[dt.datetime | None]) -> bool:
    """Whether the parser took a day that was not said: 31 April must not become 30 April."""
    said = re.search(r"(?<!\d)\d{1,2}(?!\d)", words)
    is_iso = re.match(r"\d{4}-", words) is not None
    return not is_iso and said is not None and any(one is not None and one.day != int(said[0]) for one in found)
