"""The base load of a plan: what was measured where the period is known, else the champion's forecast of it.

Not imported with the package: forecasts bring their libraries along.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from steel_energy.calendar import in_utc
from steel_energy.errors import InputError
from steel_energy.history import readings_end
from steel_energy.ladder import forecast_from_disk
from steel_energy.params import ForecastingParams
from steel_energy.planning.horizon import horizon_of
from steel_energy.planning.problem import ENERGIES
from steel_energy.planning.request import PlanRequest
from steel_energy.schema import INTERVAL
from steel_energy.sites import Site
from steel_energy.timeline import MAX_HORIZON
from steel_energy.whatif.asking import forecast_load


@dataclass(frozen=True)
class BaseLoad:
    """A base load and where it comes from, in words."""

    load: pl.DataFrame
    source: str


def base_load_of(
    request: PlanRequest, readings: pl.DataFrame, site: Site, *, bundles_dir: Path, params: ForecastingParams
) -> BaseLoad:
    """The load of a request's period.

    Args:
        request: whose period it is.
        readings: data contract, sorted.
        site: plant and tariff.
        bundles_dir: where champions lie.
        params: of the forecast that answers where no bundle can.

    Raises:
        InputError: the period begins before the readings and does not end before them, or is out of a forecast's reach.
        BundleError: nothing can forecast.
    """
    zone = site.plant.zone
    horizon = horizon_of(request.start, request.end, zone=zone)
    known_until = readings_end(readings)
    if horizon.end <= known_until:
        period = pl.col("interval_start").is_between(horizon.start, horizon.end, closed="left")
        return BaseLoad(readings.select("interval_start", *ENERGIES).filter(period), "the readings of the period")
    if horizon.start < known_until:
        raise InputError(
            f"the readings end within the period, on {known_until.isoformat()}",
            field="start",
            remedy="plan from the end of the readings on, or a period that they cover",
        )
    intervals = (in_utc(horizon.end, zone) - in_utc(known_until, zone)) // INTERVAL
    if intervals > MAX_HORIZON:
        raise InputError(
            f"lies {intervals} intervals after the readings, which end on {known_until.isoformat()}",
            field="end",
            remedy=f"a forecast reaches {MAX_HORIZON} intervals: post newer readings or plan an earlier period",
        )
    answered = forecast_from_disk(
        bundles_dir, site, history=readings, origin=known_until, horizon=intervals, params=params
    )
    manifest = answered.served.manifest
    load = forecast_load(answered.value, readings, plant=site.plant, tariff=site.tariff)
    return BaseLoad(load, f"a forecast from {known_until.isoformat()} by {manifest.model} {manifest.version}")
