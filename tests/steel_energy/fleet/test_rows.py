"""What a plant teaches: as many rows as asked for, half of them as if the plant were new, energies in its own size."""

from __future__ import annotations

import numpy as np
import pytest

from steel_energy.errors import NotEnoughDataError
from steel_energy.fleet.rows import plant_rows, rows_in_lake, stretches
from steel_energy.forecasting.global_model import GLOBAL_FEATURES

KNOWN_DAYS = GLOBAL_FEATURES.index("known_days")


@pytest.fixture(scope="module")
def readings(lake, sites):
    return lake.read("cleaned_readings", sites[1].plant.id)


def test_the_same_readings_teach_the_same(readings, sites, params):
    once, again = (plant_rows(readings, sites[1], params) for _ in range(2))

    for one, other in zip(once, again, strict=True):
        np.testing.assert_array_equal(one.features, other.features)
        np.testing.assert_array_equal(one.usage, other.usage)


def test_each_range_of_leads_has_as_many_rows_as_asked_for_in_units_of_the_plant(readings, sites, params):
    near, far = plant_rows(readings, sites[1], params)

    assert near.features.shape == far.features.shape == (1000, len(GLOBAL_FEATURES))
    assert near.usage.mean() == pytest.approx(1, abs=0.15)


def test_half_of_the_rows_know_six_weeks_at_most_and_none_less_than_a_week(readings, sites, params):
    near, _ = plant_rows(readings, sites[1], params)
    known = near.features[:, KNOWN_DAYS]

    assert known.min() >= params.fleet.needed_days
    assert (known[:500] > 42).any()
    assert (known[500:] < 42).all()


def test_stretches_share_no_reading_and_are_whole(readings):
    parts = stretches(readings, days=42)

    assert [part.height for part in parts] == [42 * 96] * 2  # of 85 days
    assert parts[0]["interval_start"][-1] < parts[1]["interval_start"][0]


def test_a_plant_with_less_than_six_weeks_teaches_nothing_and_says_why(readings, sites, params):
    with pytest.raises(NotEnoughDataError, match="to teach the global model a plant needs 42 days"):
        plant_rows(readings.head(41 * 96), sites[1], params)


def test_a_plant_without_readings_teaches_nothing_and_says_why(lake, sites, params):
    stranger = sites[0].plant.model_copy(update={"id": "stranger"})
    rows = rows_in_lake(type(sites[0])(stranger, sites[0].tariff), lake=lake, params=params)

    assert rows.ranges == ()
    assert "stranger" in str(rows.about)


def test_a_forecast_that_asks_for_more_days_is_taught_by_longer_stretches(readings, sites, params):
    asked = params.model_copy(update={"fleet": params.fleet.model_copy(update={"needed_days": 60})})

    assert plant_rows(readings, sites[1], asked)[0].features[:, KNOWN_DAYS].min() >= 60
    with pytest.raises(NotEnoughDataError, match="to teach the global model a plant needs 67 days"):
        plant_rows(readings.head(66 * 96), sites[1], asked)
