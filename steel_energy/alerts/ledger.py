"""What was told: a line on disk for each message that arrived in a channel, and for each that did not.

``<folder>/*.jsonl`` are `journals`. A message is recorded after it was sent, so a crash in between sends it again and
never loses it. A line that cannot be read is said in the log and counts as never told, for the same reason.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from steel_energy.alerts.policy import Notice, Told, told_after
from steel_energy.config import Record
from steel_energy.errors import StorageError
from steel_energy.journals import JournalReader, JournalWriter

log = logging.getLogger(__name__)


class Sent(Record):
    """A message that a channel took."""

    event: Literal["sent"] = "sent"
    at: AwareDatetime
    channel: str
    message_id: str
    notices: tuple[Notice, ...]


class Failed(Record):
    """A message that a channel did not take.

    Attributes:
        at: when.
        channel: which.
        reason: why, in words without secrets.
        not_before: until then the channel is left alone.
        times: failures in a row.
    """

    event: Literal["failed"] = "failed"
    at: AwareDatetime
    channel: str
    reason: str
    not_before: AwareDatetime
    times: int


Entry = Annotated[Sent | Failed, Field(discriminator="event")]
_ENTRY: TypeAdapter[Sent | Failed] = TypeAdapter(Entry)


@dataclass
class _State:
    reader: JournalReader
    told: dict[str, dict[str, Told]] = field(default_factory=dict)
    failed: dict[str, Failed] = field(default_factory=dict)

    def take(self, entry: Sent | Failed) -> None:
        if isinstance(entry, Failed):
            self.failed[entry.channel] = entry
            return
        self.failed.pop(entry.channel, None)
        known = self.told.setdefault(entry.channel, {})
        for notice in entry.notices:
            last = known.get(notice.alert.key)
            if last is not None and (last.at, last.notice) == (entry.at, notice):  # counted before it was written
                continue
            known[notice.alert.key] = told_after(last, notice, entry.at)


class Ledger:
    """The ledger in ``folder``; one object serves all threads of a process, several processes write side by side."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._thread = Lock()
        self._writer = JournalWriter(folder)
        self._state = _State(JournalReader(folder))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let one thread of one process at a time decide, send and record; the lock ends with the process.

        Raises:
            StorageError: the folder cannot be made or opened.
        """
        with self._thread:
            descriptor = self._open_folder()
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                yield
            finally:
                os.close(descriptor)

    def told(self, channel: str) -> dict[str, Told]:
        """The last that a channel was told of each key."""
        return dict(self._current().told.get(channel, {}))

    def failed(self, channel: str) -> Failed | None:
        """The last failure of a channel, None where a message arrived since."""
        return self._current().failed.get(channel)

    def record(self, entry: Sent | Failed) -> None:
        """Put down what became of a message; the ledger is held.

        Raises:
            StorageError: it could not be written. This process remembers it all the same, or a full disk would have
                every look send it again; another process does not.
        """
        self._state.take(entry)
        self._writer.append(entry.model_dump_json().encode() + b"\n")

    def _current(self) -> _State:
        try:
            if self._state.reader.is_stale():
                self._state = _State(JournalReader(self.folder))
            written = self._state.reader.read_on()
        except OSError as error:
            raise _unusable(self.folder, error) from error
        entries = [entry for path, lines in written for entry in _entries(lines, path)]
        for entry in sorted(entries, key=lambda one: one.at):
            self._state.take(entry)
        return self._state

    def _open_folder(self) -> int:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return os.open(self.folder, os.O_RDONLY)
        except OSError as error:
            raise _unusable(self.folder, error) from error


def _entries(lines: bytes, path: Path) -> Iterator[Sent | Failed]:
    for line in lines.splitlines():
        try:
            yield _ENTRY.validate_json(line)
        except ValidationError:
            log.warning("%s: a line cannot be read, what it tells may be sent again: %.60r", path, line)


def _unusable(folder: Path, error: OSError) -> StorageError:
    return StorageError(
        f"cannot be used: {error.strerror}",
        field=str(folder),
        remedy="see that the disk has room and that the folder can be written",
    )
