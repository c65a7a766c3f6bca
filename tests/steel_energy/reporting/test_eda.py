"""The exploratory report, on days whose numbers can be worked out by hand."""

from __future__ import annotations

import datetime as dt
import re

import polars as pl
import pytest
from plotly.offline import get_plotlyjs

from steel_energy.cleaning import clean, place
from steel_energy.errors import InputError, NotEnoughDataError, SchemaError
from steel_energy.reporting.eda import write_eda_report
from steel_energy.sources.file import read_csv
from steel_energy.sources.raw import Origin
from steel_energy.testing import toy_plant, toy_tariff

SUNDAYS = [dt.date(2018, 1, 7) + dt.timedelta(days=7 * week) for week in range(8)]


def report(readings, path, *, plant=None, **settings):
    return write_eda_report(readings, path, plant=plant or toy_plant(), tariff=toy_tariff(), **settings)


def test_the_headline_of_one_day_is_what_a_person_works_out(tmp_path, toy_readings):
    summary = report(toy_readings(days=1), tmp_path / "eda.html")

    assert (summary.intervals, summary.days, summary.closed_days) == (96, 1, 0)
    assert summary.usage_kwh == summary.mean_kwh_per_day == 48 * 10 + 48 * 1
    assert summary.peak_kw == 40
    assert summary.peak_at.isoformat() == "2018-01-02T08:00:00+09:00"
    assert summary.last.isoformat() == "2018-01-03T00:00:00+09:00"
    assert summary.idle_share == 0.5
    assert summary.co2_t == pytest.approx(0.528)  # 1 kg for each kWh, not the 0.48 t that the meter rounds to
    assert summary.energy_charge_krw == 48 * 1 * 1 + 32 * 10 * 2 + 16 * 10 * 3


def test_the_sentences_carry_the_numbers_of_the_readings(tmp_path, toy_readings, words):
    report(toy_readings(days=6), tmp_path / "eda.html")

    text = words(tmp_path / "eda.html")

    assert "used 2,736 kWh in 6 days: 528 kWh a day on 5 operating days and 96 kWh a day on 1 closed day" in text
    assert "the lowest Sun 7 Jan 2018 with 96 kWh" in text
    assert "above half of its hourly maximum from 08:00 to 20:00" in text
    assert "light 4 kW, medium 40 kW and maximum 40 kW" in text
    assert "By day the lagging power factor is 80.6 %." in text
    assert "Lagging reactive energy comes to 1.8 Mvarh, leading to 0.3 Mvarh" in text


def test_energy_and_cost_are_divided_by_the_billed_band(tmp_path, toy_readings, words):
    report(toy_readings(days=1), tmp_path / "eda.html")

    text = words(tmp_path / "eda.html")

    assert "the energy alone costs 1,168 KRW, on average 2.2 KRW/kWh" in text
    assert "light 9 % of the energy and 4 % of its cost" in text
    assert "maximum 30 % of the energy and 41 % of its cost" in text


def test_a_page_asks_nothing_of_the_network_and_holds_the_library_once(tmp_path, toy_readings):
    report(toy_readings(days=2), tmp_path / "eda.html")

    page = (tmp_path / "eda.html").read_text(encoding="utf-8")
    own = page.replace(get_plotlyjs(), "", 1)

    assert page.count(get_plotlyjs()[:200]) == 1
    assert not re.search(r"\bsrc\s*=|<link|@import|url\(|https?://", own)
    assert len(page) < 8_000_000


def test_the_same_readings_in_any_order_give_the_same_bytes(tmp_path, toy_readings):
    readings = toy_readings(days=10)

    report(readings, tmp_path / "one.html")
    report(readings.sample(fraction=1, shuffle=True, seed=1), tmp_path / "two.html")

    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


@pytest.mark.parametrize(
    ("select", "left_out"),
    [
        pytest.param(pl.col("interval_start").dt.day() == 2, ["Trend", "What"], id="one day"),
        pytest.param(pl.col("interval_start").dt.month() == 1, [], id="one month"),
        pytest.param(
            pl.col("interval_start").dt.date().is_in(SUNDAYS),
            ["Correlation", "Autocorrelation", "What"],
            id="closed days only",
        ),
    ],
)
def test_sections_that_need_more_data_say_so(tmp_path, toy_readings, words, select, left_out):
    readings = toy_readings(days=58).filter(select)

    summary = report(readings, tmp_path / "eda.html")

    assert [title.split()[0] for title in summary.left_out] == left_out
    assert words(tmp_path / "eda.html").count(" needs ") == len(left_out)


