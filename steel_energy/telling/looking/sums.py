"""What a measure comes to over rows: sums, the highest demand, and power factors as they follow from energies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from steel_energy.asking.outcomes import Measure
from steel_energy.meter import exact_power_factor
from steel_energy.tariff import BAND_LETTERS
from steel_energy.telling.looking.rows import Row

SUMMED = {
    "usage": ("usage_kwh",),
    "cost": ("cost_krw", "usage_kwh"),
    "co2": ("co2_t",),
    "reactive": ("lagging_reactive_kvarh", "leading_reactive_kvarh"),
    "load_type": ("usage_kwh",),
}
"""Figures of a measure that are sums; the first is the one that counts."""
POWER_FACTORS = {"lagging_power_factor": "lagging_reactive_kvarh", "leading_power_factor": "leading_reactive_kvarh"}
MAIN = {measure: names[0] for measure, names in SUMMED.items()} | {
    "peak": "peak_kw",
    "power_factor": "lagging_power_factor",
}
"""The figure of a measure that is ranked and compared."""
BANDS = tuple(BAND_LETTERS.values())


def figures_of(measure: Measure, rows: Sequence[Row]) -> dict[str, float]:
    """The figures of a measure over at least one row, named with their units."""
    if measure == "peak":
        return {"peak_kw": highest(rows).values["peak_kw"]}
    if measure == "power_factor":
        usage_kwh = _total(rows, "usage_kwh")
        return {name: _power_factor(usage_kwh, _total(rows, beside)) for name, beside in POWER_FACTORS.items()}
    figures = {name: _total(rows, name) for name in SUMMED[measure]}
    return figures | (_by_load_type(rows) if measure == "load_type" else {})


def highest(rows: Sequence[Row]) -> Row:
    """The row with the highest demand; the first of several."""
    return max(rows, key=lambda row: row.values["peak_kw"])


def _by_load_type(rows: Sequence[Row]) -> dict[str, float]:
    """Energy of each load type that occurs, and its share."""
    total_kwh = _total(rows, "usage_kwh")
    found: dict[str, float] = {}
    for band in BANDS:
        of_band = [row for row in rows if row.bands.get("load_type") == band]
        if of_band:
            kwh = _total(of_band, "usage_kwh")
            found |= {f"{band}_kwh": kwh, f"{band}_share": kwh / total_kwh if total_kwh else 0.0}
    return found


def _total(rows: Sequence[Row], name: str) -> float:
    return sum(row.values[name] for row in rows)


def _power_factor(usage_kwh: float, reactive_kvarh: float) -> float:
    return float(exact_power_factor(np.array([usage_kwh]), np.array([reactive_kvarh]))[0])
