"""Words, numbers and dates in the reader's language.

The texts lie in ``locales/<language>``: ``formats.yaml`` has the marks and names, ``common.yaml`` what every page says,
and each page has a file of its own. A key stands in one file only.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from steel_ui.units import KWH, Units

LANGUAGES = {"en": "English", "es": "Español"}
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
"""Between the two ends of a range, and in place of a number that does not exist."""
DECIMAL = re.compile(r"-?[\d,]+\.(\d+)")
MONTH = re.compile(r"\d{4}-\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
LOCALES = Path(__file__).parent / "locales"
YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C where PyYAML was built with it, which is ten times as fast."""


@dataclass(frozen=True)
class Words:
    """The texts and formats of one language.

    Attributes:
        language: ISO 639-1 code, also what the browser's own formatters get.
        texts: sentences by key, with ``{names}`` to fill in.
        weekdays: short names, Monday first.
        months: short names, January first.
        decimal: decimal mark.
        thousands: mark between groups of three digits.
        units: what energy and power are counted in.
    """

    language: str
    texts: dict[str, str]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    decimal: str
    thousands: str
    units: Units = KWH

    def __call__(self, key: str, **values: object) -> str:
        """The text of ``key`` with ``values`` filled in; a missing key is a bug and raises KeyError."""
        return self.texts[key].format(**values)

    def number(self, value: float, *, digits: int = 0, signed: bool = False) -> str:
        """``value`` with ``digits`` decimals and the language's marks."""
        plain = f"{value:{'+' if signed else ''},.{digits}f}".replace("-", MINUS)
        return plain.translate(str.maketrans(",.", self.thousands + self.decimal))

    def percent(self, share: float, *, digits: int = 0, signed: bool = False) -> str:
        """``share`` (0 to 1) in percent, with the sign."""
        return f"{self.number(100 * share, digits=digits, signed=signed)} %"

    def value(self, value: str | float) -> str:
        """What a sentence of the service speaks of: numbers, days and moments as this language writes them."""
        if not isinstance(value, str):
            return self.number(value, digits=0 if float(value).is_integer() else 1)
        if found := DECIMAL.fullmatch(value):
            return self.number(float(value.replace(",", "")), digits=len(found[1]))
        if MONTH.fullmatch(value):
            return f"{self.months[int(value[5:]) - 1]} {value[:4]}"
        if MOMENT.fullmatch(value):
            return self.moment(dt.datetime.fromisoformat(value))
        return self.day(dt.datetime.fromisoformat(value)) if DAY.fullmatch(value) else value

    def label(self, kind: str, name: str) -> str:
        """The text of ``kind_name``, or ``name`` itself where the service names something that is new to this page."""
        return self.texts.get(f"{kind}_{name}", name)

    def day(self, moment: dt.datetime) -> str:
        """Weekday, day, month and year."""
        return f"{self.weekdays[moment.weekday()]} {moment.day} {self.months[moment.month - 1]} {moment.year}"

    def moment(self, moment: dt.datetime) -> str:
        """Day and clock time."""
        return f"{self.day(moment)}, {moment:%H:%M}"

    def short_moment(self, moment: dt.datetime) -> str:
        """Weekday, day and clock time, for a card."""
        return f"{self.weekdays[moment.weekday()]} {moment.day}, {moment:%H:%M}"


@cache
def words(language: str, units: Units = KWH) -> Words:
    """The words of ``language``, one of ``LANGUAGES``, for a plant that is counted in ``units``."""
    files = {path.stem: _read(path) for path in sorted((LOCALES / language).glob("*.yaml"))}
    formats = files.pop("formats")
    return Words(
        language=language,
        texts={key: units.named(key, text) for texts in files.values() for key, text in texts.items()},
        weekdays=tuple(formats["weekdays"]),
        months=tuple(formats["months"]),
        decimal=formats["decimal"],
        thousands=formats["thousands"],
        units=units,
    )


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=YAML_LOADER)  # noqa: S506 - both are safe
    return content


def preferred_language(accept_language: str) -> str:
    """The first language of an ``Accept-Language`` header that the page speaks; English if none.

    >>> preferred_language("es-MX,es;q=0.9,en;q=0.5")
    'es'
    """
    wanted = [part.split(";")[0].strip()[:2].lower() for part in accept_language.split(",")]
    return next((language for language in wanted if language in LANGUAGES), "en")
