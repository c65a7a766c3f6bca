"""Two days said as ends of one stretch, with hours or without: "from Monday to Wednesday", "desde el lunes"."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from steel_energy.asking.lexicon import MARK, Language, Lexicon, lexicon
from steel_energy.asking.moments import DAY, Clock, Said, Stretch


def joined(
    text: str, said: Sequence[Said], clocks: Sequence[Clock], words: Lexicon, now: dt.datetime
) -> tuple[list[Said], list[Clock]]:
    """Stretches and hours, those put together that are two ends of one; load that moves has a source and a target."""
    match = _match(text, words)
    if match is None and (until := _first(text, "until", words) or _first(text, "finished", words)) is not None:
        return _until(until, said, clocks, now)
    if match is None and (before := _first(text, "deadline", words)) is not None:
        stretches, hours_left = _until(before, said, clocks, now, is_before=True)
        if stretches[0].is_clear:
            return stretches, hours_left
    if words.says(text, "changes", "move_load") or words.says(text, "compared"):
        return list(said), list(clocks)
    if match is None:
        return _together(text, said, words), list(clocks)
    ends = {name: int(value) for name, value in match.groupdict().items() if value is not None}
    first = _from_now(said[ends["a_day"]], now)
    last = said[ends["b_day"]] if "b_day" in ends else Said("", Stretch(now, now), Stretch(now, now), is_exact=True)
    hours = [clocks[ends[name]] if name in ends else None for name in ("a_hour", "b_hour")]
    whole = _between(f"{first.words} - {last.words}", first, last, hours)
    others = [one for place, one in enumerate(said) if place not in (ends["a_day"], ends.get("b_day"))]
    left = [one for place, one in enumerate(clocks) if place not in (ends.get("a_hour"), ends.get("b_hour"))]
    return [whole, *others], left


def _first(text: str, form: str, words: Lexicon) -> re.Match[str] | None:
    return next((one for pattern in _patterns(words.language, form) if (one := pattern.search(text))), None)


def _until(
    match: re.Match[str],
    said: Sequence[Said],
    clocks: Sequence[Clock],
    now: dt.datetime,
    *,
    is_before: bool = False,
) -> tuple[list[Said], list[Clock]]:
    """From now until the end of what is named, or its hour; of the past nobody knows where it would begin.

    Before what is named is until its start.
    """
    place, hour = int(match["a_day"]), int(match["a_hour"]) if match["a_hour"] else None
    last = said[place].future
    ends = last.start if last and is_before else last.end if last else None
    if hour is not None and last is not None:
        at = _at(last, clocks[hour])
        ends = at.end if clocks[hour].is_until else at.start
    is_today = last is not None and last.start <= now < last.end and hour is not None
    end = ends + DAY if ends and is_today and ends <= now else ends  # "until 2", said at ten in the evening
    ahead = Stretch(now, end) if end and end > now else None
    words = re.sub(rf"{MARK}d(\d+)", lambda day: said[int(day[1])].words, match[0])
    whole = Said(words, None, ahead, is_exact=not is_before or hour is not None)
    others = [one for other, one in enumerate(said) if other != place]
    return [whole, *others], [one for other, one in enumerate(clocks) if other != hour]


def _together(text: str, said: Sequence[Said], words: Lexicon) -> list[Said]:
    """Stretches that follow each other as one, "June and July"; a day said twice, "tomorrow, Tuesday", once."""
    match = re.search(rf"{MARK}d(\d+)(?: {MARK}d\d+)*(?: (?:{'|'.join(words['beside'])}))? {MARK}d(\d+)", text)
    if match is None:
        return list(said)
    first, last = int(match[1]), int(match[2]) + 1
    run = said[first:last]
    sure = next((one for one in run if one.past is not None and one.past == one.future), None)
    if sure is not None and all(sure.past in (one.past, one.future) for one in run):
        return [*said[:first], sure, *said[last:]]
    past, future = _row([one.past for one in run]), _row([one.future for one in run])
    if past is None and future is None:
        return list(said)
    whole = Said(f"{run[0].words} - {run[-1].words}", past, future, is_exact=any(one.is_exact for one in run))
    return [*said[:first], whole, *said[last:]]


def _row(stretches: Sequence[Stretch | None]) -> Stretch | None:
    """All of them as one, where each begins as the one before it ends."""
    first, last = stretches[0], stretches[-1]
    is_row = all(one and other and one.end == other.start for one, other in pairwise(stretches))
    return Stretch(first.start, last.end) if is_row and first and last else None


def _match(text: str, words: Lexicon) -> re.Match[str] | None:
    return _first(text, "between", words) or _first(text, "since", words)


def _between(words: str, first: Said, last: Said, hours: Sequence[Clock | None]) -> Said:
    """From the start of one to the end of the other, of the past and of the future."""
    ends = sorted({one for one in (last.past, last.future) if one is not None})
    past, future = (_from(start, ends, hours) for start in (first.past, first.future))
    if past is None and future is None and first.past != first.future and ends:
        past = future = _from(_before(first, ends[0]), ends, hours)
    return Said(words, past, future, is_exact=any(hours) or first.is_exact or last.is_exact)


def _from_now(first: Said, now: dt.datetime) -> Said:
    """Now as a beginning: the moment itself, and nothing before it."""
    is_now = first.future is not None and first.future.start == now and first.past != first.future
    return dataclasses.replace(first, past=None, future=Stretch(now, now)) if is_now else first


def _before(first: Said, end: Stretch) -> Stretch | None:
    """The weekday that comes before a certain end, where its newest lies behind it."""
    if first.past is None or not first.past.is_one_day:
        return None
    weeks = -(-(first.past.end - end.start) // (7 * DAY))
    return Stretch(first.past.start - weeks * 7 * DAY, first.past.end - weeks * 7 * DAY)


def _from(start: Stretch | None, ends: list[Stretch], hours: Sequence[Clock | None]) -> Stretch | None:
    end = next((one for one in ends if start is not None and one.end > start.start), None)
    if start is None or end is None:
        return None
    begins = _at(start, hours[0]).start
    finishes = _at(end, hours[1]).start if hours[1] else end.end
    return Stretch(begins, finishes) if finishes > begins else None


def _at(day: Stretch, clock: Clock | None) -> Stretch:
    return day.at(clock.spans[0]) if clock and clock.spans else day


@cache
def _patterns(language: Language, form: str) -> list[re.Pattern[str]]:
    words = lexicon(language)
    at = "|".join(words["clock"]["at"])
    marks = {name: rf"{MARK}d(?P<{name}_day>\d+)(?: (?:(?:{at}) )?{MARK}h(?P<{name}_hour>\d+))?" for name in ("a", "b")}
    return [words.compiled([phrase], marks) for phrase in words[form]]
