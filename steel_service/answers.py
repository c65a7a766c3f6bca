"""From domain results to the JSON of an answer: what an endpoint calls between parsing and returning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import polars as pl

from steel_energy.calendar import in_zone
from steel_energy.errors import InputError, NotEnoughDataError, SteelError
from steel_energy.history import readings_end
from steel_energy.ladder import Answered, Served, forecast_by
from steel_energy.outlook import Totals, priced, totals
from steel_energy.schema import INTERVAL, INTERVAL_MINUTES
from steel_energy.sites import Site
from steel_service.api_models.fields import Fallback, Source
from steel_service.api_models.forecast import ForecastAnswer, ForecastChange, ForecastRequest, ForecastTotals
from steel_service.api_models.info import (
    ChampionName,
    CopilotHealth,
    Health,
    ModelInfo,
    NowcastInfo,
    PlantFacts,
    PlantsAnswer,
    Problem,
)
from steel_service.errors import ConflictError, NotReadyError
from steel_service.forecasts import Question
from steel_service.ids import new_id
from steel_service.nowcast import NOWCAST_VERSION
from steel_service.nowcasts import usable
from steel_service.places import public_error, public_location, public_text
from steel_service.readings import PlantReadings
from steel_service.state import SERVICE_VERSION, State

SIMULATED = "simulated"


def forecast_question(request: ForecastRequest, state: State) -> Question:
    """What the answer to a request follows from.

    Raises:
        UnknownPlantError: there is no such plant.
        ConflictError: an origin off the grid or after the readings, or another day that the forecast does not reach.
        NotReadyError: no readings yet.
    """
    site = state.site(request.plant)
    known = state.readings.of(site)
    origin = _origin(request.at, known, site)
    _require_reached(request, origin)
    basis = state.forecasts.basis(site, known)
    return Question(basis, state.champions.version(site), origin, request.horizon, request.other_days)


def forecast_answer(question: Question, state: State, *, usual: ForecastTotals | None = None) -> ForecastAnswer:
    """The champion's forecast, or that of a step below it, with bands, cost and CO2.

    Args:
        question: what is asked.
        state: who answers.
        usual: totals of the same forecast by the plant's own calendar, where the question names other days.

    Raises:
        InputError: too little history before the origin.
        BundleError: no champion, and too few readings for any other forecast.
    """
    basis = question.asked_of
    site, known, origin = basis.site, basis.known, question.origin

    def ask(served: Served) -> pl.DataFrame:
        return forecast_by(served, basis.timeline, origin=origin, horizon=question.horizon)

    answered = state.champions.answer(site, known, origin=origin, ask=ask)
    manifest = answered.served.manifest
    intervals = priced(answered.value, plant=site.plant, tariff=site.tariff)
    summed = totals(intervals)
    return ForecastAnswer.model_validate(
        {
            "prediction_id": new_id(),
            "plant": site.plant.id,
            "zone": site.plant.zone,
            "origin": origin,
            "horizon": question.horizon,
            "model": manifest.model,
            "model_label": manifest.label,
            "model_version": manifest.version,
            "model_trained_until": in_zone(manifest.trained_until_for(origin), site.plant.zone),
            "fallback": fallback_answer(answered, state),
            "source": source_answer(known.source),
            "intervals": intervals.to_dicts(),
            "totals": summed,
            "change": _change(summed, usual) if usual else None,
        }
    )


def plants_answer(state: State) -> PlantsAnswer:
    """Every plant, with the tariff it is billed under.

    Raises:
        UnknownPlantError: the default plant is none of them.
    """
    default = state.site(None)
    return PlantsAnswer(
        plants=[
            PlantFacts(
                id=site.plant.id,
                name=site.plant.name,
                zone=site.plant.zone,
                contract_kw=site.plant.contract_kw,
                carrier=site.plant.carrier,
                energy_unit=site.plant.measure.energy_unit,
                power_unit=site.plant.measure.power_unit,
                kwh_per_unit=site.plant.measure.kwh_per_unit,
                tariff=site.tariff.id,
                tariff_name=site.tariff.name,
                is_default=site.plant.id == default.plant.id,
            )
            for site in state.asked_sites.values()
        ]
    )


def health_answer(site: Site, state: State, copilot: CopilotHealth) -> Health:
    """What is there and what is missing; never raises for what is missing."""
    problems: list[Exception] = []
    known = answered = None
    try:
        known = state.readings.of(site)
    except SteelError as error:
        problems.append(error)
    try:
        answered = state.champions.in_use(site, known)
        problems += [failure.error for failure in answered.failures]
    except SteelError as error:
        problems.append(error)
    usable(state.nowcasts, site.plant)
    others = (state.champions.refused(site), state.nowcasts.refused(site.plant), state.predictions.trouble())
    problems += [error for error in others if error]
    return Health(
        status="degraded" if problems else "ok",
        plant=site.plant.id,
        zone=site.plant.zone,
        source=source_answer(known.source) if known else None,
        readings_until=readings_end(known.readings) if known else None,
        champion=ChampionName.model_validate(answered.served.manifest) if answered else None,
        fallback=fallback_answer(answered, state) if answered else None,
        problems=[_problem(error, state) for error in problems],
        copilot=copilot,
        service_version=SERVICE_VERSION,
    )


def model_answer(site: Site, state: State) -> ModelInfo:
    """The manifest of the model that answers now, and the nowcast.

    Raises:
        BundleError: no champion, and too few readings for any other forecast.
    """
    try:
        known = state.readings.of(site)
    except NotReadyError:  # a bundle has a manifest without them
        known = None
    answered = state.champions.in_use(site, known)
    manifest = answered.served.manifest
    said = {
        **manifest.model_dump(),
        "source": source_answer(manifest.source),
        "fallback": fallback_answer(answered, state),
        "nowcast": _nowcast_info(site, state),
    }
    return ModelInfo.model_validate(said)


def source_answer(origin: Mapping[str, Any] | None) -> Source | None:
    """The origin of the raw readings as the lake's facts hold it; of a file, its name alone."""
    if not origin:
        return None
    location = public_location(origin["location"])
    return Source(kind=origin["kind"], location=location, is_simulated=origin["kind"] == SIMULATED)


