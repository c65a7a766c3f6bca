"""Why a row does not stand: reasons by row, each about a field, with a stable code and a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

MAX_NAME = 64  # characters of a strange field name that a reason repeats


class Reason(NamedTuple):
    """One reason; ``field`` is None where it is about the row as a whole."""

    field: str | None
    code: str
    message: str


@dataclass(frozen=True)
class Problems:
    """The reasons of every row that has any; of one field only the first counts, for what follows is its echo."""

    by_row: dict[int, list[Reason]] = field(default_factory=dict)

    def add(self, row: int, reason: Reason) -> None:
        """Note a reason, unless the row as a whole or the same field has one."""
        reasons = self.by_row.setdefault(row, [])
        if not any(known.field is None or known.field == reason.field for known in reasons):
            reasons.append(reason)

    def add_all(self, rows: Iterable[int], reason: Reason) -> None:
        """Note one reason for many rows."""
        for row in rows:
            self.add(row, reason)


def printable(name: str) -> str:
    """A name from outside, short enough for a message and valid as UTF-8."""
    return name[:MAX_NAME].encode("utf-8", errors="replace").decode()
