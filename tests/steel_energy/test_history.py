from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from steel_energy.calendar import interval_grid, known_ahead
from steel_energy.history import Aggregation, history, readings_end
from steel_energy.schema import repairs_schema
from steel_energy.testing import toy_plant, toy_tariff

SEOUL = ZoneInfo("Asia/Seoul")
BERLIN = ZoneInfo("Europe/Berlin")


def readings(start: dt.datetime, end: dt.datetime, *, zone: str) -> pl.DataFrame:
    """2 kWh, 1 kvarh lagging, none leading and 3 kg of CO2 in every interval."""
    ahead = known_ahead(interval_grid(start, end, zone=zone), plant=toy_plant(zone=zone), tariff=toy_tariff())
    return ahead.select(
        "interval_start",
        "load_type",
        usage_kwh=pl.lit(2.0),
        lagging_reactive_kvarh=pl.lit(1.0),
        leading_reactive_kvarh=pl.lit(0.0),
        co2_t=pl.lit(0.003),
    )


def repairs(*changes: tuple[dt.datetime, str, str | None], zone: str) -> pl.DataFrame:
    rows = [{"interval_start": start, "column": column, "after": after} for start, column, after in changes]
    return pl.DataFrame(rows, schema=repairs_schema(zone))


def test_the_end_is_a_quarter_hour_after_the_last_start() -> None:
    day = readings(dt.datetime(2018, 1, 1, tzinfo=SEOUL), dt.datetime(2018, 1, 2, tzinfo=SEOUL), zone="Asia/Seoul")

    assert readings_end(day) == dt.datetime(2018, 1, 2, tzinfo=SEOUL)


def test_the_end_is_right_where_the_clock_goes_forward() -> None:
    night = readings(
        dt.datetime(2018, 3, 25, tzinfo=BERLIN), dt.datetime(2018, 3, 25, 3, tzinfo=BERLIN), zone="Europe/Berlin"
    )

    assert readings_end(night).isoformat() == "2018-03-25T03:00:00+02:00"


@pytest.mark.parametrize(("aggregation", "intervals"), [("15min", 1), ("hour", 4), ("day", 92)])
def test_windows_hold_their_intervals_also_on_the_day_of_23_hours(aggregation: Aggregation, intervals: int) -> None:
    start, end = dt.datetime(2018, 3, 25, tzinfo=BERLIN), dt.datetime(2018, 3, 26, tzinfo=BERLIN)
    day = readings(start, end, zone="Europe/Berlin")

    found = history(
        day, repairs(zone="Europe/Berlin"), tariff=toy_tariff(), start=start, end=end, aggregation=aggregation
    )

    assert found["intervals"].unique().to_list() == [intervals]
    assert found["usage_kwh"].to_list() == [2.0 * intervals] * (92 // intervals)
    assert found["interval_start"][0] == start


def test_changed_cells_and_inserted_intervals_mark_their_window_and_removed_duplicates_do_not() -> None:
    start = dt.datetime(2018, 1, 1, tzinfo=SEOUL)
    hours = [start + dt.timedelta(hours=hour) for hour in range(4)]
    known = readings(start, hours[-1], zone="Asia/Seoul")
    audit = repairs(
        (hours[0], "row", None), (hours[1], "co2_t", "0.003"), (hours[2], "row", "2018-01-01T02:00"), zone="Asia/Seoul"
    )

    found = history(known, audit, tariff=toy_tariff(), start=start, end=hours[-1], aggregation="hour")

    assert found["repaired"].to_list() == [False, True, True]


def test_only_the_period_is_returned_oldest_first() -> None:
    start = dt.datetime(2018, 1, 1, tzinfo=SEOUL)
    known = readings(start, start + dt.timedelta(days=1), zone="Asia/Seoul").reverse()
    first, last = start + dt.timedelta(hours=1), start + dt.timedelta(hours=2)

    found = history(known, repairs(zone="Asia/Seoul"), tariff=toy_tariff(), start=first, end=last)

    assert found["interval_start"].to_list() == [first + n * dt.timedelta(minutes=15) for n in range(4)]


def test_single_intervals_carry_the_band_of_the_meter_and_the_band_that_is_billed() -> None:
    saturday_noon = dt.datetime(2018, 1, 6, 12, tzinfo=SEOUL)
    known = readings(saturday_noon, saturday_noon + dt.timedelta(hours=1), zone="Asia/Seoul")

    found = history(
        known,
        repairs(zone="Asia/Seoul"),
        tariff=toy_tariff(),
        start=saturday_noon,
        end=dt.datetime.max.replace(tzinfo=SEOUL),
    )

    assert found.select("load_type", "billing_band").row(0) == ("maximum", "medium")
