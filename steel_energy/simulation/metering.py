"""From energies that flow to readings that a meter shows, for whatever is simulated.

The laws themselves, pulses, power factors and CO2, are ``steel_energy/meter.py``.
"""

from __future__ import annotations

import numpy as np

from steel_energy.arrays import FloatArray
from steel_energy.meter import co2_t, energy_of_pulses, power_factor_percent
from steel_energy.plant import Meter


def metered(
    usage_kwh: FloatArray, lagging_kvarh: FloatArray, leading_kvarh: FloatArray, *, meter: Meter
) -> dict[str, FloatArray]:
    """What the meter shows of energies of successive intervals: the measured columns of the data contract.

    Args:
        usage_kwh: active energy as it flows, shape (intervals,); below 0 counts as 0.
        lagging_kvarh: lagging reactive energy, alike.
        leading_kvarh: leading reactive energy, alike.
        meter: whose pulses are counted.
    """
    usage, lagging, leading = (
        energy_of_pulses(whole_pulses(energy, meter.pulse_kwh), meter)
        for energy in (usage_kwh, lagging_kvarh, leading_kvarh)
    )
    return {
        "usage_kwh": usage,
        "lagging_reactive_kvarh": lagging,
        "leading_reactive_kvarh": leading,
        "lagging_power_factor": power_factor_percent(usage, lagging),
        "leading_power_factor": power_factor_percent(usage, leading),
        "co2_t": co2_t(usage, meter),
    }


def whole_pulses(energy: FloatArray, pulse_kwh: float) -> FloatArray:
    """Whole pulses of each interval, shape (intervals,); the meter carries the rest on to the next one.

    >>> whole_pulses(np.array([1.5, 1.5, 0.0]), 1.0).tolist()
    [1.0, 2.0, 0.0]
    """
    return np.diff(np.floor(np.cumsum(np.maximum(energy, 0)) / pulse_kwh), prepend=0)
