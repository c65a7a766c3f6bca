"""The Parquet lake: where the assets' tables lie, how they are written and read.

``<root>/<asset>/plant=<id>/month=<YYYY-MM>.parquet``; predictions lie in ``week=<YYYY-MM-DD>.parquet``, forecast and
plan of the next days in ``newest.parquet``. A write is atomic (a reader sees the old file or the new one) and
repeatable (the same frame gives the same bytes), so a run that was killed is repaired by running it again. Readers need
no lock; DuckDB sees the same files as views. A file that is not what was written is never read: it is named, and a
build replaces it.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from steel_energy.calendar import interval_end
from steel_energy.errors import NotEnoughDataError, StorageError
from steel_energy.sealing import damaged, require_whole, sealed

RAW_READINGS, CLEANED_READINGS, REPAIRS = "raw_readings", "cleaned_readings", "repairs"
"""Assets that others read by name; the facts of the source lie beside the raw readings."""
FACTS = "facts.json"


ABANDONED_S = 3600
"""A scratch file so old belongs to nobody: its writer was killed."""


def write_atomically(path: Path, write: Callable[[Path], None]) -> Path:
    """Let ``write`` fill a scratch file beside ``path``, then move it there in one step.

    Writers do not meet: each has a scratch file of its own, and the last one's file stays. A write that fails leaves
    nothing behind; what a killed one left is removed an hour later by the next write of the same file.

    Raises:
        StorageError: it cannot be written; the old file stays.
    """
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(path)
        write(scratch)
        with scratch.open("rb+") as file:
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError as error:
        remedy = "see that the disk has room and that the folder can be written, then try again"
        raise StorageError(f"cannot be written: {error.strerror or error}", field=str(path), remedy=remedy) from error
    finally:
        with suppress(OSError):  # there is none, or no folder that it could be in
            scratch.unlink()
    return path


def write_table(path: Path, frame: pl.DataFrame) -> Path:
    """Replace a Parquet file in one step, with a seal; the same frame gives the same bytes."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return write_atomically(path, lambda scratch: _write_bytes(scratch, sealed(buffer.getvalue())))


def read_table(path: Path) -> pl.DataFrame:
    """A Parquet file of ours.

    Raises:
        StorageError: it is not what was written, or cannot be read; names it.
        FileNotFoundError: there is none.
    """
    try:
        content = path.read_bytes()
        require_whole(content, path)
        return pl.read_parquet(content, hive_partitioning=False)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _unreadable(path, error) from error
    except pl.exceptions.PolarsError as error:
        raise damaged(path, str(error).splitlines()[0]) from error


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

    def weeks(self, asset: str, plant_id: str) -> list[str]:
        """Mondays of the weeks on disk, oldest first."""
        return sorted(path.stem.removeprefix("week=") for path in self._folder(asset, plant_id).glob("week=*.parquet"))

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
        return read_table(path)

    def months(self, asset: str, plant_id: str) -> list[str]:
        """Months on disk, oldest first."""
        return sorted(
            path.stem.removeprefix("month=") for path in self._folder(asset, plant_id).glob("month=*.parquet")
        )

    def write(self, asset: str, plant_id: str, month: str, frame: pl.DataFrame) -> Path:
        """Replace one month of an asset."""
        return write_table(self.month_path(asset, plant_id, month), frame)

    def read(self, asset: str, plant_id: str, *, months: list[str] | None = None) -> pl.DataFrame:
        """The table of an asset and plant, months in order; all months on disk by default.

        Raises:
            NotEnoughDataError: none of the months is on disk.
            StorageError: a month is damaged; names its file.
        """
        wanted = self.months(asset, plant_id) if months is None else months
        paths = [path for month in wanted if (path := self.month_path(asset, plant_id, month)).exists()]
        if not paths:
            raise NotEnoughDataError(
                f"the lake has no {asset} of {plant_id}",
                field="plant",
                remedy="materialise it first: make build",
            )
        return pl.concat([read_table(path) for path in paths])

    def readings_until(self, plant_id: str) -> dt.datetime | None:
        """End of a plant's cleaned readings, in its zone; None where it has none. Reads the newest month alone."""
        months = self.months(CLEANED_READINGS, plant_id)
        if not months:
            return None
        newest = read_table(self.month_path(CLEANED_READINGS, plant_id, months[-1]))
        last: dt.datetime = newest["interval_start"].sort()[-1]
        return interval_end(last)

    def keep_only(self, asset: str, plant_id: str, months: list[str]) -> None:
        """Remove every other month of an asset: those of an earlier source that reached further."""
        for month in set(self.months(asset, plant_id)) - set(months):
            self.month_path(asset, plant_id, month).unlink(missing_ok=True)

    def write_facts(self, asset: str, plant_id: str, facts: dict[str, Any]) -> Path:
        """Replace the small JSON record beside an asset's tables (where they came from, say)."""
        text = json.dumps(facts, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        return write_text(self._folder(asset, plant_id) / FACTS, text)

    def read_facts(self, asset: str, plant_id: str) -> dict[str, Any] | None:
        """The JSON record of ``write_facts``; None where there is none yet.

        Raises:
            StorageError: it is damaged.
        """
        path = self._folder(asset, plant_id) / FACTS
        try:
            facts: dict[str, Any] = json.loads(path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreadable(path, error) from error
        except ValueError as error:
            raise damaged(path, str(error)) from error
        return facts

    def damaged(self, asset: str, plant_id: str) -> list[Path]:
        """Files of an asset's months and its record that are not what was written."""
        found = []
        for path in (*sorted(self._folder(asset, plant_id).glob("month=*.parquet")), None):
            try:
                read_table(path) if path else self.read_facts(asset, plant_id)
            except StorageError:
                found.append(path or self._folder(asset, plant_id) / FACTS)
        return found

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


def _remove_abandoned(path: Path) -> None:
    for scratch in path.parent.glob(f".{path.name}.*tmp*"):
        with suppress(FileNotFoundError):  # its writer, or another one, was quicker
            if scratch.stat().st_mtime < time.time() - ABANDONED_S:
                scratch.unlink()


def _unreadable(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"cannot be read: {error.strerror or error}", field=str(path), remedy="see that it can be read, then try again"
    )


def _write_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)
