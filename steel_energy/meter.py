"""The meter's physics: pulse grid, power triangle, CO2 booking, and the virtual meter that inverts them.

The meter counts energy in pulses and shows two decimals. Power factors and CO2 are not measured but computed from what
it shows, so the active energy can be recovered from the other columns: the *candidates* are all multiples of the pulse
that agree with every shown value. That is a nowcast of the same interval, not a forecast, and needs no training.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.candidates import Candidates
from steel_energy.plant import Meter, Plant
from steel_energy.schema import INTERVALS_PER_HOUR

DECIMALS = 2
RESOLUTION = 0.5 * 10**-DECIMALS
"""Half a unit of the last shown digit: how far a shown value may lie from the true one."""
EQUAL_WITHIN = RESOLUTION + 1e-9
"""Values at most this far apart show the same: a breath for floating point."""
FULL_PERCENT = 100.0
OVERLOAD = 1.5  # demand beyond the contract that is still believed
WIDENINGS = 12  # doublings of the resolution tried for contradictory readings: up to 20 points of power factor
BLOCK_ROWS = 4096  # rows whose candidates are held in memory at once
INPUTS = {
    "lagging_kvarh": "lagging_reactive_kvarh",
    "leading_kvarh": "leading_reactive_kvarh",
    "lagging_pf": "lagging_power_factor",
    "leading_pf": "leading_power_factor",
    "co2_t": "co2_t",
}
"""Arguments of `usage_candidates` and the contract's columns they come from."""

Attempt = tuple[tuple[str, ...], float]  # what is left out, and the resolution that is believed
Readings = dict[str, FloatArray]
"""What the meter shows beside the usage, by the names of ``INPUTS``: arrays of shape ``(rows,)``, NaN where unknown."""


def energy_of_pulses(pulses: ArrayLike, meter: Meter) -> FloatArray:
    """Energy in kWh (or kvarh) that the meter shows for whole pulse counts, any shape.

    >>> from steel_energy.testing import toy_plant
    >>> energy_of_pulses([1, 88], toy_plant(pulse_kwh=0.036).meter).tolist()
    [0.04, 3.17]
    """
    return _shown(np.asarray(pulses, dtype=float) * meter.pulse_kwh)


def on_pulse_grid(energy: ArrayLike, meter: Meter) -> BoolArray:
    """Whether the meter can show these energies at all (kWh or kvarh, any shape; NaN and infinity are off the grid)."""
    shown = np.asarray(energy, dtype=float)
    nearest = energy_of_pulses(np.rint(shown / meter.pulse_kwh), meter)
    with np.errstate(invalid="ignore"):  # infinity less infinity is on no grid
        on_grid: BoolArray = np.abs(nearest - shown) <= RESOLUTION / 2
    return on_grid


def power_factor_percent(active_kwh: ArrayLike, reactive_kvarh: ArrayLike) -> FloatArray:
    """Power factor in percent as the meter shows it; 0 without active energy, 100 without reactive energy.

    >>> power_factor_percent([3.0, 5.0, 0.0], [4.0, 0.0, 0.0]).tolist()
    [60.0, 100.0, 0.0]
    """
    return _shown(exact_power_factor(np.asarray(active_kwh, dtype=float), np.asarray(reactive_kvarh, dtype=float)))


def exact_power_factor(active: FloatArray, reactive: FloatArray) -> FloatArray:
    """Power factor in percent before the display rounds it, any shape; 0 without any energy, NaN beside a NaN."""
    apparent = np.hypot(active, reactive)
    return np.divide(FULL_PERCENT * active, apparent, out=np.zeros_like(apparent), where=apparent != 0)


def co2_t(usage_kwh: ArrayLike, meter: Meter) -> FloatArray:
    """CO2 in tonnes that the meter books for an active energy in kWh."""
    return _shown(np.asarray(usage_kwh, dtype=float) * meter.emission_factor_t_per_kwh)


def largest_usage_kwh(plant: Plant) -> float:
    """The largest energy of one interval that is believed, kWh."""
    return OVERLOAD * plant.contract_kw / INTERVALS_PER_HOUR


