"""Figures in written notes: a note names where a value stands, ``{alerts.stale_hours}``, and never the value."""

from __future__ import annotations

from datetime import date
from typing import Any

from steel_energy.reporting.weekly_words import Words

PERCENT = "%"


class Shown:
    """A value, or a record of values, that a note's text may name.

    In a text ``{name}`` is the value in the language's notation, ``{name:%}`` a share as a percentage and ``{name:2}``
    a number with two decimals.
    """

    def __init__(self, value: Any, words: Words) -> None:  # noqa: ANN401 - any part of the parameters
        self._value = value
        self._words = words

    def __getattr__(self, name: str) -> Shown:
        """A part of the record.

        Raises:
            AttributeError: the record has none of that name; the note is wrong.
        """
        if name.startswith("_"):
            raise AttributeError(name)
        return Shown(getattr(self._value, name), self._words)

    def __format__(self, form: str) -> str:
        value = self._value
        if isinstance(value, date):
            return self._words.long_day(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return plain(str(value))
        if form.endswith(PERCENT):
            return self._words.percent(value, int(form[:-1] or 0))
        return number(value, self._words, digits=int(form) if form else None)


def number(value: float, words: Words, *, digits: int | None = None) -> str:
    """A number with as many decimals as it has, at most nine, or with ``digits``."""
    if digits is None:
        written = f"{value:.9f}".rstrip("0").rstrip(".")
        digits = len(written.partition(".")[2])
    return words.number(value, digits)


def plain(text: str, *, most: int = 200) -> str:
    """A text from a file or a table as one short line: what it says is shown, never acted on."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
