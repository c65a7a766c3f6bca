from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from steel_energy.errors import InputError, NotEnoughDataError
from steel_energy.forecasting import FORECAST_COLUMNS, KINDS, SeasonalNaive
from steel_energy.forecasting.seasonal import similar_day
from steel_energy.params import ForecastingParams
from steel_energy.plant import Plant
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.timeline import Timeline, build_timeline

WEDNESDAY = 16  # days after Monday 2018-01-01


@pytest.fixture
def naive(small_params: ForecastingParams) -> SeasonalNaive:
    return SeasonalNaive(plant=toy_plant(), tariff=toy_tariff(), params=small_params)


def midnight_of(day: int) -> dt.datetime:
    return dt.datetime(2018, 1, 1) + dt.timedelta(days=day)  # noqa: DTZ001 - plant time


def timeline_of(plant: Plant, days: int = 16) -> Timeline:
    return build_timeline(toy_readings(days=days, plant=plant), plant=plant, tariff=toy_tariff(), ahead=672)


def test_an_ordinary_day_is_like_the_same_weekday_last_week():
    assert similar_day(timeline_of(toy_plant()), day=WEDNESDAY, before=WEDNESDAY) == WEDNESDAY - 7


def test_a_target_a_week_ahead_is_like_the_newest_same_weekday_that_is_complete():
    assert similar_day(timeline_of(toy_plant()), day=WEDNESDAY + 7, before=WEDNESDAY) == WEDNESDAY - 7


def test_an_open_day_skips_last_weeks_holiday():
    calendar = toy_plant().calendar.model_copy(update={"closed_days": frozenset({dt.date(2018, 1, 10)})})
    plant = toy_plant().model_copy(update={"calendar": calendar})

    assert similar_day(timeline_of(plant), day=WEDNESDAY, before=WEDNESDAY) == WEDNESDAY - 14


def test_a_holiday_is_like_the_newest_closed_day_of_any_weekday():
    calendar = toy_plant().calendar.model_copy(update={"closed_days": frozenset({dt.date(2018, 1, 17)})})
    plant = toy_plant().model_copy(update={"calendar": calendar})

    assert similar_day(timeline_of(plant), day=WEDNESDAY, before=WEDNESDAY) == 13  # Sunday 2018-01-14


def test_the_first_closed_day_ever_is_like_the_newest_day_at_all():
    calendar = toy_plant().calendar.model_copy(
        update={"closed_weekdays": frozenset(), "closed_days": {dt.date(2018, 1, 17)}}
    )
    plant = toy_plant().model_copy(update={"calendar": calendar})

    assert similar_day(timeline_of(plant), day=WEDNESDAY, before=WEDNESDAY) == WEDNESDAY - 1


def test_a_plant_that_never_changes_is_foretold_exactly(naive: SeasonalNaive):
    readings = toy_readings(days=42)

    forecast = naive.fit(readings[: 28 * 96]).predict(readings, origin=midnight_of(28), horizon=672)

    assert tuple(forecast.columns) == FORECAST_COLUMNS
    assert forecast["interval_start"].to_list() == readings["interval_start"][28 * 96 : 35 * 96].to_list()
    assert forecast["mean_kwh"].to_list() == readings["usage_kwh"][28 * 96 : 35 * 96].to_list()
    assert forecast["q05"].to_list() == forecast["q95"].to_list() == forecast["mean_kwh"].to_list()


def test_the_band_is_as_wide_as_the_errors_were(naive: SeasonalNaive, noisy_readings: pl.DataFrame):
    forecast = naive.fit(noisy_readings).predict(noisy_readings, origin=midnight_of(56))

    inside = forecast["mean_kwh"].is_between(forecast["q05"], forecast["q95"]).mean()
    assert inside > 0.8
    assert (forecast["q95"] - forecast["q05"]).min() > 0.5


def test_nothing_after_the_origin_is_read(naive: SeasonalNaive, noisy_readings: pl.DataFrame):
    fitted, origin = naive.fit(noisy_readings), midnight_of(30) + dt.timedelta(hours=7)
    position = 30 * 96 + 28
    future = noisy_readings[position:].with_columns(usage_kwh=pl.lit(999.0))
    changed = pl.concat([noisy_readings[:position], future])

    assert fitted.predict(changed, origin=origin).equals(fitted.predict(noisy_readings, origin=origin))
    assert fitted.predict_many(changed, [origin]).equals(fitted.predict_many(noisy_readings, [origin]))


def test_a_shared_timeline_gives_what_the_readings_before_each_origin_give(
    naive: SeasonalNaive, noisy_readings: pl.DataFrame
):
    fitted = naive.fit(noisy_readings)
    timeline = build_timeline(noisy_readings, plant=toy_plant(), tariff=toy_tariff(), ahead=672)

    for origin in (midnight_of(50) + dt.timedelta(hours=7), midnight_of(56)):
        assert fitted.predict(timeline, origin=origin).equals(fitted.predict(noisy_readings, origin=origin))


@pytest.mark.parametrize(("kind", "days_back"), [("seasonal_naive_day", 1), ("seasonal_naive_week", 7)])
def test_the_plain_ones_repeat_the_newest_known_day_or_week(
    kind: str, days_back: int, small_params: ForecastingParams, noisy_readings: pl.DataFrame
):
    fitted = KINDS[kind](plant=toy_plant(), tariff=toy_tariff(), params=small_params).fit(noisy_readings[: 40 * 96])
    position = 50 * 96 + 28

    forecast = fitted.predict(noisy_readings, origin=midnight_of(50) + dt.timedelta(hours=7), horizon=672)

    period = noisy_readings["usage_kwh"][position - 96 * days_back : position].to_list()
    assert forecast["mean_kwh"].to_list() == period * (7 // days_back)


def test_training_on_too_little_says_how_much_is_needed(naive: SeasonalNaive):
    with pytest.raises(NotEnoughDataError, match=r"21 days of readings, got 20\.0"):
        naive.fit(toy_readings(days=20))


def test_a_forecast_from_too_little_history_is_refused(naive: SeasonalNaive):
    fitted = naive.fit(toy_readings(days=21))

    with pytest.raises(NotEnoughDataError, match=r"a forecast needs 8 days of readings, got 7\.0"):
        fitted.predict(toy_readings(days=7), origin=midnight_of(7))


def test_an_unfitted_forecaster_refuses_to_forecast(naive: SeasonalNaive):
    with pytest.raises(InputError, match="not fitted"):
        naive.predict(toy_readings(days=21), origin=midnight_of(21))