def fallback_answer(answered: Answered[Any], state: State) -> Fallback | None:
    """Who answers for the champion and why; None where it answers itself."""
    if answered.fallback is None:
        return None
    return Fallback(step=answered.fallback.step, because=public_text(answered.fallback.because, state.settings))


def _nowcast_info(site: Site, state: State) -> NowcastInfo:
    fitted = usable(state.nowcasts, site.plant)
    return NowcastInfo(
        version=NOWCAST_VERSION,
        model_version=fitted.manifest.version if fitted else None,
        **site.plant.meter.model_dump(),
    )


def _problem(error: Exception, state: State) -> Problem:
    if isinstance(error, SteelError):
        told = public_error(error, state.settings)
        return Problem(what=told.what, remedy=told.remedy, code=told.code, reason=told.reason, values=dict(told.values))
    what = public_text(f"{type(error).__name__}: {error}", state.settings)
    return Problem(what=what, remedy="the service's log has the details", code="internal")


def _change(told: Totals, usual: ForecastTotals) -> dict[str, float]:
    return {name: getattr(told, name) - getattr(usual, name) for name in ForecastChange.model_fields}


def _require_reached(request: ForecastRequest, origin: dt.datetime) -> None:
    """Refuse a day that the forecast says nothing of: to ask about it is a slip, and no change would hide that."""
    end = origin + request.horizon * INTERVAL
    last = end.date() + dt.timedelta(days=1)  # the evening before a closed day is unlike other evenings
    for field in ("closed_days", "open_days"):
        for place, day in enumerate(getattr(request, field)):
            if not origin.date() <= day <= last:
                raise ConflictError(
                    f"{day} lies outside of the forecast",
                    field=f"{field}.{place}",
                    remedy=f"name days from {origin.date()} to {last}, or a longer horizon",
                ).named("day_beyond_forecast", day=str(day), first=str(origin.date()), last=str(last))


def _origin(at: dt.datetime | None, known: PlantReadings, site: Site) -> dt.datetime:
    last = readings_end(known.readings)
    origin = in_zone(at or last, site.plant.zone)
    if origin > last:
        raise ConflictError(
            f"lies after the end of the known readings, {last.isoformat()}",
            field="at",
            remedy="leave it out to forecast from there",
        ).named("after_readings", until=last.isoformat())
    if origin.minute % INTERVAL_MINUTES or origin.second or origin.microsecond:
        raise ConflictError(
            "is not the end of a 15-minute interval", field="at", remedy="use :00, :15, :30 or :45"
        ).named("off_grid")
    return origin


@contextmanager
def told_about(request: ForecastRequest, known: PlantReadings) -> Iterator[None]:
    """Tell a forecaster's refusal in the request's words: it knows an origin, the request an optional ``at``."""
    try:
        yield
    except NotEnoughDataError as error:
        if request.at is None:
            raise NotReadyError(error.message, remedy=error.remedy).named(error.reason, **error.values) from error
        first: dt.datetime = known.readings["interval_start"][0]
        remedy = f"name a later moment; the readings start at {first.isoformat()}"
        told = ConflictError(error.message, field="at", remedy=remedy)
        if error.reason == "too_few_days":
            told.named("too_few_days_before", first=first.isoformat(), **error.values)
        raise told from error
    except InputError as error:
        if error.field != "origin":
            raise
        raise ConflictError(error.message, field="at", remedy=error.remedy) from error
