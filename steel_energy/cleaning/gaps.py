"""What the intervals around a row suggest for it, and which rows the meter only repeated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.cleaning.physics import CO2, ENERGIES, RELATIONS, contradicts
from steel_energy.plant import Plant
from steel_energy.schema import INTERVAL_MINUTES

SHORTEST_STUCK_RUN = 4
EXPECTED_CHANCE_RUNS = 0.05  # runs of equal rows that chance may produce in the period before they count as stuck
NEAR_INTERVALS = 2  # up to here the rows beside a gap say more than other days
SIMILAR_DAYS = 7
MIN_DENIALS = 2  # rows of a run of equal cells that must contradict the cell for the run to count as stuck
MIN_DENIED_SHARE = 0.5


@dataclass(frozen=True)
class Grid:
    """Where each row stands in time; arrays of shape (rows,).

    Attributes:
        day: days since the first row's.
        slot: quarter hour of the day (0-95).
        is_closed: whether the plant was closed that day.
    """

    day: IntArray
    slot: IntArray
    is_closed: BoolArray


def grid_of(interval_start: pl.Series, load_type: pl.Series) -> Grid:
    """Describe intervals; a day without any other load type than light counts as closed."""
    frame = pl.DataFrame({"date": interval_start.dt.date(), "time": interval_start, "load": load_type}).select(
        day=(pl.col("date") - pl.col("date").min()).dt.total_days(),
        slot=(pl.col("time").dt.hour().cast(pl.Int64) * 60 + pl.col("time").dt.minute()) // INTERVAL_MINUTES,
        is_closed=(pl.col("load") == "light").all().over("date"),
    )
    return Grid(frame["day"].to_numpy(), frame["slot"].to_numpy(), frame["is_closed"].to_numpy())


def stuck_rows(cells: FloatArray) -> BoolArray:
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


def stuck_cells(cells: FloatArray, plant: Plant) -> BoolArray:
    """Cells that repeat the one above in a run that the rest of its rows contradicts; the first is genuine.

    Args:
        cells: shown cells in time order, shape (rows, 6), NaN where unknown.
        plant: whose meter showed them.
    """
    stuck = np.zeros(cells.shape, dtype=bool)
    broken = contradicts(cells, plant)
    for column, relations in RELATIONS.items():
        repeats = np.concatenate([[False], cells[1:, column] == cells[:-1, column]])
        denied = repeats & broken[:, relations].any(axis=1)
        if column == CO2:
            continue  # it moves so little that repetition says nothing
        run = np.cumsum(~repeats)  # a run is a row and those that repeat it
        counts, denials = (np.bincount(run, weights=flags)[run] for flags in (repeats, denied))
        stuck[:, column] = repeats & (denials >= MIN_DENIALS) & (denials >= MIN_DENIED_SHARE * counts)
    return stuck


def expected_energies(cells: FloatArray, grid: Grid, plant: Plant) -> FloatArray:
    """Energies that sound readings suggest for every row, shape (rows, 3).

    Near sound rows they are interpolated on a log scale; inside a longer gap they are those of the same time on the
    nearest days of the same kind. Of an energy that the export does not have at all nothing is expected: 0.

    Args:
        cells: believed cells in time order, shape (rows, 6), NaN where unknown.
        grid: which day and time each row is.
        plant: whose meter showed them.
    """
    given = ~np.isnan(cells).all(axis=0)  # a column that the export does not have makes no row unsound
    sound: BoolArray = np.logical_not(np.isnan(cells[:, given]).any(axis=1) | contradicts(cells, plant).any(axis=1))
    cells = np.where(given, cells, 0.0)
    if not (sound.any() and given.any()):
        return np.zeros((cells.shape[0], len(ENERGIES)))
    position, at = np.arange(cells.shape[0]), np.flatnonzero(sound)
    before = at[np.fmax(np.searchsorted(at, position, side="right") - 1, 0)]
    after = at[np.fmin(np.searchsorted(at, position), at.size - 1)]
    between = [np.expm1(np.interp(position, at, np.log1p(cells[at, column]))) for column in ENERGIES]
    idle = (
        np.fmin(cells[before], cells[after])[:, ENERGIES] == 0
    )  # reactive energy is mostly none or some, seldom little
    expected = np.where(idle, 0.0, np.stack(between, axis=1))
    far = np.fmin(np.abs(position - before), np.abs(after - position)) > NEAR_INTERVALS
    return _typical(expected, np.where(sound[:, np.newaxis], cells[:, ENERGIES], np.nan), far, grid)


def _typical(expected: FloatArray, energies: FloatArray, far: BoolArray, grid: Grid) -> FloatArray:
    """``expected`` with the rows ``far`` from any sound one taken from the nearest days of the same kind."""
    by_day = np.full((grid.day.max() + 1, grid.slot.max() + 1, len(ENERGIES)), np.nan)
    by_day[grid.day, grid.slot] = energies
    closed = np.zeros(by_day.shape[0], dtype=bool)
    closed[grid.day] = grid.is_closed
    filled = expected.copy()
    for day in np.unique(grid.day[far]):
        same_kind = np.flatnonzero((closed == closed[day]) & ~np.isnan(by_day[:, :, 0]).all(axis=1))
        nearest = same_kind[np.argsort(np.abs(same_kind - day), kind="stable")][:SIMILAR_DAYS]
        rows = far & (grid.day == day)
        similar = by_day[np.ix_(nearest, grid.slot[rows])]
        known = ~np.isnan(similar).all(axis=(0, 2))
        at = np.flatnonzero(rows)[known]
        filled[at] = np.nanmedian(similar[:, known], axis=0)
    return filled


def _run_lengths(flags: BoolArray) -> np.ndarray:
    """Length of the run of set flags that each position belongs to; 0 where not set."""
    change = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0))
    lengths = np.zeros(flags.size, dtype=np.int64)
    starts, ends = change[::2], change[1::2]
    lengths[flags] = np.repeat(ends - starts, ends - starts)
    return lengths
