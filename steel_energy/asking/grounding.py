"""Whether the numbers of an answer stand in what it was made from: every one within its rounding, or it is named.

Numbers are read in both notations, 1,234.5 and 1.234,5; dates, times of day and names with digits are no numbers. A
number in words ("two") is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from steel_energy.asking.lexicon import LANGUAGES, lexicon
from steel_energy.schema import INTERVAL_MINUTES

ROUNDED_SHARE = 0.005
"""Zeros at the end of a whole number may be rounding as long as it moves the number by no more than this share."""
EXACT = 1e-9  # share of a number that is lost in arithmetic
SCALES = {"mil": 1e3, "thousand": 1e3, "k": 1e3, "million": 1e6, "millions": 1e6, "millones": 1e6, "millon": 1e6}
SCALES |= {"millón": 1e6, "m": 1e6, "billion": 1e9}
FACTORS = {"%": (1.0, 100.0), "mwh": (1.0, 1e-3), "mw": (1.0, 1e-3), "gwh": (1.0, 1e-6), "kg": (1.0, 1e3)}
"""Unit in an answer to what evidence may be multiplied by: shares are shown in percent, kWh in MWh, tonnes in kg."""
DECIMAL_DIGITS = 3
FIGURES = r"\d{1,3}(?:[.,\u00a0\u202f' ]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?"
CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
YEAR = r"(?:19|20)\d\d"
ISO = rf"{YEAR}-\d{{2}}-\d{{2}}(?:[T ]{CLOCK}(?:\.\d+)?(?:Z|[+-]\d{{2}}:?\d{{2}})?)?|{YEAR}-W?\d{{2}}(?!\d)"
NO_UNIT = r"(?! ?(?:%|[kMG]?Wh?\b|kvar|KRW|won\b|₩|t\b|tCO2|tonn|tonel|kg\b|percent|por ciento|mill|mil\b|thousand))"
"""What must not stand behind a date or an hour, so that no number hides as one."""


@dataclass(frozen=True)
class Number:
    """A number of a text.

    Attributes:
        words: as it stands there, with its unit.
        readings: what it may be, each with the power of ten of its last digit; two where 1,234 may be 1.234.
        scale: what a word such as "million" multiplies it by.
        unit: in lower case, empty if none is known.
    """

    words: str
    readings: tuple[tuple[float, int], ...]
    scale: float = 1.0
    unit: str = ""

    @property
    def values(self) -> tuple[float, ...]:
        """What it may be, its scale counted in."""
        return tuple(value * self.scale for value, _ in self.readings)


def numbers_of(text: str) -> list[Number]:
    """Every number of a text, in its order.

    >>> [one.values for one in numbers_of("El 3 de agosto a las 10:15: 1.234,5 kWh, 95 %")]
    [(1234.5,), (95.0,)]
    >>> [one.values for one in numbers_of("1,234 kWh on 2018-12-03, 2.5 million KRW")]
    [(1234.0, 1.234), (2500000.0,)]
    """
    bare = _no_numbers().sub(lambda match: " " * len(match[0]), text)
    return [_number(match) for match in _NUMBER.finditer(bare)]


def grounded(text: str, evidence: object) -> list[Number]:
    """The numbers of ``text`` that ``evidence`` does not hold; empty where every one is proved.

    Args:
        text: an answer.
        evidence: JSON values, at any depth: results, arguments, the question. Numbers within its strings count too.

    A number is held if some value, rounded to the digits that are shown, is it; its sign does not matter, as a saving
    is a negative difference. A share is held as percent, kWh as MWh, tonnes as kg.
    """
    known = sorted({abs(value) for value in _values(evidence)})
    return [number for number in numbers_of(text) if not (_is_grid(number) or _is_held(number, known))]


_NUMBER = re.compile(
    rf"(?:(?<![A-Za-zÀ-ÿ_\d.,])(?<![A-Za-z]-)|(?<=KRW))(?P<figures>{FIGURES})"
    r"(?:\s?(?P<scale>mil|thousand|millions?|millones|mill[oó]n|billion|[kM](?=\s?(?:KRW|won|₩)))\b)?"
    r"(?:\s?(?:de\s)?(?P<unit>%|[A-Za-z₩]+[23]?))?"
)


def _number(match: re.Match[str]) -> Number:
    scale = SCALES.get((match["scale"] or "").lower(), 1.0)
    return Number(match[0].strip(), _readings(match["figures"]), scale, (match["unit"] or "").lower())


def _readings(figures: str) -> tuple[tuple[float, int], ...]:
    """Value and power of ten of the last digit."""
    plain = re.sub(r"[\u00a0\u202f' ]", "", figures)
    marks = re.findall("[.,]", plain)
    if not marks:
        return ((float(plain), 0),)
    whole, last, decimals = plain.rpartition(marks[-1])
    as_decimal = (float(f"{re.sub('[.,]', '', whole)}.{decimals}"), -len(decimals))
    as_group = (float(re.sub("[.,]", "", plain)), 0)
    if len(marks) > 1 and marks.count(last) == len(marks):
        return (as_group,)
    could_group = len(marks) == 1 and len(decimals) == DECIMAL_DIGITS and not whole.startswith("0")
    return (as_group, as_decimal) if could_group else (as_decimal,)


def _values(evidence: object) -> Iterator[float]:
    if isinstance(evidence, bool) or evidence is None:
        return
    if isinstance(evidence, int | float):
        yield float(evidence)
    elif isinstance(evidence, str):
        for number in numbers_of(evidence):
            yield from number.values
            if number.unit in FACTORS:  # what a question says as 20 % is a share in what is made of it
                yield from (value / FACTORS[number.unit][1] for value in number.values)
    elif isinstance(evidence, Mapping):
        for value in evidence.values():
            yield from _values(value)
    elif isinstance(evidence, Sequence):
        for value in evidence:
            yield from _values(value)


def _is_grid(number: Number) -> bool:
    """The meter's quarter of an hour by its name: 15 minutes."""
    return number.values == (INTERVAL_MINUTES,) and number.unit.startswith("min")


