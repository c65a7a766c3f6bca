"""From an /optimize request to its answer: the base load it plans on, its tariff, and the domain's plan as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypedDict

import polars as pl

from steel_energy.calendar import in_zone
from steel_energy.errors import InfeasiblePlanError, InputError, NotEnoughDataError
from steel_energy.history import readings_end
from steel_energy.planning import ParetoPoint, Plan, PlanningParams, plan
from steel_energy.planning.horizon import horizon_of
from steel_energy.planning.pareto import pareto_front
from steel_energy.plant import Plant
from steel_energy.schema import INTERVAL
from steel_energy.tariff import Tariff
from steel_energy.timeline import MAX_HORIZON
from steel_energy.whatif.loads import LOAD_COLUMNS
from steel_service.answers import source_answer
from steel_service.api_models.forecast import ForecastRequest
from steel_service.api_models.optimize import OptimizeAnswer, OptimizeRequest
from steel_service.api_models.what_if import WhatIfForecast
from steel_service.bills import bill_under
from steel_service.errors import ConflictError
from steel_service.state import State
from steel_service.tariffs import measured_period, tariff_named
from steel_service.what_ifs import AskedLoad


class _About(TypedDict):
    """What a plan and its front are made with."""

    plant: Plant
    tariff: Tariff
    params: PlanningParams
    known: pl.DataFrame


def forecast_wanted(wanted: OptimizeRequest, state: State) -> ForecastRequest | None:
    """The forecast that the base load needs; None where all of it was measured.

    Raises:
        UnknownPlantError: there is no such plant.
        NotReadyError: no readings yet.
        ConflictError: the period is empty, off the grid, too long, or ends too late to be forecast.
    """
    site = state.site(wanted.plant)
    with conflicts():
        period = horizon_of(wanted.start, wanted.end, zone=site.plant.zone)
    known_until = readings_end(state.readings.of(site).readings)
    if wanted.at is None and period.end <= known_until:
        return None
    origin = in_zone(wanted.at, site.plant.zone) if wanted.at else known_until
    horizon = (period.end - origin) // INTERVAL
    if horizon < 1:
        raise ConflictError(
            "does not lie before the end of the period", field="at", remedy="name an earlier moment"
        ).named("after_period")
    if horizon > MAX_HORIZON:
        latest = (origin + MAX_HORIZON * INTERVAL).isoformat()
        raise ConflictError(
            f"a forecast reaches to {latest}, no further", field="end", remedy=f"plan until {latest} at the latest"
        ).named("beyond_forecast", until=latest)
    return ForecastRequest(plant=wanted.plant, at=wanted.at, horizon=horizon)


def planned_load(wanted: OptimizeRequest, forecast: AskedLoad | None, state: State) -> AskedLoad:
    """The base load of the period: what was measured of it, then the forecast.

    Raises:
        ConflictError: it begins before the known readings.
    """
    site = state.site(wanted.plant)
    known = state.readings.of(site)
    period = horizon_of(wanted.start, wanted.end, zone=site.plant.zone)
    parts = [forecast.frame.select(LOAD_COLUMNS)] if forecast else []
    until = forecast.frame["interval_start"][0] if forecast else period.end
    if period.start < until:
        with conflicts():
            measured_period(period.start, until, known.readings, zone=site.plant.zone)
        parts.insert(0, known.readings.filter(pl.col("interval_start") < until).select(LOAD_COLUMNS))
    frame = pl.concat(parts, how="vertical_relaxed").filter(pl.col("interval_start") >= period.start)
    return AskedLoad(site, known, frame, forecast.forecast if forecast else None)


def optimize_answer(wanted: OptimizeRequest, load: AskedLoad, state: State) -> OptimizeAnswer:
    """The best plan.

    Raises:
        ConflictError: fields of the request do not go together with the period, the plant or each other.
        InfeasiblePlanError: no schedule keeps to the request.
        UnknownTariffError: there is no such tariff.
    """
    site = load.site
    tariff = tariff_named(wanted.tariff, state.settings, field="tariff") if wanted.tariff else site.tariff
    before = load.known.readings.filter(pl.col("interval_start") < load.frame["interval_start"][0])
    about = _About(plant=site.plant, tariff=tariff, params=state.planning, known=before)
    with conflicts():
        made = plan(wanted, load.frame, **about)
        front = pareto_front(wanted, load.frame, **about) if wanted.front else None
    return _answer(made, front, load, tariff_name=tariff.name)


def _answer(made: Plan, front: tuple[ParetoPoint, ...] | None, load: AskedLoad, *, tariff_name: str) -> OptimizeAnswer:
    cheaper = min(made.baseline, made.planned, key=lambda one: one.total_krw)
    facts = {
        "plant": load.site.plant.id,
        "zone": load.site.plant.zone,
        "contract_kw": load.site.plant.contract_kw,
        "start": made.baseline.start,
        "end": made.baseline.end,
        "source": source_answer(load.known.source),
        "forecast": WhatIfForecast.model_validate(load.forecast) if load.forecast else None,
        "baseline": bill_under(made.baseline, name=tariff_name, cheapest=cheaper),
        "planned": bill_under(made.planned, name=tariff_name, cheapest=cheaper),
        "baseline_peak_kw": made.baseline.peak_kw,
        "planned_peak_kw": made.planned.peak_kw,
        "planned_co2_t": made.co2_t,
        "schedule": made.schedule.to_dicts(),
        "front": front,
    }
    return OptimizeAnswer.model_validate({**vars(made), **facts})


@contextmanager
def conflicts() -> Iterator[None]:
    """Tell of fields that do not go together, or not with what is known, as of a conflict; each by itself is right."""
    try:
        yield
    except InfeasiblePlanError:
        raise
    except (InputError, NotEnoughDataError) as error:
        field = {"from": "start", "to": "end"}.get(error.field or "", error.field)
        raise ConflictError(error.message, field=field, remedy=error.remedy) from error
