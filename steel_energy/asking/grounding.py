"""Whether the numbers of an answer stand in what it was made from: every one within its rounding, or it is named.

Numbers are read in both notations, 1,234.5 and 1.234,5; dates, times of day and names with digits are no numbers. A
number with a unit is proved by a figure of that unit, where the figure's name says one: ``usage_kwh`` proves no kW. A
number in words ("two") and a date are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from steel_energy.asking.lexicon import LANGUAGES, Language, lexicon
from steel_energy.schema import INTERVAL_MINUTES

ROUNDED_SHARE = 0.005
"""Zeros at the end of a whole number may be rounding as long as it moves the number by no more than this share."""
EXACT = 1e-9  # share of a number that is lost in arithmetic
SCALES = {"mil": 1e3, "thousand": 1e3, "k": 1e3, "million": 1e6, "millions": 1e6, "millones": 1e6, "millon": 1e6}
SCALES |= {"millón": 1e6, "m": 1e6, "billion": 1e9}
UNITS = {
    "kwh": ("kwh", 1.0),
    "wh": ("kwh", 1e-3),
    "mwh": ("kwh", 1e3),
    "gwh": ("kwh", 1e6),
    "kw": ("kw", 1.0),
    "mw": ("kw", 1e3),
    "gw": ("kw", 1e6),
    "kvarh": ("kvarh", 1.0),
    "kvar": ("kvar", 1.0),
    "krw": ("krw", 1.0),
    "won": ("krw", 1.0),
    "wones": ("krw", 1.0),
    "₩": ("krw", 1.0),
    "t": ("t", 1.0),
    "tonne": ("t", 1.0),
    "tonnes": ("t", 1.0),
    "tonelada": ("t", 1.0),
    "toneladas": ("t", 1.0),
    "tco2": ("t", 1.0),
    "kg": ("t", 1e-3),
    "%": ("share", 0.01),
    "percent": ("share", 0.01),
    "porciento": ("share", 0.01),
    "share": ("share", 1.0),
}
"""Unit, in a text or at the end of a figure's name, to what it measures and how many of its base unit it is."""
LENIENT = {"share": (1.0, 100.0), "kwh": (1.0, 1e-3, 1e-6), "kw": (1.0, 1e-3, 1e-6), "t": (1.0, 1e3)}
"""What a figure without a unit may be in, by what the number in the answer measures: 0.2 proves 20 %, 3299 3.3 MWh."""
NAMED = frozenset(UNITS) - {"wh", "won", "wones", "₩", "tonne", "tonnes", "tonelada", "toneladas", "%", "porciento"}
"""Units that names of figures end in."""
UNNAMED = frozenset({"hours", "minutes", "days", "hour", "day", "count", "cases", "intervals", "number", "factor"})
"""Ends of names that measure something else, whatever the name above says."""
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
    return _numbers_of(text, None)


def _numbers_of(text: str, language: Language | None) -> list[Number]:
    bare = _no_numbers().sub(lambda match: " " * len(match[0]), text)
    return [_number(match, language) for match in _NUMBER.finditer(bare)]


def grounded(text: str, evidence: object, *, language: Language | None = None) -> list[Number]:
    """The numbers of ``text`` that ``evidence`` does not hold; empty where every one is proved.

    Args:
        text: an answer.
        evidence: JSON values, at any depth: results, arguments, the question. Numbers within its strings count too. A
            name such as ``peak_kw`` gives the unit of all below it.
        language: of the answer, where its notation settles whether 1,234 is a thousand or one and a bit; either if
            absent.

    A number is held if some value, rounded to the digits that are shown, is it; its sign does not matter, as a saving
    is a negative difference. A share is held as percent, kWh as MWh, tonnes as kg; what is known in kWh is never held
    as kW, and so on. Money is one unit, per kWh or not.

    >>> grounded("12.3 kWh", {"usage_kwh": 12.3}), [one.words for one in grounded("12.3 kW", {"usage_kwh": 12.3})]
    ([], ['12.3 kW'])
    """
    known = sorted({*_figures(evidence, None)}, key=repr)
    return [number for number in _numbers_of(text, language) if not (_is_grid(number) or _is_held(number, known))]


