from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_series_equal

from steel_energy.cleaning.cells import (
    read_load_types,
    read_numbers,
    read_week_status,
    read_weekdays,
    read_written_numbers,
)

JUNK = ["NAN", "?", "error", "invalid", "unknown", "-", "N/A", "NULL", " nan ", "", None]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3,17", 3.17),
        (" 900.0 ", 900.0),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("3.17 kWh", 3.17),
        ("-0.02", -0.02),
        ("\u22120.02", -0.02),
        ("1e3", 1000.0),
        ("'4'", 4.0),
    ],
)
def test_a_number_is_read_however_it_is_written(text, value):
    assert read_numbers(pl.Series([text])).to_list() == [value]


@given(st.lists(st.none() | st.text("0123456789+-.,eE kWh%'\u22129\u0663\n", max_size=9), min_size=1, max_size=20))
def test_a_plain_number_is_read_as_any_other_notation_is(cells: list[str | None]):
    texts = pl.Series("cell", cells, dtype=pl.String)

    assert_series_equal(read_numbers(texts), read_written_numbers(texts))


@pytest.mark.parametrize("read", [read_numbers, read_weekdays, read_week_status, read_load_types])
def test_junk_is_never_read_as_anything(read):
    assert read(pl.Series(JUNK)).null_count() == len(JUNK)


@pytest.mark.parametrize(
    ("text", "weekday"),
    [("Monday", 1), ("  tuesday ", 2), ("WEDNESDAY", 3), ("Wedneday", 3), ("Sat", 6), ("Súnday", 7)],
)
def test_a_weekday_is_read_despite_case_space_accent_and_spelling(text, weekday):
    assert read_weekdays(pl.Series([text])).to_list() == [weekday]


@pytest.mark.parametrize(
    ("text", "is_weekend"), [("Wekday", False), ("WEEKDAY", False), ("Wekend", True), (" weekend", True)]
)
def test_week_status_is_read_despite_spelling(text, is_weekend):
    assert read_week_status(pl.Series([text])).to_list() == [is_weekend]


@pytest.mark.parametrize(
    ("text", "load_type"),
    [
        ("Light_Load", "light"),
        ("Médium_Load", "medium"),
        ("MAXIMUM LOAD", "maximum"),
        ("Medium", "medium"),
        ("max", "maximum"),
    ],
)
def test_a_load_type_is_read_despite_spelling(text, load_type):
    assert read_load_types(pl.Series([text])).to_list() == [load_type]
