"""What is due at a plant, by hand-made clocks and batches."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.due import (
    MOST_WEEKS,
    spans,
    touched_spans,
    week_over,
    why_not_plan,
    why_not_train,
    why_not_week,
)
from steel_energy.weekly import Week

SEOUL = ZoneInfo("Asia/Seoul")
MONDAY = dt.datetime(2018, 12, 3, tzinfo=SEOUL)  # of 2018-W49
MONTHS = ["2018-11", "2018-12"]
NINE, TEN, ELEVEN = (dt.datetime(2018, 12, 20, hour, tzinfo=dt.UTC) for hour in (9, 10, 11))


def posted(*batches: tuple[dt.datetime, list[dt.datetime]]) -> pl.DataFrame:
    rows = [(start, at) for at, starts in batches for start in starts]
    schema = {"interval_start": pl.Datetime("us", "Asia/Seoul"), "received_at": pl.Datetime("us", "UTC")}
    return pl.DataFrame(rows, schema=schema, orient="row")


def touched(frame: pl.DataFrame, *, since: dt.datetime | None = None, until: dt.datetime = ELEVEN) -> list[str]:
    found = touched_spans(frame, since=since, until=until, months=MONTHS, zone="Asia/Seoul")
    return [f"{first.name} to {last.name}" for first, last in found]


def test_the_weeks_of_what_came_in_are_touched():
    assert touched(posted((NINE, [MONDAY, MONDAY + dt.timedelta(days=8)]))) == ["2018-W49 to 2018-W50"]


def test_what_was_looked_at_already_and_what_is_not_taken_in_yet_is_left_out():
    frame = posted(
        (NINE, [MONDAY]), (TEN, [MONDAY + dt.timedelta(weeks=1)]), (ELEVEN, [MONDAY + dt.timedelta(weeks=2)])
    )

    assert touched(frame, since=TEN, until=ELEVEN) == ["2018-W50 to 2018-W50"]


def test_a_week_begins_on_the_plants_monday_not_on_utcs():
    sunday_in_utc = MONDAY.astimezone(dt.UTC)

    assert sunday_in_utc.weekday() == 6
    assert touched(posted((NINE, [sunday_in_utc]))) == ["2018-W49 to 2018-W49"]
    assert touched(posted((NINE, [sunday_in_utc - dt.timedelta(minutes=15)]))) == ["2018-W48 to 2018-W48"]


def test_a_correction_of_an_old_week_does_not_drag_the_weeks_between_along():
    assert touched(posted((NINE, [MONDAY - dt.timedelta(weeks=3), MONDAY]))) == [
        "2018-W46 to 2018-W46",
        "2018-W49 to 2018-W49",
    ]


def test_months_that_the_lake_does_not_have_are_left_out():
    assert touched(posted((NINE, [MONDAY + dt.timedelta(days=60)]))) == []


def test_of_a_long_backlog_the_newest_weeks_are_looked_at():
    backlog = [MONDAY + dt.timedelta(days=day) for day in range(-30, 7)]

    assert touched(posted((NINE, backlog))) == ["2018-W46 to 2018-W49"]
    assert MOST_WEEKS == 4


@given(st.sets(st.integers(0, 30)))
def test_spans_hold_every_week_once_and_nothing_else(numbers: set[int]):
    first = Week(MONDAY.date())
    found = spans(first.shifted(number) for number in numbers)

    held = [start.shifted(step) for start, end in found for step in range((end.monday - start.monday).days // 7 + 1)]

    assert held == [first.shifted(number) for number in sorted(numbers)]
    assert all(after.monday - before.monday > dt.timedelta(weeks=1) for (_, before), (after, _) in pairwise(found))


@pytest.mark.parametrize(
    ("now", "week"),
    [
        (dt.datetime(2018, 12, 9, 15, tzinfo=dt.UTC), "2018-W49"),  # midnight to Monday in Seoul
        (dt.datetime(2018, 12, 9, 14, 59, tzinfo=dt.UTC), "2018-W48"),
        (dt.datetime(2018, 12, 14, tzinfo=dt.UTC), "2018-W49"),
    ],
)
def test_a_week_is_over_when_the_plants_clock_says_so(now: dt.datetime, week: str):
    assert week_over(now, zone="Asia/Seoul").name == week


def test_a_week_that_has_readings_is_due_and_one_that_has_none_says_so():
    week, end = Week.parse("2018-W49"), MONDAY + dt.timedelta(days=2)

    assert why_not_week(week, readings_until=end, zone="Asia/Seoul") is None
    assert why_not_week(week, readings_until=None, zone="Asia/Seoul") == "has no readings yet"
    assert (
        why_not_week(week.shifted(1), readings_until=end, zone="Asia/Seoul")
        == "has readings until 2018-12-05 00:00 alone, none of 2018-W50"
    )


def test_training_again_needs_a_reading_that_no_model_has_seen():
    assert why_not_train(readings_until=MONDAY, trained_until=None) is None
    assert why_not_train(readings_until=MONDAY, trained_until=MONDAY - dt.timedelta(minutes=15)) is None
    assert why_not_train(readings_until=MONDAY, trained_until=MONDAY.astimezone(dt.UTC)) is not None
    assert why_not_train(readings_until=None, trained_until=None) == "has no readings yet"


def test_the_next_days_are_planned_once_from_the_same_reading_on():
    assert why_not_plan(readings_until=MONDAY, planned_from=None) is None
    assert why_not_plan(readings_until=MONDAY, planned_from=MONDAY - dt.timedelta(minutes=15)) is None
    assert why_not_plan(readings_until=MONDAY, planned_from=MONDAY) is not None
