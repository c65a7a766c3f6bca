"""A week's drift report on toy readings: what it is made from, its table, and what its page says."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from steel_energy.artifacts import Manifest
from steel_energy.artifacts.provenance import Code
from steel_energy.drift import ColumnDrift
from steel_energy.errors import NotEnoughDataError
from steel_energy.forecasting import Vintages
from steel_energy.forecasting.seasonal import SeasonalNaive
from steel_energy.params import load_params
from steel_energy.quality import has_schema
from steel_energy.reporting.drift_data import DayAhead, DriftWeek, drift_week, prediction_drift
from steel_energy.reporting.drift_page import DriftPage, drift_page, usual_p_values
from steel_energy.reporting.drift_table import drift_schema, drift_table, is_not_severe, is_of_one_week, week_verdict
from steel_energy.settings import PROJECT_ROOT
from steel_energy.sites import Site
from steel_energy.sources.raw import Origin
from steel_energy.testing import toy_facts, toy_plant, toy_tariff, varied_readings
from steel_energy.weekly import Week

SEOUL = ZoneInfo("Asia/Seoul")
PARAMS = load_params(PROJECT_ROOT / "params.yaml")
SITE = Site(toy_plant(), toy_tariff())
DAYS = 84  # twelve weeks from Monday, 1 January 2018
TRAINED_UNTIL = dt.datetime(2018, 2, 12, tzinfo=SEOUL)  # six weeks in
WEEK = Week.parse("2018-W12")  # 19 to 25 March: the last whole one
ORIGIN = Origin(kind="file", location="toy.csv")


@dataclass(frozen=True)
class Reported:
    """A week, its page and its table."""

    week: DriftWeek
    prediction: ColumnDrift | None
    page: DriftPage
    table: pl.DataFrame


def champion(**changes: object) -> Manifest:
    facts = toy_facts(trained_from=dt.datetime(2018, 1, 1, tzinfo=SEOUL), trained_until=TRAINED_UNTIL, **changes)
    made = {"created_at": TRAINED_UNTIL, "libraries": {}, "files": {}, "code": Code(package="1.2.3")}
    return Manifest(**facts.model_dump(), **made).named()


def day_ahead(readings: pl.DataFrame, *, first_fit: dt.datetime = TRAINED_UNTIL) -> DayAhead:
    naive = SeasonalNaive(plant=SITE.plant, tariff=SITE.tariff, params=PARAMS.forecasting)
    fitted = Vintages(naive, "Asia/Seoul").fit(readings.filter(pl.col("interval_start") < first_fit))
    return DayAhead(fitted, readings, PARAMS)


def gathered(readings: pl.DataFrame, week: Week = WEEK, *, first_fit: dt.datetime = TRAINED_UNTIL) -> DriftWeek:
    known = day_ahead(readings, first_fit=first_fit)
    return drift_week(readings, week, site=SITE, champion=champion(), day_ahead=known)


def reported(week: DriftWeek, *, origin: Origin = ORIGIN) -> Reported:
    prediction = prediction_drift(week, PARAMS.drift)
    page = drift_page(week, plant=SITE.plant, origin=origin, params=PARAMS.drift, prediction=prediction)
    table = drift_table(week.drift, week.week, champion=week.champion, prediction=prediction)
    return Reported(week, prediction, page, table)


@pytest.fixture(scope="module")
def readings() -> pl.DataFrame:
    return varied_readings(days=DAYS, plant=SITE.plant)


@pytest.fixture(scope="module")
def stable(readings: pl.DataFrame) -> Reported:
    return reported(gathered(readings))


@pytest.fixture(scope="module")
def shifted(readings: pl.DataFrame) -> Reported:
    """The last week with half as much CO2 again."""
    late = pl.col("interval_start") >= dt.datetime(2018, 3, 19, tzinfo=SEOUL)
    return reported(gathered(readings.with_columns(co2_t=pl.when(late).then(pl.col("co2_t") * 1.5).otherwise("co2_t"))))


def test_the_window_is_the_week_and_where_the_readings_end_sooner_the_seven_days_before_that(readings):
    whole = gathered(readings).drift
    begun = gathered(readings.head(80 * 96 + 10)).drift  # into Thursday, 22 March

    assert (whole.newest_from, whole.newest_until) == WEEK.bounds("Asia/Seoul")
    assert begun.newest_until == dt.datetime(2018, 3, 22, 2, 30, tzinfo=SEOUL)
    assert begun.newest_until - begun.newest_from == dt.timedelta(days=7)


def test_a_week_without_readings_is_refused(readings):
    with pytest.raises(NotEnoughDataError, match="2018-W13: has no readings"):
        gathered(readings, WEEK.shifted(1))


def test_forecasts_are_a_days_ahead_and_never_by_a_fit_that_had_seen_the_day(readings):
    known = day_ahead(readings)

    forecasts = known.forecasts(WEEK.bounds("Asia/Seoul")[1])

    assert forecasts["interval_start"][0] == TRAINED_UNTIL
    assert forecasts.height == forecasts["interval_start"].n_unique() == 42 * 96


def test_forecasts_begin_at_the_hour_that_the_window_ends_at(readings):
    until = dt.datetime(2018, 3, 22, 2, 30, tzinfo=SEOUL)

    forecasts = day_ahead(readings.head(80 * 96 + 10)).forecasts(until)

    assert forecasts["interval_start"][0] == TRAINED_UNTIL + dt.timedelta(hours=2, minutes=30)
    assert forecasts["interval_start"][-1] == until - dt.timedelta(minutes=15)


def test_a_stable_week_is_no_alarm(stable: Reported):
    assert week_verdict(stable.table) == stable.week.drift.verdict == "none"
    assert is_not_severe(stable.table).passed


def test_a_meter_that_books_half_as_much_co2_again_is_named_with_what_to_do(shifted: Reported):
    finding = is_not_severe(shifted.table)

    assert week_verdict(shifted.table) == "severe"
    assert not finding.passed
    assert "co2" in finding.actual


def test_the_table_keeps_its_promise_and_tells_each_thing_once(stable: Reported, shifted: Reported):
    for told in (stable, shifted):
        assert has_schema(told.table, drift_schema("Asia/Seoul")).passed
        assert is_of_one_week(told.table).passed
    assert set(stable.table["week"]) == {"2018-03-19"}
    assert set(stable.table["champion_version"]) == {champion().version}


def test_two_weeks_in_a_table_or_a_row_told_twice_are_found(stable: Reported):
    other = stable.table.with_columns(week=pl.lit("2018-03-12"))

    assert not is_of_one_week(pl.concat([stable.table, other])).passed
    assert not is_of_one_week(pl.concat([stable.table, stable.table.tail(1)])).passed


def test_usage_is_the_target_and_forecasts_are_told_but_not_judged(stable: Reported):
    roles = {row["name"]: (row["role"], row["verdict"]) for row in stable.table.iter_rows(named=True)}

    assert roles["usage_kwh"] == ("target", "none")
    assert roles["co2_t"] == ("reading", "none")
    assert roles["mean_kwh"] == ("prediction", None)


def test_the_page_shows_the_figures_of_the_table(shifted: Reported):
    shown = {float(score) for score in re.findall(r"Drift score: ([0-9.]+[0-9])", shifted.page.text)}
    psi = dict(shifted.table.select("name", "psi").iter_rows())

    assert sorted(shown) == pytest.approx(sorted(psi[name] for name in ("usage_kwh", "mean_kwh")), abs=5e-4)


def test_regression_performance_is_the_error_of_the_forecasts_of_the_week(stable: Reported):
    newest = stable.week.newest
    errors = (newest["mean_kwh"] - newest["usage_kwh"]).to_numpy()

    assert stable.page.performance["mae_kwh"] == pytest.approx(np.abs(errors).mean())
    assert stable.page.performance["rmse_kwh"] == pytest.approx(np.sqrt((errors**2).mean()))


def test_the_page_calls_itself_by_plant_and_week_and_shows_all_four_parts(stable: Reported):
    said = stable.page.text

    assert "<title>Toy plant: drift, week 12 of 2018</title>" in stable.page.text[:4096]
    for part in ("population stability index", "Kolmogorov-Smirnov", "## Target", "## Prediction", "## Regression"):
        assert part in said
    assert "**No drift.**" in said


def test_severe_drift_stands_at_the_head_of_the_page(shifted: Reported):
    assert "**Severe drift.**" in shifted.page.text


def test_made_up_readings_are_said_to_be(readings):
    week = gathered(readings, first_fit=dt.datetime(2018, 3, 26, tzinfo=SEOUL))
    told = reported(week, origin=Origin(kind="simulated", location="toy, seed 1"))

    assert "SIMULATED readings" in told.page.text
    assert told.prediction is None
    assert told.page.performance == {}
    assert "Left out: every fit of the champion has seen these days" in told.page.text


def test_the_same_week_gives_the_same_bytes(stable: Reported):
    assert reported(stable.week).page.text == stable.page.text


def test_a_reference_that_is_too_short_to_be_parted_calls_any_difference_one(readings):
    assert set(usual_p_values(readings.head(100), rows=96, share=0.95).values()) == {1.0}
