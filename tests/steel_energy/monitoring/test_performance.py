"""A champion that is asked again: which week has degraded, which is only hard, and which it cannot be judged by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from steel_energy.artifacts import Manifest
from steel_energy.errors import NotEnoughDataError
from steel_energy.forecasting import Forecaster
from steel_energy.monitoring.performance import (
    Asked,
    ForecastError,
    Window,
    ask_again,
    errors_by_interval,
    forecast_error,
)
from steel_energy.params import Params
from steel_energy.sites import Site

ZONE = ZoneInfo("Asia/Seoul")
LAST_WEEK = Window.until(dt.datetime(2018, 3, 26, tzinfo=ZONE))
FIRST_FIT = dt.datetime(2018, 2, 1, tzinfo=dt.UTC)  # the end of what the champion's older fit had seen
By = Callable[[dt.datetime], float]
MakeOff = Callable[[By], Forecaster]


@pytest.fixture
def asked(
    off: MakeOff, readings: pl.DataFrame, manifest: Manifest, site: Site, params: Params
) -> Callable[[By], Asked]:
    return lambda by: ask_again(off(by), manifest, readings, site=site, params=params.evaluation)


@pytest.fixture
def judged(asked: Callable[[By], Asked], params: Params) -> Callable[[By], ForecastError]:
    """The week until 26 March of a champion that was trained until 1 March."""
    return lambda by: forecast_error(asked(by), LAST_WEEK, params=params.monitoring)


def in_last_week(error_kwh: float, *, before: float = 1.0) -> By:
    return lambda target: error_kwh if target >= LAST_WEEK.start else before


def test_every_origin_of_the_week_whose_targets_lie_in_it_is_asked(judged: Callable[[By], ForecastError]):
    found = judged(in_last_week(1.0))

    assert found.origins == 24  # every 6 hours from 03:00 UTC+9 on, none after Sunday 00:00
    assert found.found.rmse_kwh == pytest.approx(1.0)
    assert found.trained_until == dt.datetime(2018, 3, 1, tzinfo=dt.UTC)


def test_a_week_with_three_times_the_error_of_steady_weeks_has_degraded(judged: Callable[[By], ForecastError]):
    found = judged(in_last_week(3.0))

    assert found.verdict == "degraded"
    assert found.worse == (
        "RMSE 3.00 kWh, usual 1.00 kWh",
        "MAE 3.00 kWh, usual 1.00 kWh",
        "100% of readings outside the 90 % band, usual 1%",
    )


def test_an_error_below_the_threshold_is_usual_however_steady_the_weeks_were(judged: Callable[[By], ForecastError]):
    assert judged(in_last_week(1.39)).verdict == "usual"


def test_an_error_that_weeks_of_the_backtest_had_too_is_usual_though_it_is_beyond_the_threshold(
    asked: Callable[[By], Asked], params: Params
):
    """Weeks of 0.6 and 1.8 kWh in turn, so that 1.8 kWh is more than 1.4 times what is usual, and no surprise."""
    window = Window.until((FIRST_FIT + dt.timedelta(weeks=8)).astimezone(ZONE))
    hard = asked(lambda target: 1.8 if (target - FIRST_FIT).days // 7 % 2 else 0.6)
    easily_surprised = params.monitoring.model_copy(update={"usual_chance": 0.49})

    found = forecast_error(hard, window, params=params.monitoring)

    assert found.found.mae_kwh == pytest.approx(1.8)
    assert found.found.mae_kwh / found.expected.usual.mae_kwh > params.monitoring.retrain_on_degradation
    assert found.verdict == "usual"
    assert forecast_error(hard, window, params=easily_surprised).verdict == "degraded"


def test_a_week_of_the_backtest_is_judged_by_the_other_weeks(asked: Callable[[By], Asked], params: Params):
    window = Window.until(dt.datetime(2018, 2, 19, tzinfo=ZONE))

    found = forecast_error(
        asked(lambda target: 3.0 if window.start <= target < window.end else 1.0), window, params=params.monitoring
    )

    assert found.expected.usual.mae_kwh == pytest.approx(1.0)
    assert found.trained_until == dt.datetime(2018, 2, 1, tzinfo=dt.UTC)


def test_a_week_that_every_fit_had_seen_is_not_judged(asked: Callable[[By], Asked], params: Params):
    window = Window.until(dt.datetime(2018, 1, 29, tzinfo=ZONE))

    with pytest.raises(NotEnoughDataError, match=r"no fit of \w+ was asked in the 7 days until 2018-01-29"):
        forecast_error(asked(lambda _: 1.0), window, params=params.monitoring)


def test_a_champion_without_a_backtest_is_not_judged(
    off: MakeOff, readings: pl.DataFrame, manifest: Manifest, site: Site, params: Params
):
    bare = manifest.model_copy(update={"earlier_fits": ()})
    asked = ask_again(off(lambda _: 1.0), bare, readings, site=site, params=params.evaluation)

    with pytest.raises(NotEnoughDataError, match="has no backtest outside the 7 days"):
        forecast_error(asked, LAST_WEEK, params=params.monitoring)


def test_change_points_are_sought_in_the_newest_error_of_each_interval(asked: Callable[[By], Asked]):
    errors = errors_by_interval(asked(in_last_week(3.0)))

    last_week = errors.filter(pl.col("interval_start") >= LAST_WEEK.start)
    assert errors["interval_start"].is_sorted()
    assert errors["interval_start"][0] == FIRST_FIT
    assert errors["interval_start"].is_unique().all()
    assert errors["error_kwh"].round(6).sum() == (errors.height - last_week.height) + 3.0 * last_week.height
