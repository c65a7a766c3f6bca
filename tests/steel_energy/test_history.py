from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from steel_energy.calendar import interval_grid, known_ahead
from steel_energy.history import COLUMNS, Aggregation, history, page, readings_end
from steel_energy.schema import repairs_schema
from steel_energy.testing import toy_plant, toy_readings, toy_tariff

SEOUL = ZoneInfo("Asia/Seoul")
BERLIN = ZoneInfo("Europe/Berlin")


def readings(start: dt.datetime, end: dt.datetime, *, zone: str) -> pl.DataFrame:
    """2 kWh, 1.5 kvarh lagging, none leading and 3 kg of CO2 in every interval: apparent energy 2.5 kVAh."""
    ahead = known_ahead(interval_grid(start, end, zone=zone), plant=toy_plant(zone=zone), tariff=toy_tariff())
    return ahead.select(
        "interval_start",
        "load_type",
        usage_kwh=pl.lit(2.0),
        lagging_reactive_kvarh=pl.lit(1.5),
        leading_reactive_kvarh=pl.lit(0.0),
        lagging_power_factor=pl.lit(80.0),
        leading_power_factor=pl.lit(100.0),
        co2_t=pl.lit(0.003),
    )


def repairs(*changes: tuple[dt.datetime, str, str | None], zone: str) -> pl.DataFrame:
    rows = [{"interval_start": start, "column": column, "after": after} for start, column, after in changes]
    return pl.DataFrame(rows, schema=repairs_schema(zone))


