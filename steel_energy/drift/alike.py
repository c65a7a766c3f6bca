"""Which days of the past the newest days are compared with: the nearest ones of the same kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from steel_energy.arrays import BoolArray, IntArray
from steel_energy.drift.observed import CLOSED, KINDS, Observed

WEEKDAYS_PER_WEEK = 5
OTHERS_PER_WEEK = 1.5  # of each other kind: a few more weeks, for a mean needs several
FEWEST_ALIKE = 2
STAND_INS = {0: (1, 2), 1: (2, 0), 2: (1, 0), 3: (2,)}
"""Kinds that are looked at instead where there are too few of a kind, the most alike first."""


@dataclass(frozen=True)
class Alike:
    """The days that stand beside some newest days.

    Attributes:
        days: for each kind of the newest days, the days they are compared with, nearest first; empty where none are.
        missing: kinds that nothing stands beside, and those for which another kind does.
    """

    days: dict[int, IntArray]
    missing: tuple[str, ...]

    @property
    def all_days(self) -> IntArray:
        """Every day of them, in order."""
        return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *self.days.values()]))


def alike(observed: Observed, newest: IntArray, candidates: BoolArray, *, weeks: int) -> Alike:
    """The days of ``candidates`` that are most like the ``newest`` ones.

    Days before the newest count first; later ones only where there are too few, as in the first weeks of a training.

    Args:
        observed: all readings.
        newest: numbers of the newest days, at least one.
        candidates: days that may be compared with, shape (days,).
        weeks: so many weeks' worth of each kind.
    """
    first, last = newest.min(), newest.max()
    pool = np.flatnonzero(candidates & observed.is_whole)
    pool = pool[(pool < first) | (pool > last)]
    found: dict[int, IntArray] = {}
    missing = []
    for kind in np.unique(observed.kind[newest]).tolist():
        wanted = int(np.ceil(weeks * (WEEKDAYS_PER_WEEK if kind == 0 else OTHERS_PER_WEEK)))
        found[kind] = _nearest(pool[observed.kind[pool] == kind], first, wanted)
        if found[kind].size < FEWEST_ALIKE:
            missing.append(KINDS[kind])
            stand_ins = (_nearest(pool[observed.kind[pool] == other], first, wanted) for other in STAND_INS[kind])
            found[kind] = next((days for days in stand_ins if days.size >= FEWEST_ALIKE), found[kind])
    return Alike(found, tuple(missing))


def working_kind(observed: Observed, days: IntArray) -> int | None:
    """The kind of working day that is most common among ``days``; None where there is none."""
    working = observed.kind[days][observed.kind[days] != CLOSED]
    return int(np.bincount(working).argmax()) if working.size else None


def _nearest(pool: IntArray, first: int, wanted: int) -> IntArray:
    before = pool[pool < first][::-1][:wanted]
    return np.concatenate([before, pool[pool > first][: wanted - before.size]])
