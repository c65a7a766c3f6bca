"""The Parquet lake: where the assets' tables lie, how they are written and read.

``<root>/<asset>/plant=<id>/month=<YYYY-MM>.parquet``; predictions lie in ``week=<YYYY-MM-DD>.parquet``, forecast and
plan of the next days in ``newest.parquet``. A write is atomic (a reader sees the old file or the new one) and
repeatable (the same frame gives the same bytes), so a run that was killed is repaired by running it again. Readers need
no lock; DuckDB sees the same files as views.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from steel_energy.errors import NotEnoughDataError

RAW_READINGS, CLEANED_READINGS, REPAIRS = "raw_readings", "cleaned_readings", "repairs"
"""Assets that others read by name; the facts of the source lie beside the raw readings."""


def write_atomically(path: Path, write: Callable[[Path], None]) -> Path:
    """Let ``write`` fill a scratch file beside ``path``, then move it there in one step.

    The scratch name is fixed, so the leftover of a killed run is overwritten by the next one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.tmp")
    write(scratch)
    with scratch.open("rb+") as file:
        os.fsync(file.fileno())
    scratch.replace(path)
    return path


def write_text(path: Path, text: str) -> Path:
    """Replace a text file (UTF-8) in one step."""

    def write(scratch: Path) -> None:
        scratch.write_text(text, encoding="utf-8")

    return write_atomically(path, write)


def replace_folder(folder: Path, fill: Callable[[Path], None]) -> Path:
    """Let ``fill`` write into a new folder beside ``folder``, then put it in its place.

    After a kill the old folder is there, the new one, or none: whoever needs it runs the step again.
    """
    scratch = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    fill(scratch)
    shutil.rmtree(folder, ignore_errors=True)
    scratch.replace(folder)
    return folder


@dataclass(frozen=True)
class Lake:
    """The lake under ``root``; months are written as ``2018-01``."""

    root: Path

    def month_path(self, asset: str, plant_id: str, month: str) -> Path:
        """Where the table of one asset, plant and month lies."""
        return self.root / asset / f"plant={plant_id}" / f"month={month}.parquet"

    def week_path(self, asset: str, plant_id: str, monday: str) -> Path:
        """Where the table of one asset, plant and week lies."""
        return self.root / asset / f"plant={plant_id}" / f"week={monday}.parquet"

    def newest_path(self, asset: str, plant_id: str) -> Path:
        """Where the one table of an asset lies that is made anew each time, such as a plan of the next days."""
        return self._folder(asset, plant_id) / "newest.parquet"

    def read_newest(self, asset: str, plant_id: str) -> pl.DataFrame:
        """The table at ``newest_path``.

        Raises:
            NotEnoughDataError: it was not made yet.
        """
        path = self.newest_path(asset, plant_id)
        if not path.exists():
            raise NotEnoughDataError(
                f"the lake has no {asset} of {plant_id}", field="plant", remedy="materialise it first: make build"
            )
        return pl.read_parquet(path, hive_partitioning=False)

    def months(self, asset: str, plant_id: str) -> list[str]:
        """Months on disk, oldest first."""
        return sorted(
            path.stem.removeprefix("month=") for path in self._folder(asset, plant_id).glob("month=*.parquet")
        )

    def write(self, asset: str, plant_id: str, month: str, frame: pl.DataFrame) -> Path:
        """Replace one month of an asset."""
        return write_atomically(self.month_path(asset, plant_id, month), frame.write_parquet)

    def read(self, asset: str, plant_id: str, *, months: list[str] | None = None) -> pl.DataFrame:
        """The table of an asset and plant, months in order; all months on disk by default.

        Raises:
            NotEnoughDataError: none of the months is on disk.
        """
        wanted = self.months(asset, plant_id) if months is None else months
        paths = [path for month in wanted if (path := self.month_path(asset, plant_id, month)).exists()]
        if not paths:
            raise NotEnoughDataError(
                f"the lake has no {asset} of {plant_id}",
                field="plant",
                remedy="materialise it first: make build",
            )
        return pl.concat([pl.read_parquet(path, hive_partitioning=False) for path in paths])

    def keep_only(self, asset: str, plant_id: str, months: list[str]) -> None:
        """Remove every other month of an asset: those of an earlier source that reached further."""
        for month in set(self.months(asset, plant_id)) - set(months):
            self.month_path(asset, plant_id, month).unlink(missing_ok=True)

    def write_facts(self, asset: str, plant_id: str, facts: dict[str, Any]) -> Path:
        """Replace the small JSON record beside an asset's tables (where they came from, say)."""
        text = json.dumps(facts, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        return write_text(self._folder(asset, plant_id) / "facts.json", text)

    def read_facts(self, asset: str, plant_id: str) -> dict[str, Any] | None:
        """The JSON record of ``write_facts``; None where there is none yet."""
        path = self._folder(asset, plant_id) / "facts.json"
        facts: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
        return facts

    def connect(self) -> duckdb.DuckDBPyConnection:
        """An in-memory DuckDB with one view for each asset of the lake; files are read, never locked."""
        connection = duckdb.connect(":memory:")
        for folder in sorted(self.root.glob("*/")):
            if any(folder.glob("plant=*/month=*.parquet")):
                connection.execute(f'create view "{folder.name}" as {self.select_all(folder.name)}')
        return connection

    def select_all(self, asset: str) -> str:
        """The DuckDB query that reads every plant and month of an asset."""
        files = str(self.root / asset / "plant=*" / "month=*.parquet").replace("'", "''")
        return f"select * from read_parquet('{files}', union_by_name=true, hive_partitioning=false)"  # noqa: S608 - a path of ours

    def _folder(self, asset: str, plant_id: str) -> Path:
        return self.root / asset / f"plant={plant_id}"
