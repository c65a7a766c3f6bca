"""From the JSON of meter readings to the nowcast and back; the work itself is ``steel_energy.nowcasting``'s."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import numpy as np

from steel_energy.meter import DECIMALS, FULL_PERCENT, Readings
from steel_energy.nowcasting import Nowcast, nowcast
from steel_energy.nowcasting.bundle import Fitted
from steel_energy.nowcasting.single import decide, shown
from steel_energy.plant import Plant
from steel_service.api_models.nowcast import MeterReading, Prediction
from steel_service.state import SERVICE_VERSION

NOWCAST_VERSION = f"physics-{SERVICE_VERSION}"


def predictions(rows: Sequence[MeterReading], plant: Plant, fitted: Fitted | None) -> list[Prediction]:
    """The active energy of each reading, in their order; null where no energy agrees with it.

    Args:
        rows: the readings.
        plant: whose meter showed them.
        fitted: answers where physics cannot; without it physics answers alone.
    """
    found = nowcast(_as_shown(rows), plant, fitted.model if fitted else None)
    versions = {"model": f"model-{fitted.manifest.version}"} if fitted else {}
    now = dt.datetime.now(dt.UTC)
    return [_prediction(found, row, versions, now) for row in range(len(rows))]


def prediction(reading: MeterReading, plant: Plant, fitted: Callable[[], Fitted | None]) -> Prediction:
    """As ``predictions`` of it alone, at a tenth of the cost where it is plain; ``fitted`` is not asked then."""
    decided = decide(
        lagging_kvarh=reading.lagging_reactive_power,
        leading_kvarh=reading.leading_reactive_power,
        lagging_pf=shown(FULL_PERCENT * reading.lagging_power_factor),
        leading_pf=shown(FULL_PERCENT * reading.leading_power_factor),
        co2_t=reading.co2,
        plant=plant,
    )
    if decided is None:
        return predictions([reading], plant, fitted())[0]
    return Prediction(
        predicted_usage_kwh=decided.usage_kwh,
        confidence_interval_lower=decided.lower_kwh,
        confidence_interval_upper=decided.upper_kwh,
        method="physics",
        consistent=True,
        model_version=NOWCAST_VERSION,
        prediction_timestamp=dt.datetime.now(dt.UTC),
    )


def _as_shown(rows: Sequence[MeterReading]) -> Readings:
    """The readings as the meter shows them: power factors in percent with two decimals, not ratios."""
    return {
        "lagging_kvarh": np.array([row.lagging_reactive_power for row in rows]),
        "leading_kvarh": np.array([row.leading_reactive_power for row in rows]),
        "lagging_pf": np.round(FULL_PERCENT * np.array([row.lagging_power_factor for row in rows]), DECIMALS),
        "leading_pf": np.round(FULL_PERCENT * np.array([row.leading_power_factor for row in rows]), DECIMALS),
        "co2_t": np.array([row.co2 for row in rows]),
    }


def _prediction(found: Nowcast, row: int, versions: dict[str, str], now: dt.datetime) -> Prediction:
    method = str(found.method[row])
    is_answered = method != "none"
    return Prediction(
        predicted_usage_kwh=float(found.usage_kwh[row]) if is_answered else None,
        confidence_interval_lower=float(found.lower_kwh[row]) if is_answered else None,
        confidence_interval_upper=float(found.upper_kwh[row]) if is_answered else None,
        method=method,
        consistent=bool(found.consistent[row]),
        model_version=versions.get(method, NOWCAST_VERSION),
        prediction_timestamp=now,
    )