def _is_held(number: Number, known: Sequence[float]) -> bool:
    factors = FACTORS.get(number.unit, (1.0,))
    return any(
        abs(value * factor - shown * number.scale) <= _tolerance(shown, digits) * number.scale + EXACT * value * factor
        for shown, digits in number.readings
        for factor in factors
        for value in known
    )


def _tolerance(shown: float, digits: int) -> float:
    """Half of the last digit that counts."""
    while digits >= 0 and shown and shown % 10 ** (digits + 1) == 0 and 10 ** (digits + 1) / 2 <= ROUNDED_SHARE * shown:
        digits += 1
    return float(10.0**digits / 2)


@cache
def _no_numbers() -> re.Pattern[str]:
    """Dates, times of day, lists' own numbers and names that hold digits."""
    names = {name for language in LANGUAGES for key in ("months", "short_months") for name in lexicon(language)[key]}
    month = rf"(?:{'|'.join(sorted(names, key=len, reverse=True))})\b\.?"
    day, year = r"[0-3]?\d(?!\d)(?:st|nd|rd|th|º)?", rf"(?:,? (?:del? |of )?{YEAR}(?!\d))?"
    to = "[-\u2013]"
    forms = (
        ISO,
        rf"\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?{NO_UNIT}",
        rf"(?:{day} ?(?:{to}|al|to|a|y|and) (?:el )?)?{day},? (?:de |of )?{month}{year}",
        rf"{month} {day}(?: ?(?:{to}|to|and) ?{day})?(?![\d.,]*\d){year}{NO_UNIT}",
        rf"{month}{year}",
        rf"(?:in|en|of|del?|for|during|durante|year|año|since|desde) {YEAR}(?![\d.,]*\d){NO_UNIT}",
        rf"{CLOCK}(?: ?(?:h|am|pm)\b)?",
        r"\d{1,2} ?[ap]\.?m\b\.?",
        rf"\d{{1,2}} ?{to} ?\d{{1,2}} ?h\b",
        rf"(?:a las|at) (?:[01]?\d|2[0-4])(?![\d.,:]*\d){NO_UNIT}(?: h\b)?",
        r"(?m:^\s*\d{1,2}[.)]\s)",
        r"(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{8,}",
        r"(?!KRW)[A-Za-z][\w-]*\d[\w-]*(?:\.\d+)*",
    )
    return re.compile(rf"(?<![\w.,])(?:{'|'.join(f'(?:{form})' for form in forms)})", re.IGNORECASE)
