"""The Parquet lake: where the assets' tables lie, how they are written and read.

``<root>/<asset>/plant=<id>/month=<YYYY-MM>.parquet``; predictions lie in ``week=<YYYY-MM-DD>.parquet``, forecast and
plan of the next days in ``newest.parquet``. A write is atomic (a reader sees the old file or the new one) and
repeatable (the same frame gives the same bytes), so a run that was killed is repaired by running it again. Readers need
no lock; DuckDB sees the same files as views. A file that is not what was written is never read: it is named, and a
build replaces it. The root is a folder of a disk or of an object store, which ``storage`` tells apart.
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
from steel_energy.storage import Place, each, listed, load, put, remove

RAW_READINGS, CLEANED_READINGS, REPAIRS = "raw_readings", "cleaned_readings", "repairs"
"""Assets that others read by name; the facts of the source lie beside the raw readings."""
FACTS = "facts.json"
NEWEST = "newest.parquet"
MONTHS, WEEKS = "month=*.parquet", "week=*.parquet"
ALL_MONTHS = f"plant=*/{MONTHS}"
"""Names of an asset's files, below its plant and below itself."""

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


def write_table(path: Place, frame: pl.DataFrame) -> Place:
    """Replace a Parquet file in one step, with a seal; the same frame gives the same bytes."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return _write(path, sealed(buffer.getvalue()))


def find_table(path: Place) -> pl.DataFrame | None:
    """A Parquet file of ours, as ``read_table``; None where there is none."""
    try:
        return read_table(path)
    except FileNotFoundError:
        return None


def read_table(path: Place) -> pl.DataFrame:
    """A Parquet file of ours.

    Raises:
        StorageError: it is not what was written, or cannot be read; names it.
        FileNotFoundError: there is none.
    """
    try:
        content = load(path)
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
    return _write_file(path, text.encode())


def replace_folder(folder: Path, fill: Callable[[Path], None]) -> Path:
    """Let ``fill`` write into a new folder beside ``folder``, then put it in its place.

    After a kill the old folder is there, the new one, or none: whoever needs it runs the step again. Where two workers
    do the same step, as after the death of its run, each fills a folder of its own.
    """
    _remove_abandoned(folder)
    scratch = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.tmp")
    scratch.mkdir(parents=True)
    try:
        fill(scratch)
        shutil.rmtree(folder, ignore_errors=True)
        scratch.replace(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return folder


@dataclass(frozen=True)
class Lake:
    """The lake under ``root``; months are written as ``2018-01``."""

    root: Place

    def month_path(self, asset: str, plant_id: str, month: str) -> Place:
        """Where the table of one asset, plant and month lies."""
        return self.root / asset / f"plant={plant_id}" / f"month={month}.parquet"

    def week_path(self, asset: str, plant_id: str, monday: str) -> Place:
        """Where the table of one asset, plant and week lies."""
        return self.root / asset / f"plant={plant_id}" / f"week={monday}.parquet"

    def weeks(self, asset: str, plant_id: str) -> list[str]:
        """Mondays of the weeks that are there, oldest first."""
        return [path.stem.removeprefix("week=") for path in listed(self.folder(asset, plant_id), WEEKS)]

    def find_week(self, asset: str, plant_id: str, monday: str) -> pl.DataFrame | None:
        """The table of a week; None where there is none."""
        return find_table(self.week_path(asset, plant_id, monday))

    def newest_path(self, asset: str, plant_id: str) -> Place:
        """Where the one table of an asset lies that is made anew each time, such as a plan of the next days."""
        return self.folder(asset, plant_id) / NEWEST

    def read_newest(self, asset: str, plant_id: str) -> pl.DataFrame:
        """The table at ``newest_path``.

        Raises:
            NotEnoughDataError: it was not made yet.
        """
        newest = self.find_newest(asset, plant_id)
        if newest is None:
            raise _lacks(asset, plant_id)
        return newest

    def find_newest(self, asset: str, plant_id: str) -> pl.DataFrame | None:
        """The table at ``newest_path``; None where it was not made yet."""
        return find_table(self.newest_path(asset, plant_id))

    def months(self, asset: str, plant_id: str) -> list[str]:
        """Months that are there, oldest first."""
        return [path.stem.removeprefix("month=") for path in listed(self.folder(asset, plant_id), MONTHS)]

    def write(self, asset: str, plant_id: str, month: str, frame: pl.DataFrame) -> Place:
        """Replace one month of an asset."""
        return write_table(self.month_path(asset, plant_id, month), frame)

    def read(self, asset: str, plant_id: str, *, months: list[str] | None = None) -> pl.DataFrame:
        """The table of an asset and plant, months in order; all months by default.

        Raises:
            NotEnoughDataError: none of the months is there.
            StorageError: a month is damaged; names its file.
        """
        wanted = self.months(asset, plant_id) if months is None else months
        found = each((self.month_path(asset, plant_id, month) for month in wanted), find_table)
        if tables := [table for table in found if table is not None]:
            return pl.concat(tables)
        raise _lacks(asset, plant_id)

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
            remove(self.month_path(asset, plant_id, month))

    def write_facts(self, asset: str, plant_id: str, facts: dict[str, Any]) -> Place:
        """Replace the small JSON record beside an asset's tables (where they came from, say)."""
        text = json.dumps(facts, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        return _write(self.folder(asset, plant_id) / FACTS, text.encode())

    def read_facts(self, asset: str, plant_id: str) -> dict[str, Any] | None:
        """The JSON record of ``write_facts``; None where there is none yet.

        Raises:
            StorageError: it is damaged.
        """
        path = self.folder(asset, plant_id) / FACTS
        try:
            facts: dict[str, Any] = json.loads(load(path))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreadable(path, error) from error
        except ValueError as error:
            raise damaged(path, str(error)) from error
        return facts

    def damaged(self, asset: str, plant_id: str) -> list[Place]:
        """Files of an asset's months and its record that are not what was written.

        Raises:
            StorageError: an object store cannot be asked, which says nothing of what it holds.
        """
        folder = self.folder(asset, plant_id)

        def is_damaged(path: Place) -> bool:
            try:
                self.read_facts(asset, plant_id) if path.name == FACTS else find_table(path)
            except StorageError as error:
                if isinstance(error.__cause__, OSError) and not self.is_on_disk:
                    raise
                return True
            return False

        paths = [*listed(folder, MONTHS), folder / FACTS]
        return [path for path, found in zip(paths, each(paths, is_damaged), strict=True) if found]

    def connect(self) -> duckdb.DuckDBPyConnection:
        """An in-memory DuckDB with one view for each asset of the lake; files are read, never locked."""
        connection = duckdb.connect(":memory:")
        if not isinstance(self.root, Path):  # DuckDB's own way to an object store is a download
            connection.register_filesystem(self.root.fs)
        for asset in sorted({path.parent.parent.name for path in listed(self.root, f"*/{ALL_MONTHS}")}):
            connection.execute(f'create view "{asset}" as {self.select_all(asset)}')
        return connection

    def select_all(self, asset: str) -> str:
        """The DuckDB query that reads every plant and month of an asset."""
        files = str(self.root / asset / "plant=*" / "month=*.parquet").replace("'", "''")
        return f"select * from read_parquet('{files}', union_by_name=true, hive_partitioning=false)"  # noqa: S608 - a path of ours

    @property
    def is_on_disk(self) -> bool:
        """Whether it lies in a folder of a disk."""
        return isinstance(self.root, Path)

    def folder(self, asset: str, plant_id: str) -> Place:
        """Where all tables of one asset and plant lie."""
        return self.root / asset / f"plant={plant_id}"


def _remove_abandoned(path: Path) -> None:
    for scratch in path.parent.glob(f".{path.name}.*tmp*"):
        with suppress(FileNotFoundError):  # its writer, or another one, was quicker
            if scratch.stat().st_mtime < time.time() - ABANDONED_S:
                shutil.rmtree(scratch) if scratch.is_dir() else scratch.unlink()


def _lacks(asset: str, plant_id: str) -> NotEnoughDataError:
    remedy = "materialise it first: make build"
    return NotEnoughDataError(f"the lake has no {asset} of {plant_id}", field="plant", remedy=remedy)


def _unreadable(path: Place, error: OSError) -> StorageError:
    return StorageError(
        f"cannot be read: {error.strerror or error}", field=str(path), remedy="see that it can be read, then try again"
    )


def _write(path: Place, content: bytes) -> Place:
    return _write_file(path, content) if isinstance(path, Path) else put(path, content)


def _write_file(path: Path, content: bytes) -> Path:
    def write(scratch: Path) -> None:
        scratch.write_bytes(content)

    return write_atomically(path, write)
