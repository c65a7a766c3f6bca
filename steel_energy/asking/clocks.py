"""Hours of the day as they are said: "10am", "de 22:00 a 2:00", the night shift, off-peak hours.

Hours of shifts and parts of the day are the params'; those of a band are the tariff's and stay a name here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from steel_energy.asking.lexicon import MARK, Language, Lexicon, in_order, lexicon
from steel_energy.asking.moments import MINUTES_PER_DAY, Clock
from steel_energy.asking.params import AskingParams, ClockHours
from steel_energy.schema import HOURS_PER_DAY, INTERVAL_MINUTES

MINUTES = 60
NOON = 12
NO_UNIT = r"(?! ?(?:%|[km]wh?\b|kva|krw|percent|por ciento|million|millon|/)|[.,]\d)"
"""What must not stand behind an hour: 10 to 20 kW are no hours."""
LENGTHS = ("hours", "horas", "hrs", "hs")
Made = Callable[[re.Match[str]], Clock | None]


def hear_clocks(text: str, words: Lexicon, params: AskingParams) -> tuple[str, list[Clock]]:
    """The text with a mark for each hour or range of hours, and what these are, in the order of the marks."""
    said: list[Clock] = []
    text = _days_first(text, words)

    def marked(pattern: re.Pattern[str], made: Made) -> str:
        def mark(match: re.Match[str]) -> str:
            found = made(match)
            if found is None:
                return match[0]
            said.append(found)
            return f" {MARK}h{len(said) - 1} "

        return " ".join(pattern.sub(mark, text).split())

    for pattern in _ranges(words.language):
        text = marked(pattern, lambda match: _range(match, words))
    for pattern, hours in _named(words, "shift", params.shifts):
        text = marked(pattern, hours)
    text = marked(_single(words.language), lambda match: _moment(match, words))
    for pattern, hours in _named(words, "part", params.parts_of_day):
        text = marked(pattern, hours)
    for band in words["clock"]["band"]:
        text = marked(words.pattern("clock", "band", band), _band_maker(band))
    text = marked(words.pattern("clock", "noon"), lambda match: _quarter_hour(match[0], NOON * MINUTES))
    text = marked(words.pattern("clock", "midnight"), lambda match: Clock(match[0]))
    return in_order(text, "h", said)


def _days_first(text: str, words: Lexicon) -> str:
    """Hours said before their day, "from 22:00 on Monday to 6 on Tuesday", put behind it; or a day before both."""
    at, (ends, alone) = words["clock"]["at"][0], _hours_first(words.language)
    for match in (found for pattern in ends if (found := pattern.search(text))):
        for end in (one for one in ("b", "a") if match.groupdict().get(f"{one}_clock")):
            turned = f"{match[f'{end}_day']} {at} {_clock_said(match, end, words)}"
            text = text[: match.start(f"{end}_begin")] + turned + text[match.end(f"{end}_end") :]
        return text
    for match in (found for pattern in alone if (found := pattern.search(text))):
        begin, start = match.start(), match.start("a_begin")
        hours = f"{text[begin:start]}{_clock_said(match, 'a', words)}{text[match.end('a_end') :]}"
        return f"{text[:begin]}{match['a_day']} {hours}"
    return text


def _clock_said(match: re.Match[str], end: str, words: Lexicon) -> str:
    """An hour with what is said of it behind its day: 10 of "10 last night" is "10 at night"."""
    late = words["clock"]["behind_day"].get((match[f"{end}_late"] or "").strip(), "")
    return f"{match[f'{end}_clock']} {late}".rstrip()


def hear_moved_bands(text: str, said: list[Clock], words: Lexicon) -> tuple[str, list[Clock]]:
    """The same for load that moves, where "peak load" and "the valley" are hours too."""
    every = list(said)

    def maker(band: str) -> Callable[[re.Match[str]], str]:
        def mark(match: re.Match[str]) -> str:
            every.append(Clock(match[0], band=band))
            return f" {MARK}h{len(every) - 1} "

        return mark

    for band in words["moved_bands"]:
        text = " ".join(words.pattern("moved_bands", band).sub(maker(band), text).split())
    return in_order(text, "h", every)


def _named(words: Lexicon, kind: str, hours: Mapping[str, ClockHours]) -> list[tuple[re.Pattern[str], Made]]:
    names = [name for name in words["clock"][kind] if name in hours]
    return [(words.pattern("clock", kind, name), _span_maker(hours[name])) for name in names]


def _span_maker(hours: ClockHours) -> Made:
    return lambda match: Clock(match[0], spans=(_forward(int(hours[0] * MINUTES), int(hours[1] * MINUTES)),))


def _band_maker(band: str) -> Made:
    return lambda match: Clock(match[0], band=band)


def _time(name: str, words: Lexicon) -> str:
    """A clock time with its parts named after ``name``."""
    morning, afternoon = (words.pattern("clock", f"{half}_suffix").pattern for half in ("morning", "afternoon"))
    return (
        rf"(?P<{name}_hour>\d{{1,2}})(?::(?P<{name}_minute>\d{{2}})|h(?P<{name}_late>\d{{2}}))?(?!\d)(?::\d\d)?"
        rf"(?: ?(?P<{name}_half>am|pm)| ?(?P<{name}_h>h|hs|hrs|hours|horas)(?!\w))?"
        rf"(?: (?:(?P<{name}_morning>{morning})|(?P<{name}_afternoon>{afternoon})))?{NO_UNIT}"
    )


@cache
def _ranges(language: Language) -> list[re.Pattern[str]]:
    words = lexicon(language)
    both = {"a": _time("a", words), "b": _time("b", words)}
    return [words.compiled([phrase], both) for phrase in words["clock"]["range"]]


@cache
def _hours_first(language: Language) -> tuple[list[re.Pattern[str]], list[re.Pattern[str]]]:
    """Ends of a stretch, each an hour and the day it is of, the first perhaps a day alone; and those of one day."""
    words = lexicon(language)
    at, of, late = ("|".join(words["clock"][name]) for name in ("at", "of", "behind_day"))
    suffixes = [*words["clock"]["morning_suffix"], *words["clock"]["afternoon_suffix"]]
    hour = rf"\d{{1,2}}(?:[:h]\d\d)?(?: ?(?:am|pm|h))?(?: (?:{'|'.join(suffixes)}))?"

    def end(name: str) -> str:
        day = rf"(?P<{name}_day>{MARK}d\d+)(?P<{name}_late> (?:{late}))?(?P<{name}_end>)"
        return rf"(?P<{name}_begin>)(?:(?:{at}) )?(?P<{name}_clock>{hour}) (?:(?:{of}) )*{day}"

    no_range = "".join(rf"(?<!{last} )" for last in sorted({one.split()[-1] for one in suffixes}))
    both, alone = {"a": rf"{end('a')}|{MARK}d\d+", "b": end("b")}, {"a": end("a"), "b": rf"(?:(?:{at}) )?{hour}"}
    ends = [words.compiled([phrase], both) for phrase in words["between"]]
    until = [rf"(?<!\d )(?<!\dh )(?<!\d[ap]m ){no_range}{phrase}" for phrase in words["until"]]
    ends += [words.compiled([phrase], {"a": end("a")}) for phrase in until]
    return ends, [words.compiled([phrase], alone) for phrase in words["between"]]


@cache
def _single(language: Language) -> re.Pattern[str]:
    words = lexicon(language)
    at, until, since = ("|".join(words["clock"][name]) for name in ("at", "until", "since"))
    side = rf"(?:(?P<until>{until})|(?P<since>{since})) "
    return re.compile(rf"(?<![\w{MARK}.,/-])(?:{side})?(?P<at>(?:{at}) )?{_time('a', words)}(?!\w)")


def _range(match: re.Match[str], words: Lexicon) -> Clock | None:
    """From one time to another, past midnight if need be; none for a length such as "3 to 5 hours"."""
    del words
    if match["b_h"] in LENGTHS and match[0][0].isdigit():
        return None
    start, end = _minutes(match, "a"), _minutes(match, "b")
    if start is None or end is None or start == MINUTES_PER_DAY:
        return Clock(match[0])
    if not _half_said(match, "a") and _half_said(match, "b") == "pm" and start + NOON * MINUTES < end:
        start += NOON * MINUTES
    if match["b_morning"] and not end and start < NOON * MINUTES:  # "10 to 12 in the morning" ends at noon
        end = NOON * MINUTES
    return Clock(match[0], spans=(_forward(start, end),), is_range=True)


def _moment(match: re.Match[str], words: Lexicon) -> Clock | None:
    """A single time, where something tells that it is one; "last 3 hours" and "3 h" are none.

    Behind "before" or "after" it is the end or the beginning of that part of the day.
    """
    del words
    side = match["until"] or match["since"]
    told = match["at"] or match["a_minute"] or match["a_late"] or _half_said(match, "a")
    is_last = re.match(rf" (?!{MARK})", match.string[match.end() :]) is None
    if match["a_h"] in LENGTHS or not (told or (side and is_last)):
        return None
    minutes = _minutes(match, "a")
    if minutes is None or minutes >= MINUTES_PER_DAY:  # no time of day: to be asked about, not passed over
        return Clock(match[0])
    if side and minutes:
        span = (0, minutes) if match["until"] else (minutes, MINUTES_PER_DAY)
        return Clock(match[0], spans=(span,), is_until=bool(match["until"]))
    return _quarter_hour(match[0], minutes)


def _quarter_hour(words: str, minutes: int) -> Clock:
    start = minutes // INTERVAL_MINUTES * INTERVAL_MINUTES
    return Clock(words, spans=((start, start + INTERVAL_MINUTES),), is_moment=True)


def _minutes(match: re.Match[str], name: str) -> int | None:
    """Minutes since midnight; None where there is no such time."""
    hour, minute = int(match[f"{name}_hour"]), int(match[f"{name}_minute"] or match[f"{name}_late"] or 0)
    half = _half_said(match, name)
    if half and not 1 <= hour <= NOON:
        return hour * MINUTES + minute if NOON < hour < HOURS_PER_DAY and half == "pm" else None
    if half:
        hour = hour % NOON + (NOON if half == "pm" else 0)
    late = (match[f"{name}_afternoon"] or "").endswith(("noche", "night"))
    if late and hour == NOON:  # twelve at night
        hour = 0
    if (match[f"{name}_morning"] or "").endswith("matinal") and hour == 0:  # las doce de la mañana is noon
        hour = NOON
    return hour * MINUTES + minute if hour * MINUTES + minute <= MINUTES_PER_DAY and minute < MINUTES else None


def _half_said(match: re.Match[str], name: str) -> str:
    """am, pm, or empty where neither was said."""
    if match[f"{name}_morning"]:
        return "am"
    return "pm" if match[f"{name}_afternoon"] else match[f"{name}_half"] or ""


def _forward(start: int, end: int) -> tuple[int, int]:
    return (start, end) if end > start else (start, end + MINUTES_PER_DAY)
