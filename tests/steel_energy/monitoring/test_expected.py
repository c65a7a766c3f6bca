"""What a backtest leads to expect of a week, by numbers that can be worked out by hand."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from steel_energy.monitoring.expected import SMALLEST_USUAL, Means, expectation, means, measured
from steel_energy.sites import Site

ZONE = ZoneInfo("Asia/Seoul")
MONDAY = dt.datetime(2018, 1, 8, tzinfo=ZONE)
SUNDAY = MONDAY + dt.timedelta(days=6)


def rows_of(*errors_kwh: float, origin: dt.datetime, is_closed: bool = False, outside: float = 0.0) -> pl.DataFrame:
    """Rows of ``measured``: noon of the origin's day, one a given error."""
    return pl.DataFrame(
        [
            {
                "origin": origin,
                "lead": 48,
                "interval_start": origin + dt.timedelta(hours=12),
                "error_kwh": error,
                "is_closed": is_closed,
                "hour": 12,
                "squared": error**2,
                "absolute": abs(error),
                "outside": outside,
            }
            for error in errors_kwh
        ]
    )


def test_an_error_is_squared_and_a_reading_beyond_the_band_is_outside(site: Site):
    backtested = pl.DataFrame(
        {
            "origin": [MONDAY] * 2,
            "lead": [1, 2],
            "interval_start": [MONDAY, SUNDAY],
            "usage_kwh": [10.0, 12.0],
            "mean_kwh": [12.0, 9.0],
            "q05": [9.0, 8.0],
            "q95": [11.0, 11.9],
        }
    )

    found = measured(backtested, site)

    assert found["squared"].to_list() == [4.0, 9.0]
    assert found["absolute"].to_list() == [2.0, 3.0]
    assert found["error_kwh"].to_list() == [2.0, -3.0]
    assert found["outside"].to_list() == [0.0, 1.0]
    assert found["is_closed"].to_list() == [False, True]


def test_the_figures_of_some_rows():
    assert means(rows_of(3.0, -4.0, origin=MONDAY)) == Means(rmse_kwh=12.5**0.5, mae_kwh=3.5, outside_share=0.0)


def test_a_week_of_closed_days_is_measured_by_closed_days():
    """The plant stands and is forecast well: 1 kWh is usual then, though over all days it would be 2.9 kWh."""
    reference = pl.concat(
        [rows_of(4.0, origin=MONDAY, outside=0.5), rows_of(1.0, origin=SUNDAY, is_closed=True, outside=0.1)]
    )

    closed = expectation(rows_of(1.5, origin=SUNDAY, is_closed=True), reference, chance=0.01)
    both = expectation(
        pl.concat([rows_of(1.5, origin=SUNDAY, is_closed=True), rows_of(1.5, origin=MONDAY)]), reference, chance=0.01
    )

    assert closed.usual == Means(rmse_kwh=1.0, mae_kwh=1.0, outside_share=0.1)
    assert both.usual == pytest.approx(Means(rmse_kwh=8.5**0.5, mae_kwh=2.5, outside_share=0.3))


def test_an_hour_of_a_kind_that_the_backtest_lacks_counts_as_the_same_hour_of_any_day():
    reference = rows_of(4.0, 2.0, origin=MONDAY)

    assert expectation(rows_of(1.0, origin=SUNDAY, is_closed=True), reference, chance=0.01).usual.mae_kwh == 3.0


def test_limits_come_of_how_far_the_weeks_of_the_backtest_differ():
    """Weeks of 2, 3 and 4 kWh where 3 kWh are usual: ratios 2/3, 1 and 4/3, of which t makes 1 + 2.920 x 0.385."""
    weeks = [rows_of(error, origin=MONDAY + dt.timedelta(weeks=n)) for n, error in enumerate((2.0, 3.0, 4.0))]

    limits = expectation(rows_of(3.0, origin=MONDAY), pl.concat(weeks), chance=0.05).limits

    assert limits.mae_kwh == pytest.approx(1 + 2.91999 * (1 / 3) * (4 / 3) ** 0.5, rel=1e-5)


def test_two_weeks_tell_no_limit():
    weeks = [rows_of(error, origin=MONDAY + dt.timedelta(weeks=n)) for n, error in enumerate((2.0, 4.0))]

    assert expectation(rows_of(3.0, origin=MONDAY), pl.concat(weeks), chance=0.05).limits == Means(*[np.inf] * 3)


def test_a_plant_that_was_foretold_without_an_error_has_a_smallest_one():
    assert expectation(rows_of(0.0, origin=MONDAY), rows_of(0.0, origin=MONDAY), chance=0.05).usual == SMALLEST_USUAL
