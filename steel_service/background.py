"""Work that no answer waits for: one thread takes what is handed over, in order and in batches.

What the work is, its files and what a failure of it means belong to the caller.
"""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

GATHER_S = 0.02  # how long a batch grows: short, for answers wait while it is worked off; none wakes up without work
STOP_S = 10.0
T = TypeVar("T")


class Background(Generic[T]):
    """Hands items to ``work`` in a thread of its own, which starts with the first item.

    Invariants:
        ``put`` never waits for the work. It refuses an item only while others wait and ``capacity`` would be exceeded.
        After ``close`` all that was put has been worked off, and what is put later is worked off at once.

    Args:
        work: takes a batch. What it raises goes to standard error, and the batch is lost.
        name: of the thread.
        capacity: summed size of the items that may wait.
    """

    def __init__(self, work: Callable[[Sequence[T]], None], *, name: str, capacity: int) -> None:
        self._work = work
        self._name = name
        self._capacity = capacity
        self._waiting: deque[T] = deque()
        self._waiting_size = 0
        self._wanted = Event()
        self._closed = Event()
        self._lock = Lock()  # of what waits
        self._working = Lock()
        self._thread: Thread | None = None

    def put(self, item: T, *, size: int = 1) -> bool:
        """Hand an item over; False where it was refused."""
        with self._lock:
            if self._waiting and self._waiting_size + size > self._capacity:
                return False
            self._waiting.append(item)
            self._waiting_size += size
            if not (self._wanted.is_set() or self._closed.is_set()):
                self._wake()
        if self._closed.is_set():
            self._drain()
        return True

    def close(self) -> None:
        """Work off what waits and end the thread; waits for it at most ten seconds."""
        self._closed.set()
        self._wanted.set()
        if self._thread is not None:
            self._thread.join(STOP_S)
        self._drain()

    def _wake(self) -> None:
        if self._thread is None:
            self._thread = Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()
        self._wanted.set()

    def _run(self) -> None:
        while not self._closed.is_set():
            self._wanted.wait()
            self._closed.wait(GATHER_S)
            self._wanted.clear()  # before the items are taken: one that comes meanwhile asks for another round
            try:
                self._drain()
            except Exception:  # noqa: BLE001 - nobody waits for the work: tell, where no log is needed, and go on
                traceback.print_exc()

    def _drain(self) -> None:
        with self._working:
            if batch := self._taken():
                self._work(batch)

    def _taken(self) -> list[T]:
        with self._lock:
            batch = list(self._waiting)
            self._waiting.clear()
            self._waiting_size = 0
        return batch
