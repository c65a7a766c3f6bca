from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from steel_energy.calendar import interval_grid
from steel_energy.schema import readings_schema
from steel_energy.simulation import defects
from steel_energy.simulation.damage import DEFECTS, JUNK_COLUMN, LEVELS, PUBLISHED, Level, damage
from steel_energy.simulation.sheet import Sheet
from steel_energy.sources.file import read_csv
from steel_energy.sources.raw import RAW_COLUMNS, RAW_NUMBERS, to_raw

DAYS = 30
ROWS = DAYS * 96


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    grid = interval_grid(dt.datetime(2018, 1, 1), dt.datetime(2018, 1, 1 + DAYS), zone="Asia/Seoul")  # noqa: DTZ001
    slot = pl.int_range(ROWS)
    readings = pl.select(
        plant=pl.lit("toy"),
        interval_start=grid,
        usage_kwh=slot + 0.5,
        lagging_reactive_kvarh=slot * 2.0,
        leading_reactive_kvarh=slot * 3.0,
        lagging_power_factor=slot % 100 + 0.25,
        leading_power_factor=slot % 100 + 0.75,
        co2_t=slot / 1000,
        load_type=pl.lit("medium"),
    )
    return to_raw(readings.cast(readings_schema("Asia/Seoul")), "Asia/Seoul")


def apply(defect, rows: pl.DataFrame, amount: float) -> Sheet:
    sheet = Sheet(rows)
    defect(sheet, np.random.default_rng(1), amount)
    return sheet


@pytest.mark.parametrize("level", LEVELS)
def test_the_log_and_the_true_rows_lead_back_to_the_input(rows, level):
    damaged = damage(rows, seed=3, level=LEVELS[level])

    restored = damaged.rows.select(RAW_COLUMNS).to_dicts()
    cells = damaged.log.filter(pl.col("column").is_not_null(), pl.col("source_row").is_not_null())
    for change in cells.iter_rows(named=True):
        assert restored[change["source_row"]][change["column"]] == change["after"]
        assert change["kind"]
        restored[change["source_row"]][change["column"]] = change["before"]
    truth = rows.select(RAW_COLUMNS).to_dicts()

    assert restored == [truth[place] for place in damaged.true_rows]


@pytest.mark.parametrize("level", LEVELS)
def test_a_seed_gives_the_same_copy_and_another_seed_another(rows, level):
    first, again, other = (damage(rows, seed=seed, level=LEVELS[level]) for seed in (3, 3, 4))

    assert first.rows.equals(again.rows)
    assert first.log.equals(again.log)
    assert not first.rows.equals(other.rows)


@pytest.mark.parametrize("level", LEVELS)
def test_the_written_file_reads_back_as_the_damaged_rows(rows, level, tmp_path):
    damaged = damage(rows, seed=3, level=LEVELS[level])
    damaged.write_csv(tmp_path / "dirty.csv")

    found = read_csv(tmp_path / "dirty.csv")

    assert found.rows.equals(damaged.rows.select(found.rows.columns))
    assert found.origin.ignored_columns == ((JUNK_COLUMN,) if LEVELS[level].junk_column else ())


def test_levels_get_dirtier(rows):
    changed = [damage(rows, seed=3, level=level).log.height for level in LEVELS.values()]

    assert changed == sorted(set(changed))


def test_a_level_without_amounts_changes_nothing(rows):
    untouched = damage(rows, seed=3, level=Level({}, junk_column=False))

    assert untouched.rows.equals(rows)
    assert untouched.log.is_empty()


def test_every_level_names_defects_that_exist():
    assert {name for level in LEVELS.values() for name in level.amounts} == set(DEFECTS)


@pytest.mark.parametrize(
    ("defect", "kind", "columns"),
    [
        (defects.missing_cells, "missing", set(RAW_COLUMNS)),
        (defects.junk_tokens, "junk", set(RAW_COLUMNS)),
        (defects.negative_co2, "negative", {"co2_t"}),
        (defects.power_factors_over_100, "over_100", {"lagging_power_factor", "leading_power_factor"}),
        (defects.misspelt_words, "spelling", {"week_status", "weekday", "load_type"}),
        (defects.decimals_on_seconds, "decimals", {"nsm_s"}),
        (defects.mixed_date_formats, "date_format", {"label"}),
    ],
)
def test_a_defect_strikes_its_share_of_its_columns_and_no_others(rows, defect, kind, columns):
    log = apply(defect, rows, 0.1).log()

    assert set(log["column"]) == columns
    assert set(log["kind"]) == {kind}
    assert log.height == len(columns) * ROWS * 0.1


