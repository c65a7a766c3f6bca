"""Working out cells of a row from its other cells: the meter's relations as a constraint problem.

A row's latent values are the pulse counts of three energies; power factors and CO2 are computed from them. A cell
that cannot have been shown (off the pulse grid, out of range) is distrusted at once. Where the rest still contradicts
itself, the smallest set of further cells is distrusted that leaves a row the meter could have shown; of several such
rows the one most like its neighbours wins. Everything is vectorised over rows; the only loops are over sets of cells.

Arrays of cells have shape (rows, 6) in the order of ``schema.MEASURED``; NaN is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from steel_energy import meter
from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.candidates import Candidates
from steel_energy.plant import Plant
from steel_energy.schema import INTERVALS_PER_HOUR, MEASURED

USAGE, LAGGING, LEADING, LAGGING_PF, LEADING_PF, CO2 = range(len(MEASURED))
ENERGIES = (USAGE, LAGGING, LEADING)
TRIANGLES = ((LAGGING, LAGGING_PF), (LEADING, LEADING_PF))
RELATIONS = {USAGE: (0, 1, 2), LAGGING: (0,), LAGGING_PF: (0,), LEADING: (1,), LEADING_PF: (1,), CO2: (2,)}
"""The relations (columns of `contradicts`) in which each cell takes part."""
NOISE = 1e-6  # of binary fractions
TOLERANCE = meter.RESOLUTION + NOISE  # a shown value lies within half a unit of its last digit
MAX_DISTRUSTED = 3  # cells distrusted beyond the unreadable ones before the whole row is given up


@dataclass(frozen=True)
class Solution:
    """A complete row for each row asked for, where there is one.

    Attributes:
        cells: shape (rows, 6), without NaN where ``fits``.
        fits: whether the meter could have shown these cells beside the given ones, shape (rows,).
        unlike: how far the energies lie from the expected ones (sum of log ratios), shape (rows,).
    """

    cells: FloatArray
    fits: BoolArray
    unlike: FloatArray


def largest_kwh(plant: Plant) -> float:
    """Largest energy of an interval that is believed."""
    return meter.OVERLOAD * plant.contract_kw / INTERVALS_PER_HOUR


def plausible(cells: FloatArray, plant: Plant) -> BoolArray:
    """Whether the meter can show each cell at all, whatever the others say; shape (rows, 6)."""
    limits = np.full(len(MEASURED), largest_kwh(plant))
    limits[[LAGGING_PF, LEADING_PF]] = meter.FULL_PERCENT
    limits[CO2] = largest_kwh(plant) * plant.meter.emission_factor_t_per_kwh + TOLERANCE
    with np.errstate(invalid="ignore"):
        possible = (cells >= 0) & (cells <= limits) & (np.abs(cells - np.round(cells, meter.DECIMALS)) < NOISE)
    possible[:, ENERGIES] &= meter.on_pulse_grid(cells[:, ENERGIES], plant.meter)
    return possible


def believed(cells: FloatArray, plant: Plant) -> FloatArray:
    """The cells, NaN where the meter cannot have shown them."""
    return np.where(plausible(cells, plant), cells, np.nan)


def contradicts(cells: FloatArray, plant: Plant) -> BoolArray:
    """Which relations the known cells break: lagging triangle, leading triangle, CO2; shape (rows, 3)."""
    usage = cells[:, USAGE]
    expected = [meter.exact_power_factor(usage, cells[:, reactive]) for reactive, _ in TRIANGLES]
    expected.append(usage * plant.meter.emission_factor_t_per_kwh)
    shown = cells[:, [LAGGING_PF, LEADING_PF, CO2]]
    known = ~np.isnan(np.stack([usage + cells[:, LAGGING], usage + cells[:, LEADING], usage], axis=1))
    broken: BoolArray = known & (np.abs(np.stack(expected, axis=1) - shown) > TOLERANCE)
    return broken


def testable(cells: FloatArray) -> BoolArray:
    """Which relations have all their cells; shape (rows, 3)."""
    known = ~np.isnan(cells)
    triangles = [known[:, USAGE] & known[:, reactive] & known[:, factor] for reactive, factor in TRIANGLES]
    return np.stack([*triangles, known[:, USAGE] & known[:, CO2]], axis=1)


def complete(cells: FloatArray, expected: FloatArray, *, plant: Plant) -> tuple[FloatArray, BoolArray]:
    """Fill unknown cells and replace those that contradict the rest.

    Args:
        cells: the cells as shown, shape (rows, 6), NaN where unreadable or implausible.
        expected: the energies that the neighbours suggest, shape (rows, 3).
        plant: the plant whose meter showed them.

    Returns:
        The completed cells, shape (rows, 6), and which of them are new.
    """
    unknown = np.isnan(cells)
    result, distrusted = cells.copy(), unknown.copy()
    open_rows = np.flatnonzero(unknown.any(axis=1) | contradicts(cells, plant).any(axis=1))
    for sets in _sets_by_size():
        if not open_rows.size:
            return result, distrusted
        best = np.full(open_rows.size, np.inf)
        for extra in sets:
            rows = open_rows[~unknown[open_rows][:, extra].any(axis=1)] if extra else open_rows
            trusted = cells[rows]
            trusted[:, extra] = np.nan
            found = solve(trusted, expected[rows], plant=plant)
            cost = np.where(found.fits, found.unlike, np.inf)
            position = np.searchsorted(open_rows, rows)
            better = cost < best[position]
            best[position[better]] = cost[better]
            result[rows[better]] = found.cells[better]
            distrusted[rows[better]] = np.isnan(trusted[better])
        open_rows = open_rows[np.isinf(best)]
    nothing = solve(np.full((open_rows.size, len(MEASURED)), np.nan), expected[open_rows], plant=plant)
    result[open_rows], distrusted[open_rows] = nothing.cells, True
    return result, distrusted


def solve(cells: FloatArray, expected: FloatArray, *, plant: Plant) -> Solution:
    """The row most like ``expected`` that the meter could have shown beside the known cells.

    Args:
        cells: known cells, shape (rows, 6), NaN where unknown.
        expected: energies that the neighbours suggest, shape (rows, 3); stands where nothing else speaks.
        plant: the plant whose meter showed them.
    """
    usage = _usage_options(cells, expected[:, USAGE], plant)
    given, wanted = cells[usage.row], expected[usage.row]
    options = given.copy()
    options[:, USAGE] = usage.value
    fits = np.ones(usage.value.size, dtype=bool)
    for reactive, factor in TRIANGLES:
        options[:, reactive], found = _reactive(
            given[:, reactive], given[:, factor], usage.value, wanted[:, reactive], plant
        )
        fits &= found
        computed = meter.power_factor_percent(usage.value, options[:, reactive])
        options[:, factor] = np.where(np.isnan(given[:, factor]), computed, given[:, factor])
    booked = meter.co2_t(usage.value, plant.meter)
    options[:, CO2] = np.where(np.isnan(given[:, CO2]), booked, given[:, CO2])
    fits &= ~contradicts(options, plant).any(axis=1)
    return _likeliest(usage.row, options, fits, unlikeness(options[:, ENERGIES], wanted), rows=cells.shape[0])


def reasons(believed: FloatArray, new: BoolArray) -> NDArray[np.str_]:
    """The rule that gave each new cell its value, as `rules.RULES` names them; shape (rows, 6).

    Args:
        believed: cells before completion, shape (rows, 6), NaN where unknown.
        new: the cells that were unknown or distrusted, shape (rows, 6).
    """
    trusted = ~(np.isnan(believed) | new)
    rules = np.full(new.shape, "between_neighbours", dtype="U32")
    bounds_usage = [trusted[:, q] & trusted[:, pf] & (believed[:, q] > 0) for q, pf in TRIANGLES]
    rules[np.logical_or.reduce(bounds_usage), USAGE] = "usage_from_power_factors"
    usage_known = trusted[:, USAGE] | np.logical_or.reduce(bounds_usage)
    for reactive, factor in TRIANGLES:
        rules[trusted[:, factor] & usage_known, reactive] = "reactive_from_power_factor"
        rules[usage_known & (trusted[:, reactive] | trusted[:, factor]), factor] = "power_factor_of_energies"
    rules[usage_known, CO2] = "co2_of_usage"
    return rules


def unlikeness(energies: FloatArray, expected: FloatArray) -> FloatArray:
    """How far energies lie from the expected ones: the sum of absolute log ratios (of 1 + kWh); shape (rows,)."""
    apart: FloatArray = np.abs(np.log1p(np.fmax(energies, 0)) - np.log1p(expected)).sum(axis=1)
    return apart


def snapped(energy: FloatArray, plant: Plant) -> FloatArray:
    """The energy on the pulse grid nearest to each."""
    return meter.energy_of_pulses(np.rint(energy / plant.meter.pulse_kwh), plant.meter)


def _sets_by_size() -> Iterator[list[list[int]]]:
    """The sets of cells to distrust, the smallest first."""
    for size in range(MAX_DISTRUSTED + 1):
        yield [list(cells) for cells in combinations(range(len(MEASURED)), size)]


def _usage_options(cells: FloatArray, expected: FloatArray, plant: Plant) -> Candidates:
    """Possible usages of each row: the shown one, else all that the other cells allow, else the expected one."""
    shown = cells[:, USAGE].copy()
    found = meter.usage_candidates(
        lagging_kvarh=np.where(np.isnan(shown), cells[:, LAGGING], np.nan),
        leading_kvarh=np.where(np.isnan(shown), cells[:, LEADING], np.nan),
        lagging_pf=cells[:, LAGGING_PF],
        leading_pf=cells[:, LEADING_PF],
        co2_t=np.where(np.isnan(shown), cells[:, CO2], np.nan),
        plant=plant,
    )
    single = np.where(np.isnan(shown), snapped(expected, plant), shown)
    alone = np.flatnonzero(found.count() == 0)
    row = np.concatenate([found.row, alone])
    order = np.argsort(row, kind="stable")
    return Candidates(row[order], np.concatenate([found.value, single[alone]])[order], shown.size)


def _reactive(
    shown: FloatArray, factor: FloatArray, usage: FloatArray, expected: FloatArray, plant: Plant
) -> tuple[FloatArray, BoolArray]:
    """Reactive energy beside each usage: as shown, else the likeliest for its power factor, else as expected."""
    unknown = np.isnan(shown)
    solvable = unknown & ~np.isnan(factor) & (usage > 0)
    value = np.where(unknown, snapped(expected, plant), shown)
    found = meter.reactive_candidates(usage[solvable], factor[solvable], plant=plant)
    smallest = found.lower()
    value[solvable] = np.where(smallest == 0, 0.0, found.nearest(expected[solvable]))  # mostly there is none at all
    return value, ~np.isnan(value)


def _likeliest(row: IntArray, options: FloatArray, fits: BoolArray, unlike: FloatArray, *, rows: int) -> Solution:
    cost = np.where(fits, unlike, np.inf)
    order = np.lexsort((cost, row))
    first = order[np.searchsorted(row[order], np.arange(rows))]
    return Solution(options[first], fits[first], cost[first])
