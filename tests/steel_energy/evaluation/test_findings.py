"""The findings of scores and forecasts, on figures put there by hand."""

from __future__ import annotations

import polars as pl
import pytest

from steel_energy.evaluation import findings
from steel_energy.trial import without_scores


def scores(**test: float) -> pl.DataFrame:
    """Scores over 24 hours of both parts, perfect coverage; ``test`` changes the test part's."""
    row = {"rmse_kwh": 10.0, "coverage_50": 0.5, "coverage_80": 0.8, "coverage_90": 0.9}
    rows = [
        {"part": "validation", "lead_time": "over_24h", **row},
        {"part": "test", "lead_time": "over_24h", **row, **test},
    ]
    return pl.DataFrame(rows)


def test_scores_of_both_parts_with_finite_figures_are_sane():
    assert findings.is_sane(scores()).passed


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(scores(rmse_kwh=0.0), id="too good to be true"),
        pytest.param(scores(rmse_kwh=float("nan")), id="not a number"),
        pytest.param(scores().head(1), id="no test part"),
    ],
)
def test_scores_that_cannot_be_are_not_sane(bad: pl.DataFrame):
    assert not findings.is_sane(bad).passed


def test_bands_that_hold_far_fewer_readings_than_promised_are_found():
    finding = findings.covers(scores(coverage_80=0.55), tolerance=0.2)

    assert findings.covers(scores(coverage_80=0.65), tolerance=0.2).passed
    assert (finding.passed, finding.actual) == (False, "50.0%, 55.0%, 90.0%")


def test_a_champion_has_to_be_better_than_the_naive_forecast():
    board = pl.DataFrame({"model": ["lightgbm", "seasonal_naive"], "validation_rmse_kwh": [15.0, 19.0]})

    assert findings.beats_naive(board, "lightgbm").passed
    assert not findings.beats_naive(board, "seasonal_naive").passed
    assert findings.beats_naive(board, "chronos").actual == "chronos is not on the leaderboard"


def test_a_forecast_with_a_negative_energy_or_too_few_intervals_is_none():
    day = pl.DataFrame({"interval_start": range(96), "mean_kwh": [1.0] * 96, "q50": [1.0] * 96})

    assert findings.is_a_forecast(day).passed
    assert not findings.is_a_forecast(day.head(95)).passed
    assert not findings.is_a_forecast(day.with_columns(q50=-1.0)).passed


def test_of_an_absent_model_there_is_nothing_to_find():
    assert findings.is_sane(without_scores()).passed
    assert findings.covers(without_scores(), tolerance=0.01).actual == "the model is absent"


def test_a_model_that_was_asked_elsewhere_is_named():
    asked = pl.DataFrame(
        {"part": "test", "origin": [1, 2], "lead": 1, "interval_start": [1, 2], "usage_kwh": [5.0, 6.0]}
    )
    later = asked.with_columns(pl.col("origin") + 1)

    finding = findings.on_same_origins({"a": asked, "b": asked[::-1], "c": later})

    assert findings.on_same_origins({"a": asked, "b": asked[::-1]}).passed
    assert (finding.passed, finding.actual) == (False, "others for c")


def test_each_model_has_a_row_or_a_reason():
    board = pl.DataFrame({"model": ["a"]})

    assert findings.is_complete(board, {"a": None, "b": "no weights"}).actual == "absent: b (no weights)"
    assert not findings.is_complete(board, {"a": None, "b": None}).passed
    assert not findings.is_complete(board, {"a": "no weights"}).passed
