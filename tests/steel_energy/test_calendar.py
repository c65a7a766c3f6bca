"""The grid and what is known ahead, against days a person can count; the toy plant is closed on Sundays."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from steel_energy.calendar import interval_grid, known_ahead
from steel_energy.schema import LoadType
from steel_energy.testing import toy_plant, toy_tariff

SEOUL = "Asia/Seoul"


def grid_of(first_day, days=1, *, zone=SEOUL):
    start = dt.datetime.fromisoformat(first_day)
    return interval_grid(start, start + dt.timedelta(days=days), zone=zone)


def ahead(grid, *, zone=SEOUL):
    return known_ahead(grid, plant=toy_plant(zone=zone), tariff=toy_tariff())


@pytest.mark.parametrize(
    ("zone", "date", "intervals"),
    [
        pytest.param(SEOUL, "2018-03-25", 96, id="zone without clock changes"),
        pytest.param("Europe/Madrid", "2018-03-25", 92, id="spring, an hour is skipped"),
        pytest.param("Europe/Madrid", "2018-10-28", 100, id="autumn, an hour comes twice"),
        pytest.param("America/Sao_Paulo", "2018-11-04", 92, id="the skipped hour holds midnight"),
        pytest.param("Australia/Lord_Howe", "2018-10-07", 94, id="half an hour is skipped"),
    ],
)
def test_a_day_has_one_interval_for_each_quarter_of_an_hour_that_passes(zone, date, intervals):
    grid = grid_of(date, zone=zone)

    assert grid.len() == intervals
    assert set(grid.diff().drop_nulls()) == {dt.timedelta(minutes=15)}
    assert set(grid.dt.date()) == {dt.date.fromisoformat(date)}


def test_a_naive_time_is_read_as_plant_time():
    utc = dt.datetime(2017, 12, 31, 15, tzinfo=dt.UTC)

    naive = grid_of("2018-01-01")
    aware = interval_grid(utc, utc + dt.timedelta(days=1), zone=SEOUL)

    assert naive.equals(aware)
    assert naive.dtype == pl.Datetime("us", SEOUL)


def test_slots_skip_and_repeat_with_the_clock():
    spring = ahead(grid_of("2018-03-25", zone="Europe/Madrid"), zone="Europe/Madrid")
    autumn = ahead(grid_of("2018-10-28", zone="Europe/Madrid"), zone="Europe/Madrid")

    assert spring["slot"].to_list() == [*range(8), *range(12, 96)]
    assert autumn["slot"].to_list() == [*range(12), *range(8, 96)]


def test_load_type_follows_the_tariff_on_open_days():
    monday = ahead(grid_of("2018-01-08"))

    at = dict(zip(monday["slot"], monday["load_type"], strict=True))

    assert (at[31], at[32], at[47], at[48], at[63], at[64], at[80]) == (
        "light",
        "medium",
        "medium",
        "maximum",
        "maximum",
        "medium",
        "light",
    )
    assert monday.schema["load_type"] == LoadType
    assert set(monday["weekday"]) == {1}
    assert not monday["is_closed"].any()


def test_a_closed_day_is_light_all_day():
    sunday = ahead(grid_of("2018-01-07"))

    assert sunday["is_closed"].all()
    assert set(sunday["load_type"]) == {"light"}
    assert set(sunday["weekday"]) == {7}


def test_rows_keep_the_given_order():
    grid = grid_of("2018-01-05", days=4)
    shuffled = grid.sample(fraction=1.0, shuffle=True, seed=1)

    known = ahead(shuffled)

    assert known["interval_start"].equals(shuffled)
    assert known.sort("interval_start").equals(ahead(grid))


@pytest.mark.real_data
def test_the_published_load_types_are_known_ahead(real_csv, gwangyang, kepco):
    published = pl.read_csv(real_csv, infer_schema=False)["Load_Type"].str.to_lowercase().str.strip_suffix("_load")

    known = known_ahead(grid_of("2018-01-01", days=365), plant=gwangyang, tariff=kepco)

    assert known["load_type"].cast(pl.String).to_list() == published.to_list()
    assert known.filter(pl.col("is_closed"))["interval_start"].dt.date().n_unique() == 62
