"""The file of hashed keys: created, listed and revoked on the command line, followed by the running service."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from steel_energy.artifacts.bundles import locked
from steel_energy.errors import ConfigError
from steel_energy.lake import write_atomically
from steel_service.errors import NotReadyError
from steel_service.security.keys import KeyRecord, KeyRing, new_key
from steel_service.security.principals import Principal, Role

OWNER_ONLY = 0o600
CHECK_EVERY_S = 1.0  # a revoked key may work that much longer

log = logging.getLogger(__name__)


class KeyFile(BaseModel):
    """The content of the file, oldest key first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = Field(default=1, ge=1, le=1)
    keys: tuple[KeyRecord, ...] = ()


def read_keys(file: Path) -> tuple[KeyRecord, ...]:
    """The keys in ``file``, oldest first; none where there is no file.

    Raises:
        ConfigError: the file cannot be read or does not validate.
    """
    remedy = "restore the file, or remove it and create new keys"
    try:
        return KeyFile.model_validate_json(file.read_bytes()).keys
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", field=str(file), remedy=remedy) from error
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in problem["loc"]) or "the file"
        # pydantic's error carries what stands in the file, so it goes no further
        raise ConfigError(f"{where}: {problem['msg']}", field=str(file), remedy=remedy) from None


def create_key(
    file: Path,
    name: str,
    *,
    role: Role,
    plants: frozenset[str] | None = None,
    days: int | None,
    now: dt.datetime,
) -> tuple[KeyRecord, str]:
    """Make a key that expires after ``days``, or never, and keep its hash in ``file``.

    Returns:
        What is kept of it, and the key itself, which is kept nowhere.

    Raises:
        ConfigError: the name is no plain one or that of another usable key, or the file does not validate.
    """
    with _changing(file) as records:
        if any(record.name == name and record.is_usable(now) for record in records):
            raise ConfigError(f"{name!r} is the name of another key", field="name", remedy="revoke it, or name another")
        expires_at = None if days is None else now + dt.timedelta(days=days)
        taken = {record.id for record in records}
        record, key = new_key(name, role=role, plants=plants, expires_at=expires_at, now=now, taken_ids=taken)
        records.append(record)
    return record, key


def revoke_key(file: Path, named: str, *, now: dt.datetime) -> KeyRecord:
    """Take a usable key, called by its id or name, out of use; a running service notices within a second.

    Raises:
        ConfigError: there is no such key, or the file does not validate.
    """
    with _changing(file) as records:
        for place, record in enumerate(records):
            if named in (record.id, record.name) and record.is_usable(now):
                records[place] = record.model_copy(update={"revoked_at": now})
                return records[place]
        raise ConfigError(f"no usable key is called {named!r}", field="key", remedy="python -m steel_service keys list")


@contextmanager
def _changing(file: Path) -> Iterator[list[KeyRecord]]:
    """The records of ``file``, held by one process at a time; written as they are left, but not after an error."""
    with locked(file.parent):
        records = list(read_keys(file))
        yield records
        content = KeyFile(keys=tuple(records)).model_dump_json(indent=1)
        write_atomically(file, lambda scratch: _write_private(scratch, content))


def _write_private(path: Path, text: str) -> None:
    """Write a file that is its owner's alone before anything stands in it."""
    path.touch()
    path.chmod(OWNER_ONLY)
    path.write_text(text, encoding="utf-8")


class LiveKeys:
    """The keys of a file that may change while the service runs.

    Asking touches no file; ``refresh`` does, and is due every second. While the file cannot be read no key is accepted.
    """

    def __init__(self, file: Path, *, every_s: float = CHECK_EVERY_S) -> None:
        self._file = file
        self._every_s = every_s
        self._due_at = 0.0
        self._stamp: tuple[int, int, int] | None = None
        self._ring: KeyRing | None = KeyRing()
        self.refresh()

    def holder(self, key: str) -> Principal | None:
        """Who holds ``key``, or None.

        Raises:
            NotReadyError: the file of keys cannot be read.
        """
        if self._ring is None:
            raise NotReadyError("the file of keys cannot be read", remedy="the service's log says why")
        return self._ring.holder(key, utc_now())

    def is_due(self) -> bool:
        """Whether to refresh now; says so once in its interval, so that one request does it for all."""
        now = time.monotonic()
        if now < self._due_at:
            return False
        self._due_at = now + self._every_s
        return True

    def refresh(self) -> None:
        """Read the file again if it is another than before."""
        stamp = _stamp(self._file)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._ring = KeyRing(read_keys(self._file))
        except ConfigError as error:
            self._ring = None
            log.error("no key is accepted: %s", error)  # noqa: TRY400 - a wrong file is no bug; its line says it all


def _stamp(file: Path) -> tuple[int, int, int] | None:
    """What differs between two contents of a file; every change here makes a new file."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def utc_now() -> dt.datetime:
    """This moment."""
    return dt.datetime.now(dt.UTC)
