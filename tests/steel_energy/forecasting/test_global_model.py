"""The global model at one plant: its size cancels out, the future is not seen, a bundle gives the same to the bit."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from steel_energy.errors import NotEnoughDataError
from steel_energy.forecasting import load_forecaster
from steel_energy.forecasting.boosters import Growth
from steel_energy.forecasting.calibration import ErrorQuantiles
from steel_energy.forecasting.global_model import (
    GlobalBooster,
    GlobalForecaster,
    GlobalRange,
    global_features,
    scale_kwh,
)
from steel_energy.params import LeadRange, load_params
from steel_energy.settings import PROJECT_ROOT
from steel_energy.testing import toy_plant, toy_readings, toy_tariff, varied_readings
from steel_energy.timeline import MAX_HORIZON, build_timeline

ENERGIES = ("usage_kwh", "lagging_reactive_kvarh", "leading_reactive_kvarh")
LEADS = LeadRange(first=1, last=MAX_HORIZON, rows_per_origin=1, trees=10)
ORIGIN, EARLY = (dt.datetime.fromisoformat(day) for day in ("2018-02-12", "2018-01-07"))  # plant time


@pytest.fixture(scope="module")
def readings() -> pl.DataFrame:
    return varied_readings(days=56, plant=toy_plant())


@pytest.fixture(scope="module")
def forecaster(readings: pl.DataFrame) -> GlobalForecaster:
    line = build_timeline(readings, plant=toy_plant(), tariff=toy_tariff(), ahead=MAX_HORIZON)
    origins = np.arange(7 * 96, line.end - 96)
    leads = np.tile(np.arange(1, 97), len(origins) // 96 + 1)[: len(origins)]
    features = global_features(line, origins, leads, plant=toy_plant())
    usage = line.usage_kwh[origins + leads - 1] / scale_kwh(line, origins, plant=toy_plant())
    growth = Growth(10, 1.0, load_params(PROJECT_ROOT / "params.yaml").forecasting.xgboost, seed=1)
    trees = GlobalBooster.train(features, usage, target="level", growth=growth)
    errors = ErrorQuantiles(np.array([0.0]), np.array([[-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3]]))
    return GlobalForecaster(toy_plant(), toy_tariff(), (GlobalRange(LEADS, trees, 0.25, errors),), 7, plants=2)


def test_the_size_of_a_plant_is_its_mean_usage_of_four_weeks_or_less():
    """The toy plant uses 2 kWh in 12 of 24 hours, 10 in 8 and 20 in 4: 7.67 on average; 2 all day on Sundays."""
    line = build_timeline(toy_readings(days=35), plant=toy_plant(), tariff=toy_tariff(), ahead=1)
    open_day, closed_day = (2 * 12 + 10 * 8 + 20 * 4) / 24, 2.0
    scales = scale_kwh(line, np.array([96, 7 * 96, 35 * 96]), plant=toy_plant())

    assert scales == pytest.approx(
        [open_day, (6 * open_day + closed_day) / 7, (6 * open_day + closed_day) / 7], abs=0.6
    )


def test_a_plant_that_used_nothing_has_the_size_of_a_pulse():
    silent = toy_readings(days=8).with_columns(usage_kwh=pl.lit(0.0))
    line = build_timeline(silent, plant=toy_plant(), tariff=toy_tariff(), ahead=1)

    assert scale_kwh(line, np.array([96]), plant=toy_plant()) == [1.0]


def test_a_plant_ten_times_as_large_gets_ten_times_the_forecast(forecaster, readings):
    plant = toy_plant(pulse_kwh=10)
    large = plant.model_copy(update={"contract_kw": 10 * plant.contract_kw})
    tenfold = readings.with_columns(pl.col(ENERGIES) * 10)

    small, big = (
        GlobalForecaster(which, toy_tariff(), forecaster.models, 7, plants=2).predict(
            history, origin=ORIGIN, horizon=672
        )
        for which, history in ((toy_plant(), readings), (large, tenfold))
    )

    for column in small.columns[1:]:
        np.testing.assert_allclose(big[column], 10 * small[column], rtol=1e-4)


def test_nothing_at_or_after_the_origin_is_read(forecaster, readings):
    later = pl.col("interval_start").dt.replace_time_zone(None) >= ORIGIN
    other = readings.with_columns(
        pl.when(later).then(pl.col(name) * 3).otherwise(name).alias(name) for name in ENERGIES
    )

    assert forecaster.predict(other, origin=ORIGIN).equals(forecaster.predict(readings, origin=ORIGIN))


def test_what_was_saved_forecasts_the_same_for_whichever_plant_it_is_loaded(forecaster, readings, tmp_path):
    forecaster.save(tmp_path)
    loaded = load_forecaster(tmp_path, plant=toy_plant(), tariff=toy_tariff())

    assert (loaded.name, loaded.label) == ("global_model", "one model of 2 plants")
    assert loaded.fit(readings) is loaded
    assert loaded.predict(readings, origin=ORIGIN).equals(forecaster.predict(readings, origin=ORIGIN))


def test_less_than_a_week_of_readings_is_refused(forecaster, readings):
    with pytest.raises(NotEnoughDataError, match=r"a forecast of the global model needs 7 days of readings, got 6\.0"):
        forecaster.predict(readings.head(6 * 96), origin=EARLY)
