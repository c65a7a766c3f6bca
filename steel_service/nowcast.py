"""From the JSON of meter readings to the virtual meter and back; the physics lives in ``steel_energy.meter``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from steel_energy.arrays import FloatArray
from steel_energy.meter import DECIMALS, FULL_PERCENT, UsageEstimate, estimate_usage
from steel_energy.plant import Plant
from steel_service.api_models.nowcast import MeterReading, Prediction
from steel_service.state import SERVICE_VERSION

NOWCAST_VERSION = f"physics-{SERVICE_VERSION}"


def nowcast(rows: Sequence[MeterReading], plant: Plant) -> list[Prediction]:
    """The active energy of each reading, in their order; null where no energy agrees with it."""
    estimate = estimate_usage(_as_shown(rows), plant)
    now = dt.datetime.now(dt.UTC)
    return [_prediction(estimate, row, now) for row in range(len(rows))]


def _as_shown(rows: Sequence[MeterReading]) -> dict[str, FloatArray]:
    """The readings as the meter shows them: power factors in percent with two decimals, not ratios."""
    return {
        "lagging_kvarh": np.array([row.lagging_reactive_power for row in rows]),
        "leading_kvarh": np.array([row.leading_reactive_power for row in rows]),
        "lagging_pf": np.round(FULL_PERCENT * np.array([row.lagging_power_factor for row in rows]), DECIMALS),
        "leading_pf": np.round(FULL_PERCENT * np.array([row.leading_power_factor for row in rows]), DECIMALS),
        "co2_t": np.array([row.co2 for row in rows]),
    }


def _prediction(estimate: UsageEstimate, row: int, now: dt.datetime) -> Prediction:
    found = bool(estimate.candidates[row])
    return Prediction(
        predicted_usage_kwh=float(estimate.usage_kwh[row]) if found else None,
        confidence_interval_lower=float(estimate.lower_kwh[row]) if found else None,
        confidence_interval_upper=float(estimate.upper_kwh[row]) if found else None,
        method="physics" if found else "none",
        consistent=bool(estimate.consistent[row]),
        model_version=NOWCAST_VERSION,
        prediction_timestamp=now,
    )
