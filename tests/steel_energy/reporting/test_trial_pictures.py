"""A toy backtest in pictures: what is drawn and written on the axes is what a person computes by hand."""

from __future__ import annotations

import datetime as dt
import sys

import numpy as np
import polars as pl
import pytest
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from steel_energy.forecasting.base import QUANTILE_COLUMNS
from steel_energy.reporting import trial_pictures as pictures

PNG = b"\x89PNG\r\n"
FIRST = dt.datetime.combine(dt.date(2018, 10, 1), dt.time())


def toy_backtest(*, days: int = 3, every_hours: int = 6) -> pl.DataFrame:
    """Forecasts of 10 kWh; 10 came at even leads and 14 at odd ones, so half of the errors are 0 and half are 4 kWh."""
    starts = [FIRST + dt.timedelta(hours=hours) for hours in range(0, 24 * days, every_hours)]
    origin = pl.DataFrame({"origin": starts}).with_columns(pl.col("origin").dt.replace_time_zone("Asia/Seoul"))
    frame = origin.join(pl.DataFrame({"lead": range(1, 97)}), how="cross").with_columns(
        interval_start=pl.col("origin") + pl.duration(minutes=15 * (pl.col("lead") - 1)),
        usage_kwh=10.0 + 4.0 * (pl.col("lead") % 2),
        mean_kwh=pl.lit(10.0),
        error_kwh=4.0 * (pl.col("lead") % 2),
    )
    levels = [8.0, 9.0, 10.0, 12.0, 14.0, 15.0, 16.0]
    time = pl.col("interval_start").dt.replace_time_zone(None).alias("time")
    return frame.with_columns(time, **dict(zip(QUANTILE_COLUMNS, map(pl.lit, levels), strict=True)))


@pytest.fixture
def axes() -> Axes:
    return Figure().add_subplot()


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_a_backtest_gives_the_same_seven_pictures_each_time():
    first, second = (pictures.trial_pictures(toy_backtest(), title="toy") for _ in range(2))

    assert list(first) == [
        "predicted_vs_actual",
        "residuals_over_time",
        "residual_distribution",
        "error_by_hour",
        "error_by_lead_time",
        "quantile_reliability",
        "sample_fortnight",
    ]
    assert all(png.startswith(PNG) for png in first.values())
    assert first == second


def test_a_perfect_forecast_has_pictures_too():
    came = {name: pl.col("usage_kwh") for name in ("mean_kwh", *QUANTILE_COLUMNS)}

    assert len(pictures.trial_pictures(toy_backtest().with_columns(**came), title="perfect")) == 7


def test_painting_leaves_no_global_state_behind():
    before = dict(rcParams)
    pictures.trial_pictures(toy_backtest(), title="toy")

    assert dict(rcParams) == before
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()


def test_the_share_of_readings_below_each_quantile_is_written_beside_its_point(axes: Axes):
    pictures._quantile_reliability(toy_backtest())(axes)

    assert texts(axes) == ["0.0 %", "0.0 %", "50.0 %", "50.0 %", "100.0 %", "100.0 %", "100.0 %"]


def test_lead_times_are_taken_together_over_the_distance_of_the_origins(axes: Axes):
    pictures._error_by_lead_time(toy_backtest())(axes)

    assert texts(axes) == ["2.8"] * 4 + ["RMSE"] + ["2.0"] * 4 + ["MAE"]
    assert "6 hours together" in axes.get_xlabel()


def test_the_distribution_says_the_bias_and_how_many_errors_are_small(axes: Axes):
    pictures._residual_distribution(toy_backtest())(axes)

    assert texts(axes) == ["100 % within 5 kWh", "mean +2.00 kWh"]
    assert sum(bar.get_height() for bar in axes.patches) == pytest.approx(100)  # type: ignore[attr-defined]


def test_errors_by_hour_stand_before_the_mean_reading_of_the_hour(axes: Axes):
    pictures._error_by_hour(toy_backtest())(axes)

    rmse, mae = (np.asarray(line.get_ydata()) for line in axes.lines)
    assert rmse == pytest.approx(np.full(24, np.sqrt(8)))
    assert mae == pytest.approx(np.full(24, 2.0))
    assert [bar.get_height() for bar in axes.patches] == pytest.approx([12.0] * 24)  # type: ignore[attr-defined]


def test_a_sample_of_days_ahead_holds_one_forecast_for_each_interval():
    sample = pictures.day_ahead(toy_backtest(days=3), days=2)

    assert sample.height == sample["interval_start"].n_unique() == 2 * 96
    assert sample["origin"].n_unique() == 2
    assert sample["time"].max() == FIRST + dt.timedelta(days=3, hours=17, minutes=45)
