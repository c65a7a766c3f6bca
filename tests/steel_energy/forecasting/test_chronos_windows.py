from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pytest

from steel_energy.forecasting.chronos_windows import Series, above_weekly, target_alone, with_covariates
from steel_energy.plant import Plant
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.timeline import Timeline, build_timeline

NOON = 16 * 96 + 48  # of Wednesday 2018-01-17, in light 20-08, medium 08-12 and 16-20, maximum 12-16
WEEK = 672


def timeline_of(plant: Plant | None = None, *, days: int = 21) -> Timeline:
    readings = toy_readings(days=days, plant=plant)
    return build_timeline(readings, plant=plant or toy_plant(), tariff=toy_tariff(), ahead=WEEK)


@pytest.fixture(scope="module")
def series() -> Series:
    return with_covariates(timeline_of(), horizon=WEEK)


def test_usage_alone_is_shown_as_it_was_and_nothing_ahead():
    timeline = timeline_of()

    windows = target_alone(timeline, horizon=4).windows(np.array([NOON]), context=8, horizon=4)

    assert windows.past.tolist() == [[[10.0] * 8]]
    assert np.isnan(windows.ahead).all()
    assert windows.offset_kwh.tolist() == [[0.0] * 4]


def test_a_week_that_repeats_itself_leaves_nothing_above_it():
    windows = above_weekly(timeline_of(), horizon=WEEK).windows(np.array([NOON]), context=8, horizon=WEEK)

    assert windows.past.tolist() == [[[0.0] * 8]]
    assert windows.known_ahead == 0
    assert windows.offset_kwh[0, :32].tolist() == [20.0] * 16 + [10.0] * 16
    assert windows.offset_kwh[0, 3 * 96 + 48 : 4 * 96].tolist() == [2.0] * 48  # Sunday, from midnight to noon


def test_the_same_hours_of_earlier_weeks_count_alike():
    timeline = timeline_of()
    timeline.usage_kwh[NOON - WEEK], timeline.usage_kwh[NOON - 2 * WEEK] = 30.0, 50.0

    windows = above_weekly(timeline, horizon=4).windows(np.array([NOON]), context=1, horizon=4)

    assert windows.offset_kwh[0].tolist() == [40.0, 20.0, 20.0, 20.0]


def test_before_the_first_reading_nothing_is_known():
    windows = target_alone(timeline_of(), horizon=4).windows(np.array([2]), context=3, horizon=4)

    assert windows.past[0, 0].tolist() == pytest.approx([np.nan, 2, 2], nan_ok=True)


def test_a_plant_that_never_changes_stays_at_its_usual(series: Series):
    windows = series.windows(np.array([NOON]), context=2, horizon=WEEK)

    assert windows.past.shape == (1, 4, 2)
    assert windows.ahead.shape == (1, 4, WEEK)
    assert windows.past[0, 0].tolist() == pytest.approx([0, 0])
    assert windows.offset_kwh[0, :32].tolist() == pytest.approx([20.0] * 16 + [10.0] * 16)
    assert windows.offset_kwh[0, -1] == pytest.approx(10)


def test_reactive_energy_is_known_up_to_the_origin_and_the_calendar_beyond(series: Series):
    windows = series.windows(np.array([NOON]), context=2, horizon=3)
    usage_above, reactive, usual, calendar = windows.past[0]

    assert np.isnan(windows.ahead[0, :2]).all()
    assert reactive.tolist() == [5.0, 5.0]
    assert windows.ahead[0, 2].tolist() == windows.offset_kwh[0].tolist()
    assert (usage_above + usual).tolist() == pytest.approx([10.0, 10.0])
    assert calendar.tolist() == pytest.approx([1 + 46 / 96, 1 + 47 / 96])
    assert windows.ahead[0, 3].tolist() == pytest.approx([2 + 48 / 96, 2 + 49 / 96, 2 + 50 / 96])


def test_a_day_that_will_be_closed_is_expected_to_be_as_closed_days_are():
    calendar = toy_plant().calendar.model_copy(update={"closed_days": frozenset({dt.date(2018, 1, 18)})})
    plant = toy_plant().model_copy(update={"calendar": calendar})
    tomorrow_noon = 48 + 48

    opened, closed = (
        with_covariates(timeline_of(each), horizon=96).windows(np.array([NOON]), context=2, horizon=120)
        for each in (toy_plant(), plant)
    )

    assert opened.offset_kwh[0, tomorrow_noon + 4] == pytest.approx(20)
    assert closed.offset_kwh[0, tomorrow_noon + 4] == pytest.approx(2)
    assert closed.ahead[0, 3, tomorrow_noon] == pytest.approx(-1 + 48 / 96)


@pytest.mark.parametrize("make", [target_alone, above_weekly, with_covariates])
def test_no_window_knows_what_is_measured_at_its_origin_or_later(make: Callable[..., Series]):
    timeline = timeline_of()
    changed = timeline_of()
    for values in (*changed.measured.values(), changed.profile_kwh[16:]):
        values[... if values.ndim > 1 else slice(NOON, None)] = 999.0

    honest, other = (
        make(each, horizon=WEEK).windows(np.array([NOON]), context=192, horizon=WEEK) for each in (timeline, changed)
    )

    for name in ("past", "ahead", "offset_kwh"):
        np.testing.assert_array_equal(getattr(honest, name), getattr(other, name))