def test_a_constant_column_is_named_and_left_out_of_the_correlation(tmp_path, toy_readings, words):
    readings = toy_readings(days=7).with_columns(co2_t=pl.lit(0.0))

    report(readings, tmp_path / "eda.html")

    assert "Constant here and left out: CO2." in words(tmp_path / "eda.html")


def test_a_plant_that_used_nothing_is_reported_without_a_division_by_zero(tmp_path, toy_readings):
    nothing = pl.col("usage_kwh", "lagging_reactive_kvarh", "leading_reactive_kvarh", "co2_t") * 0

    summary = report(toy_readings(days=30).with_columns(nothing), tmp_path / "eda.html")

    assert (summary.usage_kwh, summary.peak_kw, summary.idle_share) == (0, 0, 1)


def test_days_of_a_clock_change_are_reported(tmp_path, toy_readings):
    zone = "Europe/Berlin"
    readings = toy_readings(dt.date(2018, 3, 20), days=10, zone=zone)

    summary = report(readings, tmp_path / "eda.html", plant=toy_plant(zone=zone))

    assert (summary.intervals, summary.days) == (956, 10)


def test_names_are_escaped(tmp_path, toy_readings):
    plant = toy_plant().model_copy(update={"name": "<script>alert(1)</script> & Co"})
    origin = Origin(kind="file", location='"><img src=x>.csv')

    report(toy_readings(days=1), tmp_path / "eda.html", plant=plant, origin=origin)

    page = (tmp_path / "eda.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co" in page
    assert "<img" not in page.replace(get_plotlyjs(), "")


def test_simulated_readings_are_called_so_on_top_of_the_page(tmp_path, toy_readings, words):
    simulated = Origin(kind="simulated", location="toy, seed 7")

    summary = report(toy_readings(days=1), tmp_path / "simulated.html", origin=simulated)
    report(toy_readings(days=1), tmp_path / "measured.html", origin=Origin(kind="file", location="export.csv"))

    assert summary.source == "simulated: toy, seed 7"
    assert "No meter measured these readings" in words(tmp_path / "simulated.html")
    assert "No meter measured these readings" not in words(tmp_path / "measured.html")


def test_a_few_days_are_decomposed_by_the_hour_and_weeks_by_the_day(tmp_path, toy_readings, words):
    report(toy_readings(days=4), tmp_path / "days.html")
    report(toy_readings(days=28), tmp_path / "weeks.html")

    assert "STL of the hourly energy with a daily season. The trend moves between 22 and 22" in words(
        tmp_path / "days.html"
    )
    assert "STL of the daily energy with a weekly season" in words(tmp_path / "weeks.html")


def test_columns_of_the_same_moment_are_marked_as_useless_for_forecasting(tmp_path, toy_readings, words):
    report(toy_readings(days=9), tmp_path / "eda.html")

    text = words(tmp_path / "eda.html")

    assert "no forecast can use them" in text
    assert re.search(r"\(known ahead\) with \d\.\d\d bits, .* \(same moment, useless for forecasting\)", text)


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        pytest.param(lambda frame: frame.clear(), NotEnoughDataError, id="no row"),
        pytest.param(lambda frame: frame.drop("co2_t"), SchemaError, id="missing column"),
        pytest.param(lambda frame: frame.with_columns(co2_t=pl.lit(None, pl.Float64)), InputError, id="nulls"),
    ],
)
def test_readings_that_are_not_clean_are_refused_and_no_page_is_left(tmp_path, toy_readings, spoil, error):
    with pytest.raises(error):
        report(spoil(toy_readings(days=1)), tmp_path / "eda.html")

    assert not (tmp_path / "eda.html").exists()


@pytest.mark.real_data
def test_the_published_year_has_its_known_headline(tmp_path, real_csv, gwangyang, kepco):
    raw = read_csv(real_csv)
    readings = clean(place(raw.rows, gwangyang), plant=gwangyang, tariff=kepco).readings

    summary = write_eda_report(readings, tmp_path / "eda.html", plant=gwangyang, tariff=kepco, origin=raw.origin)

    assert (summary.intervals, summary.days, summary.closed_days) == (35040, 365, 62)
    assert summary.usage_kwh == pytest.approx(959_636.71, abs=0.01)
    assert summary.peak_kw == pytest.approx(628.72)
    assert summary.left_out == ()
