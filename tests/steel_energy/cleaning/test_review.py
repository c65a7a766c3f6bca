from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.cleaning.review import gaps, review
from steel_energy.schema import repairs_schema

SEOUL = ZoneInfo("Asia/Seoul")
FIRST = dt.datetime(2018, 1, 1, tzinfo=SEOUL)
END = dt.datetime(2018, 1, 22, tzinfo=SEOUL)
QUARTER = dt.timedelta(minutes=15)


def audit(*changes: tuple[dt.datetime, str, str]) -> pl.DataFrame:
    rows = [
        {"plant": "toy", "interval_start": at, "column": column, "before": "1", "after": "2", "rule": rule}
        for at, column, rule in changes
    ]
    return pl.DataFrame([row | {"confidence": 0.9} for row in rows], schema=repairs_schema("Asia/Seoul"), orient="row")


def test_a_period_counts_its_own_changes_by_what_they_are(toy_readings):
    on_tuesday, on_wednesday = FIRST + dt.timedelta(days=1), FIRST + dt.timedelta(days=2)
    repairs = audit(
        (on_tuesday, "usage_kwh", "between_neighbours"),
        (on_tuesday, "co2_t", "co2_of_usage"),
        (on_tuesday, "load_type", "notation"),
        (on_wednesday, "row", "duplicate"),
        (END, "usage_kwh", "sign"),
    )

    found = review(toy_readings, repairs, start=FIRST, end=FIRST + dt.timedelta(days=3))

    assert (found.intervals, found.cells) == (3 * 96, 3 * 96 * 8)
    assert (found.repaired_cells, found.restyled_cells, found.rows_removed, found.intervals_inserted) == (2, 1, 1, 0)
    assert found.repaired_share == 2 / (3 * 96 * 8)
    assert found.by_column == {"co2_t": 1, "load_type": 1, "row": 1, "usage_kwh": 1}
    assert found.parts["repaired_cells"].to_list() == [0, 2, 0]
    assert found.parts["rows_removed"].to_list() == [0, 0, 1]
    assert found.repairs["rule"].to_list()[0] == "duplicate"


def test_cells_of_a_column_that_the_source_lacks_do_not_speak_against_it(toy_readings):
    repairs = audit((FIRST, "co2_t", "co2_of_usage"), (FIRST, "usage_kwh", "sign"))

    found = review(toy_readings, repairs, start=FIRST, end=FIRST + QUARTER, absent={"co2_t"})

    assert (found.cells, found.repaired_cells, found.repaired_share) == (7, 1, 1 / 7)


def test_the_share_is_that_of_the_report_of_the_same_cleaning(toy_rows, clean_toy, edit):
    cleaned = clean_toy(edit(edit(toy_rows, 500, usage_kwh="?"), 501, load_type="?"))

    found = review(cleaned.readings, cleaned.repairs, start=FIRST, end=END, by="month")

    assert found.repaired_share == cleaned.report.repaired_share
    assert found.parts["intervals"].to_list() == [cleaned.report.intervals]


def test_inserted_intervals_that_stand_side_by_side_are_one_gap(toy_readings):
    absent = [FIRST, FIRST + QUARTER, FIRST + 10 * QUARTER]
    repairs = audit(*((at, "row", "missing_interval") for at in absent))

    found = review(toy_readings, repairs, start=FIRST, end=END)

    assert found.intervals_inserted == 3
    assert found.gaps.rows() == [
        (FIRST + 10 * QUARTER, FIRST + 11 * QUARTER, 1),
        (FIRST, FIRST + 2 * QUARTER, 2),
    ]


@given(st.sets(st.integers(0, 300)))
def test_gaps_hold_every_absent_interval_once_and_never_touch(numbers: set[int]):
    absent = pl.Series([FIRST + n * QUARTER for n in sorted(numbers)], dtype=pl.Datetime("us", "Asia/Seoul"))

    found = gaps(absent)

    assert found["intervals"].sum() == len(numbers)
    assert ((found["end"] - found["start"]) == found["intervals"] * QUARTER).all()
    assert (found["start"][1:] > found["end"][:-1]).all()
