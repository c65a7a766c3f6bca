"""What is missing or refused, in the reader's language.

The service names what is wrong (``reason``), and what its message speaks of (``values``): with a text for the reason,
the dashboard says it itself, moments and numbers in the reader's language. Else the service's own English stays, behind
a sentence for the kind of error, so that nothing is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from steel_ui.client import Problem
from steel_ui.words import Words

JOB = re.compile(r"jobs\.(?P<job>.+?)(?P<part>\.windows.*)?")
CONFLICT = "conflict_"
UNITS = {"limits.power_kw": "kW", "limits.ramp_kw": "kW", "limits.co2_t": "t"}
ENGLISH = "en"


@dataclass(frozen=True)
class Told:
    """A problem in words.

    Attributes:
        what: what is wrong.
        remedy: what would help; may be empty.
        kind: stands before ``what`` where that is the service's own; empty where the dashboard has words for it.
    """

    what: str
    remedy: str
    kind: str = ""

    @property
    def text(self) -> str:
        """What is wrong, as plain text for the side of an input."""
        return f"{self.kind} {self.what}".strip()

    @property
    def what_html(self) -> str:
        """What is wrong; the service's own words are marked as English."""
        return f"{escape(self.kind)} {self._own(self.what)}" if self.kind else escape(self.what)

    @property
    def remedy_html(self) -> str:
        """What would help."""
        return self._own(self.remedy) if self.kind else escape(self.remedy)

    def _own(self, text: str) -> str:
        return f'<span lang="{ENGLISH}">{escape(text)}</span>' if text else ""


def told(problem: Problem, *, words: Words, url: str = "") -> Told:
    """``problem`` in the reader's language as far as the dashboard has words for it.

    Args:
        problem: of the dashboard, or of the service.
        words: the language.
        url: address of the service.
    """
    if problem.code:
        what = words(problem.code, url=url, what=problem.what)
        return Told(_sentence(what), _sentence(words(f"{problem.code}_remedy", what=problem.what)))
    if problem.reason == "no_plan":
        return _no_plan(problem, words)
    if f"refusal_{problem.reason}" in words.texts:
        shown = {name: words.value(value) for name, value in problem.values}
        try:
            key = f"refusal_{problem.reason}"
            return Told(words(key, **shown), words(f"{key}_remedy", **shown))
        except KeyError:  # a service of another version may speak of other values
            pass
    kind = words.texts.get(f"kind_{problem.kind}", words("kind_other"))
    return Told(_sentence(problem.what), _sentence(problem.remedy), kind)


def _no_plan(problem: Problem, words: Words) -> Told:
    values = dict(problem.values)
    places = [name.removeprefix(CONFLICT) for name in values if name.startswith(CONFLICT)]
    conflicts = [_sized(str(values[f"{CONFLICT}{at}"]), values.get(f"size_{at}"), words) for at in places]
    key = "refusal_no_plan_alone" if len(conflicts) == 1 else "refusal_no_plan"
    return Told(words(key, conflicts="; ".join(conflicts)), _way_out(values, words) or _sentence(problem.remedy))


def _way_out(values: Mapping[str, str | float], words: Words) -> str:
    """The cheapest way to a plan; empty where the service names none that relieves a single field."""
    if "relief" not in values:
        return ""
    unit = str(values["unit"])
    key = "plan_way_hours" if unit == "h" else "plan_way_raise" if unit else "plan_way_job"
    amount, krw = (float(values[name]) for name in ("amount", "cost_krw"))
    return words(
        key,
        field=_field(str(values["relief"]), words),
        amount=words.number(amount, digits=0 if amount.is_integer() else 1),
        unit=unit,
        krw=words.number(krw),
    )


def _sized(field: str, size: str | float | None, words: Words) -> str:
    """A field with how large it is, where that is known."""
    name, unit = _field(field, words), UNITS.get(field, "h" if field.startswith("jobs.") else "")
    return name if size is None else f"{name} ({words.value(size)} {unit})"


def _field(field: str, words: Words) -> str:
    """A field of a plan as the page calls it; the field itself where the page has no such input."""
    found = JOB.fullmatch(field)
    if found:
        return words("field_windows" if found["part"] else "field_job", job=found["job"])
    return words.texts.get(f"field_{field.removeprefix('limits.')}", field)


def _sentence(text: str) -> str:
    closed = text if not text or text.endswith((".", "!", "?")) else f"{text}."
    return closed[:1].upper() + closed[1:]
