"""Why a forecast is what it is, for whoever got it: the trees' contributions, and what the rest of an ensemble adds.

The trees of the forecaster that answered are explained, of several vintages those of the fit that answered. Base,
drivers and, as a term of its own, the distance from the trees' forecast to the one that was answered add up to it: of a
blend with a model without trees that distance is what the other member moves the mean by; of trees alone it is nothing
but a forecast that was kept from falling below zero.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray
from steel_energy.calendar import in_zone
from steel_energy.errors import InputError
from steel_energy.explaining.contributions import Explanation, explain_rows
from steel_energy.explaining.drivers import DRIVER_OF, DRIVERS
from steel_energy.explaining.explainer import Explainer, explainer_of
from steel_energy.features import FEATURES, FeatureBuilder, pair
from steel_energy.forecasting.base import Forecaster
from steel_energy.forecasting.vintages import Vintages
from steel_energy.timeline import Timeline

TOLD_FEATURES = 3
"""Of each driver, those that add or take most."""


@dataclass(frozen=True)
class FeaturePart:
    """What one feature adds to the forecast of an interval.

    Attributes:
        feature: one of ``FEATURES``.
        value: what it was; NaN where unknown.
        kwh: signed.
    """

    feature: str
    value: float
    kwh: float


@dataclass(frozen=True)
class ForecastExplanation:
    """What each of ``n`` intervals of a forecast is made of, kWh, shape ``(n,)`` each.

    ``base_kwh``, ``drivers_kwh`` and ``rest_kwh`` add up to ``forecast_kwh``.

    Attributes:
        about: whose trees are explained, in words.
        is_whole: whether the trees are the whole forecaster, and not one member of it.
        interval_start: plant zone.
        forecast_kwh: as it was answered.
        base_kwh: what the trees expect where they know nothing.
        drivers_kwh: by each of ``DRIVERS``.
        rest_kwh: from the trees' forecast to the one that was answered.
        rows: the trees' own, by feature.
    """

    about: str
    is_whole: bool
    interval_start: pl.Series
    forecast_kwh: FloatArray
    base_kwh: FloatArray
    drivers_kwh: dict[str, FloatArray]
    rest_kwh: FloatArray
    rows: Explanation

    def place_of(self, start: dt.datetime) -> int:
        """Which of the intervals begins at ``start``, a moment in the plant's zone.

        Raises:
            InputError: none of them does.
        """
        found = np.flatnonzero((self.interval_start == start).to_numpy())
        if not len(found):
            first, last = (self.interval_start[at].isoformat() for at in (0, -1))
            raise InputError("is no interval of the forecast", field="interval", remedy=f"use {first} to {last}")
        return int(found[0])

    def features_of(self, driver: str, place: int) -> tuple[FeaturePart, ...]:
        """The features of a driver that add or take most at one interval."""
        parts = [
            FeaturePart(name, float(value), float(kwh))
            for name, value, kwh in zip(
                FEATURES, self.rows.features[place], self.rows.contributions_kwh[place], strict=True
            )
            if DRIVER_OF[name] == driver
        ]
        return tuple(sorted(parts, key=lambda part: -abs(part.kwh))[:TOLD_FEATURES])


def explain_answer(
    forecaster: Forecaster, timeline: Timeline, *, origin: dt.datetime, forecast_kwh: FloatArray
) -> ForecastExplanation:
    """What the forecast of ``forecaster`` from ``origin`` is made of.

    Args:
        forecaster: the one that answered.
        timeline: what it answered from, reaching as far ahead.
        origin: end of the last known interval; a naive time is read as plant time.
        forecast_kwh: its mean forecast, shape ``(n,)`` for the ``n`` intervals from ``origin`` on.

    Raises:
        InputError: it has no trees to explain, or the origin is off the grid or beyond the readings.
    """
    moment = in_zone(origin, timeline.zone)
    answered = forecaster.at(moment).forecaster if isinstance(forecaster, Vintages) else forecaster
    explainer = _explainer(answered)
    positions, leads = pair(timeline.positions([origin]), len(forecast_kwh))
    rows = explain_rows(explainer, timeline.once(FeatureBuilder).matrix(positions, leads), leads)
    drivers_kwh = rows.by_driver()
    return ForecastExplanation(
        about=explainer.about,
        is_whole=explainer.forecaster is answered,
        interval_start=timeline.interval_start.gather(positions + leads - 1),
        forecast_kwh=forecast_kwh,
        base_kwh=rows.base_kwh,
        drivers_kwh=drivers_kwh,
        rest_kwh=forecast_kwh - rows.base_kwh - np.sum([drivers_kwh[driver] for driver in DRIVERS], axis=0),
        rows=rows,
    )


def _explainer(answered: Forecaster) -> Explainer:
    found = explainer_of(answered)
    if found is None:
        raise InputError(
            f"the forecast came from {answered.name}, which has no trees to explain",
            field="kind",
            remedy="explain an interval, a day or a peak",
        )
    return found
