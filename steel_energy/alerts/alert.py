"""What an alert is: one thing about one plant that a person should know of, with figures and what to do next."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime

from steel_energy.config import Record

Severity = Literal["info", "warning", "critical"]
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "critical")
"""From least to worst."""
Kind = Literal[
    "run_failure",
    "drift",
    "degradation",
    "stale_data",
    "rejected_readings",
    "peak",
    "champion",
    "retrained",
    "unreadable",
    "test",
]
Scope = tuple[str, Kind]
"""A plant and a kind: what one look covers, so that what it did not find there is over."""
WHOLE_SYSTEM = "the whole system"
"""In the place of a plant, of what concerns none alone."""
LONGEST_TEXT = 500


def one_line(text: str, limit: int = LONGEST_TEXT) -> str:
    r"""Text as one line of printable characters, cut where it is too long: errors come with line feeds and colours.

    >>> one_line("two\r\nlines\x00 and   gaps")
    'two lines and gaps'
    >>> one_line("abcdef", limit=4)
    'abc…'
    """
    plain = "".join(character if character.isprintable() else " " for character in text)
    joined = " ".join(plain.split())
    return joined if len(joined) <= limit else joined[: limit - 1] + "…"


Line = Annotated[str, AfterValidator(one_line)]


class Alert(Record):
    """One thing to know.

    Attributes:
        key: the same for the same thing whenever it is found, such as ``gwangyang/drift``.
        plant: id of the plant.
        kind: which rule found it.
        severity: how bad it is.
        title: what happened, in a few words with the figure that counts.
        facts: figures with units, a sentence each.
        since: when it began, in the plant's zone; None where that cannot be said.
        advice: what to do next.
        link: where to look, None where no page shows it.
        about: what it is about in particular, such as the columns that drifted; more of it is no mere reminder.
        is_lasting: a state, told again while it lasts and called off when it is over; else an event, told once.
    """

    key: str
    plant: str
    kind: Kind
    severity: Severity
    title: Line
    facts: tuple[Line, ...] = ()
    since: AwareDatetime | None = None
    zone: str = "UTC"
    advice: Line
    link: str | None = None
    about: tuple[str, ...] = ()
    is_lasting: bool = True

    @property
    def scope(self) -> Scope:
        """The look that finds it."""
        return self.plant, self.kind

    @property
    def rank(self) -> int:
        """Its severity as a number, worst highest."""
        return SEVERITIES.index(self.severity)


def local(moment: dt.datetime) -> str:
    """A moment as messages write it.

    >>> from zoneinfo import ZoneInfo
    >>> local(dt.datetime(2018, 12, 3, 9, 15, tzinfo=ZoneInfo("Asia/Seoul")))
    'Mon 2018-12-03 09:15'
    """
    return f"{moment:%a %Y-%m-%d %H:%M}"
