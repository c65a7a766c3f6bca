from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from steel_energy.calendar import interval_grid
from steel_energy.outlook import Totals, priced, totals
from steel_energy.testing import toy_plant, toy_tariff

SEOUL = ZoneInfo("Asia/Seoul")


def forecast(start: dt.datetime, mean_kwh: list[float]) -> pl.DataFrame:
    end = start + len(mean_kwh) * dt.timedelta(minutes=15)
    return pl.DataFrame({"interval_start": interval_grid(start, end, zone="Asia/Seoul"), "mean_kwh": mean_kwh})


def test_each_interval_costs_the_price_of_its_billing_band() -> None:
    # Tuesday 11:45 medium at 2 KRW, 12:00 maximum at 3 KRW
    found = priced(
        forecast(dt.datetime(2018, 1, 2, 11, 45, tzinfo=SEOUL), [10.0, 20.0]), plant=toy_plant(), tariff=toy_tariff()
    )

    assert found["load_type"].to_list() == ["medium", "maximum"]
    assert found["billing_band"].to_list() == ["medium", "maximum"]
    assert found["cost_krw"].to_list() == [20.0, 60.0]
    assert found["co2_t"].to_list() == pytest.approx([0.01, 0.02])


def test_a_saturdays_maximum_is_billed_as_medium_and_stays_maximum_for_the_meter() -> None:
    found = priced(forecast(dt.datetime(2018, 1, 6, 12, tzinfo=SEOUL), [10.0]), plant=toy_plant(), tariff=toy_tariff())

    assert found.row(0, named=True) | {"interval_start": None} == {
        "interval_start": None,
        "mean_kwh": 10.0,
        "load_type": "maximum",
        "billing_band": "medium",
        "cost_krw": 20.0,
        "co2_t": 0.01,
    }


def test_totals_are_sums_and_the_peak_is_four_times_the_largest_quarter_hour() -> None:
    found = totals(
        priced(
            forecast(dt.datetime(2018, 1, 2, tzinfo=SEOUL), [10.0, 30.0, 20.0]), plant=toy_plant(), tariff=toy_tariff()
        )
    )

    assert found == Totals(usage_kwh=60.0, cost_krw=60.0, co2_t=pytest.approx(0.06), peak_kw=120.0)
