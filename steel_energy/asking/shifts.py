"""Shifts told from now: "this shift", "el turno anterior", "since the night shift began".

Shifts that are named, of a day that is, are hours of it: ``clocks`` hears those.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from steel_energy.asking.lexicon import MARK, Lexicon, in_order
from steel_energy.asking.moments import DAY, MINUTES_PER_DAY, Said, Stretch, certain, days
from steel_energy.asking.params import AskingParams


def hear_shifts(
    text: str, said: list[Said], words: Lexicon, params: AskingParams, now: dt.datetime
) -> tuple[str, list[Said]]:
    """The text with a day's mark for each shift told from now, and all days in the order of the marks."""
    every = list(said)
    for phrases, stretch in _told(words, params, now):
        if match := words.compiled(phrases).search(text):
            every.append(certain(match[0], stretch, is_exact=True))
            text = " ".join(f"{text[: match.start()]} {MARK}d{len(every) - 1} {text[match.end() :]}".split())
    return in_order(text, "d", every)


def _told(words: Lexicon, params: AskingParams, now: dt.datetime) -> Iterator[tuple[list[str], Stretch]]:
    """Phrases and what they name now, those that hold others first."""
    told = words["shifts_told"]
    turns = {name: list(_turns(params, name, now)) for name in params.shifts}
    for name, phrases in words["clock"]["shift"].items():
        begun = max((one.start for one in turns.get(name, ()) if one.start < now), default=None)
        ends = next((one.end for one in turns.get(name, ()) if one.start <= now < one.end), None)
        stretches = {"since": Stretch(begun, now) if begun else None, "rest_of": Stretch(now, ends) if ends else None}
        for form, stretch in stretches.items():
            if stretch is not None:
                yield [phrase.replace("{shift}", f"(?:{'|'.join(phrases)})") for phrase in told[form]], stretch
    parts = [one for name in params.shifts if not _is_of_others(name, params) for one in turns[name]]
    this = max((one for one in parts if one.start <= now < one.end), default=Stretch(now, now))
    if this.end > this.start:
        yield told["rest"], Stretch(now, this.end)
        yield told["this"], this
    if last := max((one for one in parts if one.end <= this.start), default=None):
        yield told["last"], last
    if following := min((one for one in parts if one.start >= this.end), default=None):
        yield told["next"], following


def _turns(params: AskingParams, name: str, now: dt.datetime) -> Iterator[Stretch]:
    """A shift on each of the days around now."""
    first, last = (round(hour * 60) for hour in params.shifts[name])
    length = (last - first) % MINUTES_PER_DAY or MINUTES_PER_DAY
    for shift in range(-2, 3):
        yield days(now.date() + shift * DAY).at((first, first + length))


def _is_of_others(name: str, params: AskingParams) -> bool:
    """Whether other shifts lie within its hours, as morning and afternoon lie within the day's."""
    first, last = params.shifts[name]
    return first < last and any(
        first <= start < end <= last for other, (start, end) in params.shifts.items() if other != name
    )
