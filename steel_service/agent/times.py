"""Times as a model writes them, in words or in ISO, read by the planner's own grammar; what is not read is an error.

A model mixes what people do not: ``2018-12-13T10:00:00+09:00``, ``2018-12-13/2018-12-14``, ``2018-12``. These are put
into the grammar's words first.
"""

from __future__ import annotations

import datetime as dt
import re

from steel_energy.asking.clocks import hear_clocks
from steel_energy.asking.hearing import Heard, hear
from steel_energy.asking.lexicon import Language, lexicon
from steel_energy.asking.moments import Clock
from steel_energy.asking.scene import Scene
from steel_energy.asking.text import fold, typed
from steel_energy.errors import InputError

DATE = r"\d{4}-\d{2}-\d{2}"
OFFSET = r"Z|\+\d{2}:?\d{2}|(?<=:\d\d:\d\d)-\d{2}:?\d{2}"
"""Of a moment; a minus behind hours and minutes alone is a range of hours."""
MOMENT = re.compile(rf"({DATE})[T ](\d{{2}}:\d{{2}})(?::\d{{2}}(?:\.\d+)?)?({OFFSET})?", re.IGNORECASE)
MONTH = re.compile(r"(?<![\d-])(\d{4})-(\d{2})(?![\d-])")
BETWEEN = re.compile(rf"(?<=\d)\s*(?:/|--|\s[-\u2013]\s|\.\.\.?)\s*(?={DATE}|\d{{2}}:\d{{2}})")
BARE_HOUR = re.compile(r"\d{1,2}")
EXAMPLES = "'tomorrow 10:00', 'last week', '2018-12-03', '2018-12-03 22:00 to 2018-12-04 06:00'"
HOUR_EXAMPLES = "'10-12', '22-6', 'night shift', 'peak hours'"


class TimeError(InputError):
    """A tool was given a time that cannot be read."""

    code = "unclear_time"


def heard_times(words: str, scene: Scene, *, field: str, language: Language) -> Heard:
    """The days and hours of some words; none for no words.

    Args:
        words: as the model wrote them.
        scene: the plant; its clock is what relative words start from.
        field: name of the argument.
        language: of the turn, where the words do not tell theirs.

    Raises:
        TimeError: there are words, and no time in them.
    """
    said = typed(_in_words(words, scene), usual=language)
    heard = hear(said, now=scene.clock, params=scene.params, tariffs=scene.tariffs)
    if words and not (heard.days or heard.clocks or heard.doubtful):
        raise TimeError(f"{words!r} is no time", field=field, remedy=f"write it as {EXAMPLES}")
    return heard


def heard_hours(words: str, scene: Scene, *, field: str, language: Language) -> Clock | None:
    """The hours of a day in some words; None for no words.

    Raises:
        TimeError: there are words, and no hours in them, or several.
    """
    if not words:
        return None
    bare = f"{words}:00" if BARE_HOUR.fullmatch(words) else words
    clocks = [one for spoken in (language, "en", "es") for one in _clocks(bare, scene, spoken)]
    if not clocks:
        raise TimeError(f"{words!r} names no hours", field=field, remedy=f"write them as {HOUR_EXAMPLES}")
    return max(clocks, key=lambda one: len(one.words))  # the language that reads most of them


def _clocks(words: str, scene: Scene, language: Language) -> list[Clock]:
    return hear_clocks(fold(words), lexicon(language), scene.params)[1]


def _in_words(words: str, scene: Scene) -> str:
    text = MOMENT.sub(lambda match: _on_the_clock(match, scene), words)
    text = MONTH.sub(_month, text)
    return BETWEEN.sub(" to ", text)


def _on_the_clock(match: re.Match[str], scene: Scene) -> str:
    """A moment as the plant's clock shows it; one with another offset is moved there."""
    day, time, offset = match.groups()
    if not offset:
        return f"{day} {time}"
    try:
        moment = dt.datetime.fromisoformat(f"{day}T{time}{offset.upper()}")
    except ValueError:  # no such day or hour: the grammar says so
        return f"{day} {time}"
    return f"{moment.astimezone(scene.now.tzinfo):%Y-%m-%d %H:%M}"


def _month(match: re.Match[str]) -> str:
    """A month as a word, as nobody says 2018-12."""
    names = {number: name for name, number in reversed(lexicon("en")["months"].items())}
    name = names.get(int(match[2]))
    return f"{name} {match[1]}" if name else match[0]
