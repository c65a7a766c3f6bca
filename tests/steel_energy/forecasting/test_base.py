from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from steel_energy.errors import NotEnoughDataError
from steel_energy.forecasting.base import FORECAST_COLUMNS, QUANTILE_COLUMNS, forecast_frame, known_before, require_days
from steel_energy.testing import toy_readings


def test_the_columns_carry_the_levels_in_percent():
    assert FORECAST_COLUMNS == ("interval_start", "mean_kwh", "q05", "q10", "q25", "q50", "q75", "q90", "q95")


def test_quantiles_rise_and_no_energy_is_negative():
    start = toy_readings(days=1)["interval_start"][:1]

    frame = forecast_frame(start, np.array([-1.0]), np.array([[3.0, -2.0, 1.0, 4.0, 5.0, 7.0, 6.0]]))

    assert frame["mean_kwh"].to_list() == [0]
    assert frame.select(QUANTILE_COLUMNS).row(0) == (0, 1, 3, 4, 5, 6, 7)


def test_what_is_known_before_an_origin_ends_there():
    readings = toy_readings(days=2)

    known = known_before(readings, dt.datetime(2018, 1, 1, 15, 30, tzinfo=dt.UTC), zone="Asia/Seoul")

    assert known.equals(readings[:98])
    assert known_before(readings, dt.datetime(2018, 1, 2, 0, 30), zone="Asia/Seoul").equals(known)  # noqa: DTZ001
    assert known["interval_start"].dtype == pl.Datetime("us", "Asia/Seoul")


def test_too_little_history_is_named_in_days():
    with pytest.raises(NotEnoughDataError, match=r"training needs 14 days of readings, got 2\.5"):
        require_days(240, needed_days=14, purpose="training")