def windows(known: pl.DataFrame, aggregation: Aggregation, *, zone: str = "Asia/Seoul") -> pl.DataFrame:
    """All of ``known``, over windows."""
    start, end = known["interval_start"][0], readings_end(known)
    return history(known, repairs(zone=zone), tariff=toy_tariff(), start=start, end=end, aggregation=aggregation)


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

    found = windows(readings(start, end, zone="Europe/Berlin"), aggregation, zone="Europe/Berlin")

    assert found["intervals"].unique().to_list() == [intervals]
    assert found["usage_kwh"].to_list() == [2.0 * intervals] * (92 // intervals)
    assert found["interval_start"][0] == start


def test_the_hour_that_comes_twice_is_two_windows() -> None:
    start, end = dt.datetime(2018, 10, 28, tzinfo=BERLIN), dt.datetime(2018, 10, 29, tzinfo=BERLIN)

    found = windows(readings(start, end, zone="Europe/Berlin"), "hour", zone="Europe/Berlin")

    assert (found.height, found["intervals"].unique().to_list()) == (25, [4])
    assert [hour.isoformat() for hour in found["interval_start"][2:4]] == [
        "2018-10-28T02:00:00+02:00",
        "2018-10-28T02:00:00+01:00",
    ]


def test_weeks_begin_on_monday_and_those_with_a_clock_change_are_an_hour_longer_or_shorter() -> None:
    # Monday 22 October to Monday 5 November 2018; the clock goes back on Sunday 28 October.
    start, end = dt.datetime(2018, 10, 22, tzinfo=BERLIN), dt.datetime(2018, 11, 5, tzinfo=BERLIN)

    found = windows(readings(start, end, zone="Europe/Berlin"), "week", zone="Europe/Berlin")

    assert found["interval_start"].dt.weekday().to_list() == [1, 1]
    assert found["intervals"].to_list() == [672 + 4, 672]


def test_a_window_at_an_edge_holds_only_what_lies_inside_the_period() -> None:
    start, end = dt.datetime(2018, 1, 30, 12, tzinfo=SEOUL), dt.datetime(2018, 2, 2, tzinfo=SEOUL)

    found = windows(readings(start, end, zone="Asia/Seoul"), "month")

    assert found["interval_start"].dt.strftime("%Y-%m-%d %H:%M").to_list() == ["2018-01-01 00:00", "2018-02-01 00:00"]
    assert found["intervals"].to_list() == [36 * 4, 24 * 4]


def test_windows_without_readings_are_left_out() -> None:
    days = readings(dt.datetime(2018, 1, 1, tzinfo=SEOUL), dt.datetime(2018, 1, 4, tzinfo=SEOUL), zone="Asia/Seoul")

    found = windows(days.filter(pl.col("interval_start").dt.day() != 2), "day")

    assert found["interval_start"].dt.day().to_list() == [1, 3]


def test_a_day_of_the_toy_plant_has_the_peak_the_cost_and_the_power_factors_that_a_person_works_out() -> None:
    # Tuesday 2 January 2018: 12 h light at 2 kWh and 1 KRW, 8 h medium at 10 kWh and 2 KRW, 4 h maximum at 20 and 3.
    tuesday = toy_readings(days=2).filter(pl.col("interval_start").dt.day() == 2)

    (day,) = windows(tuesday, "day").to_dicts()

    assert list(day) == list(COLUMNS)
    assert day["usage_kwh"] == 12 * 4 * 2 + 8 * 4 * 10 + 4 * 4 * 20
    assert day["cost_krw"] == 12 * 4 * 2 * 1 + 8 * 4 * 10 * 2 + 4 * 4 * 20 * 3
    assert day["peak_kw"] == 4 * 20
    assert day["lagging_power_factor"] == pytest.approx(89.4427, abs=1e-4)  # 2 kWh beside 1 kvarh: 2 / sqrt(5)
    assert day["leading_power_factor"] == 100
    assert (day["load_type"], day["billing_band"]) == (None, None)


def test_a_window_in_one_band_tells_it_and_a_single_interval_keeps_what_the_meter_showed() -> None:
    start = dt.datetime(2018, 1, 2, 8, tzinfo=SEOUL)
    known = readings(start, start + dt.timedelta(hours=1), zone="Asia/Seoul").with_columns(lagging_power_factor=81.5)

    hour, single = (windows(known, aggregation).row(0, named=True) for aggregation in ("hour", "15min"))

    assert (hour["load_type"], hour["billing_band"]) == ("medium", "medium")
    assert hour["lagging_power_factor"] == pytest.approx(80)
    assert (single["lagging_power_factor"], single["peak_kw"], single["cost_krw"]) == (81.5, 8.0, 4.0)


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


ZONES = ("Europe/Berlin", "Australia/Sydney", "Asia/Kolkata", "America/Sao_Paulo")


@given(
    zone=st.sampled_from(ZONES),
    days=st.integers(0, 450),
    hours=st.integers(1, 24 * 40),
    aggregation=st.sampled_from(["hour", "day", "week", "month"]),
)
@example(zone="America/Sao_Paulo", days=17, hours=324, aggregation="day")  # a day without a midnight
def test_windows_are_those_of_the_clock_on_the_wall(zone: str, days: int, hours: int, aggregation: Aggregation) -> None:
    start = dt.datetime(2017, 9, 1, tzinfo=ZoneInfo(zone)).astimezone(dt.UTC) + dt.timedelta(days=days, hours=hours)
    known = readings(start, start + dt.timedelta(hours=hours), zone=zone)

    found = windows(known, aggregation, zone=zone)

    counted: dict[object, int] = {}
    for moment in known["interval_start"].to_list():
        key = {
            "hour": (moment.replace(minute=0, fold=0, tzinfo=None), moment.utcoffset()),
            "day": moment.date(),
            "week": moment.isocalendar()[:2],
            "month": (moment.year, moment.month),
        }[aggregation]
        counted[key] = counted.get(key, 0) + 1
    assert found["intervals"].to_list() == list(counted.values())
    assert found["usage_kwh"].sum() == known["usage_kwh"].sum()


@given(st.integers(1, 60), st.integers(0, 50))
def test_pages_together_are_the_history_and_nothing_comes_twice(limit: int, rows: int) -> None:
    start = dt.datetime(2018, 1, 1, tzinfo=SEOUL)
    whole = pl.DataFrame(
        {"interval_start": interval_grid(start, start + rows * dt.timedelta(hours=1), zone="Asia/Seoul")}
    )

    first = page(whole, limit=limit)
    pages = [first]
    while pages[-1].next is not None:
        pages.append(page(whole, limit=limit, cursor=pages[-1].next))

    assert {one.total for one in pages} == {whole.height}
    assert all(one.rows.height == limit for one in pages[:-1])
    assert pl.concat(one.rows for one in pages).equals(whole)


def test_readings_that_arrive_between_two_pages_come_last_and_move_nothing() -> None:
    start = dt.datetime(2018, 1, 1, tzinfo=SEOUL)
    grid = interval_grid(start, start + dt.timedelta(hours=2), zone="Asia/Seoul").to_frame()

    first = page(grid.head(5), limit=3)
    second = page(grid, limit=3, cursor=first.next)

    assert pl.concat([first.rows, second.rows]).equals(grid.head(6))
    assert second.next == grid["interval_start"][6]
