"""What a forecast means for the plant: tariff bands, energy charge, CO2 and the expected peak.

The forecast itself comes from ``forecasting``; demand charges and whole bills do not live here.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from steel_energy.calendar import known_ahead
from steel_energy.plant import Plant
from steel_energy.schema import INTERVALS_PER_HOUR
from steel_energy.tariff import Tariff


def priced(forecast: pl.DataFrame, *, plant: Plant, tariff: Tariff) -> pl.DataFrame:
    """Add bands, energy charge and CO2 of the expected energy to a forecast frame.

    Args:
        forecast: forecast frame (``interval_start`` in the plant's zone, ``mean_kwh``, quantiles in kWh).
        plant: gives calendar and emission factor.
        tariff: gives bands and prices.

    Returns:
        ``forecast`` with ``load_type``, ``billing_band``, ``cost_krw`` (energy charge only) and ``co2_t``; same rows.

    >>> import datetime as dt
    >>> from steel_energy.testing import toy_plant, toy_tariff
    >>> from steel_energy.calendar import interval_grid
    >>> hour = interval_grid(dt.datetime(2018, 1, 1, 12), dt.datetime(2018, 1, 1, 13), zone="Asia/Seoul")
    >>> priced(pl.DataFrame({"interval_start": hour, "mean_kwh": [100.0] * 4}), plant=toy_plant(), tariff=toy_tariff())[
    ...     "cost_krw"
    ... ].to_list()
    [100.0, 100.0, 100.0, 100.0]
    """
    billed = tariff.billed(forecast["interval_start"])
    return forecast.with_columns(
        known_ahead(forecast["interval_start"], plant=plant, tariff=tariff)["load_type"],
        billed["billing_band"],
        cost_krw=pl.col("mean_kwh") * billed["energy_krw_per_kwh"],
        co2_t=pl.col("mean_kwh") * plant.meter.emission_factor_t_per_kwh,
    )


@dataclass(frozen=True)
class Totals:
    """Sums over a priced forecast; ``peak_kw`` is the highest expected demand, four times the largest mean."""

    usage_kwh: float
    cost_krw: float
    co2_t: float
    peak_kw: float


def totals(priced_forecast: pl.DataFrame) -> Totals:
    """Sum up what `priced` gave."""
    usage_kwh, cost_krw, co2_t = (float(priced_forecast[column].sum()) for column in ("mean_kwh", "cost_krw", "co2_t"))
    peak_kw = float(priced_forecast["mean_kwh"].to_numpy().max()) * INTERVALS_PER_HOUR
    return Totals(usage_kwh=usage_kwh, cost_krw=cost_krw, co2_t=co2_t, peak_kw=peak_kw)
