"""Parts of a stretch as they are said: "the last week of July", "the first Monday of May", "el 12 del mes pasado".

What the whole is, is read by the other forms; a part is marked before them, so that "the last week" is no week of now.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from steel_energy.asking.found import HALF_MONTH_DAYS, MONTHS, MONTHS_PER_YEAR, WEEK_DAYS
from steel_energy.asking.lexicon import MARK, Language, Lexicon, lexicon
from steel_energy.asking.moments import DAY, Said, Stretch, days, month_stretch

HOUR = dt.timedelta(hours=1)
LENGTHS = {
    "minute": dt.timedelta(minutes=1),
    "hour": HOUR,
    "day": DAY,
    "week": WEEK_DAYS * DAY,
    "half_month": HALF_MONTH_DAYS * DAY,
}
MONTH_DAYS = 31
SATURDAY = 5
HALVES = 2


@dataclass(frozen=True)
class Part:
    """What of a whole is meant.

    Attributes:
        words: how it was said, with the word that joins it to the whole.
        place: which one, 1 being the first and -1 the last.
        unit: of what: a unit of time, ``piece`` for a half, ``weekday``.
        count: how many of them.
        weekday: 0-6 where a weekday is meant.
    """

    words: str
    place: int
    unit: str
    count: int = 1
    weekday: int = 0


def hear_parts(text: str, words: Lexicon) -> tuple[str, list[Part]]:
    """The text with a mark ``§pN`` for each part that stands before its whole, and what these are."""
    parts: list[Part] = []

    def mark(match: re.Match[str]) -> str:
        parts.append(_part(match, words))
        return f"{MARK}p{len(parts) - 1} "

    for pattern in _patterns(words.language):
        text = pattern.sub(mark, text)
    text = _bare_units(words.language).sub(rf"\1 {words['this_one']} \2", text)
    return " ".join(text.split()), parts


def fitted(text: str, said: Sequence[Said], parts: Sequence[Part]) -> tuple[str, list[Said]]:
    """The text without the parts' marks, and the stretches cut to them; a part without a whole is words again."""
    cut = list(said)

    def fit(match: re.Match[str]) -> str:
        part, place = parts[int(match[1])], int(match[2])
        whole = cut[place]
        past, future = (part_of(one, part) if one else None for one in (whole.past, whole.future))
        is_exact = part.unit in ("minute", "hour")
        cut[place] = Said(f"{part.words} {whole.words}", past, future, is_exact=is_exact, leaning=whole.leaning)
        return f"{MARK}d{place}"

    while (fresh := re.sub(rf"{MARK}p(\d+) {MARK}d(\d+)", fit, text)) != text:
        text = fresh
    return re.sub(rf"{MARK}p(\d+)", lambda match: parts[int(match[1])].words, text), cut


def part_of(whole: Stretch, part: Part) -> Stretch | None:
    """The part of a whole; None if there is none.

    >>> july = month_stretch(2018, 7)
    >>> part_of(july, Part("", -1, "week")).start.isoformat()
    '2018-07-25T00:00:00'
    """
    if part.unit in ("weekday", "weekend"):
        first, length = (part.weekday, 1) if part.unit == "weekday" else (SATURDAY, HALVES)
        start = whole.start + (first - whole.start.weekday()) % WEEK_DAYS * DAY
        found = [
            days((start + week * WEEK_DAYS * DAY).date(), length)
            for week in range(-(-(whole.end - start) // (7 * DAY)))
        ]
        place = part.place if part.place < 0 else part.place - 1
        return found[place] if -len(found) <= place < len(found) else None
    cut = _by_months(whole, part) if part.unit in MONTHS else _by_length(whole, part)
    return cut if whole.start <= cut.start < cut.end <= whole.end else None


def _by_months(whole: Stretch, part: Part) -> Stretch:
    months = MONTHS[part.unit] * part.count
    ahead = (part.place - 1) * MONTHS[part.unit] if part.place > 0 else -months
    edge = whole.start if part.place > 0 else whole.end
    month = edge.year * MONTHS_PER_YEAR + edge.month - 1 + ahead
    return month_stretch(month // MONTHS_PER_YEAR, month % MONTHS_PER_YEAR + 1, months)


def _by_length(whole: Stretch, part: Part) -> Stretch:
    if part.unit == "piece":
        middle = _middle(whole)
        return Stretch(whole.start, middle) if part.place == 1 else Stretch(middle, whole.end)
    length = LENGTHS[part.unit] * part.count
    start = whole.start + (part.place - 1) * LENGTHS[part.unit] if part.place > 0 else whole.end - length
    return Stretch(start, start + length)


def _middle(whole: Stretch) -> dt.datetime:
    """Where the second half begins: of a month after its 15th, of several months after half of these."""
    if whole.is_months and whole.end - whole.start > MONTH_DAYS * DAY:
        count = (whole.end.year - whole.start.year) * MONTHS_PER_YEAR + whole.end.month - whole.start.month
        return month_stretch(whole.start.year, whole.start.month, count // HALVES).end
    return whole.start + (HALF_MONTH_DAYS * DAY if whole.is_months else (whole.end - whole.start) / HALVES)


def _part(match: re.Match[str], words: Lexicon) -> Part:
    said = {name: value for name, value in match.groupdict().items() if value}
    if "day" in said:
        return Part(match[0], int(said["day"]), "day")
    place = int(words["edges"][said["edge"]])
    if "weekday" in said:
        return Part(match[0], place, "weekday", weekday=int(words["weekdays"][said["weekday"]]))
    count = said.get("count", "1")
    number = int(count) if count.isdigit() else int(words["numbers"][count])
    unit = words["units"].get(said.get("units"), "piece")
    return Part(match[0], place, "piece" if unit == "half_month" else unit, number)


@cache
def _patterns(language: Language) -> tuple[re.Pattern[str], ...]:
    """The phrases of a part, each before what can be a whole."""
    words = lexicon(language)
    named = {name: f"(?P<{name}>{words.slot(name)})" for name in ("edge", "units", "count", "weekday", "day")}
    whole = words.compiled(words["wholes"]).pattern
    return tuple(re.compile(rf"{words.compiled([form], named).pattern} (?={whole})") for form in words["parts"])


@cache
def _bare_units(language: Language) -> re.Pattern[str]:
    """A whole that is a unit alone, "of the month": the one around now."""
    words = lexicon(language)
    return re.compile(
        rf"({MARK}p\d+) (?:{words['the']})?((?:{words.slot('unit')})(?!\w)(?! (?:{words['units_told']})))"
    )
