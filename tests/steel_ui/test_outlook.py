from __future__ import annotations

import datetime as dt

import pytest

from steel_ui.client import Forecast, History
from steel_ui.outlook import band_prices, change_percent, outlook, week_ago_kwh
from steel_ui.testing import ORIGIN


def test_the_figures_are_those_of_the_toy_day(forecast: Forecast, history: History) -> None:
    known = outlook(forecast, history)

    assert known.usage_kwh == pytest.approx(1496)
    assert known.cost_krw == pytest.approx(162_800)
    assert known.co2_t == pytest.approx(0.748)
    assert (known.peak_kw, known.peak_at) == (132, ORIGIN + dt.timedelta(hours=12))
    assert (known.starts, known.ends) == (ORIGIN, ORIGIN + dt.timedelta(days=1))


def test_the_peak_has_the_80_percent_band_of_its_own_interval(forecast: Forecast) -> None:
    known = outlook(forecast, None)

    assert (known.peak_low_kw, known.peak_high_kw) == pytest.approx((0.9 * 132, 1.1 * 132))


def test_the_same_day_last_week_is_summed_from_the_readings(forecast: Forecast, history: History) -> None:
    known = outlook(forecast, history)

    assert known.week_ago_kwh == 1360
    assert change_percent(known.usage_kwh, known.week_ago_kwh) == pytest.approx(10)


def test_one_missing_reading_of_last_week_means_no_comparison(forecast: Forecast, history: History) -> None:
    missing = ORIGIN - dt.timedelta(days=7)
    holed = History(rows=tuple(row for row in history.rows if row.interval_start != missing))

    assert week_ago_kwh(forecast, holed) is None


def test_a_change_from_nothing_has_no_percentage() -> None:
    assert change_percent(5, 0) is None


def test_band_prices_are_cost_over_energy(forecast: Forecast) -> None:
    assert band_prices(forecast) == pytest.approx({"light": 50, "medium": 100, "maximum": 150})
