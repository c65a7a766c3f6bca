from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from steel_energy.cleaning import place
from steel_energy.sources.file import read_csv
from steel_energy.sources.raw import Origin, as_shown, to_published, to_raw

ZONE = "Asia/Seoul"


def test_a_label_is_the_end_of_its_interval_and_midnight_carries_the_ending_day(readings):
    raw = to_raw(readings(days=2), ZONE)

    assert raw["label"].gather([0, 94, 95, 96]).to_list() == [
        "01/01/2018 00:15",
        "01/01/2018 23:45",
        "01/01/2018 00:00",
        "02/01/2018 00:15",
    ]
    assert raw["nsm_s"].gather([0, 94, 95]).to_list() == ["900", "85500", "0"]
    assert raw["weekday"].gather([95, 96]).to_list() == ["Monday", "Tuesday"]


def test_weekday_and_week_status_follow_the_label(readings):
    saturday = to_raw(readings("2018-01-06"), ZONE)

    assert saturday.select("week_status", "weekday").unique().rows() == [("Weekend", "Saturday")]


def test_numbers_have_no_needless_decimals_and_unknown_cells_stay_empty(readings):
    some_unknown = readings().with_columns(co2_t=None, load_type=None, interval_start=None)

    raw = to_raw(some_unknown.cast(readings().schema), ZONE)

    assert raw.row(0)[1:] == (None, "3.17", "2.95", "0", None, "73.21", "100", None, None, None, None)


def test_published_columns_keep_extra_ones_and_lose_the_row_number(day):
    published = to_published(day.with_columns(junk=pl.lit("abc")))

    assert published.columns[0] == "date"
    assert published.columns[-2:] == ["Load_Type", "junk"]
    assert "source_row" not in published.columns


def test_what_is_shown_is_not_repaired(day):
    placed = day.with_columns(interval_start=pl.int_range(96) // 2, usage_kwh=pl.lit("3,17"), co2_t=pl.lit("nan"))

    shown = as_shown(placed)

    assert shown.height == 48
    assert shown["usage_kwh"].null_count() == shown["co2_t"].null_count() == 48
    assert shown["load_type"].unique().to_list() == ["light"]


def test_an_origin_knows_whether_it_was_made_up():
    assert Origin(kind="simulated", location="toy").is_simulated
    assert not Origin(kind="file", location="year.csv").is_simulated


@pytest.mark.real_data
def test_the_published_file_is_written_back_cell_for_cell(real_csv: Path, gwangyang):
    rows = read_csv(real_csv).rows
    readings = as_shown(place(rows, gwangyang))

    assert to_raw(readings, gwangyang.zone).equals(rows)