def usage_candidates(
    *,
    lagging_kvarh: ArrayLike,
    leading_kvarh: ArrayLike,
    lagging_pf: ArrayLike,
    leading_pf: ArrayLike,
    co2_t: ArrayLike,
    plant: Plant,
    resolution: float = RESOLUTION,
) -> Candidates:
    """Every active energy the meter could have shown beside these readings.

    Args:
        lagging_kvarh: lagging reactive energy, shape (rows,); NaN here or in its power factor leaves that relation out.
        leading_kvarh: leading reactive energy, shape (rows,).
        lagging_pf: lagging power factor in percent, shape (rows,).
        leading_pf: leading power factor in percent, shape (rows,).
        co2_t: booked CO2 in tonnes, shape (rows,); NaN leaves it out.
        plant: gives pulse, emission factor and the largest energy that is believed.
        resolution: how far shown power factors and CO2 may lie from the true values.

    Returns:
        The candidates in kWh. A reading that no relation bounds from above has none.
    """
    triangles = [_floats(lagging_kvarh, lagging_pf), _floats(leading_kvarh, leading_pf)]
    (booked,) = _floats(co2_t)
    factor = plant.meter.emission_factor_t_per_kwh
    bounds = [usage_bounds(reactive, pf, resolution=resolution) for reactive, pf in triangles]
    bounds.append(((booked - resolution) / factor, (booked + resolution) / factor))
    row, usage = _grid_between(bounds, plant)
    agrees = np.ones(row.size, dtype=bool)
    for reactive, pf in triangles:
        agrees &= _agree(exact_power_factor(usage, reactive[row]), pf[row], resolution, where=~np.isnan(reactive[row]))
    agrees &= _agree(usage * factor, booked[row], resolution)
    return Candidates(row[agrees], usage[agrees], booked.size)


def reactive_candidates(usage_kwh: ArrayLike, power_factor: ArrayLike, *, plant: Plant) -> Candidates:
    """Every reactive energy (kvarh) that gives this power factor (percent) beside this usage (kWh), shape (rows,).

    Readings with a NaN have no candidates, nor has a power factor of 0 beside a usage: any large energy would do.
    """
    usage, pf = _floats(usage_kwh, power_factor)
    row, reactive = _grid_between([_reactive_bounds(usage, pf)], plant)
    agrees = _agree(exact_power_factor(usage[row], reactive), pf[row], RESOLUTION)
    return Candidates(row[agrees], reactive[agrees], usage.size)


