"""Values that are right but written wrong: the wrong unit, sign, decimal point or column.

A slip is believed only if undoing it leaves a row without contradiction in which the mended cell takes part in at
least one relation that can be tested. One function a rule; `rules.RULES` says why each is right.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np

from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.cleaning.physics import (
    CO2,
    ENERGIES,
    LAGGING_PF,
    LEADING_PF,
    RELATIONS,
    believed,
    contradicts,
    largest_kwh,
    plausible,
    testable,
    unlikeness,
)
from steel_energy.plant import Plant

WH_PER_KWH = 1000
DECIMAL_SHIFTS = (0.1, 10.0, 0.01, 100.0, 0.001, 1000.0)
USUAL_SHARE = 0.5
GRAIN = 6  # decimals that survive a change of unit; the rest is binary noise
MARGIN = 0.05  # log ratio by which a less likely slip must fit the neighbours better
Undone = tuple[str, tuple[int, ...], IntArray]
Slip = Callable[[FloatArray], FloatArray]
Slips = list[tuple[str, tuple[int, ...], Slip]]


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

    def swap(row: FloatArray) -> FloatArray:
        swapped = row.copy()
        swapped[:, cells] = row[:, cells[::-1]]
        return swapped

    return swap


def all_slips() -> Slips:
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


def undo_slips(cells: FloatArray, expected: FloatArray, plant: Plant) -> tuple[FloatArray, list[Undone]]:
    """Undo every slip that can be proved.

    Args:
        cells: shown cells, shape (rows, 6), NaN where unreadable.
        expected: energies that the neighbours suggest, shape (rows, 3); of several slips the one nearest to it is
            undone.
        plant: the plant whose meter showed them.

    Returns:
        The mended cells, and for each rule and set of cells the rows (indices) where it was undone.
    """
    mended, wrong = cells.copy(), np.flatnonzero(_impossible(cells, plant))
    if not wrong.size:
        return mended, []
    before, best, chosen = cells[wrong], np.full(wrong.size, np.inf), np.full(wrong.size, -1)
    slips = all_slips()
    tried = _tried(before, slips, plant)
    rows, number = np.concatenate(tried), np.repeat(np.arange(len(slips)), [len(at) for at in tried])
    after = np.concatenate([np.round(undo(before[at]), GRAIN) for at, (*_, undo) in zip(tried, slips, strict=True)])
    unlike = np.nan_to_num(unlikeness(after[:, ENERGIES], expected[wrong[rows]]))
    proved = np.flatnonzero(_proves(before[rows], after, _slipped(slips)[number], plant))
    for found in np.split(proved, np.searchsorted(number[proved], np.arange(1, len(slips)))):
        better = found[unlike[found] < best[rows[found]] - MARGIN]
        at = rows[better]
        mended[wrong[at]], best[at], chosen[at] = after[better], unlike[better], number[better]
    return mended, [(rule, slipped, wrong[chosen == n]) for n, (rule, slipped, _) in enumerate(slips) if n in chosen]


def undo_units(cells: FloatArray, plant: Plant) -> tuple[FloatArray, list[Undone]]:
    """Mend columns that are written in Wh or as ratios throughout: most of what is not zero says so.

    Args:
        cells: shown cells, shape (rows, 6), NaN where unreadable.
        plant: the plant whose meter showed them.

    Returns:
        As `undo_slips`.
    """
    mended, done = cells.copy(), list[Undone]()
    in_wh = [("wh_for_kwh", energy, 1 / WH_PER_KWH, cells[:, energy] > largest_kwh(plant)) for energy in ENERGIES]
    as_ratio = [("ratio_for_percent", factor, 100.0, cells[:, factor] <= 1) for factor in (LAGGING_PF, LEADING_PF)]
    for rule, column, by, slipped in in_wh + as_ratio:
        at = np.flatnonzero(np.abs(cells[:, column]) > 0)
        if at.size and slipped[at].mean() > USUAL_SHARE:
            mended[at, column] = np.round(cells[at, column] * by, GRAIN)
            done.append((rule, (column,), at))
    return mended, done


def _sets(cells: tuple[int, ...]) -> list[tuple[int, ...]]:
    return [chosen for size in range(2, len(cells) + 1) for chosen in combinations(cells, size)]


def _scaled(cells: tuple[int, ...], factor: float) -> Slip:
    def scale(row: FloatArray) -> FloatArray:
        scaled = row.copy()
        scaled[:, cells] *= factor
        return scaled

    return scale


def _impossible(cells: FloatArray, plant: Plant) -> BoolArray:
    """Rows with a readable cell that the meter cannot show, or with cells that contradict each other."""
    impossible = (~np.isnan(cells) & ~plausible(cells, plant)).any(axis=1)
    contradictory = contradicts(believed(cells, plant), plant).any(axis=1)
    return np.logical_or(impossible, contradictory)


def _tried(cells: FloatArray, slips: Slips, plant: Plant) -> list[IntArray]:
    """For each slip the rows in which all its cells, or of two swapped either, are impossible or in a contradiction."""
    shown = believed(cells, plant)
    broken = contradicts(shown, plant)
    wrong = np.isnan(shown) | np.stack([broken[:, RELATIONS[cell]].any(axis=1) for cell in range(CO2 + 1)], axis=1)
    return [
        np.flatnonzero((np.any if rule == "swapped_cells" else np.all)(wrong[:, slipped], axis=1))
        for rule, slipped, _ in slips
    ]


def _slipped(slips: Slips) -> BoolArray:
    """Which cells each slip is about; shape (slips, 6)."""
    about = np.zeros((len(slips), CO2 + 1), dtype=bool)
    for number, (_, slipped, _) in enumerate(slips):
        about[number, slipped] = True
    return about


def _proves(before: FloatArray, after: FloatArray, slipped: BoolArray, plant: Plant) -> BoolArray:
    """Whether each mended cell was readable, is now confirmed, and no relation is broken; all of shape (rows, 6)."""
    mended = believed(after, plant)
    tested = testable(mended)
    confirmed = np.stack([tested[:, RELATIONS[cell]].any(axis=1) for cell in range(CO2 + 1)], axis=1)
    is_sound = ~contradicts(mended, plant).any(axis=1)
    return is_sound & np.asarray((~slipped | (confirmed & ~np.isnan(before + mended))).all(axis=1))
