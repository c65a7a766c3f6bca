"""A backtest taken apart: figures by hand on a few forecasts, and laws on any."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steel_energy.evaluation.breakdown import Breakdown, break_down
from steel_energy.forecasting.base import QUANTILE_COLUMNS
from steel_energy.sites import Site
from steel_energy.testing import toy_plant, toy_tariff

SITE = Site(toy_plant(), toy_tariff())
SEOUL = dt.timezone(dt.timedelta(hours=9))
MONDAY = dt.datetime(2018, 1, 8, tzinfo=SEOUL)


def backtest(rows: list[tuple[dt.datetime, int, float, float]]) -> pl.DataFrame:
    """Rows of origin, lead, reading and mean; quantiles are the mean with 1, 2 and 3 kWh to either side."""
    frame = pl.DataFrame(
        {
            "origin": [origin for origin, *_ in rows],
            "lead": [lead for _, lead, *_ in rows],
            "interval_start": [origin + (lead - 1) * dt.timedelta(minutes=15) for origin, lead, *_ in rows],
            "usage_kwh": [usage for *_, usage, _ in rows],
            "mean_kwh": [mean for *_, mean in rows],
        }
    ).with_columns(pl.col("origin", "interval_start").dt.convert_time_zone("Asia/Seoul"))
    apart = dict(zip(QUANTILE_COLUMNS, (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0), strict=True))
    return frame.with_columns((pl.col("mean_kwh") + kwh).alias(name) for name, kwh in apart.items())


@pytest.fixture(scope="module")
def found() -> Breakdown:
    """Two forecasts of the first hour, one 4 kWh too high and one exact, and one of noon that is 2 kWh too low."""
    return break_down(backtest([(MONDAY, 1, 10.0, 14.0), (MONDAY, 2, 10.0, 10.0), (MONDAY, 49, 20.0, 18.0)]), SITE)


def test_errors_are_those_of_each_hour(found: Breakdown):
    midnight, noon = found.by_hour

    assert (midnight.name, midnight.forecasts, midnight.mae_kwh, midnight.bias_kwh) == ("0", 2, 2.0, 2.0)
    assert midnight.rmse_kwh == pytest.approx(8**0.5)
    assert (noon.name, noon.rmse_kwh, noon.bias_kwh) == ("12", 2.0, -2.0)


def test_bands_and_quantiles_say_what_they_kept(found: Breakdown):
    assert [(band.promised, band.width_kwh) for band in found.bands] == [(0.5, 2.0), (0.8, 4.0), (0.9, 6.0)]
    assert [band.seen for band in found.bands] == pytest.approx([1 / 3, 2 / 3, 2 / 3])
    assert [level.seen for level in found.levels] == pytest.approx([1 / 3, 1 / 3, 1 / 3, 2 / 3, 2 / 3, 1.0, 1.0])


def test_the_grid_counts_each_forecast_once(found: Breakdown):
    assert found.bin_kwh == 1.0
    assert {(one.forecast_kwh, one.usage_kwh, one.forecasts) for one in found.cells} == {
        (14.0, 10.0, 1),
        (10.0, 10.0, 1),
        (18.0, 20.0, 1),
    }


def test_a_closed_day_is_told_apart_from_a_weekday():
    closed = next(
        day for day in (MONDAY + dt.timedelta(days=n) for n in range(30)) if SITE.plant.calendar.is_closed(day.date())
    )

    found = break_down(backtest([(MONDAY, 1, 10.0, 10.0), (closed, 1, 3.0, 5.0)]), SITE)

    assert [(group.name, group.bias_kwh) for group in found.by_day] == [("weekday", 0.0), ("closed", 2.0)]


def test_what_lies_beyond_a_day_does_not_count():
    found = break_down(backtest([(MONDAY, 96, 10.0, 10.0), (MONDAY, 97, 10.0, 99.0)]), SITE)

    assert found.overall.forecasts == 1
    assert found.overall.rmse_kwh == 0.0


ROW = st.tuples(
    st.sampled_from([MONDAY + dt.timedelta(hours=6 * n) for n in range(12)]),
    st.integers(1, 96),
    st.floats(0, 200),
    st.floats(0, 200),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=40, unique_by=lambda row: row[:2]))
def test_every_way_of_grouping_holds_all_forecasts_and_their_whole_error(rows):
    found = break_down(backtest(rows), SITE)

    for groups in (found.by_hour, found.by_day, found.by_load_type, found.by_lead):
        assert sum(group.forecasts for group in groups) == len(rows)
        squares = sum(group.forecasts * group.rmse_kwh**2 for group in groups)
        assert squares == pytest.approx(len(rows) * found.overall.rmse_kwh**2, abs=1e-6)
    assert sum(cell.forecasts for cell in found.cells) == len(rows)
