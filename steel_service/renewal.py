"""Something on disk that is served from memory and renewed when it is replaced there: nobody waits, nothing is dropped.

What is loaded, and from where, is the caller's; here is when it is loaded, in which thread, and what stays if it fails.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

LOG = logging.getLogger(__name__)
RETRY_S = 30.0  # what is damaged may be mended without being replaced
Mark = tuple[int, int, int]
T = TypeVar("T")


@dataclass(frozen=True)
class Held(Generic[T]):
    """What is in memory, and how the last attempt to renew it went.

    Attributes:
        value: what serves; None where nothing does.
        mark: of the record that was looked at last; None where there was none.
        refusal: why what the record names could not be loaded; ``value`` is then what served before.
        looked_s: when, by the monotonic clock.
    """

    value: T | None
    mark: Mark | None
    refusal: Exception | None
    looked_s: float


@dataclass(frozen=True)
class Renewal(Generic[T]):
    """What served before and what serves now; ``refusal`` says why what there is on disk does not."""

    was: T | None
    now: T | None
    refusal: Exception | None


class Renewed(Generic[T]):
    """What a small record names, loaded once and again in the background as soon as the record is replaced.

    The first caller waits for it; from then on a call costs one look at the record's times, and
    what is in memory serves until the newer one is there. One that cannot be loaded is refused: what served goes on.

    Args:
        what: it is, for the log.
        record: the file that is replaced when there is something newer.
        load: reads it; is given what is in memory, to be returned where it is still the newest.
        loader: runs it in the background.
        retry_s: seconds after which something refused is tried again, though its record is the same.
    """

    def __init__(
        self,
        what: str,
        record: Path,
        *,
        load: Callable[[T | None], T | None],
        loader: Executor,
        retry_s: float = RETRY_S,
    ) -> None:
        self._what = what
        self._record = str(record)
        self._load = load
        self._loader = loader
        self._retry_s = retry_s
        self._held: Held[T] | None = None
        self._renewal: Future[Held[T]] | None = None
        self._lock = Lock()

    def current(self) -> T | None:
        """What serves; None where there is nothing to serve.

        Raises:
            Exception: nothing serves, because what there is cannot be loaded.
        """
        held = self._held
        if held is None:
            held = self._renew()
        elif self._is_due(held):
            self._renew_in_the_background()
        if held.value is None and held.refusal is not None:
            raise held.refusal.with_traceback(None)  # one error raised again and again would collect all its traces
        return held.value

    @property
    def refusal(self) -> Exception | None:
        """Why what there is on disk does not serve; None where it does, or nobody has looked yet."""
        return self._held.refusal if self._held else None

    @property
    def in_memory(self) -> T | None:
        """What serves, without a look at the disk."""
        return self._held.value if self._held else None

    def reload(self) -> Renewal[T]:
        """Look now, in this thread, and load what is newer or was refused until now."""
        with self._lock:
            was = self.in_memory
            held = self._held = self._looked(self._held)
        nothing_there = held.mark is None and held.value is None
        return Renewal(was, held.value, None if nothing_there else held.refusal)

    def _renew(self) -> Held[T]:
        with self._lock:  # after whoever loads already, and then there is nothing left to do
            if self._held is None or self._is_due(self._held):
                self._held = self._looked(self._held)
            return self._held

    def _looked(self, held: Held[T] | None) -> Held[T]:
        before = held.value if held else None
        mark = _mark(self._record)  # taken first: a record that is replaced while this one is loaded is due again
        try:
            value, refusal = self._load(before), None
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, what was there serves on; /health tells
            value, refusal = before, error
            if mark or before:
                LOG.warning("the newest %s is refused, %s: %s", self._what, _stays(before), error)
        if value is not before:
            LOG.info("%s is renewed", self._what)
        return Held(value, mark, refusal, monotonic())

    def _is_due(self, held: Held[T]) -> bool:
        if _mark(self._record) != held.mark:
            return True
        return bool(held.refusal and held.mark) and monotonic() >= held.looked_s + self._retry_s

    def _renew_in_the_background(self) -> None:
        if self._renewal is None or self._renewal.done():  # two at once do no harm: the second finds nothing to do
            self._renewal = self._loader.submit(self._renew)


def _mark(record: str) -> Mark | None:
    try:
        found = os.stat(record)  # noqa: PTH116 - each request comes by, and a Path doubles what this costs
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _stays(before: object) -> str:
    return "there is no other" if before is None else "what served until now stays"
