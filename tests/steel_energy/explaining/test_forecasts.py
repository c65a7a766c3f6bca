"""A forecast taken apart: base, drivers and what the rest of an ensemble adds make it up again, in words too."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from steel_energy.errors import InputError
from steel_energy.explaining.drivers import DRIVERS
from steel_energy.explaining.forecast_words import base_sentence, driver_sentence, forecast_headline, rest_sentence
from steel_energy.explaining.forecasts import FeaturePart, ForecastExplanation, explain_answer
from steel_energy.forecasting import SeasonalNaive
from steel_energy.forecasting.base import Forecaster
from steel_energy.forecasting.vintages import Vintage, Vintages
from steel_energy.params import ForecastingParams
from steel_energy.testing import toy_plant, toy_tariff
from steel_energy.timeline import MAX_HORIZON, Timeline, build_timeline

SEOUL = ZoneInfo("Asia/Seoul")
ORIGIN = dt.datetime(2018, 2, 14, 6, tzinfo=SEOUL)
HORIZON = 8


@pytest.fixture(scope="module")
def timeline(readings: pl.DataFrame) -> Timeline:
    return build_timeline(readings, plant=toy_plant(), tariff=toy_tariff(), ahead=MAX_HORIZON)


@pytest.fixture(scope="module")
def naive(readings: pl.DataFrame, small_params: ForecastingParams) -> Forecaster:
    return SeasonalNaive(plant=toy_plant(), tariff=toy_tariff(), params=small_params).fit(readings)


def told_of(forecaster: Forecaster, timeline: Timeline) -> ForecastExplanation:
    mean_kwh = forecaster.predict(timeline, origin=ORIGIN, horizon=HORIZON)["mean_kwh"].to_numpy()
    told = explain_answer(forecaster, timeline, origin=ORIGIN, forecast_kwh=mean_kwh)
    sums = told.base_kwh + told.rest_kwh + np.sum([told.drivers_kwh[driver] for driver in DRIVERS], axis=0)
    assert sums == pytest.approx(mean_kwh, abs=1e-9)
    return told


@pytest.mark.parametrize("kind", ["lightgbm", "xgboost", "ensemble"])
def test_trees_alone_leave_no_rest(kind: str, fitted: dict[str, Forecaster], timeline: Timeline) -> None:
    told = told_of(fitted[kind], timeline)

    assert told.is_whole
    assert told.rest_kwh == pytest.approx(np.zeros(HORIZON), abs=1e-3)


def test_the_member_without_trees_is_a_term_of_its_own(
    fitted: dict[str, Any], naive: Forecaster, timeline: Timeline
) -> None:
    blend = replace(fitted["ensemble"], members=(fitted["lightgbm"], naive), weights=(0.25, 0.75))
    told = told_of(blend, timeline)
    trees, other = (
        one.predict(timeline, origin=ORIGIN, horizon=HORIZON)["mean_kwh"].to_numpy() for one in blend.members
    )
    share = np.where(np.arange(1, HORIZON + 1) <= 4, 0.25, 0.75)

    assert not told.is_whole
    assert told.about.startswith("lightgbm, ")
    assert told.rest_kwh == pytest.approx((1 - share) * (other - trees), abs=1e-3)
    assert "other member" in rest_sentence(told, 1.0)


def test_of_several_vintages_the_one_that_answered_is_explained(
    fitted: dict[str, Any], naive: Forecaster, timeline: Timeline
) -> None:
    fits = (
        Vintage(dt.datetime(2018, 2, 1, tzinfo=dt.UTC), fitted["lightgbm"]),
        Vintage(dt.datetime(2018, 2, 15, tzinfo=dt.UTC), naive),
    )

    assert told_of(Vintages(naive, "Asia/Seoul", fits), timeline).about == "lightgbm itself"


def test_a_forecaster_without_trees_is_refused(naive: Forecaster, timeline: Timeline) -> None:
    with pytest.raises(InputError, match="seasonal_naive, which has no trees") as refused:
        told_of(naive, timeline)

    assert refused.value.field == "kind"


def test_an_interval_is_found_by_its_start_alone(fitted: dict[str, Forecaster], timeline: Timeline) -> None:
    told = told_of(fitted["lightgbm"], timeline)

    assert told.place_of(dt.datetime(2018, 2, 14, 6, 30, tzinfo=SEOUL)) == 2
    with pytest.raises(InputError, match="no interval of the forecast"):
        told.place_of(dt.datetime(2018, 2, 14, 8, tzinfo=SEOUL))


def test_the_features_of_a_driver_are_its_largest(fitted: dict[str, Forecaster], timeline: Timeline) -> None:
    told = told_of(fitted["lightgbm"], timeline)
    sizes = [abs(part.kwh) for part in told.features_of("similar days", 3)]

    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == 3
    assert told.features_of("tariff band", 3)[0].feature == "load_type"


def test_sentences_tell_quantities_and_units(fitted: dict[str, Forecaster], timeline: Timeline) -> None:
    told = told_of(fitted["lightgbm"], timeline)
    parts = (
        FeaturePart("slot", 38.0, 4.0),
        FeaturePart("usage_1_back_kwh", 95.0, -2.5),
        FeaturePart("is_closed", 1.0, 0.01),
    )

    assert forecast_headline(told, 2).startswith("Wed 14 Feb 2018, 06:30 to 06:45: ")
    assert forecast_headline(told, None).startswith("Wed 14 Feb 2018, 06:00 to Wed 14 Feb 2018, 08:00: ")
    assert base_sentence(12.34) == "Knowing nothing, the trees expect 12.3 kWh."
    assert driver_sentence("operating state now", 1.5, parts) == (
        "Operating state now: +1.5 kWh, mostly time of day (09:30) +4.0 kWh; usage 15 min back (95.0 kWh) -2.5 kWh."
    )


@pytest.mark.parametrize(
    ("feature", "value", "said"),
    [
        pytest.param("weekday", 7.0, "(Sunday)", id="weekday"),
        pytest.param("load_type", 2.0, "(maximum)", id="band"),
        pytest.param("is_closed", 1.0, "(yes)", id="closed"),
        pytest.param("lagging_reactive_kvarh", 3.06, "(3.1 kvarh)", id="reactive"),
        pytest.param("lagging_power_factor", 77.14, "(77.1 %)", id="power-factor"),
        pytest.param("yesterday_kwh", 4292.9, "(4,293 kWh)", id="energy"),
        pytest.param("usual_kwh", float("nan"), "(not known)", id="unknown"),
    ],
)
def test_a_feature_is_told_as_a_person_would(feature: str, value: float, said: str) -> None:
    assert said in driver_sentence("a driver", 1.0, (FeaturePart(feature, value, 1.0),))
