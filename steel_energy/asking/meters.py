"""The meter's values in a question: "lagging reactive 2.95 kvarh, leading power factor 100 %"."""

from __future__ import annotations

import re

from steel_energy.asking.lexicon import Lexicon
from steel_energy.asking.quantities import FIGURES, number

PERCENT = 100
NSM_FIELD = "nsm"
UNITS = r"(?: ?(?P<percent>%|percent|por ciento)| ?(?:kvarh|kvar|tco2|t|tonnes?|toneladas?|s|seconds|segundos)(?!\w))?"
FACTORS = ("lagging_power_factor", "leading_power_factor")
FIGURE_A, FIGURE_B = (
    rf"(?P<{place}>{FIGURES})(?P<{place}percent> ?(?:%|percent|por ciento))?(?![\w:/])" for place in "ab"
)
"""Both power factors at once, the lagging one first."""
BETWEEN = r"(?: (?:is|of|=|at|de|es|a|era|was|power|energy))?"


def hear_fields(text: str, words: Lexicon) -> tuple[dict[str, float], str]:
    """Values by the request's field names, and the text without them; fewer than two are no reading of a meter.

    A power factor is a ratio; above 1 it was said in percent.
    """
    found: dict[str, float] = {}
    rest = text
    label = words.pattern("both_factors").pattern
    both = re.search(rf"{label} {FIGURE_A}(?: (?:and|y))? {FIGURE_B}", rest)
    if both:
        found |= {field: _value(field, both, words, place) for place, field in zip("ab", FACTORS, strict=True)}
        rest = rest[: both.start()] + " " + rest[both.end() :]
    rest = _taken(rest, found, words)
    if len(found) <= 1 and NSM_FIELD not in found:
        return {}, text
    return found, " ".join(rest.split())


def _label_first(field: str, words: Lexicon) -> str:
    return rf"{words.pattern('fields', field).pattern}{BETWEEN} (?P<value>{FIGURES}){UNITS}(?![\w/])"


def _value_first(field: str, words: Lexicon) -> str:
    return rf"(?<![\w.,:])(?P<value>{FIGURES}){UNITS}(?: (?:de|of))? {words.pattern('fields_behind', field).pattern}"


def _taken(text: str, found: dict[str, float], words: Lexicon) -> str:
    """The text without the values in it, put into ``found``: the first match counts, so a number has one label."""
    patterns = [(field, _label_first(field, words)) for field in words["fields"]]
    patterns += [(field, _value_first(field, words)) for field in words["fields_behind"]]
    rest = ""
    while True:
        matches = [(match.start(), field, match) for field, one in patterns if (match := re.search(one, text))]
        open_ones = [one for one in matches if one[1] not in found]
        if not open_ones:
            return " ".join(f"{rest} {text}".split())
        _, field, match = min(open_ones, key=lambda one: one[0])
        found[field] = _value(field, match, words)
        rest, text = f"{rest} {text[: match.start()]}", text[match.end() :].strip()


def _value(field: str, match: re.Match[str], words: Lexicon, place: str = "") -> float:
    value = number(match[place or "value"], words.language)
    is_percent = field.endswith("factor") and (value > 1 or bool(match[f"{place}percent" if place else "percent"]))
    return round(value / PERCENT, 6) if is_percent else value
