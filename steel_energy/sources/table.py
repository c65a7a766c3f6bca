"""Tables of strings from text or Parquet: where the header is, what separates the cells, which columns are known.

A table keeps only the columns that ``header.py`` recognises, every cell as found. Whether they suffice is judged by
``file.py``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from steel_energy.errors import NotMeterDataError
from steel_energy.sources.header import INTERVAL_START, match_header
from steel_energy.sources.raw import PUBLISHED_HEADER

DELIMITERS = (",", ";", "\t", "|")
HEADER_WITHIN_LINES = 30  # a title, a comment or Excel's "sep=;" may stand above the header
QUOTE = '"'
BLOCK_LINES = 100_000  # split at once: cells weigh far more as Python strings than as columns
MAX_SHOWN = 200  # characters of a strange header that an error message repeats
PARQUET_FAILURES = (pa.ArrowException, pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError)
HEADER_REMEDY = f"the first line must name the columns, as {', '.join(PUBLISHED_HEADER.values())}"


@dataclass(frozen=True)
class Table:
    """The recognised columns of a file.

    Attributes:
        cells: one column of strings for each recognised column (``interval_start`` may be a time), in file order; an
            empty cell and the end of a short line are null. Blank lines and repeated headers are left out, but counted
            by the column ``source_row``.
        ignored: the headers of the other columns.
    """

    cells: pl.DataFrame
    ignored: tuple[str, ...]

    @property
    def filled(self) -> set[str]:
        """The recognised columns with at least one cell that is not empty."""
        return {cells.name for cells in self.cells if cells.null_count() < cells.len()}


def text_table(text: str, location: str) -> Table:
    """Read delimited text; the header is the line, and the delimiter the character, that name most known columns.

    Decimal commas do not mislead it: there are none in a header. A line with an odd number of quotes loses its quotes,
    so that a stray one cannot swallow the lines below.

    Raises:
        NotMeterDataError: no line names a known column.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    try:
        header, delimiter = _find_header(lines[:HEADER_WITHIN_LINES])
        names = _split([lines[header]], delimiter)[0]
        places = match_header(names)
        if not places:
            raise _unknown_columns(names, location)
        blocks = [
            _columns(_split(lines[start : start + BLOCK_LINES], delimiter), places)
            for start in range(header + 1, len(lines) + 1, BLOCK_LINES)
        ]
    except csv.Error as error:
        raise NotMeterDataError(
            f"is no table of text: {error}", field=location, remedy="export it as CSV or Parquet"
        ) from error
    blank = pl.all_horizontal(pl.col(list(places)).is_null())
    heading = pl.all_horizontal(pl.col(name).eq_missing(names[place]) for name, place in places.items())
    cells = pl.concat(blocks).with_row_index("source_row").filter(~blank, ~heading)
    return Table(cells=cells, ignored=_ignored(names, places))


def parquet_table(content: bytes, location: str) -> Table:
    """Read Parquet; numbers and times are written out as strings, except the times of ``interval_start``.

    Raises:
        NotMeterDataError: it is damaged, or has no known column.
    """
    try:
        frame = pl.read_parquet(io.BytesIO(content), use_pyarrow=True)  # Polars' own reader may abort the process
        names = frame.columns
        places = match_header(names)
        cells = pl.DataFrame({name: _as_found(frame.to_series(place), name) for name, place in places.items()})
    except PARQUET_FAILURES as error:
        raise NotMeterDataError(
            f"is damaged Parquet: {str(error).splitlines()[0]}", field=location, remedy="write it again"
        ) from error
    if not places:
        raise _unknown_columns(names, location)
    return Table(cells=cells.with_row_index("source_row"), ignored=_ignored(names, places))


def _find_header(lines: list[str]) -> tuple[int, str]:
    candidates = [(number, delimiter) for number, line in enumerate(lines) if line for delimiter in DELIMITERS]
    return max(candidates, key=lambda found: len(match_header(_split([lines[found[0]]], found[1])[0])))


def _split(lines: Iterable[str], delimiter: str) -> list[list[str]]:
    balanced = (line.replace(QUOTE, "") if line.count(QUOTE) % 2 else line for line in lines)
    return list(csv.reader(balanced, delimiter=delimiter))


def _columns(rows: list[list[str]], places: dict[str, int]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            name: pl.Series([row[place] or None if place < len(row) else None for row in rows], dtype=pl.String)
            for name, place in places.items()
        }
    )


def _as_found(column: pl.Series, name: str) -> pl.Series:
    if name == INTERVAL_START and isinstance(column.dtype, pl.Datetime):
        return column
    if isinstance(column.dtype, pl.Datetime):
        return column.dt.strftime("%Y-%m-%d %H:%M:%S")
    if column.dtype.is_float():
        column = column.fill_nan(None)
    return column.cast(pl.String, strict=False)


def _ignored(names: list[str], places: dict[str, int]) -> tuple[str, ...]:
    return tuple(name or f"column {place + 1}" for place, name in enumerate(names) if place not in places.values())


def _unknown_columns(names: list[str], location: str) -> NotMeterDataError:
    shown = ", ".join(names)[:MAX_SHOWN]
    return NotMeterDataError(
        f"is no meter export, none of its columns is known: {shown}", field=location, remedy=HEADER_REMEDY
    ).named("unknown_columns", columns=shown)
