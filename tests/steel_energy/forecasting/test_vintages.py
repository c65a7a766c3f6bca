from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from steel_energy.errors import InputError
from steel_energy.forecasting import SeasonalNaive, Vintages, load_forecaster
from steel_energy.params import ForecastingParams
from steel_energy.testing import toy_plant, toy_tariff

ZONE = toy_plant().zone


@pytest.fixture(scope="module")
def unfitted(small_params: ForecastingParams) -> Vintages:
    model = SeasonalNaive(plant=toy_plant(), tariff=toy_tariff(), params=small_params)
    return Vintages(model, ZONE)


@pytest.fixture(scope="module")
def both(unfitted: Vintages, noisy_readings: pl.DataFrame) -> Vintages:
    return unfitted.fit(noisy_readings[: 40 * 96]).fit(noisy_readings[: 30 * 96])


def day(readings: pl.DataFrame, number: int) -> dt.datetime:
    return readings["interval_start"][number * 96]


@pytest.mark.parametrize(
    ("origin_day", "fitted_days"),
    [
        pytest.param(29, 30, id="before every fit: the oldest"),
        pytest.param(30, 30, id="at the end of a fit: that fit"),
        pytest.param(39, 30, id="between two fits: the older"),
        pytest.param(40, 40, id="after both: the newer"),
    ],
)
def test_an_origin_gets_the_newest_fit_that_ends_before_it(
    both: Vintages, noisy_readings: pl.DataFrame, origin_day: int, fitted_days: int
) -> None:
    assert both.at(day(noisy_readings, origin_day)).trained_until == day(noisy_readings, fitted_days)


def test_a_naive_origin_is_plant_time(both: Vintages, noisy_readings: pl.DataFrame) -> None:
    naive = day(noisy_readings, 40).replace(tzinfo=None)

    assert both.at(naive).trained_until == day(noisy_readings, 40)


def test_many_origins_are_forecast_as_each_alone(both: Vintages, noisy_readings: pl.DataFrame) -> None:
    origins = [day(noisy_readings, number) for number in (41, 32)]

    many = both.predict_many(noisy_readings, origins, horizon=4)

    for origin in origins:
        alone = both.predict(noisy_readings, origin=origin, horizon=4)
        assert many.filter(pl.col("origin") == origin).drop("origin").equals(alone)


def test_saved_vintages_come_back_whole(both: Vintages, noisy_readings: pl.DataFrame, tmp_path: Path) -> None:
    both.save(tmp_path)

    loaded = load_forecaster(tmp_path, plant=toy_plant(), tariff=toy_tariff())

    assert loaded.name == "seasonal_naive"
    for number in (31, 41):
        origin = day(noisy_readings, number)
        expected = both.predict(noisy_readings, origin=origin)
        assert loaded.predict(noisy_readings, origin=origin).equals(expected)


def test_refitting_to_the_same_end_replaces_the_fit(both: Vintages, noisy_readings: pl.DataFrame) -> None:
    assert len(both.fit(noisy_readings[10 * 96 : 40 * 96]).fits) == 2


def test_nothing_fitted_is_refused(unfitted: Vintages, noisy_readings: pl.DataFrame) -> None:
    with pytest.raises(InputError, match="not fitted"):
        unfitted.predict(noisy_readings, origin=day(noisy_readings, 30))
