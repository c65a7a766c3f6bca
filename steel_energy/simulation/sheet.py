"""A raw export while it is being damaged: its cells, and beside each one what was done to it.

The truth log is not kept by the defects: it is what differs from the input at the end, so it cannot be incomplete.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from steel_energy.sources.raw import RAW_COLUMNS, RAW_SCHEMA

Places = NDArray[np.intp]
Objects = NDArray[np.object_]

LOG_SCHEMA = pl.Schema(
    {
        "source_row": pl.UInt32,  # in the damaged rows; null where the row is gone
        "true_row": pl.UInt32,  # `source_row` of the input
        "column": pl.String,  # null where the whole row is meant
        "before": pl.String,
        "after": pl.String,
        "kind": pl.String,  # several are joined by "+"
    }
)


class Sheet:
    """Cells by column, in file order; every change goes through ``write`` or ``take``."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self._input = rows
        self.cells: dict[str, Objects] = {name: rows[name].to_numpy().astype(object) for name in RAW_COLUMNS}
        self._kinds: dict[str, Objects] = {name: np.full(rows.height, "", object) for name in RAW_COLUMNS}
        self._row_kinds = np.full(rows.height, "", object)
        self._from = np.arange(rows.height)

    @property
    def height(self) -> int:
        """Rows there are now."""
        return len(self._from)

    def write(self, column: str, places: Places, values: Sequence[str | None], *, kind: str) -> None:
        """Replace the cells at ``places`` of a column."""
        changed = np.array([old != new for old, new in zip(self.cells[column][places], values, strict=True)], bool)
        self.cells[column][places] = np.array(values, object)
        marked = places[changed]
        self._kinds[column][marked] = [f"{old}+{kind}" if old else kind for old in self._kinds[column][marked]]

    def take(self, places: Places) -> None:
        """Keep the rows at ``places``, in that order; a row may be taken more than once."""
        self.cells = {name: cells[places] for name, cells in self.cells.items()}
        self._kinds = {name: kinds[places] for name, kinds in self._kinds.items()}
        self._row_kinds, self._from = self._row_kinds[places], self._from[places]

    def insert_copies(self, places: Places, before: Places, *, kind: str) -> Places:
        """Copy the rows at ``places`` to stand before the rows ``before``; returns where the copies stand now."""
        order = np.argsort(np.concatenate([np.arange(self.height), before - 0.5]), kind="stable")
        is_copy = order >= self.height
        self.take(np.concatenate([np.arange(self.height), places])[order])
        copies = np.flatnonzero(is_copy)
        self._row_kinds[copies] = kind
        return copies

    def rows(self) -> pl.DataFrame:
        """The cells as raw rows, ``source_row`` counted anew."""
        columns = {name: pl.Series(list(cells), dtype=pl.String) for name, cells in self.cells.items()}
        return pl.DataFrame(columns).with_row_index("source_row").cast(RAW_SCHEMA)

    def true_rows(self) -> pl.Series:
        """For each row the ``source_row`` of the input row it came from."""
        return self._input["source_row"].gather(self._from).alias("true_row")

    def log(self) -> pl.DataFrame:
        """``LOG_SCHEMA``: every copied or missing row, and every cell that differs from the input's."""
        return pl.concat([self._copied_rows(), self._missing_rows(), *map(self._changed_cells, RAW_COLUMNS)])

    def _changed_cells(self, column: str) -> pl.DataFrame:
        return self._log(
            column=pl.lit(column),
            before=self._input[column].gather(self._from),
            after=pl.Series(list(self.cells[column]), dtype=pl.String),
            kind=pl.Series(list(self._kinds[column]), dtype=pl.String),
        ).filter(pl.col("before").ne_missing(pl.col("after")))

    def _copied_rows(self) -> pl.DataFrame:
        return self._log(kind=pl.Series(list(self._row_kinds), dtype=pl.String)).filter(pl.col("kind") != "")

    def _missing_rows(self) -> pl.DataFrame:
        gone = self._input["source_row"].filter(~self._input["source_row"].is_in(self.true_rows().implode()))
        return _logged({"true_row": gone, "kind": pl.lit("missing_interval")})

    def _log(self, **columns: Any) -> pl.DataFrame:  # noqa: ANN401 - expressions and series
        return _logged({"source_row": pl.Series(np.arange(self.height)), "true_row": self.true_rows(), **columns})


def _logged(columns: dict[str, Any]) -> pl.DataFrame:
    absent = {name: pl.lit(None) for name in LOG_SCHEMA if name not in columns}
    log: pl.DataFrame = pl.select(**(columns | absent))
    return log.select(LOG_SCHEMA.names()).cast(LOG_SCHEMA)
