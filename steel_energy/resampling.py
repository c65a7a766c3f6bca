"""Readings of one interval as those of another: shorter ones are summed, longer ones spread, no energy won or lost.

The data contract has 15 minutes; a meter may have others. Here lives the arithmetic on readings; where a raw row
belongs in time is the matter of ``cleaning``.
"""

from __future__ import annotations

import polars as pl

from steel_energy.arrays import FloatArray
from steel_energy.meter import co2_t, energy_of_pulses, on_pulse_grid, power_factor_percent
from steel_energy.plant import Meter
from steel_energy.schema import INTERVAL_START, MEASURED

TIME = INTERVAL_START.name
CELLS = [column.name for column in MEASURED]
ENERGIES, (LAGGING_PF, LEADING_PF, CO2) = CELLS[:3], CELLS[3:]
COMPUTED = {LAGGING_PF: ENERGIES[1], LEADING_PF: ENERGIES[2]}
"""Power factors, and the reactive energy that each is computed from."""
US_PER_MINUTE = 60_000_000


def resampled(rows: pl.DataFrame, meter: Meter, *, have: int, want: int) -> pl.DataFrame:
    """Rows of ``have`` minutes as rows of ``want`` minutes, of which one is a multiple of the other.

    An energy is summed only where every part of it is known, and spread evenly, in whole pulses where it is some. Power
    factors and CO2 are what the meter shows beside the new energies, unknown where they or an energy were. Of any other
    column a sum has the first value.

    Args:
        rows: by time, each interval at most once: ``interval_start`` (with zone), the measured cells as numbers (null
            where unknown) and any others.
        meter: whose pulses they are.
        have: minutes of a row.
        want: minutes of a row of the result.

    >>> from steel_energy.testing import toy_plant, toy_readings
    >>> quarters = toy_readings(days=1)
    >>> hours = resampled(quarters, toy_plant().meter, have=15, want=60)
    >>> hours.height, quarters["usage_kwh"].sum() == hours["usage_kwh"].sum()
    (24, True)
    """
    if have == want:
        return rows
    pulses = rows.with_columns(_pulses(rows, name, meter) for name in ENERGIES)
    changed = _summed(pulses, want // have, want) if want > have else _spread(pulses, have // want, want)
    return _shown(changed, meter).select(rows.columns)


def _summed(pulses: pl.DataFrame, parts: int, minutes: int) -> pl.DataFrame:
    whole = (pl.len() == parts) & (pl.col(CELLS).null_count() == 0)
    rest = [name for name in pulses.columns if name not in (*CELLS, TIME)]
    return pulses.group_by(begun(minutes), maintain_order=True).agg(
        pl.when(whole).then(pl.col(CELLS).sum()), pl.col(rest).first()
    )


def _spread(pulses: pl.DataFrame, parts: int, minutes: int) -> pl.DataFrame:
    part, count = pl.int_range(pl.len()) % parts, pl.col(ENERGIES)
    upto = (count * (part + 1) / parts).floor() - (count * part / parts).floor()
    every = pulses.select(pl.all().repeat_by(parts).explode())
    return every.with_columns(
        pl.when(count == count.floor()).then(upto).otherwise(count / parts),
        pl.col(TIME) + pl.duration(minutes=part * minutes),
    )


def _pulses(rows: pl.DataFrame, name: str, meter: Meter) -> pl.Series:
    """Pulses of an energy, a whole number wherever the meter can have shown it."""
    count = rows[name] / meter.pulse_kwh
    whole = pl.Series(on_pulse_grid(rows[name].fill_null(0).to_numpy(), meter))
    return count.round().zip_with(whole, count).alias(name)


def _shown(pulses: pl.DataFrame, meter: Meter) -> pl.DataFrame:
    """Pulses as energies, and beside them what the meter computes."""
    energies = pulses.with_columns(_known(energy_of_pulses(pulses[name].to_numpy(), meter), name) for name in ENERGIES)
    usage = energies[ENERGIES[0]].to_numpy()
    computed = {CO2: co2_t(usage, meter)} | {
        name: power_factor_percent(usage, energies[reactive].to_numpy()) for name, reactive in COMPUTED.items()
    }
    shown = (pl.when(pl.col(name).is_not_null()).then(_known(values, name)) for name, values in computed.items())
    return energies.with_columns(*shown)


def _known(values: FloatArray, name: str) -> pl.Series:
    return pl.Series(name, values, nan_to_null=True)


def begun(minutes: int) -> pl.Expr:
    """The start of the interval of so many minutes that holds ``interval_start``, on a clock that knows no summer."""
    since_us = pl.col(TIME).dt.epoch("us") + pl.col(TIME).dt.base_utc_offset().dt.total_microseconds()
    return pl.col(TIME) - (since_us % (minutes * US_PER_MINUTE)).cast(pl.Duration("us"))
