"""Stretches that tell each other: a part beside its whole, and "the month before" beside another month."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from steel_energy.asking.lexicon import Lexicon
from steel_energy.asking.moments import DAY, WEEK, Direction, Said, Stretch, certain, days

PAIR = 2
MAX_OPTIONS = 6
SATURDAY = 5
LONGEST_MONTH = 31 * DAY


def together(
    said: Sequence[Said], marked: str, words: Lexicon, *, is_compared: bool, tense: Direction | None
) -> list[Said]:
    """The stretches of a question as they belong together, by what is to happen on them.

    Load that moves goes from one to the other. Of "last week, had we closed on Thursday" the week stays beside the day.
    """
    is_closing = words.says(marked, "changes", "close_day")
    said = each_of(said, words, tense) if is_closing else list(said)
    if words.says(marked, "changes", "move_load"):
        return said
    found = related(said, words, is_compared=is_compared, tense=tense)
    is_within = is_closing and tense == "past" and len(found) == 1 < len(said)
    return [said[0], *found] if is_within and said[:1] != found else found


def related(said: Sequence[Said], words: Lexicon, *, is_compared: bool, tense: Direction | None) -> list[Said]:
    """Two stretches as they belong together.

    Of two that are compared, the second may be the one before the first. Of others, weekdays beside a week are that
    week's, and a weekend or a weekday beside a longer stretch is one of several. Of "both Saturdays, the 7th and the
    14th" the dates count.
    """
    if any(_is_dated(one, is_one_day=True) for one in said):
        said = [one for one in said if one.is_clear or one.is_told_by_first or one.others]
    if len(said) != PAIR:
        return list(said)
    if is_compared:
        return [said[0], _before(said[0], said[1], words)]
    for whole, part in (said, said[::-1]):
        if (within := _within(whole, part, words, tense)) is not None:
            return [within]
    return list(said)


def each_of(named: Sequence[Said], words: Lexicon, tense: Direction | None) -> list[Said]:
    """A whole beside "every Sunday" with each of its Sundays, since any number of days can be closed.

    Beside a month, days without one are that month's.
    """
    whole = next((stretch for one in named if (stretch := _settled(one, tense)) is not None), None)
    each: list[Said] = []
    for said in named:
        weekday = next((words["weekdays"][word] for word in said.words.split() if word in words["weekdays"]), None)
        is_vague = not (said.is_clear or said.others)
        found = _every(whole, int(weekday), 1) if is_vague and weekday is not None and whole is not None else ()
        each += [certain(said.words, one) for one in found] or [_of_month(said, whole, words)]
    return each


def _of_month(said: Said, whole: Stretch | None, words: Lexicon) -> Said:
    """A day by its number alone as that of a month; as it was said where it is none, or the month has no such day."""
    is_month = whole is not None and whole.is_months and whole.end - whole.start <= LONGEST_MONTH
    is_told = said.past == said.future or any(word in words["months"] for word in said.words.split())
    if whole is None or said.past is None or not is_month or is_told or not _is_dated(said, is_one_day=True):
        return said
    day = days(whole.start.date() + (said.past.start.day - 1) * DAY)
    return certain(said.words, day) if day.end <= whole.end else said


def recurring(marked: str, words: Lexicon, days: Sequence[Said]) -> str | None:
    """Words for days that come again and again, such as weekends or working days; None if there are none.

    Holidays whose dates are said are these days and no others.
    """
    kinds = [kind for kind in words["recurring"] if kind != "holiday" or not any(map(_is_dated, days))]
    found = (words.pattern("recurring", kind).search(marked) for kind in kinds)
    return next((match[0] for match in found if match), None)


def weekends_of(
    days: Sequence[Said], again: str | None, words: Lexicon, tense: Direction | None
) -> tuple[list[Said], str | None]:
    """The days, and what is left of the words ``again``: weekends of a month become one of these, to be asked about."""
    whole = _settled(days[0], tense) if len(days) == 1 else None
    if again is None or whole is None or not words.says(again, "recurring", "weekend"):
        return list(days), again
    options = _every(whole, SATURDAY, PAIR)
    if len(options) == 1:
        return [certain(again, options[0])], None
    return ([Said(again, None, None, others=options)], None) if options else (list(days), again)


def picked(pick: int | None, before: tuple[Said, ...]) -> tuple[Said, ...]:
    """The days from before; of several that could be meant, the one that was picked."""
    if pick is None or not before:
        return before
    first = before[0]
    options = first.others or tuple(dict.fromkeys(one for one in (first.past, first.future) if one is not None))
    return (certain(first.words, options[pick - 1]), *before[1:]) if pick <= len(options) else before


def _before(first: Said, second: Said, words: Lexicon) -> Said:
    """The second, told from the first where both are as long: October with "the month before", not with itself."""
    stretch = first.past or first.future
    if stretch is None or second.past is None:
        return second
    if second.past != second.future:  # Christmas beside a Tuesday, which it was itself
        is_same_day = second.past == stretch and stretch.is_one_day
        return certain(second.words, stretch.shifted(-WEEK // DAY)) if is_same_day else second
    is_alike = (second.past.end - second.past.start) // WEEK == (stretch.end - stretch.start) // WEEK
    is_before = words.pattern("unit_before_first").fullmatch(second.words) is not None
    if second.past == stretch and _is_weekly(second.words, words):  # yesterday, beside "last Monday" itself
        return certain(second.words, stretch.shifted(-WEEK // DAY))
    if second.past == stretch or (is_before and is_alike):
        return dataclasses.replace(second, past=None, future=None, relation="before")
    return second


def _within(whole: Said, part: Said, words: Lexicon, tense: Direction | None) -> Said | None:
    """The part of the whole; None where the two are not so."""
    outer, inner = _settled(whole, tense), part.past or part.future
    if outer is None or inner is None or not (outer.is_days and inner.is_days) or part.past == part.future:
        return None
    if not _is_weekly(part.words, words) or inner.end - inner.start >= WEEK:
        return None
    length = (inner.end - inner.start) // DAY
    options = _every(outer, inner.start.weekday(), length)
    if outer.end - outer.start == WEEK and len(options) == 1:
        return certain(f"{part.words} {whole.words}", options[0])
    return Said(part.words, None, None, others=options) if outer.end - outer.start > WEEK and options else None


def _is_dated(said: Said, *, is_one_day: bool = False) -> bool:
    """Whether days were said by their numbers."""
    stretch = said.past or said.future
    if stretch is None or stretch.is_months or re.search(r"\d", said.words) is None:
        return False
    return stretch.is_one_day or not is_one_day


def _is_weekly(said: str, words: Lexicon) -> bool:
    """Whether days of the week alone were said, no date."""
    names = rf"(?:{words.slot('weekday')}|weekends?|fin(?:es)? de semana|finde)"
    return re.search(r"\d", said) is None and re.search(rf"(?<!\w){names}(?!\w)", said) is not None


def _settled(said: Said, tense: Direction | None) -> Stretch | None:
    return (said.future or said.past) if tense == "future" else (said.past or said.future)


def _every(whole: Stretch, weekday: int, length: int) -> tuple[Stretch, ...]:
    """Each run of days from a weekday on that begins in a stretch; none of more than can be chosen from."""
    first = whole.start + (weekday - whole.start.weekday()) % 7 * DAY
    count = -(-(whole.end - first) // WEEK)
    found = tuple(Stretch(first + week * WEEK, first + week * WEEK + length * DAY) for week in range(count))
    return found if len(found) <= MAX_OPTIONS else ()
