"""What the intervals around a row suggest for it, and which rows the meter only repeated."""

from __future__ import annotations

import numpy as np

from steel_energy.candidates import Floats
from steel_energy.cleaning.physics import ENERGIES, LAGGING_PF, LEADING_PF, Flags, contradicts
from steel_energy.meter import FULL_PERCENT
from steel_energy.plant import Plant

SHORTEST_STUCK_RUN = 4
EXPECTED_CHANCE_RUNS = 0.05  # runs of equal rows that chance may produce in the period before they count as stuck
SUSPICIOUS_RUN = 4  # equal cells in a row from which one is suspicious where its row contradicts itself
SUSPICION = 2.0  # in the unit of `physics.unlikeness`: a cell this much e-fold off is as odd


def stuck_rows(cells: Floats) -> Flags:
    """Rows that repeat the row before them in a run too long for chance; the first of a run is genuine.

    How long a run chance produces is read from the data: a plant with a coarse pulse repeats itself more often. Rows
    without any energy are not stuck: a plant may stand still.

    Args:
        cells: shown cells in time order, shape (rows, 6), NaN where unknown.
    """
    energies = cells[:, ENERGIES]
    repeats = np.concatenate([[False], (energies[1:] == energies[:-1]).all(axis=1) & energies[1:].any(axis=1)])
    run_length = _run_lengths(repeats) + 1
    starts = repeats & ~np.concatenate([[False], repeats[:-1]])
    chance = starts.sum() / max(1, repeats.size)
    longest = SHORTEST_STUCK_RUN
    while repeats.size * chance ** (longest - 1) > EXPECTED_CHANCE_RUNS and longest < repeats.size:
        longest += 1
    return repeats & (run_length >= longest)


def suspicion(cells: Floats) -> Floats:
    """How odd each cell is by itself: cells that only repeat the one above; shape (rows, 6)."""
    odd = np.zeros_like(cells)
    for column in (*ENERGIES, LAGGING_PF, LEADING_PF):
        values = cells[:, column]
        repeats = np.concatenate(
            [[False], (values[1:] == values[:-1]) & (values[1:] > 0) & (values[1:] != FULL_PERCENT)]
        )
        odd[repeats & (_run_lengths(repeats) + 1 >= SUSPICIOUS_RUN), column] = SUSPICION
    return odd


def expected_energies(cells: Floats, plant: Plant) -> Floats:
    """Energies that the nearest sound rows suggest for every row, shape (rows, 3): interpolated on a log scale.

    Args:
        cells: believed cells in time order, shape (rows, 6), NaN where unknown.
        plant: whose meter showed them.
    """
    sound = ~np.isnan(cells).any(axis=1) & ~contradicts(cells, plant).any(axis=1)
    if not sound.any():
        return np.zeros((cells.shape[0], len(ENERGIES)))
    position, at = np.arange(cells.shape[0]), np.flatnonzero(sound)
    before = at[np.fmax(np.searchsorted(at, position, side="right") - 1, 0)]
    after = at[np.fmin(np.searchsorted(at, position), at.size - 1)]
    between = [np.expm1(np.interp(position, at, np.log1p(cells[at, column]))) for column in ENERGIES]
    idle = (cells[before] == 0) | (cells[after] == 0)  # reactive energy is mostly none or some, seldom little
    return np.where(idle[:, ENERGIES], 0.0, np.stack(between, axis=1))


def _run_lengths(flags: Flags) -> np.ndarray:
    """Length of the run of set flags that each position belongs to; 0 where not set."""
    change = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0))
    lengths = np.zeros(flags.size, dtype=np.int64)
    starts, ends = change[::2], change[1::2]
    lengths[flags] = np.repeat(ends - starts, ends - starts)
    return lengths
