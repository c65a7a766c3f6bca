"""Numbers said in words put into figures: "two hundred and fifty", "treinta y cinco", "the fourteenth of June".

A question may be dictated. A lone "one", "a" or "un" stays: it is an article as often as a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from steel_energy.asking.lexicon import Language, Lexicon, lexicon

TEN, HUNDRED, THOUSAND = 10, 100, 1_000
ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def in_figures(text: str, words: Lexicon) -> str:
    """A folded text with its numbers in figures; fractions such as "two thirds" stay.

    >>> in_figures("two hundred and fifty kw for two thirds of the twenty-first of june", lexicon("en"))
    '250 kw for two thirds of the 21st of june'
    >>> in_figures("entre las ocho y las diez y media a ciento treinta y cinco kw", lexicon("es"))
    'entre las 8 y las 10 y media a 135 kw'
    """
    for pattern in _ordinals(words.language):
        text = pattern.sub(lambda match: _day(match, words), text)
    return _cardinals(words.language).sub(lambda match: _figures(match, words), text)


def _figures(match: re.Match[str], words: Lexicon) -> str:
    return match[0] if match[0] in words["number_words"]["articles"] else str(_value(match[0], words))


def _value(said: str, words: Lexicon) -> int:
    """What a number in words is; words that only join add nothing."""
    parts, thousands, below = words["number_words"], 0, 0
    values = {**parts["units"], **parts["teens"], **parts["tens"], **parts["hundreds"], **parts["articles"]}
    for word in re.findall(r"\w+", said):
        if word in parts["thousand"]:
            thousands, below = (below or 1) * THOUSAND, 0
        elif word in parts["hundred"]:
            below = (below or 1) * HUNDRED
        else:
            below += values.get(word, 0)
    return thousands + below


def _day(match: re.Match[str], words: Lexicon) -> str:
    """The day of a month as "21st"."""
    parts = match.groupdict()
    value = words["number_words"]["tens"].get(parts.get("tens") or "", 0) + words["number_words"]["days"][match["day"]]
    ending = "th" if value // TEN == 1 else ENDINGS.get(value % TEN, "th")
    return f"{parts.get('before') or ''}{value}{ending}"


@cache
def _cardinals(language: Language) -> re.Pattern[str]:
    """A whole number below a million; not behind figures, and not the half of a fraction or of "por ciento"."""
    words = lexicon(language)
    parts = words["number_words"]
    units, teens, tens, hundreds, hundred, thousand, articles, join_tens, join_hundreds = (
        _any_of(parts[name])
        for name in ("units", "teens", "tens", "hundreds", "hundred", "thousand", "articles", "join_tens", "and")
    )
    below_100 = rf"(?:(?:{tens})(?:(?:{join_tens})(?:{units}|{articles})(?!\w))?|{teens}|{units})"
    hundreds = rf"(?:{hundreds}|(?:{units}|{articles}) (?:{hundred}))"
    below_1000 = rf"(?:{hundreds}(?: (?:(?:{join_hundreds}) )?{below_100})?|{below_100})"
    thousands = rf"(?:(?:{below_1000}|{articles}) )?(?:{thousand})(?: (?:(?:{join_hundreds}) )?{below_1000})?"
    fractions = _any_of(words["fractions_counted"]["parts"])
    return re.compile(rf"(?<![\w.,-])(?<!\d )(?<!por )(?:{thousands}|{below_1000})(?![\w-])(?! (?:{fractions})(?!\w))")


@cache
def _ordinals(language: Language) -> tuple[re.Pattern[str], ...]:
    """Days of a month: fifth and later ones anywhere, the first four beside a month, which are quarters else."""
    words = lexicon(language)
    days: dict[str, int] = words["number_words"]["days"]
    if not days:
        return ()
    tens, month = _any_of(words["number_words"]["tens"]), f"(?:{words.slot('month')})"
    no_part = "".join(rf"(?<!\b{one} )" for one in words["number_words"]["articles"])  # "a fifth" is no day
    early = _any_of(word for word, value in days.items() if value in words["ordinals"].values())
    late = _any_of(word for word, value in days.items() if value not in words["ordinals"].values())
    forms = (
        rf"(?<!\w)(?P<tens>{tens})[- ](?P<day>{early}|{late})(?!\w)",
        rf"(?<!\w){no_part}(?P<day>{late})(?!\w)",
        rf"(?<!\w)(?P<day>{early})(?= (?:of )?{month}(?!\w))",
        rf"(?<!\w)(?P<before>{month} (?:the )?)(?P<day>{early})(?! (?:half|week))(?!\w)",
    )
    return tuple(re.compile(form) for form in forms)


def _any_of(words: Iterable[str]) -> str:
    """The longest first; something that is nowhere if there are none."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word))) or r"(?!)"
