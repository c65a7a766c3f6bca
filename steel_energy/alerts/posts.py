"""What became of posted readings, from the lines that the service's audit log has of POST /readings.

The service writes ``data/logs/audit.jsonl`` and renames a full file to ``audit.jsonl.1``, that one to ``.2`` and so on.
A line that cannot be read, such as the torn last one of a service that was killed, is left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ValidationError

ROUTE, EVENT = b'"/readings"', b'"answered"'
REFUSED_BODIES = frozenset({400, 404, 409, 413, 415, 422})
"""Statuses of a body that was refused as a whole; those without a key are no readings that anyone misses."""


class _Counts(BaseModel):
    received: int = 0
    rejected: int = 0


class Post(BaseModel):
    """One POST /readings.

    Attributes:
        at: when it was answered.
        status: of the answer.
        plant: whose readings; None where that was not known, as in a body that could not be read.
    """

    event: Literal["answered"]
    route: Literal["/readings"]
    method: Literal["POST"]
    at: AwareDatetime
    status: int
    plant: str | None = None
    counts: _Counts = _Counts()

    @property
    def received(self) -> int:
        """Rows that it had."""
        return self.counts.received

    @property
    def rejected(self) -> int:
        """Rows that were refused."""
        return self.counts.rejected

    @property
    def is_refused(self) -> bool:
        """Whether nothing of it was looked at further."""
        return self.status in REFUSED_BODIES


def posts_since(audit_file: Path, since: dt.datetime) -> list[Post]:
    """The posts that were answered since a moment, newest file first; none where there is no log yet.

    Raises:
        OSError: a file is there and cannot be read.
    """
    return [post for file in _files(audit_file, since) for post in _read(file) if post.at >= since]


def _files(audit_file: Path, since: dt.datetime) -> Iterator[Path]:
    """The log and those renamed before it, as far as they may hold a line of that time."""
    names = (audit_file.with_name(f"{audit_file.name}.{number}") for number in count(1))
    for file in (audit_file, *_existing(names)):
        if file.exists() and file.stat().st_mtime >= since.timestamp():
            yield file


def _existing(files: Iterator[Path]) -> Iterator[Path]:
    for file in files:
        if not file.exists():
            return
        yield file


def _read(file: Path) -> Iterator[Post]:
    with file.open("rb") as lines:
        for line in lines:
            if ROUTE in line and EVENT in line:
                try:
                    yield Post.model_validate_json(line)
                except ValidationError:  # torn, or of another version of the service
                    continue
