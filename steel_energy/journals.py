"""Append-only journals of lines: many processes write into one folder without a lock, and lose no line they promised.

Every writer has a journal of its own, and a line is on the disk before `JournalWriter.append` returns. A process that
dies while it writes leaves at most one torn line, the last of its journal, which was promised to nobody: readers leave
it out. After a failed write a writer begins another journal, so that nothing ever stands behind a torn line. What the
lines say is not known here.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from steel_energy.errors import StorageError

SUFFIX = ".jsonl"
END = b"\n"


def journals_in(folder: Path) -> list[Path]:
    """The journals of a folder by name, which is the time they were begun; none where there is no folder."""
    return sorted(folder.glob(f"*{SUFFIX}"))


@dataclass
class JournalWriter:
    """Writes the journals of one process into ``folder``; one thread at a time."""

    folder: Path
    _path: Path | None = None

    def append(self, line: bytes) -> None:
        """Put a line, which ends with a line feed and has no other, safely on the disk.

        Raises:
            StorageError: it could not be written; then it may be there or not, and must be written again.
        """
        try:
            if self._path is None or not self._path.exists():
                self._path = begin_journal(self.folder)
            _write_through(self._path, line)
        except OSError as error:
            self._path = None
            raise StorageError(
                f"cannot be written: {error.strerror}",
                field=str(self.folder),
                remedy="see that the disk has room and that the folder can be written, then try again",
            ) from error


@dataclass
class JournalReader:
    """Reads what was written into ``folder`` since it was last asked; one thread at a time."""

    folder: Path
    _offsets: dict[Path, int] = field(default_factory=dict)

    def is_stale(self) -> bool:
        """Whether something it has read is no longer there: then another reader must begin anew."""
        sizes = {path: path.stat().st_size for path in journals_in(self.folder)}
        return any(sizes.get(path, -1) < offset for path, offset in self._offsets.items())

    def read_on(self) -> list[tuple[Path, bytes]]:
        """Whole lines that were written since, of each journal that has any."""
        news = [(path, self._read_on(path)) for path in journals_in(self.folder)]
        return [(path, lines) for path, lines in news if lines]

    def _read_on(self, path: Path) -> bytes:
        offset = self._offsets.get(path, 0)
        if path.stat().st_size == offset:
            return b""
        with path.open("rb") as file:
            file.seek(offset)
            written = file.read()
        lines = written[: written.rfind(END) + 1]
        self._offsets[path] = offset + len(lines)
        return lines


def begin_journal(folder: Path) -> Path:
    """A new empty journal, which a power cut cannot take away again; its name sorts by the time it was begun."""
    for level in (folder.parent, folder):
        level.mkdir(parents=True, exist_ok=True)
        _sync(level.parent)
    path = folder / f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}{SUFFIX}"
    path.touch(exist_ok=False)
    _sync(folder)
    return path


def _write_through(path: Path, line: bytes) -> None:
    with path.open("ab", buffering=0) as file:
        rest = memoryview(line)
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Put the names of a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
