"""A table of a weekly report as values, and how each kind of cell is written for a reader."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, TypeAlias

from steel_energy.reporting.weekly_words import DASH, Words

Cell: TypeAlias = "str | float | int | dt.date | dt.datetime | None"
Kind = Literal["text", "number", "share", "change", "date", "moment"]


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        heading: with the unit.
        kind: of its cells; a ``share`` is written in percent, a ``change`` also with its sign.
        digits: decimals of a number or share.
        width: relative to the table's other columns.
    """

    heading: str
    kind: Kind = "text"
    digits: int = 0
    width: float = 1.0

    @property
    def is_text(self) -> bool:
        """Whether its cells stand on the left."""
        return self.kind in ("text", "date", "moment")

    def shown(self, cell: Cell, words: Words) -> str:
        """A cell as the reader sees it; a dash for None."""
        if cell is None:
            return DASH
        if isinstance(cell, str):
            return cell
        if isinstance(cell, dt.datetime):
            return words.moment(cell)
        if isinstance(cell, dt.date):
            return words.day(cell)
        if self.kind in ("share", "change"):
            return words.percent(cell, self.digits, signed=self.kind == "change")
        return words.number(cell, self.digits)


@dataclass(frozen=True)
class Table:
    """Rows of cells; the last one is a sum where ``has_total``."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    has_total: bool = False