_NUMBER = re.compile(
    rf"(?:(?<![A-Za-zÀ-ÿ_\d.,])(?<![A-Za-z]-)|(?<=KRW))(?P<figures>{FIGURES})"
    r"(?:\s?(?P<scale>mil|thousand|millions?|millones|mill[oó]n|billion|[kM](?=\s?(?:KRW|won|₩)))\b)?"
    r"(?:\s?(?:de\s)?(?P<unit>%|por\sciento|per\scent|[A-Za-z₩]+[23]?))?"
)
_MONEY_BEFORE = re.compile(r"(?:KRW|₩)\s?$", re.IGNORECASE)


def _number(match: re.Match[str], language: Language | None) -> Number:
    scale = SCALES.get((match["scale"] or "").lower(), 1.0)
    unit = "".join((match["unit"] or "").lower().split())
    if unit not in UNITS and _MONEY_BEFORE.search(match.string[max(0, match.start() - 5) : match.start()]):
        unit = "krw"
    return Number(match[0].strip(), _readings(match["figures"], language), scale, unit)


def _readings(figures: str, language: Language | None) -> tuple[tuple[float, int], ...]:
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
    if could_group and language is not None:
        return (as_group,) if marks[0] == ("." if language == "es" else ",") else (as_decimal,)
    return (as_group, as_decimal) if could_group else (as_decimal,)


def _figures(evidence: object, unit: str | None) -> Iterator[tuple[float, str | None]]:
    """Every value, without its sign and in its base unit, with what it measures; None where no name tells."""
    if isinstance(evidence, bool) or evidence is None:
        return
    if isinstance(evidence, int | float):
        measured, factor = UNITS[unit] if unit else (None, 1.0)
        yield abs(float(evidence)) * factor, measured
    elif isinstance(evidence, str):
        for number in numbers_of(evidence):
            measured, factor = UNITS.get(number.unit) or (UNITS[unit] if unit else (None, 1.0))
            yield from ((value * factor, measured) for value in number.values)
    elif isinstance(evidence, Mapping):
        for name, value in evidence.items():
            yield from _figures(value, _unit_of(str(name), unit))
    elif isinstance(evidence, Sequence):
        for value in evidence:
            yield from _figures(value, unit)


def _unit_of(name: str, above: str | None) -> str | None:
    """The unit that a figure's name ends in, or the one of the name above it; money per kWh is money.

    >>> _unit_of("peak_kw", None), _unit_of("energy_krw_per_kwh", None), _unit_of("saved_share", "krw")
    ('kw', 'krw', 'share')
    """
    parts = name.lower().split("_")
    if "per" in parts:
        return "krw" if "krw" in parts[: parts.index("per")] else None
    named = [part for part in parts if part in NAMED]
    if named:
        return named[-1]
    return None if set(parts) & UNNAMED else above


def _is_grid(number: Number) -> bool:
    """The meter's quarter of an hour by its name: 15 minutes."""
    return number.values == (INTERVAL_MINUTES,) and number.unit.startswith("min")


def _is_held(number: Number, known: Sequence[tuple[float, str | None]]) -> bool:
    measured, factor = UNITS.get(number.unit, (None, 1.0))
    return any(
        _is_same(value, shown * number.scale, _tolerance(shown, digits) * number.scale)
        for shown, digits in number.readings
        for known_value, unit in known
        for value in _as_shown(known_value, unit, measured, factor)
    )


def _as_shown(value: float, unit: str | None, measured: str | None, factor: float) -> tuple[float, ...]:
    """What a known value is in the unit of the answer; nothing where it measures something else."""
    if unit is None:
        return tuple(value * one for one in LENIENT.get(measured or "", (1.0,)))
    if measured is None:
        return (value, value * 100) if unit == "share" else (value,)
    return (value / factor,) if unit == measured else ()


def _is_same(value: float, shown: float, tolerance: float) -> bool:
    return abs(value - shown) <= tolerance + EXACT * value


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
