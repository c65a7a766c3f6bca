"""The search on readings of the toy plant: what is read, what begins a new study, how its figures come about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from steel_energy.errors import NotEnoughDataError
from steel_energy.evaluation import split_times
from steel_energy.forecasting import LightGBMForecaster
from steel_energy.params import LeadRange, Params, TreeParams
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.tuning import TUNED, Tuned, in_words, trials_table, tune, values_table
from steel_energy.tuning.blocks import BlockErrors
from steel_energy.tuning.study import Attempt

Tune = Callable[..., Tuned]


def blank(params: Params, *, model: str = "lightgbm"):
    return TUNED[model](plant=toy_plant(), tariff=toy_tariff(), params=params.forecasting)


@pytest.fixture
def run(tmp_path: Path, small_params: Params, noisy_readings: pl.DataFrame) -> Tune:
    """A search of one trial, by default with LightGBM, in the test's folder."""

    def search(readings: pl.DataFrame = noisy_readings, *, params: Params = small_params, trials: int = 1, **kind: str):
        params = params.model_copy(update={"tuning": params.tuning.model_copy(update={"trials": trials})})
        return tune(blank(params, **kind), readings, params=params, folder=tmp_path, tell=lambda _: None)

    return search


@pytest.mark.parametrize("model", ["lightgbm", "xgboost"])
def test_both_models_are_searched_with_their_own_trees_and_resumed(run: Tune, model: str):
    tuned = run(trials=3, model=model)

    assert tuned.model == model
    assert [one.number for one in tuned.attempts] == [0, 1, 2]
    assert 0 < tuned.best.rmse_kwh <= tuned.present_attempt.rmse_kwh < 20
    assert run(trials=3, model=model) == tuned  # the seconds too: nothing was tried again


def test_nothing_of_the_test_part_is_read(run: Tune, small_params: Params, noisy_readings: pl.DataFrame):
    test_start = split_times(noisy_readings, small_params.evaluation).test_start
    is_test = pl.col("interval_start") >= test_start
    other = noisy_readings.with_columns(usage_kwh=pl.when(is_test).then(999.0).otherwise("usage_kwh"))

    assert run(other) == run(noisy_readings)


def test_other_readings_begin_a_new_study_and_other_present_values_do_not(
    run: Tune, small_params: Params, noisy_readings: pl.DataFrame
):
    first = run()
    other = run(noisy_readings.with_columns(pl.col("usage_kwh") * 1.01))
    same, beyond = (run(params=with_leaves(small_params, leaves)) for leaves in (7, 200))

    assert other.attempts != first.attempts
    assert same.attempts[0] == first.attempts[0]
    assert [one.values.leaves for one in same.attempts] == [31, 7]
    assert [one.values.leaves for one in beyond.attempts] == [200]  # a wider space is another study


def with_leaves(params: Params, leaves: int) -> Params:
    moved = params.forecasting.lightgbm.model_copy(update={"leaves": leaves})
    return params.model_copy(update={"forecasting": params.forecasting.model_copy(update={"lightgbm": moved})})


def test_each_block_is_forecast_by_trees_grown_on_all_rows_before_it(
    small_params: Params, noisy_readings: pl.DataFrame
):
    forecaster = blank(small_params)
    errors = BlockErrors.of(forecaster, noisy_readings, tuning=small_params.tuning)
    (rows,), (leads,) = errors.rows, errors.ranges

    block = 2  # the first of the later half: two of four blocks teach
    past, own = rows.target_fold < block, rows.origin_fold == block
    trees = forecaster.grow(leads, rows, np.flatnonzero(past))
    expected = np.mean((trees.predict(rows.features[own]) - rows.usage_kwh[own]) ** 2)

    assert errors(small_params.forecasting.lightgbm, fold=0) == pytest.approx(expected, rel=1e-12)
    assert rows.origin_fold[own].min() > rows.target_fold[past].max()
    assert set(rows.origin_fold) == {0, 1, 2, 3}


def test_ranges_weigh_as_many_leads_of_the_day_as_they_stand_for(small_params: Params, noisy_readings: pl.DataFrame):
    edges = [(1, 1), (2, 2), (3, 4), (5, 24), (25, 672)]
    ranges = tuple(LeadRange(first=first, last=last, rows_per_origin=1, trees=1) for first, last in edges)
    boosting = small_params.forecasting.boosting.model_copy(update={"lead_ranges": ranges})
    forecasting = small_params.forecasting.model_copy(update={"boosting": boosting})
    tuning = small_params.tuning.model_copy(update={"leads": (2, 3, 96)})

    errors = BlockErrors.of(
        blank(small_params.model_copy(update={"forecasting": forecasting})), noisy_readings, tuning=tuning
    )

    assert [part.first for part in errors.ranges] == [2, 3, 25]
    assert errors.weights.tolist() == [2 / 96, 22 / 96, 72 / 96]


def test_too_few_readings_are_refused_with_the_days_needed(run: Tune):
    with pytest.raises(NotEnoughDataError, match=r"tuning .* needs 28 days of readings, got 26\.2"):
        run(toy_readings(days=70))


@pytest.fixture
def found(present: TreeParams) -> Tuned:
    """The present values, a better trial and one that was cut short."""
    better = present.model_copy(update={"leaves": 12})
    attempts = (
        Attempt(0, present, 10.0, (9.0, 11.0), is_cut_short=False, seconds=2.0),
        Attempt(1, better, 9.5, (8.0, 11.5), is_cut_short=False, seconds=1.0),
        Attempt(2, better.model_copy(update={"bins": 60}), 9.0, (9.0,), is_cut_short=True, seconds=0.5),
    )
    return Tuned("lightgbm", present, attempts, planned=3, importance={"leaves": 0.75})


def test_a_trial_cut_short_is_never_the_best(found: Tuned):
    assert found.best.number == 1
    assert found.gain == pytest.approx(0.05)
    assert found.better_folds == 1


def test_a_search_in_words_says_gain_blocks_and_trials(found: Tuned):
    assert in_words(found) == (
        "lightgbm: 9.500 kWh, the present values 10.000 kWh "
        "(5.0% better, in 1 of 2 blocks of time; trials: 3, cut short: 1)"
    )
    assert in_words(replace(found, attempts=found.attempts[:1])) == (
        "lightgbm: none is better than the present values 10.000 kWh (trials: 1, cut short: 0)"
    )


def test_tables_show_what_differs_and_the_best_trial_first(found: Tuned):
    values = {row["value"]: row for row in values_table(found).iter_rows(named=True)}

    assert values["leaves"] == {"value": "leaves", "present": "31", "best": "12", "importance": "75%"}
    assert values["bins"] == {"value": "bins", "present": "127", "best": "127", "importance": None}
    assert trials_table(found)["trial"].to_list() == [1, 0, 2]


def test_the_tuned_models_are_the_boosted_ones():
    assert TUNED["lightgbm"] is LightGBMForecaster
    assert sorted(TUNED) == ["lightgbm", "xgboost"]
