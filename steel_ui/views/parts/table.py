"""Tables of ready HTML cells, wide ones to slide sideways; numbers stand to the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Column:
    """Head of a column; ``hint`` says more of it to the pointer."""

    title: str
    is_number: bool = False
    hint: str = ""


def table_html(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], *, caption: str, here: int | None = None
) -> str:
    """A table; the cells are HTML, so escape what is text.

    Args:
        columns: one for each cell of a row.
        rows: the cells.
        caption: what a screen reader calls the table.
        here: index of the row that stands out.
    """
    head = "".join(_head(column) for column in columns)
    body = "".join(_row(columns, row, is_here=number == here) for number, row in enumerate(rows))
    return (
        f'<div class="scroll"><table><caption class="hidden">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _head(column: Column) -> str:
    kind = ' class="number"' if column.is_number else ""
    return f'<th scope="col"{kind} title="{escape(column.hint or column.title)}">{escape(column.title)}</th>'


def _row(columns: Sequence[Column], row: Sequence[str], *, is_here: bool) -> str:
    cells = "".join(_cell(column, cell) for column, cell in zip(columns, row, strict=True))
    return f'<tr class="here">{cells}</tr>' if is_here else f"<tr>{cells}</tr>"


def _cell(column: Column, cell: str) -> str:
    return f'<td class="number">{cell}</td>' if column.is_number else f"<td>{cell}</td>"
