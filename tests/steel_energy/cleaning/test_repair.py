"""Row 500 of the toy weeks is the interval from 6 January 05:00.

It shows 34 kWh, 11 kvarh lagging at 95.14 %, 4 kvarh leading at 99.32 %, 0.03 t and a light load.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steel_energy.calendar import interval_grid
from steel_energy.cleaning import RULES, clean, place
from steel_energy.cleaning.cells import CELLS, read_numbers
from steel_energy.errors import NotEnoughDataError
from steel_energy.schema import readings_schema, repairs_schema
from steel_energy.simulation.damage import LEVELS, damage
from steel_energy.sources.raw import to_raw
from steel_energy.testing import toy_plant

ROW_500 = dt.datetime(2018, 1, 6, 5, tzinfo=ZoneInfo("Asia/Seoul"))
DAY_7 = pl.col("source_row").is_between(7 * 96, 8 * 96 - 1)


def renumbered(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(source_row=pl.int_range(rows.height, dtype=pl.UInt32))


def rules_of(repairs: pl.DataFrame) -> dict[str, str]:
    return dict(repairs.select("column", "rule").iter_rows())


def test_an_undamaged_file_is_not_changed(toy_rows, toy_readings, clean_toy, plant):
    cleaned = clean_toy(toy_rows)

    assert cleaned.readings.equals(toy_readings)
    assert cleaned.readings.schema == readings_schema(plant.zone)
    assert cleaned.repairs.is_empty()
    assert cleaned.repairs.schema == repairs_schema(plant.zone)


@pytest.mark.parametrize(
    ("column", "text", "rule"),
    [
        ("usage_kwh", "error", "usage_from_power_factors"),
        ("usage_kwh", "25897.9", "usage_from_power_factors"),
        ("usage_kwh", "34000", "wh_for_kwh"),
        ("usage_kwh", "-34", "sign"),
        ("usage_kwh", "3.4", "decimal_point"),
        ("usage_kwh", "34,0", "notation"),
        ("lagging_reactive_kvarh", None, "reactive_from_power_factor"),
        ("lagging_reactive_kvarh", "11.4", "reactive_from_power_factor"),
        ("leading_reactive_kvarh", "?", "reactive_from_power_factor"),
        ("lagging_power_factor", "679.03", "power_factor_of_energies"),
        ("lagging_power_factor", "0.9514", "ratio_for_percent"),
        ("leading_power_factor", " nan ", "power_factor_of_energies"),
        ("co2_t", "-0.03", "sign"),
        ("co2_t", "1364.04", "co2_of_usage"),
        ("load_type", "unknown", "calendar"),
        ("load_type", "Maximum_Load", "calendar"),
        ("load_type", "LIGHT LOAD", "notation"),
    ],
)
def test_a_damaged_cell_is_restored_and_listed(toy_rows, toy_readings, clean_toy, edit, column, text, rule):  # noqa: PLR0917
    cleaned = clean_toy(edit(toy_rows, 500, **{column: text}))

    assert cleaned.readings.equals(toy_readings)
    assert cleaned.repairs.select("interval_start", "column", "before", "rule", "confidence").rows() == [
        (ROW_500, column, text, rule, RULES[rule].confidence)
    ]


@pytest.mark.parametrize(
    "damage_of_row",
    [
        {"usage_kwh": "?", "co2_t": None},
        {"usage_kwh": "?", "lagging_power_factor": "error"},
        {"lagging_reactive_kvarh": None, "leading_reactive_kvarh": None},
        {"usage_kwh": "34000", "lagging_reactive_kvarh": "11000", "leading_reactive_kvarh": "4000"},
        {"usage_kwh": "11", "lagging_reactive_kvarh": "34"},
        {"lagging_power_factor": "99.32", "leading_power_factor": "95.14"},
    ],
    ids=" and ".join,
)
def test_several_damaged_cells_of_a_row_are_restored_together(toy_rows, toy_readings, clean_toy, edit, damage_of_row):
    assert clean_toy(edit(toy_rows, 500, **damage_of_row)).readings.equals(toy_readings)


def test_a_plausible_value_that_contradicts_the_others_is_replaced(toy_rows, toy_readings, clean_toy, edit):
    cleaned = clean_toy(edit(toy_rows, 500, usage_kwh="35"))

    assert cleaned.readings.equals(toy_readings)
    assert rules_of(cleaned.repairs) == {"usage_kwh": "usage_from_power_factors"}


def test_duplicates_go_and_are_listed(toy_rows, toy_readings, clean_toy):
    cleaned = clean_toy(renumbered(pl.concat([toy_rows[:900], toy_rows[500], toy_rows[900:]])))

    assert cleaned.readings.equals(toy_readings)
    assert cleaned.repairs.select("interval_start", "column", "after", "rule").rows() == [
        (ROW_500, "row", None, "duplicate")
    ]
    assert cleaned.report.duplicates_removed == 1


def test_of_near_duplicates_the_one_that_obeys_the_meter_stands(toy_rows, toy_readings, clean_toy, edit):
    worse = edit(toy_rows, 500, usage_kwh="37")[500]
    cleaned = clean_toy(renumbered(pl.concat([toy_rows[:500], worse, toy_rows[500:]])))

    assert cleaned.readings.equals(toy_readings)
    assert rules_of(cleaned.repairs) == {"row": "near_duplicate"}


def test_copies_of_a_row_lend_each_other_what_they_lack(toy_rows, toy_readings, clean_toy, edit):
    lacks = {"lagging_reactive_kvarh": "?", "lagging_power_factor": "?"}
    first, second = edit(toy_rows, 500, **lacks), edit(toy_rows, 500, leading_power_factor="?", load_type="?")[500]
    cleaned = clean_toy(renumbered(pl.concat([first[:501], second, first[501:]])))

    assert cleaned.readings.equals(toy_readings)
    assert set(cleaned.repairs["rule"]) == {"other_copy", "near_duplicate"}


def test_a_missing_interval_is_inserted_and_every_cell_of_it_listed(toy_rows, toy_readings, clean_toy):
    cleaned = clean_toy(renumbered(toy_rows.filter(pl.col("source_row") != 500)))
    row = cleaned.readings.filter(pl.col("interval_start") == ROW_500).row(0, named=True)

    assert cleaned.readings["interval_start"].equals(toy_readings["interval_start"])
    assert 34 < row["usage_kwh"] <= 50  # between its neighbours of 50 and 41 kWh, or beside them
    assert set(cleaned.repairs["column"]) == {"row", *CELLS, "load_type"}
    assert cleaned.report.intervals_inserted == 1


def test_a_missing_day_is_filled_like_similar_days_and_keeps_its_load_types(toy_rows, toy_readings, clean_toy):
    cleaned = clean_toy(renumbered(toy_rows.filter(~DAY_7)))

    assert cleaned.readings.height == toy_readings.height
    assert cleaned.readings["load_type"].equals(toy_readings["load_type"])
    assert cleaned.report.energy_after_kwh == pytest.approx(toy_readings["usage_kwh"].sum(), rel=0.02)


def test_inserted_rows_obey_the_meter(toy_rows, clean_toy):
    cleaned = clean_toy(renumbered(toy_rows.filter(~DAY_7)))

    assert clean_toy(to_raw(cleaned.readings, "Asia/Seoul")).repairs.is_empty()


def test_a_frozen_meter_is_noticed_after_the_reading_it_repeats(toy_rows, clean_toy):
    frozen = pl.col("source_row").is_between(501, 505)
    cells = [pl.when(frozen).then(pl.lit(toy_rows[name][500])).otherwise(name).alias(name) for name in CELLS]
    repairs = clean_toy(toy_rows.with_columns(cells)).repairs

    assert set(repairs.filter(pl.col("column") == "usage_kwh")["rule"]) == {"stuck_meter"}
    assert repairs["interval_start"].min() == ROW_500 + dt.timedelta(minutes=15)
    assert repairs["interval_start"].n_unique() == 5


def test_a_column_that_sticks_is_worked_out_from_the_others(toy_rows, toy_readings, clean_toy, edit):
    rows = toy_rows
    for row in range(501, 507):
        rows = edit(rows, row, usage_kwh="34")

    assert clean_toy(rows).readings.equals(toy_readings)


@pytest.mark.parametrize("column", ["co2_t", "lagging_power_factor", "leading_power_factor", "usage_kwh", "load_type"])
def test_a_missing_column_is_derived_and_does_not_count_as_damage(toy_rows, toy_readings, clean_toy, column):
    cleaned = clean_toy(toy_rows.with_columns(pl.lit(None, dtype=pl.String).alias(column)))

    assert cleaned.readings.equals(toy_readings)
    assert cleaned.report.cells_by_column == {column: toy_readings.height}
    assert cleaned.report.repaired_share == 0


@pytest.mark.parametrize("column", ["usage_kwh", "lagging_power_factor"])
def test_a_file_of_decimal_commas_is_a_dialect_and_no_damage(toy_rows, toy_readings, clean_toy, column):
    with_commas = (
        pl.format("{},00", column) if column == "usage_kwh" else pl.col(column).str.replace(".", ",", literal=True)
    )
    cleaned = clean_toy(toy_rows.with_columns(with_commas.alias(column)))

    assert cleaned.readings.equals(toy_readings)
    assert cleaned.repairs.is_empty()


def test_a_file_in_wh_throughout_is_converted(toy_rows, toy_readings, clean_toy):
    cleaned = clean_toy(toy_rows.with_columns(pl.format("{}000", "usage_kwh").alias("usage_kwh")))

    assert cleaned.readings.equals(toy_readings)
    assert cleaned.report.cells_by_rule == {"wh_for_kwh": toy_readings.height}


def test_a_day_that_the_file_shows_as_closed_is_closed_despite_the_calendar(toy_rows, clean_toy):
    closed = toy_rows.with_columns(load_type=pl.when(DAY_7).then(pl.lit("Light_Load")).otherwise("load_type"))
    damaged = closed.with_columns(
        load_type=pl.when(pl.col("source_row") == 7 * 96 + 48).then(pl.lit("?")).otherwise("load_type")
    )
    cleaned = clean_toy(damaged)

    assert set(cleaned.readings[7 * 96 : 8 * 96]["load_type"]) == {"light"}
    assert cleaned.report.cells_by_rule == {"calendar": 1}


def test_cleaning_month_by_month_equals_cleaning_at_once(plant, tariff, toy_rows):
    """The toy weeks repeated over the end of January, so that February leans on it."""
    shift = dt.timedelta(days=21)
    later = toy_rows.with_columns(
        label=(pl.col("label").str.to_datetime("%d/%m/%Y %H:%M") + shift).dt.strftime("%d/%m/%Y %H:%M")
    )
    rows = damage(renumbered(pl.concat([toy_rows, later])), seed=3, level=LEVELS["harsh"]).rows
    placed = place(rows, plant)
    border = dt.datetime(2018, 2, 1, tzinfo=ZoneInfo(plant.zone))
    at_once = clean(placed, plant=plant, tariff=tariff)
    january = clean(placed.filter(pl.col("interval_start") < border), plant=plant, tariff=tariff, end=border)
    february = clean(placed, plant=plant, tariff=tariff, start=border)

    assert pl.concat([january.readings, february.readings]).equals(at_once.readings)
    assert pl.concat([january.repairs, february.repairs]).equals(at_once.repairs)


@pytest.mark.parametrize("level", ["mild", "published", "harsh", "brutal"])
@pytest.mark.parametrize("seed", [0, 1])
def test_dirty_copies_come_back_complete_and_in_order(toy_rows, toy_readings, clean_toy, level, seed):
    cleaned = clean_toy(damage(toy_rows, seed=seed, level=LEVELS[level]).rows)

    assert cleaned.readings["interval_start"].equals(toy_readings["interval_start"])
    assert cleaned.readings.null_count().sum_horizontal().item() == 0
    assert _wrong(cleaned.readings, toy_readings) <= _limit(level)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), level=st.sampled_from(["mild", "published", "harsh", "brutal"]))
def test_no_cell_changes_without_an_entry_and_no_entry_without_a_change(toy_rows, plant, tariff, seed, level):
    placed = place(damage(toy_rows, seed=seed, level=LEVELS[level]).rows, plant)
    cleaned = clean(placed, plant=plant, tariff=tariff)
    listed = cleaned.repairs.filter(pl.col("column").is_in(CELLS)).select("interval_start", "column", "before", "after")
    shown = placed.unpivot(CELLS, index="interval_start", variable_name="column", value_name="before")
    after = cleaned.readings.unpivot(CELLS, index="interval_start", variable_name="column", value_name="after")
    shown = shown.with_columns(number=read_numbers(shown["before"]))
    unlisted = after.join(listed, on=["interval_start", "column"], how="anti").join(
        shown, on=["interval_start", "column"]
    )
    same = unlisted.group_by("interval_start", "column").agg((pl.col("number") == pl.col("after")).any())

    assert same["number"].all()
    assert listed.filter(pl.col("before") == pl.col("after")).is_empty()
    assert (
        listed.join(shown, on=["interval_start", "column", "before"], how="anti", nulls_equal=True)
        .filter(pl.col("before").is_not_null())
        .is_empty()
    )


def _wrong(readings: pl.DataFrame, truth: pl.DataFrame) -> float:
    unequal = [(readings[name] != truth[name]).sum() for name in [*CELLS, "load_type"]]
    return sum(unequal) / (truth.height * len(unequal))


def _limit(level: str) -> float:
    return {"mild": 0.001, "published": 0.002, "harsh": 0.01, "brutal": 0.05}[level]


def test_a_period_without_readings_is_refused(toy_rows, plant, tariff):
    later = ROW_500.replace(year=2019)

    with pytest.raises(NotEnoughDataError, match="no reading between"):
        clean(place(toy_rows, plant), plant=plant, tariff=tariff, start=later, end=later + dt.timedelta(days=1))


def test_a_file_that_ends_in_the_hour_that_comes_twice_keeps_its_last_hour(toy_readings, tariff):
    plant = toy_plant(zone="Europe/Madrid").model_copy(update={"first_month": "2018-10", "last_month": "2018-12"})
    grid = interval_grid(dt.datetime(2018, 10, 26), dt.datetime(2018, 10, 29), zone=plant.zone)[: 2 * 96 + 12]  # noqa: DTZ001
    readings = toy_readings[: grid.len()].with_columns(grid)

    cleaned = clean(place(to_raw(readings, plant.zone), plant), plant=plant, tariff=tariff).readings

    assert grid[-1].isoformat() == "2018-10-28T02:45:00+02:00"
    assert cleaned["interval_start"].to_list() == grid.to_list()