def usage_bounds(
    reactive: FloatArray, power_factor: FloatArray, *, resolution: float = RESOLUTION, slack: FloatArray | float = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Range of usage (kWh) that a power triangle allows; NaN where unknown, unbounded without reactive energy.

    The shown power factor (percent) and reactive energy (kvarh) may be off by ``resolution`` and by ``slack``.
    """
    most = reactive + slack
    with np.errstate(invalid="ignore"):
        lower = np.maximum(reactive - slack, 0.0) * _cotangent(power_factor - resolution)
        upper = np.where(most > 0, most * _cotangent(power_factor + resolution), np.inf)
    idle = (reactive == 0) & (power_factor == 0)
    known = ~np.isnan(reactive) & ~np.isnan(power_factor)
    return np.where(known, np.where(reactive > 0, lower, 0.0), np.nan), np.where(
        known, np.where(idle, 0.0, upper), np.nan
    )


@dataclass(frozen=True)
class UsageEstimate:
    """What the virtual meter says of each reading; arrays of shape (rows,), energies in kWh.

    ``usage_kwh`` is the mean of the ``candidates`` and lies in ``lower_kwh`` to ``upper_kwh``; NaN where nothing bounds
    it. ``consistent`` says that all shown values agree; where they do not, the largest part of them that does was used.
    ``to_the_digit`` says that this part agrees to the display's last digit, and not only within a wider tolerance.
    """

    usage_kwh: FloatArray
    lower_kwh: FloatArray
    upper_kwh: FloatArray
    candidates: IntArray
    consistent: BoolArray
    to_the_digit: BoolArray

    def of(self, rows: IntArray | BoolArray) -> UsageEstimate:
        """The estimate of some of the readings."""
        return UsageEstimate(**{name: values[rows] for name, values in vars(self).items()})


def estimate_usage(readings: Readings, plant: Plant, *, widenings: int = WIDENINGS) -> UsageEstimate:
    """Estimate the active energy of each reading from its other values, without training.

    Readings that contradict each other are tried without CO2, then without one power triangle, and at last with the
    display's resolution widened until they agree.

    Args:
        readings: the keyword arguments of `usage_candidates` (without ``plant``), arrays of shape (rows,).
        plant: the plant whose meter showed them.
        widenings: how often the resolution is doubled at most.
    """
    rows = next(iter(readings.values())).size
    estimate = UsageEstimate(
        usage_kwh=np.full(rows, np.nan),
        lower_kwh=np.full(rows, np.nan),
        upper_kwh=np.full(rows, np.nan),
        candidates=np.zeros(rows, dtype=np.int64),
        consistent=np.zeros(rows, dtype=bool),
        to_the_digit=np.zeros(rows, dtype=bool),
    )
    for start in range(0, rows, BLOCK_ROWS):
        block = np.arange(start, min(start + BLOCK_ROWS, rows))
        _estimate_block(readings, block, estimate, plant, _attempts(widenings))
    return estimate


def shown_beside_usage(frame: pl.DataFrame) -> Readings:
    """The columns of the contract that tell of the usage, as arrays; null and NaN both mean unknown."""
    return {
        argument: frame[column].cast(pl.Float64).fill_null(np.nan).to_numpy() for argument, column in INPUTS.items()
    }


def virtual_meter(frame: pl.DataFrame, plant: Plant) -> pl.DataFrame:
    """Add the virtual meter's columns to ``frame``; ``usage_kwh`` is never read.

    Args:
        frame: readings with the contract's reactive, power factor and CO2 columns; null means unknown.
        plant: the plant whose meter showed them.

    Returns:
        ``frame`` with ``predicted_usage_kwh``, ``lower_kwh``, ``upper_kwh`` (null where nothing bounds the usage),
        ``candidates``, ``consistent`` and ``method`` (physics, or none).
    """
    estimate = estimate_usage(shown_beside_usage(frame), plant)
    return frame.with_columns(
        pl.Series("predicted_usage_kwh", estimate.usage_kwh, nan_to_null=True),
        pl.Series("lower_kwh", estimate.lower_kwh, nan_to_null=True),
        pl.Series("upper_kwh", estimate.upper_kwh, nan_to_null=True),
        pl.Series("candidates", estimate.candidates),
        pl.Series("consistent", estimate.consistent),
        pl.Series("method", np.where(estimate.candidates > 0, "physics", "none")),
    )


def _estimate_block(
    readings: Readings, rows: IntArray, estimate: UsageEstimate, plant: Plant, attempts: list[Attempt]
) -> None:
    """Fill ``estimate`` for ``rows``: each attempt takes the readings that the earlier ones left without candidate."""
    for ignored, resolution in attempts:
        part = {n: np.where(n in ignored, np.nan, values[rows]) for n, values in readings.items()}
        found = usage_candidates(**part, plant=plant, resolution=resolution)
        count = found.count()
        done = rows[count > 0]
        estimate.usage_kwh[done] = found.mean()[count > 0]
        estimate.lower_kwh[done] = found.lower()[count > 0]
        estimate.upper_kwh[done] = found.upper()[count > 0]
        estimate.candidates[done] = count[count > 0]
        estimate.consistent[done] = not ignored and resolution == RESOLUTION
        estimate.to_the_digit[done] = resolution == RESOLUTION
        rows = rows[count == 0]
        if not rows.size:
            return


def _attempts(widenings: int) -> list[Attempt]:
    """From the strictest reading of the display to the loosest."""
    strict = [(left_out, RESOLUTION) for left_out in ((), ("co2_t",), ("leading_pf",), ("lagging_pf",))]
    return strict + [((), RESOLUTION * 2**step) for step in range(1, widenings + 1)]


def _shown(value: FloatArray) -> FloatArray:
    return np.round(value, DECIMALS)


def _floats(*values: ArrayLike) -> tuple[FloatArray, ...]:
    return tuple(np.atleast_1d(np.asarray(value, dtype=float)) for value in values)


def _agree(computed: FloatArray, shown: FloatArray, resolution: float, *, where: BoolArray | bool = True) -> BoolArray:
    """Whether values agree within the resolution; an unknown one agrees with everything."""
    agrees: BoolArray = (np.abs(computed - shown) <= resolution + 1e-9) | np.isnan(shown) | ~np.asarray(where)
    return agrees


def _cotangent(power_factor: FloatArray) -> FloatArray:
    """Active over reactive energy at a power factor in percent; infinite from 100 % on."""
    ratio = np.clip(power_factor / FULL_PERCENT, 0.0, 1.0)
    sine = np.sqrt(1.0 - ratio**2)
    return np.divide(ratio, sine, out=np.full_like(ratio, np.inf), where=sine > 0)


def _reactive_bounds(usage: FloatArray, power_factor: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Range of reactive energy (kvarh) that a usage and a power factor allow."""
    with np.errstate(invalid="ignore", divide="ignore"):
        lower = usage / _cotangent(power_factor + RESOLUTION)
        upper = usage / _cotangent(power_factor - RESOLUTION)
    return np.where(usage > 0, lower, 0.0), np.where(usage > 0, upper, 0.0)


def _grid_between(bounds: list[tuple[FloatArray, FloatArray]], plant: Plant) -> tuple[IntArray, FloatArray]:
    """Every energy on the pulse grid inside all known bounds: reading index and kWh, ascending within a reading."""
    lower = np.fmax.reduce([low for low, _ in bounds])
    upper = np.fmin.reduce([high for _, high in bounds])
    bounded = np.isfinite(upper) & ~np.isnan(lower)
    ceiling = largest_usage_kwh(plant)
    pulse = plant.meter.pulse_kwh
    with np.errstate(invalid="ignore"):
        first = np.where(bounded, np.ceil((np.fmax(lower, 0.0) - RESOLUTION) / pulse), 1.0)
        last = np.where(bounded, np.floor((np.fmin(upper, ceiling) + RESOLUTION) / pulse), 0.0)
    first = np.fmax(first, 0.0)
    count = np.fmax(last - first + 1, 0).astype(np.int64)
    row = np.repeat(np.arange(count.size), count)
    step = np.arange(row.size) - np.repeat(np.cumsum(count) - count, count)
    return row, energy_of_pulses(first[row] + step, plant.meter)
