from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from steel_energy.drift import Drift, DriftParams, bin_edges, drift, psi, reference
from steel_energy.errors import NotEnoughDataError
from steel_energy.params import load_params
from steel_energy.schema import LOAD_TYPE, MEASURED
from steel_energy.sites import Site
from steel_energy.testing import toy_plant, toy_readings, toy_tariff, varied_readings

PARAMS = load_params(Path(__file__).parents[3] / "params.yaml").drift
WEEKS = 8
SITE = Site(toy_plant(), toy_tariff())
END = dt.datetime(2018, 2, 26, tzinfo=ZoneInfo("Asia/Seoul"))  # of eight weeks from New Year on
COUNTS = hnp.arrays(np.int64, 6, elements=st.integers(0, 1000)).filter(lambda counts: counts.sum() > 0)


@pytest.fixture(scope="module")
def readings() -> pl.DataFrame:
    """Eight weeks that all look alike, drawn at random."""
    return varied_readings(days=7 * WEEKS, plant=toy_plant())


def drift_of(readings: pl.DataFrame, **changes: Any) -> Drift:
    start, end = readings["interval_start"].min(), readings["interval_start"].max()
    asked = {
        "site": SITE,
        "trained_from": start,
        "trained_until": end + dt.timedelta(minutes=15),
        "params": PARAMS,
    } | changes
    return drift(readings, **asked)


def in_the_last_week(readings: pl.DataFrame, value: pl.Expr) -> pl.DataFrame:
    """``readings`` with a column of the newest seven days replaced."""
    newest = pl.col("interval_start") >= readings["interval_start"].max() - dt.timedelta(days=7, minutes=-15)
    return readings.with_columns(pl.when(newest).then(value).otherwise(pl.col(value.meta.output_name())))


def column(found: Drift, name: str) -> Any:
    return next(one for one in found.columns if one.column == name)


def test_psi_adds_up_over_the_bins() -> None:
    # Shares 0.5, 0.5 against 0.2, 0.8: (0.2 - 0.5) ln(0.2 / 0.5) + (0.8 - 0.5) ln(0.8 / 0.5) = 0.27489 + 0.14100
    assert psi(np.array([5, 5]), np.array([20, 80])) == pytest.approx(0.27489 + 0.14100, abs=1e-5)


def test_an_empty_bin_counts_as_one_in_ten_thousand() -> None:
    # (0.0001 - 0.5) ln(0.0001 / 0.5) + (1 - 0.5) ln(1 / 0.5) = 4.25775 + 0.34657
    assert psi(np.array([1, 1]), np.array([0, 7])) == pytest.approx(4.25775 + 0.34657, abs=1e-5)


@given(COUNTS, COUNTS)
def test_psi_is_never_negative_and_the_same_when_swapped(some: Any, others: Any) -> None:
    assert psi(some, others) >= 0
    assert psi(some, others) == pytest.approx(psi(others, some))


@given(COUNTS, st.integers(1, 50))
def test_psi_of_equal_shares_is_zero(counts: Any, times: int) -> None:
    assert psi(counts, counts * times) == pytest.approx(0, abs=1e-9)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.integers(2, 20))
def test_every_value_has_a_bin_and_edges_rise(values: list[float], bins: int) -> None:
    edges = bin_edges(np.array(values), bins=bins)

    assert edges.size <= bins - 1
    assert (np.diff(edges) > 0).all()
    assert np.searchsorted(edges, values).max() <= edges.size


def test_a_week_like_the_others_has_not_moved(readings: pl.DataFrame) -> None:
    found = drift_of(readings)

    assert found.verdict == "none"
    assert [one.column for one in found.columns] == [*(one.name for one in MEASURED), LOAD_TYPE.name]
    assert {one.remedy for one in found.columns} == {"nothing to do"}


def test_doubled_usage_is_severe_in_its_own_column_and_contradicts_the_others(readings: pl.DataFrame) -> None:
    found = drift_of(in_the_last_week(readings, pl.col("usage_kwh") * 2))

    assert [one.column for one in found.columns if one.verdict != "none"] == ["usage_kwh"]
    assert "contradicted" in [one.figure for one in found.figures if one.verdict == "severe"]
    usage = column(found, "usage_kwh")
    assert (found.verdict, usage.verdict) == ("severe", "severe")
    assert "train again" in usage.remedy
    assert usage.ks_statistic > 0.2
    assert usage.ks_p_value < 1e-6
    assert usage.newest_mean == pytest.approx(2 * readings.tail(672)["usage_kwh"].mean())
    # Of the seven weeks before, the twenty nearest weekdays, six Saturdays and six Sundays are alike: 32 days.
    assert found.reference_rows == 32 * 96
    beside = reference(
        readings, site=SITE, trained_from=readings["interval_start"][0], trained_until=END, params=PARAMS
    )
    assert usage.trained_mean == pytest.approx(beside["usage_kwh"].mean())


