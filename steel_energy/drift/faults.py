"""What a meter in order never shows: cells that contradict the physics, the calendar or had to be repaired, standstill.

Cleaning mends such cells, so clean readings look sound; then its repairs tell. A fault counts by the share of the
newest intervals that it spoils, the worst half day left out: an hour of bad transmission is no drift.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.arrays import BoolArray
from steel_energy.cleaning.physics import contradicts
from steel_energy.drift.observed import Observed
from steel_energy.plant import Plant
from steel_energy.schema import INTERVALS_PER_DAY, INTERVALS_PER_HOUR, LOAD_TYPE, MEASURED

HARMLESS = frozenset({"notation", "missing_interval", "duplicate", "near_duplicate", "date_format"})
"""Rules after which a cell says what the meter said, or of intervals that it did not send at all."""


HALF_DAY = INTERVALS_PER_DAY // 2


@dataclass(frozen=True)
class Spoilt:
    """Where a fault is: which intervals it spoils, of which column.

    Attributes:
        figure: ``contradicted``, ``mistyped`` or ``repaired``.
        column: the column that is spoilt; None where any of them is meant.
        rows: shape (rows,).
    """

    figure: str
    column: str | None
    rows: BoolArray

    def share(self, of: BoolArray) -> float:
        """Share of the intervals ``of`` that are spoilt; 0 of none."""
        return float(self.rows[of].sum() / max(of.sum(), 1))

    def lasting_share(self, of: BoolArray) -> float:
        """Share of the intervals ``of`` that are spoilt, apart from the worst half day of them; 0 of no more.

        >>> rows = np.arange(672) < 96 + 48  # a day and a half
        >>> round(Spoilt("repaired", None, rows).lasting_share(np.ones(672, dtype=bool)), 4)
        0.1538
        """
        spoilt = self.rows[of]
        running = np.concatenate([[0], np.cumsum(spoilt)])
        if spoilt.size <= HALF_DAY:
            return 0.0
        worst = int((running[HALF_DAY:] - running[:-HALF_DAY]).max())
        return float((running[-1] - worst) / (spoilt.size - HALF_DAY))


def spoilt(observed: Observed, repairs: pl.DataFrame | None, *, plant: Plant) -> Iterator[Spoilt]:
    """Every fault that readings and ``repairs`` can show; without repairs, those that cleaning left alone."""
    broken = contradicts(observed.cells, plant)
    yield Spoilt("contradicted", None, broken[:, 0] | broken[:, 1] | broken[:, 2])
    yield Spoilt("mistyped", LOAD_TYPE.name, observed.is_mistyped)
    if repairs is not None:
        yield from _repaired(observed, repairs)


def unchanged_h(observed: Observed, of: BoolArray) -> float:
    """Longest time in hours that the shown usage did not change within the intervals ``of``."""
    usage = observed.cells[of, 0]
    if usage.size == 0:
        return 0.0
    changes = np.flatnonzero(np.concatenate([[True], usage[1:] != usage[:-1], [True]]))
    return float(np.diff(changes).max() / INTERVALS_PER_HOUR)


def _repaired(observed: Observed, repairs: pl.DataFrame) -> Iterator[Spoilt]:
    unsent = repairs.filter(pl.col("rule") == "missing_interval")["interval_start"]
    counted = repairs.filter(~pl.col("rule").is_in(list(HARMLESS)) & ~pl.col("interval_start").is_in(unsent.implode()))
    names = [*(column.name for column in MEASURED), LOAD_TYPE.name]
    changed = {name: counted.filter(pl.col("column") == name)["interval_start"] for name in names}
    rows = {name: observed.start.is_in(starts.implode()).to_numpy() for name, starts in changed.items()}
    yield Spoilt("repaired", None, np.logical_or.reduce(list(rows.values())))
    yield from (Spoilt("repaired", name, one) for name, one in rows.items())
