"""One build at a time: a lock that ends with the process that holds it, however that ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tenacity

from steel_energy.errors import StorageError

LOCK = "build.lock"
PATIENCE_S = 1.0  # whoever looks whether a build is at work holds the lock for a moment too


@contextmanager
def only_build(dagster_home: Path) -> Iterator[None]:
    """Hold the lock for the time of a build.

    Args:
        dagster_home: an existing folder.

    Raises:
        StorageError: another build holds it.
    """
    with _opened(dagster_home) as lock:
        if not _taken_at_last(lock):
            raise StorageError(
                "another build is at work", field=str(dagster_home / LOCK), remedy="wait for its end, or stop it"
            )
        yield


def is_building(dagster_home: Path) -> bool:
    """Whether a build is at work, in this process or any other that sees the folder."""
    with _opened(dagster_home) as lock:
        return not _taken(lock)


@contextmanager
def _opened(dagster_home: Path) -> Iterator[int]:
    descriptor = os.open(dagster_home / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        yield descriptor
    finally:
        os.close(descriptor)  # gives the lock back


@tenacity.retry(
    retry=tenacity.retry_if_result(lambda taken: not taken),
    stop=tenacity.stop_after_delay(PATIENCE_S),
    wait=tenacity.wait_fixed(0.1),
    retry_error_callback=lambda _: False,
)
def _taken_at_last(descriptor: int) -> bool:
    return _taken(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
