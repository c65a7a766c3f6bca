"""The leaderboard of three trials whose errors are put there by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from steel_energy.errors import ModelUnavailableError
from steel_energy.forecasting import QUANTILE_COLUMNS
from steel_energy.params import EvaluationParams, load_params
from steel_energy.savings.regret import ForecastValue
from steel_energy.settings import PROJECT_ROOT
from steel_energy.standings import leaderboard_of, standings_table
from steel_energy.testing import toy_readings
from steel_energy.trial import Costs, StoredTrial, TrialRecord, scores_of

ORIGINS = 60


@pytest.fixture(scope="module")
def params() -> EvaluationParams:
    return load_params(PROJECT_ROOT / "params.yaml").evaluation


def missed_by(kwh: float) -> pl.DataFrame:
    """A backtest of both parts, every six hours, wrong by ``kwh`` on average."""
    readings = toy_readings(days=40).select("interval_start", "usage_kwh")[10 * 96 :]
    parts = []
    for part, first in (("validation", 0), ("test", 15 * 96)):
        rows = pl.concat(
            readings[at : at + 8].with_columns(origin=readings["interval_start"][at], lead=pl.int_range(1, 9))
            for at in range(first, first + 24 * ORIGINS, 24)
        )
        noise = kwh + 0.1 * np.random.default_rng(1).normal(size=rows.height)
        mean = rows["usage_kwh"] + noise
        spread = {name: mean + step for step, name in zip(range(-3, 4), QUANTILE_COLUMNS, strict=True)}
        parts.append(rows.with_columns(part=pl.lit(part), mean_kwh=mean, **spread))
    return pl.concat(parts).select(
        "part", "origin", "lead", "interval_start", "usage_kwh", "mean_kwh", *QUANTILE_COLUMNS
    )


def stored(model: str, kwh: float, *, folds: tuple[float, ...] = (), label: str = "") -> StoredTrial:
    costs = Costs(training_s=2.0, inference_ms_per_origin=0.5, size_bytes=3_000_000)
    record = TrialRecord(model=model, label=label, costs=costs, fold_rmse_kwh=folds)
    return StoredTrial(record, missed_by(kwh), Path("nowhere"))


@pytest.fixture(scope="module")
def board(params: EvaluationParams) -> pl.DataFrame:
    trials = {"far": stored("far", 3.0, label="made up"), "near": stored("near", 1.0, folds=(1.0, 3.0))}
    scores = {model: scores_of(trial.backtested, toy_readings(days=40)) for model, trial in trials.items()}
    return leaderboard_of(scores, trials, params=params).frame()


def test_the_best_on_validation_leads_and_is_compared_with_nobody(board: pl.DataFrame):
    leader = board.row(0, named=True)

    assert (leader["model"], leader["label"]) == ("near", "")
    assert leader["p_value"] is None
    assert leader["rmse_less_best_kwh"] == 0


def test_who_is_worse_on_the_test_part_is_so_beyond_doubt_or_not(board: pl.DataFrame):
    other = board.row(1, named=True)

    assert (other["model"], other["label"]) == ("far", "made up")
    assert other["rmse_less_best_kwh"] == pytest.approx(2.0, abs=0.05)
    assert 0 < other["rmse_less_best_low_kwh"] < other["rmse_less_best_high_kwh"]
    assert other["p_value"] < 0.01


def test_weeks_folds_and_costs_stand_beside_the_scores(board: pl.DataFrame):
    leader, other = board.iter_rows(named=True)

    assert leader["weekly_rmse_worst_kwh"] == pytest.approx(1.0, abs=0.02)
    assert (leader["fold_rmse_mean_kwh"], leader["fold_rmse_spread_kwh"]) == (2.0, 1.0)
    assert (other["fold_rmse_mean_kwh"], other["fold_rmse_spread_kwh"]) == (None, None)
    assert (leader["training_s"], leader["inference_ms_per_origin"], leader["size_mb"]) == (2.0, 0.5, 3.0)


def test_the_table_for_people_has_a_row_a_model(board: pl.DataFrame):
    table = standings_table(board)

    assert table["model"].to_list() == ["near", "far"]
    assert table["in 50 / 80 / 90 % of test, %"][0].count(" / ") == 2
    assert table["worse_than_best, kWh"][0] is None
    assert table["worse_than_best, kWh"][1].startswith("2.0")
    assert table["worse_than_best, kWh"][1].endswith(", p < 0.001")
    assert table["fold_rmse_kwh"].to_list() == ["2.0 ± 1.0", None]


def test_what_forecasts_are_worth_stands_there_where_it_is_known(params: EvaluationParams, board: pl.DataFrame):
    trials = {"near": stored("near", 1.0)}
    scores = {model: scores_of(trial.backtested, toy_readings(days=40)) for model, trial in trials.items()}
    values = {"near": ForecastValue(value_krw_per_week=1234.5, regret_krw_per_week=67.8, days=15)}

    found = leaderboard_of(scores, trials, params=params, values=values).frame()

    assert found.select("value_krw_per_week", "regret_krw_per_week").row(0) == (1234.5, 67.8)
    assert standings_table(found).select("value_krw_per_week", "regret_krw_per_week").row(0) == (1234, 68)
    assert "value_krw_per_week" not in board.columns


def test_an_absent_model_has_neither_backtest_nor_costs_and_says_why():
    absent = StoredTrial(TrialRecord(model="oracle", absent_because="no weights"), None, Path("nowhere"))

    for figure in ("backtested", "costs"):
        with pytest.raises(ModelUnavailableError, match="no weights"):
            getattr(absent, figure)


def test_scores_know_the_day_of_each_origin():
    origins = missed_by(1.0).filter(pl.col("part") == "test")["origin"]

    assert origins.n_unique() == ORIGINS
    assert origins.max() - origins.min() == dt.timedelta(hours=6 * (ORIGINS - 1))  # type: ignore[operator]
