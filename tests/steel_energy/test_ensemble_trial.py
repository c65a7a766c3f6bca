"""The trial of an ensemble is made of its members' trials and forecasts what they say."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from steel_energy.ensemble_trial import best_two, try_ensemble, validation_rmse_kwh
from steel_energy.errors import ModelUnavailableError
from steel_energy.evaluation import findings
from steel_energy.evaluation.leakage import probes, sees_no_future
from steel_energy.forecasting import KINDS, Ensemble, load_vintages
from steel_energy.params import Params, load_params
from steel_energy.settings import PROJECT_ROOT
from steel_energy.simulation.plant import simulate
from steel_energy.testing import toy_plant, toy_tariff
from steel_energy.trial import StoredTrial, Trial, TrialRecord, part_of, read_trial, try_out, write_trial

MEMBERS = ("seasonal_naive", "seasonal_naive_day", "seasonal_naive_week")


@pytest.fixture(scope="module")
def params() -> Params:
    return load_params(PROJECT_ROOT / "params.yaml")


@pytest.fixture(scope="module")
def readings() -> pl.DataFrame:
    """A hundred days of the simulated toy plant."""
    return pl.concat(simulate(toy_plant(), toy_tariff(), start=dt.date(2018, 1, 1), end=dt.date(2018, 4, 11), seed=1))


@pytest.fixture(scope="module")
def stored(readings: pl.DataFrame, params: Params, tmp_path_factory: pytest.TempPathFactory) -> dict[str, StoredTrial]:
    folder = tmp_path_factory.mktemp("trials")
    for model in MEMBERS:
        unfitted = KINDS[model](plant=toy_plant(), tariff=toy_tariff(), params=params.forecasting)
        write_trial(try_out(unfitted, readings, params=params.evaluation), folder / model)
    return {model: read_trial(folder / model) for model in MEMBERS}


@pytest.fixture(scope="module")
def trial(stored: dict[str, StoredTrial], readings: pl.DataFrame, params: Params) -> Trial:
    return try_ensemble(stored, readings, plant=toy_plant(), tariff=toy_tariff(), params=params)


def test_the_best_two_on_validation_are_its_members(stored: dict[str, StoredTrial], trial: Trial):
    errors = {model: validation_rmse_kwh(one.backtested) for model, one in stored.items()}
    expected = sorted(errors, key=errors.__getitem__)[:2]

    newest = trial.forecaster.fits[-1].forecaster

    assert best_two(stored) == expected
    assert isinstance(newest, Ensemble)
    assert [member.name for member in newest.members] == expected


def test_what_is_judged_on_validation_has_learnt_nothing_from_it(trial: Trial):
    before, after = (vintage.forecaster for vintage in trial.forecaster.fits)

    assert isinstance(before, Ensemble)
    assert isinstance(after, Ensemble)
    assert (before.weights, before.width) == ((), 1.0)
    assert len(after.weights) == 3
    assert all(0 <= weight <= 1 for weight in after.weights)


def test_its_backtest_is_what_its_saved_fits_forecast(trial: Trial, readings: pl.DataFrame, tmp_path: Path):
    record = write_trial(trial, tmp_path / "ensemble")
    fits = load_vintages(tmp_path / "ensemble" / "fits", plant=toy_plant(), tariff=toy_tariff())

    for part in ("validation", "test"):
        backtested = part_of(trial.backtest, part)
        finding = findings.repeats(fits, readings, backtested, origins=probes(backtested))
        assert finding.passed, finding.actual
    assert record.label == trial.forecaster.label
    assert findings.is_sane(trial.scores).passed


def test_shares_that_differ_from_the_backtest_are_found(trial: Trial, readings: pl.DataFrame):
    tested = part_of(trial.backtest, "test").with_columns(pl.col("mean_kwh") + 0.01)

    assert not findings.repeats(trial.forecaster, readings, tested, origins=probes(tested)).passed


def test_it_is_asked_at_the_origins_of_its_members_and_sees_no_future(
    trial: Trial, stored: dict[str, StoredTrial], readings: pl.DataFrame
):
    backtests = {model: one.backtested for model, one in stored.items()} | {"ensemble": trial.backtest}

    assert findings.on_same_origins(backtests).passed
    assert sees_no_future(trial.forecaster, readings, probes(part_of(trial.backtest, "test"))).passed


def test_a_later_fit_keeps_its_members_and_shares(trial: Trial, readings: pl.DataFrame):
    newest = trial.forecaster.fit(readings).fits[-1].forecaster

    learnt = trial.forecaster.fits[-1].forecaster
    assert isinstance(newest, Ensemble)
    assert isinstance(learnt, Ensemble)
    assert (newest.weights, newest.width, newest.label) == (learnt.weights, learnt.width, learnt.label)
    assert newest.members[0] is not learnt.members[0]


def test_it_costs_what_its_members_cost_together(trial: Trial, stored: dict[str, StoredTrial]):
    expected = sum(stored[model].costs.training_s for model in best_two(stored))

    assert trial.costs.training_s == pytest.approx(expected)


def test_one_model_alone_makes_no_ensemble(stored: dict[str, StoredTrial]):
    absent = StoredTrial(TrialRecord(model="oracle", absent_because="no weights"), None, Path("nowhere"))

    with pytest.raises(ModelUnavailableError, match="needs 2 models that were tried out, got 1"):
        best_two({"seasonal_naive": stored["seasonal_naive"], "oracle": absent})
