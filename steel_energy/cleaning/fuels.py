"""Exports of a fuel meter as rows of the data contract: litres become the kWh that burning them gives.

The contract has no empty cell, so a fuel has what a meter shows of no reactive energy: 0 kvarh, and the power factor
that follows. Answers and pages leave these columns out.
"""

from __future__ import annotations

import polars as pl

from steel_energy.carrier import REACTIVE
from steel_energy.cleaning.cells import read_numbers
from steel_energy.meter import energy_of_pulses, power_factor_percent
from steel_energy.plant import Plant

NEARLY = 0.01  # of a pulse: an export shows litres to a few digits


def in_contract(rows: pl.DataFrame, plant: Plant) -> pl.DataFrame:
    """Raw rows that count litres as those of a meter that counts kWh; a usage that is unreadable stays as it is.

    Args:
        rows: ``RAW_SCHEMA``; what stands in columns of reactive energy and power factors is nothing of a fuel's.
        plant: whose meter it is.

    >>> from steel_energy.testing import toy_fuel_plant
    >>> row = {"usage_kwh": ["12.3", "?"], **dict.fromkeys(REACTIVE, [None, None])}
    >>> in_contract(pl.DataFrame(row, schema=dict.fromkeys(row, pl.String)), toy_fuel_plant()).row(0)
    ('123', '0', '0', '100', '100')
    """
    usage_kwh = _energy(read_numbers(rows["usage_kwh"]), plant)
    factor = pl.Series(power_factor_percent(usage_kwh.fill_null(float("nan")).to_numpy(), 0.0), nan_to_null=True)
    texts = {"usage_kwh": pl.coalesce(_text(usage_kwh), rows["usage_kwh"])}
    none = {name: pl.lit("0") if name.endswith("_kvarh") else _text(factor) for name in REACTIVE}
    return rows.with_columns(**texts, **none)


def _energy(counted_l: pl.Series, plant: Plant) -> pl.Series:
    """Litres as kWh: what the meter shows of its pulses, where it counts whole ones."""
    pulses = counted_l * plant.measure.kwh_per_unit / plant.meter.pulse_kwh
    whole = ((pulses - pulses.round()).abs() < NEARLY).fill_null(value=False)
    energy = pl.Series(energy_of_pulses(pulses.round().zip_with(whole, pulses).to_numpy(), plant.meter))
    return energy.fill_nan(None)


def _text(numbers: pl.Series) -> pl.Series:
    return numbers.cast(pl.String).str.strip_suffix(".0")