def test_values_are_damaged_as_said(rows):
    sheet = Sheet(rows)
    rng = np.random.default_rng(1)
    defects.extremes(sheet, rng, 0.01)
    defects.negative_co2(sheet, rng, 0.01)
    changed = sheet.log().with_columns(pl.col("before", "after").cast(pl.Float64))

    extreme = changed.filter(kind="extreme")
    assert (extreme["after"] >= 20 * extreme["before"] + 30).all()
    assert changed.filter(kind="negative")["after"].is_between(-0.03, -0.01).all()


def test_wh_for_kwh_multiplies_a_stretch_by_a_thousand(rows):
    log = apply(defects.wh_for_kwh, rows, 1).log().filter(column="usage_kwh")

    assert (log["after"].cast(pl.Float64) == 1000 * log["before"].cast(pl.Float64)).all()
    assert (log["source_row"].diff().drop_nulls() == 1).all()


def test_a_stuck_value_repeats_the_first_of_its_stretch(rows):
    sheet = apply(defects.stuck_values, rows, 1)
    log = sheet.log()

    assert log["after"].n_unique() == 1
    assert log["after"][0] == rows[log["column"][0]][log["source_row"][0] - 1]


def test_duplicates_are_exact_and_keep_all_rows(rows):
    damaged = damage(rows, seed=1, level=Level({"duplicates": 0.02}, junk_column=False))

    assert damaged.rows.height == round(ROWS * 1.02)
    assert damaged.rows.select(RAW_COLUMNS).unique().height == ROWS
    assert damaged.log["kind"].unique().to_list() == ["duplicate"]


def test_a_near_duplicate_stands_below_its_row_and_differs_in_one_value(rows):
    damaged = damage(rows, seed=1, level=Level({"near_duplicates": 0.01}, junk_column=False))
    copies = damaged.log.filter(pl.col("column").is_null())
    true_rows = damaged.true_rows

    assert copies.height == round(ROWS * 0.01)
    assert all(true_rows[place] == true_rows[place - 1] for place in copies["source_row"])
    assert damaged.log.filter(pl.col("column").is_not_null())["source_row"].is_unique().all()


def test_missing_intervals_are_logged_with_their_true_row(rows):
    damaged = damage(rows, seed=1, level=Level({"missing_intervals": 0.01}, junk_column=False))

    gone = set(range(ROWS)) - set(damaged.true_rows)
    assert set(damaged.log["true_row"]) == gone
    assert len(gone) == round(ROWS * 0.01)


@pytest.mark.parametrize("name", ["swapped_blocks", "shuffled_rows"])
def test_moved_rows_are_all_still_there(rows, name):
    damaged = damage(rows, seed=1, level=Level({name: {"swapped_blocks": 5}.get(name, 1)}, junk_column=False))

    assert not damaged.true_rows.is_sorted()
    assert sorted(damaged.true_rows) == list(range(ROWS))
    assert damaged.log.is_empty()


def test_decimal_commas_replace_every_point_of_a_number(rows):
    found = apply(defects.decimal_commas, rows, 1).rows()

    assert not found.select(pl.any_horizontal(pl.col(RAW_NUMBERS).str.contains(".", literal=True)).any()).item()
    assert found["usage_kwh"][1] == "1,5"


@pytest.mark.real_data
def test_the_published_level_is_as_dirty_as_the_published_dirty_file(real_csv, dirty_csv):
    damaged, dirty = damage(read_csv(real_csv).rows, seed=1, level=LEVELS["published"]), read_csv(dirty_csv).rows

    assert damaged.rows.height == dirty.height == 35_740
    for column in ("usage_kwh", "co2_t", "nsm_s"):
        junk = [
            frame[column].str.strip_chars().is_in(["invalid", "?", "error", "NULL", "-"]).sum()
            for frame in (damaged.rows, dirty)
        ]
        assert junk[0] == pytest.approx(junk[1], rel=0.25)
    assert PUBLISHED["duplicates"] * 35_040 == 700
