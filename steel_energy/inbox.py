"""The lake's inbox: readings that applications posted, kept from the moment they were accepted.

``<root>/plant=<id>/*.jsonl`` are `journals`: one line of JSON for each batch, with a list for each column. Nothing is
ever changed or removed: a correction is another batch, and the newest reading of an interval stands. Judging and
cleaning what was posted is not done here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Any

import polars as pl

from steel_energy.errors import StorageError
from steel_energy.journals import JournalReader, JournalWriter, journals_in
from steel_energy.months import MONTH_FORMAT
from steel_energy.schema import INTERVAL_START, LOAD_TYPE, MEASURED, readings_schema

TIME = INTERVAL_START.name
NUMBERS = tuple(column.name for column in MEASURED)
POSTED = (TIME, *NUMBERS, LOAD_TYPE.name)
"""What a posted reading says: its interval and its cells, each null where it was not sent."""
ARRIVAL = ("received_at", "batch")
ISO_UTC = "%Y-%m-%dT%H:%M:%S%.6fZ"
"""How a line writes times."""
TICK = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Batch:
    """What was accepted at once.

    Attributes:
        name: id of the batch.
        path: journal that holds it.
        received_at: when it was accepted, UTC.
        rows: number of readings.
        months: the plant's months that it has readings of, oldest first.
        sha: SHA-256 of its line.
    """

    name: str
    path: Path
    received_at: dt.datetime
    rows: int
    months: tuple[str, ...]
    sha: str


def new_batch_id() -> str:
    """A new id, which begins with the time it was made, UTC, such as ``20181201T001500-9f86d081``."""
    return f"{utc_now():%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"


def utc_now() -> dt.datetime:
    """The present."""
    return dt.datetime.now(dt.UTC)


class Inbox:
    """The inbox under ``root``; one of them serves all threads of a process and reads on from where it was.

    Args:
        root: folder of the inbox; made when something is added.
        now: the clock by which batches are received.
    """

    def __init__(self, root: Path, *, now: Callable[[], dt.datetime] = utc_now) -> None:
        self.root = root
        self._now = now
        self._shelves: dict[str, _Shelf] = {}

    def add(self, plant_id: str, frame: pl.DataFrame, *, batch_id: str) -> None:
        """Keep a batch; once this returns, neither a crash nor a power cut loses it.

        Args:
            plant_id: whose readings.
            frame: at least one row, columns ``POSTED``, ``interval_start`` with a zone; others are left out.
            batch_id: a name that no batch has yet, such as `new_batch_id`.

        Raises:
            StorageError: it could not be written; then nothing is promised, and it may be sent again.
        """
        self._shelf(plant_id).add(frame, batch_id)

    def read(self, plant_id: str, *, zone: str = "UTC") -> pl.DataFrame:
        """The newest reading of each interval that was ever posted, sorted by time.

        Returns:
            Columns of ``readings_schema(zone)``, a cell null where it was not sent, and ``batch`` and ``received_at``
            (UTC); no rows where nothing was posted.

        Raises:
            StorageError: a journal cannot be read, or is damaged.
        """
        return _in_contract(self._shelf(plant_id).newest(), plant_id, zone)

    def history(self, plant_id: str, *, zone: str = "UTC") -> pl.DataFrame:
        """As `read`, with the readings that later ones corrected, in the order of arrival."""
        return _in_contract(self._shelf(plant_id).rows(), plant_id, zone)

    def batches(self, plant_id: str, *, zone: str = "UTC") -> list[Batch]:
        """Every batch in the order of arrival; its months are those of ``zone``.

        Raises:
            StorageError: a journal cannot be read, or is damaged.
        """
        return self._shelf(plant_id).batches(zone)

    def fingerprint(self, plant_id: str) -> str:
        """Changes whenever something was posted; a matter of file names and sizes, so it may be asked often."""
        sizes = (f"{path.name}:{path.stat().st_size}" for path in journals_in(self._folder(plant_id)))
        return hashlib.sha256(" ".join(sizes).encode()).hexdigest()[:16]

    def _folder(self, plant_id: str) -> Path:
        return self.root / f"plant={plant_id}"

    def _shelf(self, plant_id: str) -> _Shelf:
        if (shelf := self._shelves.get(plant_id)) is None:
            shelf = self._shelves.setdefault(plant_id, _Shelf(self._folder(plant_id), self._now))
        return shelf


@dataclass
class _Known:
    """What was read so far: every row, the newest one of each interval, and the journal and hash of each batch."""

    reader: JournalReader
    parts: list[pl.DataFrame] = field(default_factory=lambda: [_rows([])])
    newest: pl.DataFrame = field(default_factory=lambda: _rows([]))
    lines: dict[str, tuple[Path, str]] = field(default_factory=dict)

    def catch_up(self) -> None:
        """Read on; costs little more than what is new."""
        for path, written in self.reader.read_on():
            batches = _batches(written, path)
            self.lines |= {batch["batch"]: (path, hashlib.sha256(line).hexdigest()) for line, batch in batches}
            self._take(_rows([batch for _, batch in batches]))

    def rows(self) -> pl.DataFrame:
        """Every row, by arrival."""
        self.parts = [pl.concat(self.parts).sort(ARRIVAL, maintain_order=True)]
        return self.parts[0]

    def _take(self, rows: pl.DataFrame) -> None:
        self.parts.append(rows)
        is_told_anew = pl.col(TIME).is_in(rows[TIME].implode())
        rivals = pl.concat([self.newest.filter(is_told_anew), rows]).sort(ARRIVAL, maintain_order=True)
        winners = rivals.unique(TIME, keep="last", maintain_order=True)
        self.newest = pl.concat([self.newest.filter(~is_told_anew), winners]).sort(TIME)


class _Shelf:
    """The journals of one plant as one process sees and writes them."""

    def __init__(self, folder: Path, now: Callable[[], dt.datetime]) -> None:
        self._lock = Lock()
        self._now = now
        self._folder = folder
        self._writer = JournalWriter(folder)
        self._known = _Known(JournalReader(folder))
        self._last_at = dt.datetime.min.replace(tzinfo=dt.UTC)

    def add(self, frame: pl.DataFrame, batch_id: str) -> None:
        with self._lock:
            received_at = max(self._now(), self._last_at + TICK)  # newest also where a clock is behind
            self._writer.append(_line(frame, batch_id, received_at))
            self._last_at = received_at

    def rows(self) -> pl.DataFrame:
        with self._lock:
            return self._current().rows()

    def newest(self) -> pl.DataFrame:
        with self._lock:
            return self._current().newest

    def batches(self, zone: str) -> list[Batch]:
        month = pl.col(TIME).dt.convert_time_zone(zone).dt.strftime(MONTH_FORMAT)
        with self._lock:
            known = self._current()
            rows, lines = known.rows(), known.lines
        found = rows.group_by(ARRIVAL, maintain_order=True).agg(pl.len(), month.unique().sort().alias("months"))
        return [
            Batch(name, lines[name][0], received_at, count, tuple(months), lines[name][1])
            for received_at, name, count, months in found.iter_rows()
        ]

    def _current(self) -> _Known:
        """What is known now; the lock is held."""
        try:
            if self._known.reader.is_stale():
                self._known = _Known(JournalReader(self._folder))
            self._known.catch_up()
        except OSError as error:
            raise StorageError(
                f"cannot be read: {error.strerror}", field=str(self._folder), remedy="see that it can be read"
            ) from error
        newest = self._known.newest["received_at"].max()
        if isinstance(newest, dt.datetime):
            self._last_at = max(self._last_at, newest)
        return self._known


def _line(frame: pl.DataFrame, batch_id: str, received_at: dt.datetime) -> bytes:
    said = frame.select(
        pl.lit(batch_id).alias("batch"),
        pl.lit(received_at).dt.strftime(ISO_UTC).alias("received_at"),
        pl.col(TIME).dt.convert_time_zone("UTC").dt.strftime(ISO_UTC).implode(),
        pl.col(NUMBERS).cast(pl.Float64).implode(),
        pl.col(LOAD_TYPE.name).cast(pl.String).implode(),
    )
    return said.write_ndjson().encode()


def _batches(lines: bytes, path: Path) -> list[tuple[bytes, dict[str, Any]]]:
    """Each line and what it says, without a last one that a power cut has damaged; no other can be damaged by one.

    Raises:
        StorageError: an earlier line is damaged.
    """
    found, written = list[tuple[bytes, dict[str, Any]]](), lines.splitlines(keepends=True)
    for number, line in enumerate(written, start=1):
        try:
            found.append((line, json.loads(line)))
        except ValueError as error:
            if number < len(written):
                remedy = "restore the file, or take the line out of it"
                raise StorageError(f"a line is damaged: {line[:60]!r}", field=str(path), remedy=remedy) from error
    return found


def _rows(batches: list[dict[str, Any]]) -> pl.DataFrame:
    """One row for each reading: ``ARRIVAL`` and ``POSTED``, times in UTC."""
    counts = [len(batch[TIME]) for batch in batches]
    arrival = {name: _repeated([batch[name] for batch in batches], counts) for name in ARRIVAL}
    cells = {name: list(chain.from_iterable(batch[name] for batch in batches)) for name in POSTED}
    texts = dict.fromkeys((*ARRIVAL, TIME, LOAD_TYPE.name), pl.String)
    frame = pl.DataFrame(arrival | cells, schema_overrides={**texts, **dict.fromkeys(NUMBERS, pl.Float64)})
    return frame.with_columns(pl.col(TIME, "received_at").str.to_datetime(ISO_UTC, time_unit="us", time_zone="UTC"))


def _repeated(values: list[str], counts: list[int]) -> list[str]:
    return [value for value, count in zip(values, counts, strict=True) for _ in range(count)]


def _in_contract(rows: pl.DataFrame, plant_id: str, zone: str) -> pl.DataFrame:
    schema = readings_schema(zone)
    return rows.select(
        pl.lit(plant_id).alias("plant"),
        pl.col(TIME).dt.convert_time_zone(zone),
        pl.col(NUMBERS),
        pl.col(LOAD_TYPE.name).cast(schema[LOAD_TYPE.name]),
        "batch",
        "received_at",
    )
