"""The meter's values in a question: "lagging reactive 2.95 kvarh, leading power factor 100 %"."""

from __future__ import annotations

import re

from steel_energy.asking.lexicon import Lexicon
from steel_energy.asking.quantities import FIGURES, number

PERCENT = 100
NSM_FIELD = "nsm"
UNITS = r"(?: ?(?P<percent>%|percent|por ciento)| ?(?:kvarh|kvar|tco2|t|tonnes?|toneladas?|s|seconds|segundos)(?!\w))?"
BETWEEN = r"(?: (?:is|of|=|at|de|es|a|era|was|power|energy))?"


def hear_fields(text: str, words: Lexicon) -> tuple[dict[str, float], str]:
    """Values by the request's field names, and the text without them; fewer than two are no reading of a meter.

    A power factor is a ratio; above 1 it was said in percent.
    """
    found: dict[str, float] = {}
    rest = text
    for field in words["fields"]:
        label = words.pattern("fields", field).pattern
        match = re.search(rf"{label}{BETWEEN} (?P<value>{FIGURES}){UNITS}(?![\w/])", rest)
        if match:
            value = number(match["value"], words.language)
            is_percent = field.endswith("factor") and (match["percent"] is not None or value > 1)
            found[field] = round(value / PERCENT, 6) if is_percent else value
            rest = rest[: match.start()] + " " + rest[match.end() :]
    if len(found) <= 1 and NSM_FIELD not in found:
        return {}, text
    return found, " ".join(rest.split())
