"""Values that are right but written wrong: the wrong unit, sign, decimal point or column.

A slip is believed only if undoing it leaves a row without contradiction in which the mended cell takes part in at least one
relation that can be tested. One function a rule; `rules.RULES` says why each is right.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np

from steel_energy.candidates import Floats
from steel_energy.cleaning.physics import (
    CO2,
    ENERGIES,
    LAGGING,
    LAGGING_PF,
    LEADING,
    LEADING_PF,
    USAGE,
    Flags,
    contradicts,
    plausible,
    testable,
)
from steel_energy.plant import Plant

WH_PER_KWH = 1000
DECIMAL_SHIFTS = (0.1, 10.0, 0.01, 100.0, 0.001, 1000.0)
RELATIONS = {USAGE: (0, 1, 2), LAGGING: (0,), LAGGING_PF: (0,), LEADING: (1,), LEADING_PF: (1,), CO2: (2,)}
"""The relations (columns of `contradicts`) in which each cell takes part."""

Slip = Callable[[Floats], Floats]


def wh_for_kwh(cells: tuple[int, ...]) -> Slip:
    """Energies written in Wh."""
    return _scaled(cells, 1 / WH_PER_KWH)


def sign(cells: tuple[int, ...]) -> Slip:
    """A minus that does not belong there."""
    return _scaled(cells, -1.0)


def ratio_for_percent(cells: tuple[int, ...]) -> Slip:
    """Power factors written as 0-1."""
    return _scaled(cells, 100.0)


def decimal_point(cells: tuple[int, ...], factor: float) -> Slip:
    """A decimal point at the wrong place."""
    return _scaled(cells, factor)


def swapped_cells(cells: tuple[int, ...]) -> Slip:
    """Two cells in each other's column."""

    def swap(row: Floats) -> Floats:
        swapped = row.copy()
        swapped[:, cells] = row[:, cells[::-1]]
        return swapped

    return swap


def all_slips() -> list[tuple[str, tuple[int, ...], Slip]]:
    """Every slip that is tried, the likeliest first: rule, the cells it is about, and how to undo it."""
    factors = (LAGGING_PF, LEADING_PF)
    single = [(cell,) for cell in range(CO2 + 1)]
    return [
        *(("wh_for_kwh", cells, wh_for_kwh(cells)) for cells in [(cell,) for cell in ENERGIES] + _sets(ENERGIES)),
        *(("sign", cells, sign(cells)) for cells in single + _sets(ENERGIES)),
        *(
            ("ratio_for_percent", cells, ratio_for_percent(cells))
            for cells in [(cell,) for cell in factors] + _sets(factors)
        ),
        *(("swapped_cells", pair, swapped_cells(pair)) for pair in combinations(range(CO2 + 1), 2)),
        *(("decimal_point", cells, decimal_point(cells, by)) for by in DECIMAL_SHIFTS for cells in single),
    ]


def undo_slips(cells: Floats, plant: Plant) -> tuple[Floats, list[tuple[str, tuple[int, ...], np.ndarray]]]:
    """Undo every slip that can be proved.

    Args:
        cells: shown cells, shape (rows, 6), NaN where unreadable.
        plant: the plant whose meter showed them.

    Returns:
        The mended cells, and for each rule and set of cells the rows (indices) where it was undone.
    """
    mended, done = cells.copy(), []
    wrong = np.flatnonzero(_impossible(cells, plant))
    for rule, slipped, undo in all_slips():
        before = mended[wrong]
        after = np.round(undo(before), 6)
        proved = _proves(before, after, slipped, plant)
        mended[wrong[proved]] = after[proved]
        done.append((rule, slipped, wrong[proved]))
        wrong = wrong[~proved]
    return mended, done


def _sets(cells: tuple[int, ...]) -> list[tuple[int, ...]]:
    return [chosen for size in range(2, len(cells) + 1) for chosen in combinations(cells, size)]


def _scaled(cells: tuple[int, ...], factor: float) -> Slip:
    def scale(row: Floats) -> Floats:
        scaled = row.copy()
        scaled[:, cells] *= factor
        return scaled

    return scale


def _believed(cells: Floats, plant: Plant) -> Floats:
    """Without the cells that the meter cannot show."""
    return np.where(plausible(cells, plant), cells, np.nan)


def _impossible(cells: Floats, plant: Plant) -> Flags:
    """Rows with a readable cell that the meter cannot show, or with cells that contradict each other."""
    unshown = ~np.isnan(cells) & ~plausible(cells, plant)
    return unshown.any(axis=1) | contradicts(_believed(cells, plant), plant).any(axis=1)


def _proves(before: Floats, after: Floats, slipped: tuple[int, ...], plant: Plant) -> Flags:
    """Whether every mended cell was wrong before, is confirmed by a relation now, and no relation is broken."""
    believed, doubted = _believed(after, plant), _believed(before, plant)
    broken, tested = contradicts(doubted, plant), testable(believed)
    wrong = np.isnan(doubted)
    shown = ~np.isnan(before[:, slipped]).any(axis=1) & ~np.isnan(believed[:, slipped]).any(axis=1)
    was_wrong = np.all([wrong[:, cell] | broken[:, RELATIONS[cell]].any(axis=1) for cell in slipped], axis=0)
    confirmed = np.all([tested[:, RELATIONS[cell]].any(axis=1) for cell in slipped], axis=0)
    return shown & was_wrong & confirmed & ~contradicts(believed, plant).any(axis=1)
