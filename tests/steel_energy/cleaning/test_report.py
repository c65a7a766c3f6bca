from __future__ import annotations

import polars as pl

from steel_energy.cleaning import RULES, reference_match


def test_the_reference_match_counts_cells_within_half_a_digit(toy_readings):
    off = pl.int_range(pl.len())
    readings = toy_readings.with_columns(
        usage_kwh=pl.col("usage_kwh") + pl.when(off < 504).then(0.01).otherwise(0.004),  # a quarter is off by a digit
    )
    match = reference_match(readings, toy_readings)

    assert match["usage_kwh"] == 0.75
    assert match["load_type"] == 1
    assert match["all"] == (0.75 + 6) / 7


def test_an_interval_that_is_not_there_does_not_match(toy_readings):
    assert reference_match(toy_readings[:1008], toy_readings)["all"] == 0.5


def test_the_report_speaks_of_what_was_read_and_what_came_out(toy_rows, clean_toy, edit):
    report = clean_toy(edit(edit(toy_rows, 500, usage_kwh="?"), 501, load_type="?")).report

    assert (report.rows_read, report.intervals) == (2016, 2016)
    assert report.cells_by_column == {"load_type": 1, "usage_kwh": 1}
    assert report.repaired_share == 2 / (2016 * 8)
    assert report.energy_after_kwh - report.energy_before_kwh == 34


def test_every_rule_gives_its_reason_and_a_confidence():
    assert all(
        name == rule.name and rule.why.endswith(".") and 0 < rule.confidence <= 1 for name, rule in RULES.items()
    )
