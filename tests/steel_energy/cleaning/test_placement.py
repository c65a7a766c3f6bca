from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from steel_energy.calendar import interval_grid
from steel_energy.cleaning import place
from steel_energy.errors import NotMeterDataError
from steel_energy.sources.raw import to_raw
from steel_energy.testing import toy_plant


def times_by_row(rows: pl.DataFrame, plant) -> list[dt.datetime]:
    return place(rows, plant).sort("source_row")["interval_start"].to_list()


def rule_of(rows: pl.DataFrame, plant, row: int) -> str:
    return place(rows, plant).filter(pl.col("source_row") == row)["placed_by"].item()


def renumbered(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(source_row=pl.int_range(rows.height, dtype=pl.UInt32))


def test_every_row_of_an_undamaged_file_stands_where_its_label_says(toy_rows, toy_readings, plant):
    placed = place(toy_rows, plant)

    assert placed["interval_start"].to_list() == toy_readings["interval_start"].to_list()
    assert placed["placed_by"].unique().to_list() == ["label"]


@pytest.mark.parametrize("label", [None, "error", "01/01/2081 00:00", "11/01/2018 02:15"])
def test_a_row_with_a_bad_label_goes_where_its_neighbours_leave_room(toy_rows, toy_readings, plant, edit, label):
    damaged = edit(toy_rows, 200, label=label)

    assert times_by_row(damaged, plant) == toy_readings["interval_start"].to_list()
    assert rule_of(damaged, plant, 200) == "neighbours"


def test_a_row_with_day_and_month_swapped_is_recognised(toy_rows, toy_readings, plant, edit):
    damaged = edit(toy_rows, 100, label="01/02/2018 01:15")  # row 100 ends on 2 January at 01:15

    assert times_by_row(damaged, plant) == toy_readings["interval_start"].to_list()
    assert rule_of(damaged, plant, 100) == "day_and_month"


@pytest.mark.parametrize("seed", [0, 1])
def test_a_shuffled_file_is_placed_by_label_nsm_and_weekday(toy_rows, toy_readings, plant, edit, seed):
    damaged = edit(edit(edit(toy_rows, 7, nsm_s="?"), 8, weekday="Sunday"), 9, label=None)
    shuffled = damaged.sample(fraction=1, shuffle=True, seed=seed)
    placed = place(renumbered(shuffled), plant)

    assert placed["interval_start"].to_list() == toy_readings["interval_start"].to_list()
    assert placed["usage_kwh"].to_list() == toy_rows["usage_kwh"].to_list()


def test_a_reversed_file_is_in_order_too(toy_rows, plant, edit):
    damaged = edit(toy_rows, 50, label="?")

    assert place(renumbered(damaged.reverse()), plant)["usage_kwh"].to_list() == toy_rows["usage_kwh"].to_list()


@pytest.mark.parametrize(
    "missing", [["label"], ["label", "weekday", "week_status"], ["nsm_s"], ["weekday", "week_status"]]
)
def test_missing_time_columns_are_made_up_for_by_the_others(toy_rows, toy_readings, plant, missing):
    without = toy_rows.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in missing)

    assert times_by_row(without, plant) == toy_readings["interval_start"].to_list()


def test_dates_without_a_time_take_it_from_nsm(toy_rows, toy_readings, plant):
    dates = toy_rows.with_columns(pl.col("label").str.head(10))

    assert times_by_row(dates, plant) == toy_readings["interval_start"].to_list()


def test_nsm_that_counts_from_another_moment_is_not_listened_to(toy_rows, toy_readings, plant):
    from_start = toy_rows.with_columns(nsm_s=((pl.col("nsm_s").cast(pl.Int64) - 900) % 86_400).cast(pl.String))

    assert times_by_row(from_start, plant) == toy_readings["interval_start"].to_list()


def test_every_second_label_is_enough(toy_rows, toy_readings, plant):
    half = toy_rows.with_columns(
        label=pl.when(pl.col("source_row") % 2 == 0).then("label"), nsm_s=pl.lit(None, dtype=pl.String)
    )

    assert times_by_row(half, plant) == toy_readings["interval_start"].to_list()


def test_a_file_without_dates_keeps_its_gaps(toy_rows, toy_readings, plant):
    gap = pl.int_range(pl.len()).is_between(300, 450)
    without = renumbered(toy_rows.filter(~gap).with_columns(label=pl.lit(None, dtype=pl.String)))

    assert times_by_row(without, plant) == toy_readings.filter(~gap)["interval_start"].to_list()


def test_a_copy_without_a_date_joins_the_row_it_copies(toy_rows, plant):
    stray = toy_rows[40].with_columns(label=pl.lit(None, dtype=pl.String))
    rows = renumbered(pl.concat([toy_rows[:900], stray, toy_rows[900:]]))
    placed = place(rows, plant).filter(pl.col("source_row") == 900)

    assert placed["interval_start"].item() == dt.datetime(2018, 1, 1, 10, tzinfo=ZoneInfo("Asia/Seoul"))
    assert placed["placed_by"].item() == "equal_row"


def test_a_row_that_says_nothing_is_kept_and_called_unplaceable(toy_rows, plant):
    silent = toy_rows[40].with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in toy_rows.columns[1:])
    rows = renumbered(pl.concat([toy_rows[:900], silent, toy_rows[900:]]))

    assert place(rows, plant).height == rows.height
    assert rule_of(rows, plant, 900) == "unplaceable"


@pytest.mark.parametrize("convention", ["end", "start"])
@pytest.mark.parametrize(
    ("day", "intervals"),
    [pytest.param(27, 3 * 96 + 4, id="autumn, an hour comes twice"), pytest.param(24, 3 * 96 - 4, id="spring")],
)
def test_every_row_beside_a_clock_change_keeps_its_interval(toy_readings, day, intervals, convention):
    plant = toy_plant(zone="Europe/Berlin").model_copy(update={"label": convention})
    first = dt.datetime(2018, 10 if day == 27 else 3, day)  # noqa: DTZ001
    grid = interval_grid(first, first + dt.timedelta(days=3), zone=plant.zone)
    readings = toy_readings[: grid.len()].with_columns(grid)
    placed = place(to_raw(readings, plant.zone, label=convention), plant)

    assert grid.len() == intervals
    assert placed["interval_start"].to_list() == grid.to_list()


def test_labels_of_interval_starts_are_placed_there_where_the_plant_file_says_so(toy_readings, plant):
    starts = plant.model_copy(update={"label": "start"})
    rows = to_raw(toy_readings, plant.zone, label="start")
    unlabelled = rows.with_columns(label=pl.when(pl.col("source_row") != 200).then("label"))

    assert rows.select("label", "nsm_s", "weekday").row(96) == ("02/01/2018 00:00", "0", "Tuesday")
    assert times_by_row(rows, starts) == toy_readings["interval_start"].to_list()
    assert times_by_row(unlabelled, starts) == toy_readings["interval_start"].to_list()
    assert times_by_row(rows, plant)[1] == toy_readings["interval_start"][0]  # read as ends, they stand one earlier


def test_rows_without_any_time_are_refused(toy_rows, plant):
    timeless = toy_rows.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in ("label", "nsm_s"))

    with pytest.raises(NotMeterDataError, match="no row has a readable date"):
        place(timeless, plant)
