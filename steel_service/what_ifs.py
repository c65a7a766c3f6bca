"""From a /what-if request to its answer: the load it is about, its tariffs, and the domain's comparison as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import polars as pl

from steel_energy.carrier import NotElectricError
from steel_energy.errors import InputError
from steel_energy.forecasting.base import FORECAST_COLUMNS
from steel_energy.sites import Site
from steel_energy.tariff import Tariff
from steel_energy.whatif import OtherTariff, forecast_load, what_if
from steel_energy.whatif.loads import LOAD_COLUMNS
from steel_service.answers import source_answer
from steel_service.api_models.forecast import ForecastAnswer
from steel_service.api_models.what_if import MeasuredLoad, WhatIfAnswer, WhatIfForecast, WhatIfRequest
from steel_service.errors import ConflictError
from steel_service.forecasts import Basis
from steel_service.readings import PlantReadings
from steel_service.state import State
from steel_service.tariffs import measured_period, tariff_named


@dataclass(frozen=True)
class AskedLoad:
    """The load that a request is about, of which site, what is known there, and the forecast it is, if it is one."""

    site: Site
    known: PlantReadings
    frame: pl.DataFrame
    forecast: ForecastAnswer | None


def measured_load(wanted: MeasuredLoad, plant_id: str | None, state: State) -> AskedLoad:
    """The readings of a period.

    Raises:
        UnknownPlantError: there is no such plant.
        NotReadyError: no readings yet.
        ConflictError: it is empty, off the grid or not wholly known.
    """
    site = state.site(plant_id)
    known = state.readings.of(site)
    start, end = measured_period(wanted.start, wanted.end, known.readings, zone=site.plant.zone)
    is_asked = pl.col("interval_start").is_between(start, end, closed="left")
    return AskedLoad(site, known, known.readings.filter(is_asked).select(LOAD_COLUMNS), None)


def load_of_forecast(forecast: ForecastAnswer, basis: Basis) -> AskedLoad:
    """A forecast as it was answered, with typical reactive energies.

    Raises:
        ConflictError: too little is known before it.
    """
    site, known = basis.site, basis.known
    rows = {name: [getattr(one, name) for one in forecast.intervals] for name in FORECAST_COLUMNS}
    starts = pl.col("interval_start").dt.convert_time_zone(site.plant.zone).dt.cast_time_unit("us")
    frame = pl.DataFrame(rows).with_columns(starts)
    with conflicts():
        load = forecast_load(frame, known.readings, plant=site.plant, tariff=site.tariff)
    return AskedLoad(site, known, load, forecast)


def named_tariffs(wanted: WhatIfRequest, state: State) -> dict[str, Tariff]:
    """The tariffs that the changes name, by id.

    Raises:
        UnknownTariffError: there is no such tariff.
    """
    return {
        change.tariff: tariff_named(change.tariff, state.settings, field=f"changes.{place}.{change.kind}.tariff")
        for place, change in enumerate(wanted.changes)
        if isinstance(change, OtherTariff)
    }


def what_if_answer(wanted: WhatIfRequest, load: AskedLoad, state: State) -> WhatIfAnswer:
    """Baseline against scenario.

    Raises:
        InputError: a change does not fit the load.
        UnknownTariffError: there is no such tariff.
        ConflictError: too little is known for a change.
    """
    site, tariffs = load.site, named_tariffs(wanted, state)
    with conflicts():
        made = what_if(
            load.frame, wanted.changes, plant=site.plant, tariff=site.tariff, known=load.known.readings, tariffs=tariffs
        )
    facts = {
        "zone": site.plant.zone,
        "contract_kw": site.plant.contract_kw,
        "source": source_answer(load.known.source),
        "forecast": WhatIfForecast.model_validate(load.forecast) if load.forecast else None,
    }
    return WhatIfAnswer.model_validate({**vars(made), **facts})


@contextmanager
def conflicts() -> Iterator[None]:
    """Tell of what does not go with the load or with what is known as of a conflict: each value by itself is right."""
    try:
        yield
    except NotElectricError:
        raise
    except InputError as error:
        raise ConflictError(error.message, field=error.field, remedy=error.remedy) from error


@contextmanager
def fields_within(place: str) -> Iterator[None]:
    """Name a faulty field by where it stands in the request."""
    try:
        yield
    except InputError as error:
        if error.field in ("at", "from", "to"):
            error.field = f"{place}.{error.field}"
        raise
