"""From a forecast that was answered to what /explain says of it: drivers that add up, with their words."""

from __future__ import annotations

import math

import numpy as np

from steel_energy.calendar import in_zone
from steel_energy.explaining import forecast_words as words
from steel_energy.explaining.drivers import CALENDAR, DRIVERS, LEVEL, REACTIVE, SIMILAR, STATE, TARIFF, words_of
from steel_energy.explaining.forecasts import FeaturePart, ForecastExplanation, explain_answer
from steel_energy.ladder import Served
from steel_service.api_models.explain import (
    ExplainForecast,
    ForecastContribution,
    ForecastDrivers,
    ForecastExplanationAnswer,
    ForecastFeature,
)
from steel_service.api_models.forecast import ForecastAnswer
from steel_service.errors import ConflictError
from steel_service.explanations import unexplained
from steel_service.forecasts import Question
from steel_service.state import State

SAID_OF_FORECAST = {"plant", "zone", "prediction_id", "origin", "horizon", "model", "model_version"}
FIELD_OF_DRIVER = {
    STATE: "operating_state_kwh",
    LEVEL: "recent_level_kwh",
    SIMILAR: "similar_days_kwh",
    CALENDAR: "calendar_kwh",
    TARIFF: "tariff_band_kwh",
    REACTIVE: "reactive_kwh",
}


def forecast_explanation(
    wanted: ExplainForecast, forecast: ForecastAnswer, question: Question, state: State
) -> ForecastExplanationAnswer:
    """Why ``forecast``, the answer to ``question``, is what it is.

    Raises:
        ConflictError: its model has no trees or no longer serves, or it has no such interval.
    """
    with unexplained():
        served = _answered(forecast, question, state)
        told = state.explained.forecast(
            (question.key, forecast.model_version), lambda: _explained(served, forecast, question)
        )
        place = told.place_of(in_zone(wanted.interval, forecast.zone)) if wanted.interval else None
    of = slice(None) if place is None else place
    return ForecastExplanationAnswer(
        **forecast.model_dump(
            include={"plant", "zone", "prediction_id", "origin", "horizon", "model", "model_version"}
        ),
        kind="forecast",
        source=forecast.source,
        fallback=forecast.fallback,
        explained_by=told.about,
        is_whole=told.is_whole,
        interval=None if place is None else told.interval_start[place],
        text=words.forecast_headline(told, place),
        forecast_kwh=float(told.forecast_kwh[of].sum()),
        contributions=_contributions(told, place),
        intervals=_intervals(told),
    )


def _explained(served: Served, forecast: ForecastAnswer, question: Question) -> ForecastExplanation:
    return explain_answer(
        served.forecaster,
        question.basis.timeline,
        origin=question.origin,
        forecast_kwh=np.array([one.mean_kwh for one in forecast.intervals]),
    )


def _answered(forecast: ForecastAnswer, question: Question, state: State) -> Served:
    """The model that made the forecast; another one may have taken over since."""
    served = state.champions.in_use(question.basis.site, question.basis.known).served
    if served.manifest.version != forecast.model_version:
        raise ConflictError("another model answers by now", field="kind", remedy="ask again")
    return served


def _contributions(told: ForecastExplanation, place: int | None) -> list[ForecastContribution]:
    """Base, the drivers with the largest first, and the rest; of one interval, or of all together."""
    of = slice(None) if place is None else place
    base_kwh, rest_kwh = (float(values[of].sum()) for values in (told.base_kwh, told.rest_kwh))
    sums = {driver: float(told.drivers_kwh[driver][of].sum()) for driver in DRIVERS}
    parts = [
        _contribution(driver, kwh, () if place is None else told.features_of(driver, place))
        for driver, kwh in sorted(sums.items(), key=lambda one: -abs(one[1]))
    ]
    return [
        ForecastContribution(driver="base", kwh=base_kwh, features=[], text=words.base_sentence(base_kwh)),
        *parts,
        ForecastContribution(driver="rest", kwh=rest_kwh, features=[], text=words.rest_sentence(told, rest_kwh)),
    ]


def _contribution(driver: str, kwh: float, features: tuple[FeaturePart, ...]) -> ForecastContribution:
    return ForecastContribution(
        driver=driver,
        kwh=kwh,
        features=[
            ForecastFeature(
                feature=part.feature,
                label=words_of(part.feature),
                value=None if math.isnan(part.value) else part.value,
                kwh=part.kwh,
            )
            for part in features
        ],
        text=words.driver_sentence(driver, kwh, features),
    )


def _intervals(told: ForecastExplanation) -> list[ForecastDrivers]:
    return [
        ForecastDrivers.model_validate(
            {
                "interval_start": start,
                "forecast_kwh": told.forecast_kwh[place],
                "base_kwh": told.base_kwh[place],
                "rest_kwh": told.rest_kwh[place],
                **{field: told.drivers_kwh[driver][place] for driver, field in FIELD_OF_DRIVER.items()},
            }
        )
        for place, start in enumerate(told.interval_start)
    ]
