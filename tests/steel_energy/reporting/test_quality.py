"""The quality report, on audits of a few rows."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from plotly.offline import get_plotlyjs

from steel_energy.cleaning import RULES, Cleaned, CleaningReport
from steel_energy.reporting.quality import write_quality_report
from steel_energy.schema import repairs_schema
from steel_energy.sources.raw import Origin
from steel_energy.testing import toy_plant

FILE = Origin(kind="file", location="export.csv", ignored_columns=("junk",))
MORNING = dt.datetime(2018, 1, 2, 8, tzinfo=ZoneInfo("Asia/Seoul"))
CHANGES = [
    ("usage_kwh", "10000", "10.0", "wh_for_kwh", 0.99),
    ("usage_kwh", "?", "10.0", "usage_from_power_factors", 0.9),
    ("co2_t", "<b>bad</b>", "0.01", "co2_of_usage", 0.99),
    ("lagging_power_factor", None, "80.0", "between_neighbours", 0.3),
    ("interval_start", "error", "2018-01-02T09:00:00+09:00", "neighbours", 0.99),
    ("row", "row 7: 02/01/2018 09:30;10", None, "duplicate", 1.0),
]


def audit(changes):
    rows = [("toy", MORNING + dt.timedelta(minutes=15 * place), *change) for place, change in enumerate(changes)]
    return pl.DataFrame(rows, schema=repairs_schema("Asia/Seoul"), orient="row")


def cleaned(readings, changes, *, energy_before_kwh=528.0, inserted=0):
    repairs = audit(changes)
    cells = repairs.filter(pl.col("column") != "row")
    removed = repairs.height - cells.height
    figures = CleaningReport(
        rows_read=readings.height + removed - inserted,
        intervals=readings.height,
        duplicates_removed=removed,
        intervals_inserted=inserted,
        repaired_cells=cells.height,
        repaired_share=cells.height / (8 * readings.height),
        cells_by_rule=dict(repairs["rule"].value_counts().rows()),
        cells_by_column=dict(cells["column"].value_counts().rows()),
        energy_before_kwh=energy_before_kwh,
        energy_after_kwh=528.0,
    )
    return Cleaned(readings, repairs, figures)


@pytest.fixture
def page(tmp_path, toy_readings, words):
    """Writes the report of a day's readings with ``changes`` and returns its words."""

    def write(changes, **settings):
        match = settings.pop("reference_match", None)
        path = tmp_path / "quality.html"
        result = cleaned(toy_readings(days=1), changes, **settings)
        write_quality_report(result, path, plant=toy_plant(), origin=FILE, reference_match=match)
        return words(path)

    return write


def test_rows_cells_and_columns_are_accounted_for(page):
    text = page(CHANGES)

    assert "97 rows read, less 1 removed, plus 0 inserted, make 96 intervals: the count adds up." in text
    assert "5 cells changed, all others are as read; 0.65 % of all cells were wrong or missing" in text
    assert "Ignored columns: junk." in text


def test_the_energy_balance_separates_corrected_from_filled_values(page):
    text = page(CHANGES, energy_before_kwh=528.0 + 9990 - 10)

    assert "held 10,508 kWh as far as it could be read" in text
    assert (
        "Correcting wrong values changed that by \N{MINUS SIGN}9,990 kWh and filling unreadable ones by 10 kWh" in text
    )
    assert "528 kWh after cleaning" in text


def test_an_export_without_a_fault_is_said_to_need_no_repair(page):
    text = page([])

    assert "Nothing needed repair" in text
    assert "No usage was changed: 528 kWh before and after cleaning." in text
    assert "The rules" not in text


def test_each_used_rule_is_shown_with_its_meaning_and_an_example(page):
    text = page(CHANGES)

    assert all(RULES[change[3]].why in text.replace("&#x27;", "'") for change in CHANGES)
    assert "usage, kWh: 10000 → 10.0" in text
    assert "time of the row: error → Tue 2 Jan 2018 09:00" in text
    assert "whole row: row 7: 02/01/2018 09:30;10 → removed" in text


def test_what_the_file_says_is_shown_as_text_and_never_as_markup(page, tmp_path):
    page(CHANGES)

    own = (tmp_path / "quality.html").read_text(encoding="utf-8").replace(get_plotlyjs(), "", 1)

    assert "&lt;b&gt;bad&lt;/b&gt;" in own
    assert "<b>bad" not in own
    assert not re.search(r"\bsrc\s*=|<link|@import|url\(|https?://", own)


def test_the_largest_correction_is_named(page):
    text = page(CHANGES)

    assert (
        "1 readable usage cell changed. The largest step is from 10,000.00 to 10.00 kWh on Tue 2 Jan 2018 08:00."
        in text
    )


def test_estimates_are_told_from_sure_repairs(page):
    text = page(CHANGES)

    assert "83.3 % of the changes have a confidence of at least 0.9; 1 change below it is an estimate." in text


def test_a_long_list_is_cut_and_says_so_with_the_least_certain_on_top(page):
    text = page([CHANGES[0]] * 600 + [CHANGES[3]])

    assert "The 500 least certain changes of 601" in text
    assert text.index("between neighbours", text.index("The 500 least")) < text.index(
        "Wh for kWh", text.index("The 500 least")
    )


def test_the_match_with_a_reference_is_shown_by_column(page):
    match = {"usage_kwh": 0.995, "load_type": 1.0, "all": 0.9975}

    text = page(CHANGES, reference_match=match)

    assert "99.750 % are equal. The column that matches least is usage with 99.500 %." in text
    assert "Match with the reference" not in page(CHANGES)


def test_the_calendar_counts_changes_by_day(page):
    assert "Changes fall on 1 of 1 day. The most on one day is 6, on Tue 2 Jan 2018" in page(CHANGES)


def test_inserted_intervals_are_shown_as_such(page):
    changes = [("row", None, None, "missing_interval", 1.0), ("usage_kwh", None, "1.0", "between_neighbours", 0.4)]

    text = page(changes, inserted=1)

    assert "not there → inserted" in text
    assert "usage, kWh (empty) 1.0 between neighbours 0.40" in text
