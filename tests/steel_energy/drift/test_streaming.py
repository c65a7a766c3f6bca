"""Change points of errors whose history is known."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steel_energy.calendar import interval_grid
from steel_energy.drift import change_points, profile_errors
from steel_energy.params import load_params
from steel_energy.sites import Site
from steel_energy.testing import toy_plant, toy_readings, toy_tariff

SITE = Site(toy_plant(), toy_tariff())
PARAMS = load_params(Path(__file__).parents[3] / "params.yaml").drift.streaming
FIRST = dt.date(2018, 1, 1)
DAYS = 180


def errors_of(sizes_kwh: np.ndarray) -> pl.DataFrame:
    """Errors of so many days from New Year on: in turn so much too high and too low; Sundays a tenth of it."""
    end = FIRST + dt.timedelta(days=len(sizes_kwh))
    midnights = (dt.datetime.combine(day, dt.time()) for day in (FIRST, end))
    starts = interval_grid(*midnights, zone="Asia/Seoul")
    sign = np.where(np.arange(96) % 2, 1.0, -1.0)
    is_sunday = np.arange(len(sizes_kwh)) % 7 == 6
    daily = sizes_kwh * np.where(is_sunday, 0.1, 1.0)
    return pl.DataFrame({"interval_start": starts, "error_kwh": np.outer(daily, sign).ravel()})


def restless(seed: int = 5) -> np.ndarray:
    """Errors that wander as a plant's production does: by a third from day to day."""
    return 8 * np.exp(0.3 * np.random.default_rng(seed).standard_normal(DAYS))


@pytest.mark.parametrize("seed", range(10))
def test_errors_that_stay_as_they_are_have_no_change(seed: int) -> None:
    assert change_points(errors_of(restless(seed)), site=SITE, params=PARAMS) == ()


def test_tripled_errors_are_found_with_the_day_on_which_they_began() -> None:
    sizes = restless()
    sizes[120:] *= 3

    (change,) = change_points(errors_of(sizes), site=SITE, params=PARAMS)

    assert abs((change.since - FIRST).days - 120) <= 2
    assert 0 < (change.found_on - change.since).days < 25
    assert change.ratio == pytest.approx(3, rel=0.25)


def test_errors_that_shrink_for_good_are_a_change_too() -> None:
    sizes = restless()
    sizes[100:] /= 4

    assert [one.ratio < 1 for one in change_points(errors_of(sizes), site=SITE, params=PARAMS)] == [True]


def test_the_past_is_judged_alike_whatever_comes_after() -> None:
    sizes = restless()
    sizes[100:] *= 4
    whole = change_points(errors_of(sizes), site=SITE, params=PARAMS)

    until_found = change_points(errors_of(sizes[: (whole[0].found_on - FIRST).days + 1]), site=SITE, params=PARAMS)

    assert until_found == whole[:1]


def test_order_sign_and_unknown_errors_do_not_matter() -> None:
    sizes = restless()
    sizes[100:] *= 4
    errors = errors_of(sizes)
    unknown = pl.int_range(pl.len()) % 96 == 5
    other = errors.with_columns(
        error_kwh=pl.when(unknown).then(None).otherwise(-pl.col("error_kwh")).cast(pl.Float64)
    ).sample(fraction=1, shuffle=True, seed=1)

    assert change_points(other, site=SITE, params=PARAMS) == change_points(errors, site=SITE, params=PARAMS)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.1, 1e3))
def test_the_unit_of_the_errors_does_not_matter(factor: float) -> None:
    sizes = 20 * restless()
    sizes[100:] *= 4

    before, after = (change_points(errors_of(size), site=SITE, params=PARAMS) for size in (sizes, factor * sizes))

    assert [one.since for one in after] == [one.since for one in before]


def test_no_errors_have_no_change() -> None:
    empty = errors_of(restless()).clear()

    assert change_points(empty, site=SITE, params=PARAMS) == ()


def test_a_plant_that_repeats_its_days_has_no_profile_errors_after_the_first_ones() -> None:
    readings = toy_readings(days=28)

    errors = profile_errors(readings, site=SITE, weeks=4)

    assert errors["error_kwh"].abs().max() == 0
    # Two like days must come before: Wednesday the 3rd is the first weekday that has them.
    assert errors["interval_start"][0].date() == dt.date(2018, 1, 3)


def test_a_profile_error_is_what_is_measured_less_what_is_usual() -> None:
    readings = toy_readings(days=28)
    last = pl.col("interval_start").dt.date() == dt.date(2018, 1, 26)
    more = readings.with_columns(usage_kwh=pl.when(last).then(pl.col("usage_kwh") + 3).otherwise("usage_kwh"))

    errors = profile_errors(more, site=SITE, weeks=4)

    of_day = errors.filter(pl.col("interval_start").dt.date() == dt.date(2018, 1, 26))["error_kwh"]
    assert of_day.to_list() == pytest.approx([3.0] * 96)
