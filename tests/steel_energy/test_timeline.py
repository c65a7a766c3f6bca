from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from steel_energy.errors import InputError, NotEnoughDataError
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.timeline import Timeline, build_timeline, check_horizon, timeline_of


def toy_timeline(readings: pl.DataFrame, *, ahead: int = 96, zone: str = "Asia/Seoul") -> Timeline:
    return build_timeline(readings, plant=toy_plant(zone=zone), tariff=toy_tariff(), ahead=ahead)


def test_a_timeline_starts_at_midnight_and_knows_where_the_readings_end():
    readings = toy_readings(days=2)[8:100]  # 02:00 of the first day to 01:00 of the second

    line = toy_timeline(readings)

    assert (line.first, line.end) == (8, 100)
    assert line.interval_start[100].isoformat() == "2018-01-02T01:00:00+09:00"
    assert line.slot[[0, 95, 96, 100]].tolist() == [0, 95, 0, 4]
    assert np.isnan(line.usage_kwh[:8]).all()


def test_the_calendar_runs_on_past_the_readings():
    line = toy_timeline(toy_readings(days=2), ahead=5 * 96)

    assert line.is_closed[:7].tolist() == [False] * 6 + [True]
    assert line.day_kind[:7].tolist() == [0, 0, 0, 0, 0, 1, 5]


def test_a_day_that_is_not_wholly_known_has_no_profile():
    line = toy_timeline(toy_readings(days=3)[8:250])

    assert np.isnan(line.profile_kwh).any(axis=1).tolist()[:3] == [True, False, True]
    assert line.profile_kwh[1, [0, 32, 48]].tolist() == [2, 10, 20]


def test_days_with_a_clock_change_keep_96_slots():
    zone = "Europe/Madrid"
    readings = toy_readings(days=3, plant=toy_plant(zone=zone), first=dt.date(2018, 3, 24))  # clocks go on at 02:00

    line = toy_timeline(readings, zone=zone)

    assert readings.height == 3 * 96 - 4
    assert line.profile_kwh.shape[1] == 96
    assert not np.isnan(line.profile_kwh[:3]).any()


def test_an_origin_is_found_whatever_its_offset():
    line = toy_timeline(toy_readings(days=2))
    naive, aware = dt.datetime(2018, 1, 2), dt.datetime(2018, 1, 1, 15, tzinfo=dt.UTC)  # noqa: DTZ001 - plant time

    assert line.positions([naive, aware]).tolist() == [96, 96]


@pytest.mark.parametrize(
    ("origin", "complaint"),
    [
        (dt.datetime(2018, 1, 2, 0, 7), "grid"),  # noqa: DTZ001
        (dt.datetime(2018, 1, 1), "outside"),  # noqa: DTZ001 - nothing is known before the first reading
        (dt.datetime(2018, 1, 3, 0, 15), "outside"),  # noqa: DTZ001
    ],
    ids=["off the grid", "before any reading", "beyond the end"],
)
def test_an_origin_that_is_not_the_end_of_a_known_interval_is_refused(origin: dt.datetime, complaint: str):
    with pytest.raises(InputError, match=complaint) as refusal:
        toy_timeline(toy_readings(days=2)).positions([origin])

    assert refusal.value.field == "origin"
    assert refusal.value.remedy


def test_a_missing_interval_is_refused():
    readings = toy_readings(days=2)

    with pytest.raises(InputError, match="every 15 minutes"):
        toy_timeline(readings.filter(pl.int_range(pl.len()) != 50))


def test_an_empty_cell_is_refused():
    readings = toy_readings(days=2).with_columns(
        usage_kwh=pl.when(pl.int_range(pl.len()) == 50).then(None).otherwise(pl.col("usage_kwh"))
    )

    with pytest.raises(InputError, match="empty cells"):
        toy_timeline(readings)


def test_no_readings_at_all_are_refused():
    with pytest.raises(NotEnoughDataError, match="no readings"):
        toy_timeline(toy_readings(days=1).clear())


@pytest.mark.parametrize("horizon", [0, -1, 673])
def test_a_horizon_beyond_a_week_or_below_one_interval_is_refused(horizon: int):
    with pytest.raises(InputError, match=f"1 to 672.*{horizon}"):
        check_horizon(horizon)


def test_a_timeline_is_taken_as_it_is_where_it_reaches_far_enough():
    line = toy_timeline(toy_readings(days=2), ahead=96)

    assert timeline_of(line, plant=toy_plant(), tariff=toy_tariff(), ahead=96) is line
    with pytest.raises(InputError, match="reaches less than 672 intervals ahead"):
        timeline_of(line, plant=toy_plant(), tariff=toy_tariff(), ahead=672)


def test_what_is_made_of_a_timeline_is_made_once_for_each_argument():
    line, made = toy_timeline(toy_readings(days=2)), []

    def make(given: Timeline, days: int) -> tuple[int, int]:
        made.append(days)
        return given.end, days

    assert [line.once(make, days) for days in (1, 2, 1)] == [(192, 1), (192, 2), (192, 1)]
    assert made == [1, 2]
