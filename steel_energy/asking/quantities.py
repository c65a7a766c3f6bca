"""Numbers with a unit in a question: kWh, kW, kvar, KRW, percent, tonnes, hours; and shares said in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial

from steel_energy.asking.lexicon import MARK, Language, Lexicon, in_order, lexicon

FIGURES = r"\d+(?:[.,]\d+)*"
THOUSAND = 1_000
MINUTES = 60
BASE_UNITS = {
    "percent": ("share", 0.01),
    "kwh": ("kwh", 1),
    "mwh": ("kwh", THOUSAND),
    "kw": ("kw", 1),
    "mw": ("kw", THOUSAND),
    "kvar": ("kvar", 1),
    "kvarh": ("kvarh", 1),
    "krw": ("krw", 1),
    "tonnes": ("t", 1),
    "hours": ("minutes", MINUTES),
    "minutes": ("minutes", 1),
    "days": ("days", 1),
}
"""Unit of the words' file to the unit that it is kept in, and how many of these it is."""


@dataclass(frozen=True)
class Quantity:
    """A number with its unit.

    Attributes:
        value: in ``unit``.
        unit: share, kwh, kw, kvar, kvarh, krw, t, minutes or days.
        is_limit: whether it was said as the most that may be.
    """

    value: float
    unit: str
    is_limit: bool = False


def hear_quantities(text: str, words: Lexicon) -> tuple[str, list[Quantity]]:
    """The text with a mark ``§q0`` for each quantity, and what these are, in the order of the marks."""
    said: list[Quantity] = []

    def mark(found: Quantity) -> str:
        said.append(found)
        return f" {MARK}q{len(said) - 1} "

    def with_unit(match: re.Match[str]) -> str:
        before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
        return mark(_quantity(match, words, is_limit=_is_limit(before, after, words)))

    text = " ".join(_pattern(words.language).sub(with_unit, text).split())
    for pattern, share_of in _fractions(words.language):
        text = pattern.sub(partial(_share, mark, share_of), text)
    return in_order(" ".join(text.split()), "q", said)


def measure_of(texts: Sequence[str], quantities: Sequence[Quantity], words: Lexicon) -> str | None:
    """What of a period is wanted, by the first of the texts that tells; that a power is exceeded, the peak tells."""
    named = next((found for text in texts if (found := words.first(text, "measures"))), None)
    is_exceeded = words.says(texts[-1], "exceeded") and any(one.unit == "kw" for one in quantities)
    return "peak" if is_exceeded and named in (None, "usage") else named


def _share(mark: Callable[[Quantity], str], share_of: Callable[[re.Match[str]], float], match: re.Match[str]) -> str:
    return mark(Quantity(share_of(match), "share"))


@cache
def _fractions(language: Language) -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], float]], ...]:
    """Shares in words, and what each comes to: counted ones, such as "two thirds of", and those by themselves."""
    words = lexicon(language)
    counted, alone = words["fractions_counted"], words["fractions"]
    counts, parts = ("|".join(sorted(counted[name], key=len, reverse=True)) for name in ("counts", "parts"))
    fraction = rf"(?:(?P<count>{counts}) )?(?P<part>{parts})"

    def share(match: re.Match[str]) -> float:
        return float(counted["counts"].get(match["count"], 1) / counted["parts"][match["part"]])

    beside = [(words.compiled([form], {"f": fraction}), share) for form in words["fractions_beside"].values()]
    plain = words.compiled(sorted(alone, key=len, reverse=True))
    return (*beside, (plain, lambda match: float(alone[match[0]])))


def number(figures: str, language: Language) -> float:
    """A number in either notation; a lone group of three digits is thousands by the language's own mark.

    >>> number("1.234,5", "en"), number("1.500", "es"), number("1.500", "en")
    (1234.5, 1500.0, 1.5)
    """
    marks = [mark for mark in figures if mark in ".,"]
    if not marks:
        return float(figures)
    last = marks[-1]
    groups = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", figures) is not None
    is_whole = len(set(marks)) == 1 and groups and (len(marks) > 1 or last == ("." if language == "es" else ","))
    if is_whole:
        return float(re.sub("[.,]", "", figures))
    whole, _, decimals = figures.rpartition(last)
    return float(f"{re.sub('[.,]', '', whole)}.{decimals}")


@cache
def _pattern(language: Language) -> re.Pattern[str]:
    words = lexicon(language)
    units = "|".join(f"(?P<{unit}>{'|'.join(words['quantity'][unit])})" for unit in BASE_UNITS)
    counts = "|".join(sorted(words["numbers"], key=len, reverse=True))
    multipliers = "|".join(sorted(words["multipliers"], key=len, reverse=True))
    krw_first = rf"krw (?P<krw_figures>{FIGURES})(?: ?(?P<krw_multiplier>{multipliers})(?!\w))?"
    number_first = (
        rf"(?:(?P<figures>{FIGURES})|(?P<word>{counts})(?= ))"
        rf"(?: ?(?P<multiplier>{multipliers}))?(?: (?:of|de))?[ -]?(?:{units})"
    )
    return re.compile(rf"(?<![\w{MARK}.,-])(?:{number_first}|{krw_first})(?!\w)")


def _quantity(match: re.Match[str], words: Lexicon, *, is_limit: bool) -> Quantity:
    figures = match["figures"] or match["krw_figures"]
    value = number(figures, words.language) if figures else float(words["numbers"][match["word"]])
    value *= words["multipliers"].get(match["multiplier"] or match["krw_multiplier"], 1)
    unit = next((name for name in BASE_UNITS if match[name]), "krw")
    base, factor = BASE_UNITS[unit]
    return Quantity(round(value * factor, 9), base, is_limit=is_limit)


def _is_limit(before: str, after: str, words: Lexicon) -> bool:
    """Whether words such as "at most" stand right before or behind."""
    limit = words.pattern("limit")
    return any(match.end() == len(before) for match in limit.finditer(before)) or limit.match(after) is not None