def test_a_week_at_another_level_fills_one_bin_out_of_two() -> None:
    # The toy plant uses 2, 10 or 20 kWh; with two bins the median parts them. One week at 50 kWh fills the upper bin.
    found = drift_of(
        in_the_last_week(toy_readings(days=21), pl.lit(50.0).alias("usage_kwh")),
        params=PARAMS.model_copy(update={"bins": 2}),
    )
    # Light takes 12 of 24 hours of six days and all of the seventh: 96 of 168 hours lie at or below the median, 2 kWh.
    lower = 96 / 168

    expected = (1e-4 - lower) * np.log(1e-4 / lower) + (1 - (1 - lower)) * np.log(1 / (1 - lower))
    assert column(found, "usage_kwh").psi == pytest.approx(expected)
    assert column(found, "usage_kwh").usual_psi == pytest.approx(0, abs=1e-9)
    assert column(found, "usage_kwh").ks_statistic == 1.0


def test_what_differs_as_much_as_the_weeks_of_the_training_do_is_no_drift(readings: pl.DataFrame) -> None:
    week = pl.int_range(pl.len()) // 672
    restless = readings.with_columns(usage_kwh=pl.col("usage_kwh") + 40 * (week % 2))

    usage = column(drift_of(restless), "usage_kwh")

    assert usage.psi > PARAMS.psi_severe
    assert usage.usual_psi > usage.psi
    assert usage.verdict == "none"


def test_a_shutdown_moves_the_mix_of_load_types(readings: pl.DataFrame) -> None:
    found = drift_of(in_the_last_week(readings, pl.lit("light", readings.schema["load_type"]).alias("load_type")))

    load_type = column(found, "load_type")
    assert (load_type.verdict, load_type.ks_statistic, load_type.newest_mean) == ("severe", None, None)
    assert "closed days" in load_type.remedy


def test_the_newest_days_are_never_compared_with_themselves(readings: pl.DataFrame) -> None:
    start = readings["interval_start"][0]

    found = drift_of(readings)

    assert (found.newest_rows, found.trained_rows) == (672, 7 * 672)
    assert found.trained_until == found.newest_from == start + dt.timedelta(days=49)
    assert (found.trained_from, found.newest_until) == (start, start + dt.timedelta(days=56))


def test_an_older_training_is_compared_as_it_was(readings: pl.DataFrame) -> None:
    start = readings["interval_start"][0]

    found = drift_of(readings, trained_from=start + dt.timedelta(days=7), trained_until=start + dt.timedelta(days=21))

    assert (found.trained_from, found.trained_rows) == (start + dt.timedelta(days=7), 2 * 672)


def test_a_training_of_another_season_lets_the_weeks_since_tell_what_is_usual(readings: pl.DataFrame) -> None:
    start = readings["interval_start"][0]
    week = pl.int_range(pl.len()) // 672
    restless = readings.with_columns(usage_kwh=pl.col("usage_kwh") + 40 * (week % 2))
    calm_once = restless.with_columns(usage_kwh=pl.when(week < 3).then(readings["usage_kwh"]).otherwise("usage_kwh"))
    trained_until = start + dt.timedelta(days=21)  # four weeks before the newest, and as calm as it was

    usage = column(drift_of(calm_once, trained_until=trained_until), "usage_kwh")
    by_training_alone = column(
        drift_of(calm_once, trained_until=trained_until, params=PARAMS.model_copy(update={"stale_days": 29})),
        "usage_kwh",
    )

    assert usage.verdict == "none"
    assert usage.usual_psi > usage.psi > PARAMS.psi_severe
    assert by_training_alone.verdict == "severe"
    assert by_training_alone.usual_psi < PARAMS.psi_moderate


def test_the_training_may_be_told_in_another_zone(readings: pl.DataFrame) -> None:
    until = readings["interval_start"][0] + dt.timedelta(days=21)

    assert drift_of(readings, trained_until=until.astimezone(dt.UTC)) == drift_of(readings, trained_until=until)


def test_the_order_of_rows_does_not_matter(readings: pl.DataFrame) -> None:
    assert drift_of(readings.sample(fraction=1, shuffle=True, seed=1)) == drift_of(readings)


@pytest.mark.parametrize(("days", "which"), [(7, "training"), (8, None)])
def test_too_few_readings_are_told_by_side(days: int, which: str | None) -> None:
    readings = toy_readings(days=days)

    if which is None:
        assert drift_of(readings).trained_rows == 96
    else:
        with pytest.raises(NotEnoughDataError, match=f"0 {which} readings are too few"):
            drift_of(readings)


@pytest.mark.parametrize(
    ("index", "usual", "furthest", "verdict"),
    [
        (0.09, 0.0, 0.0, "none"),
        (0.1, 0.0, 0.0, "moderate"),
        (0.2, 0.0, 0.0, "severe"),
        (0.2, 0.2, 0.2, "none"),
        (0.15, 0.12, 0.12, "moderate"),
        pytest.param(0.79, 0.1, 0.1, "moderate", id="not eight times the usual"),
        pytest.param(0.81, 0.1, 0.1, "severe", id="eight times the usual"),
        pytest.param(0.81, 0.1, 0.9, "moderate", id="a stretch of the training lay further"),
    ],
)
def test_the_verdict_needs_a_threshold_and_more_than_usual(
    index: float, usual: float, furthest: float, verdict: str
) -> None:
    assert PARAMS.verdict(index, usual, furthest=furthest) == verdict


def test_thresholds_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="psi_severe must exceed psi_moderate"):
        DriftParams.model_validate(PARAMS.model_dump() | {"psi_severe": 0.1})


def test_limits_of_the_level_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot lie below level_severe"):
        DriftParams.model_validate(PARAMS.model_dump() | {"level_severe_anyhow": 0.01})
