"""What a meter in order never shows: cells against physics or calendar, or repaired ones, lone peaks, standstill.

Cleaning mends most such cells, so clean readings look sound; then its repairs tell. It leaves alone a reading whose
cells agree, however high it is; but no plant draws twice as much for one quarter hour as just before and just after.
A fault counts by the share of the newest intervals that it spoils, the worst half day left out: an hour of bad
transmission is no drift.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.arrays import BoolArray
from steel_energy.cleaning.physics import contradicts
from steel_energy.drift.observed import Observed
from steel_energy.plant import Meter, Plant
from steel_energy.schema import INTERVAL, INTERVALS_PER_DAY, INTERVALS_PER_HOUR, LOAD_TYPE, MEASURED

HARMLESS = frozenset({"notation", "missing_interval", "duplicate", "near_duplicate", "date_format"})
"""Rules after which a cell says what the meter said, or of intervals that it did not send at all."""


HALF_DAY = INTERVALS_PER_DAY // 2
PEAKED = 2.0  # times the higher one of its neighbours: a reading beyond stands alone
PEAK_PULSES = 4.0  # less than so many above them is the meter's resolution, not a peak


@dataclass(frozen=True)
class Spoilt:
    """Where a fault is: which intervals it spoils, of which column.

    Attributes:
        figure: ``contradicted``, ``mistyped``, ``peaked`` or ``repaired``.
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
        return lasting_share(self.rows[of])


def lasting_share(is_so: BoolArray) -> float:
    """Share of consecutive intervals, shape (rows,), in which something is so, the worst half day of them left out."""
    running = np.concatenate([[0], np.cumsum(is_so)])
    if is_so.size <= HALF_DAY:
        return 0.0
    worst = int((running[HALF_DAY:] - running[:-HALF_DAY]).max())
    return float((running[-1] - worst) / (is_so.size - HALF_DAY))


def spoilt(observed: Observed, repairs: pl.DataFrame | None, *, plant: Plant) -> Iterator[Spoilt]:
    """Every fault that readings and ``repairs`` can show; without repairs, those that cleaning left alone."""
    broken = contradicts(observed.cells, plant)
    yield Spoilt("contradicted", None, broken[:, 0] | broken[:, 1] | broken[:, 2])
    yield Spoilt("mistyped", LOAD_TYPE.name, observed.is_mistyped)
    yield Spoilt("peaked", MEASURED[0].name, lone_peaks(observed, plant.meter))
    if repairs is not None:
        yield from _repaired(observed, repairs)


def lone_peaks(observed: Observed, meter: Meter) -> BoolArray:
    """Where the usage is more than twice as high as in both quarter hours beside it; shape (rows,).

    A reading without one just before and one just after is never told.
    """
    usage = observed.cells[:, 0]
    alone = np.zeros(usage.size, dtype=bool)
    follows = (observed.start.diff() == INTERVAL).fill_null(value=False).to_numpy()
    beside = np.maximum(usage[:-2], usage[2:])
    is_high = (usage[1:-1] > PEAKED * beside) & (usage[1:-1] > beside + PEAK_PULSES * meter.pulse_kwh)
    alone[1:-1] = is_high & follows[1:-1] & follows[2:]
    return alone


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
