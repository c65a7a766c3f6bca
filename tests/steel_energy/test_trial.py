"""A trial of the naive forecast, and what is left of it on disk."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from steel_energy import trial
from steel_energy.errors import BundleError
from steel_energy.evaluation import findings
from steel_energy.forecasting import KINDS, SeasonalNaive, load_vintages
from steel_energy.params import LeadRange, Params, load_params
from steel_energy.settings import PROJECT_ROOT
from steel_energy.simulation.plant import simulate
from steel_energy.testing import toy_plant, toy_tariff


@pytest.fixture(scope="module")
def params() -> Params:
    return load_params(PROJECT_ROOT / "params.yaml")


@pytest.fixture(scope="module")
def readings() -> pl.DataFrame:
    """A hundred days of the simulated toy plant: 60 to train on, 15 and 25."""
    return pl.concat(simulate(toy_plant(), toy_tariff(), start=dt.date(2018, 1, 1), end=dt.date(2018, 4, 11), seed=1))


@pytest.fixture(scope="module")
def tried(params: Params, readings: pl.DataFrame) -> trial.Trial:
    naive = SeasonalNaive(plant=toy_plant(), tariff=toy_tariff(), params=params.forecasting)
    return trial.try_out(naive, readings, params=params.evaluation)


def test_each_part_is_forecast_by_a_fit_that_ends_where_it_begins(tried: trial.Trial):
    ends = [vintage.trained_until for vintage in tried.forecaster.fits]

    assert ends == [tried.split.validation_start, tried.split.test_start]
    assert f"{tried.split.validation_start:%m-%d} {tried.split.test_start:%m-%d}" == "03-02 03-17"
    assert trial.part_of(tried.backtest, "validation")["interval_start"].max() < tried.split.test_start  # type: ignore[operator]
    assert tried.scores["part"].unique().sort().to_list() == ["test", "validation"]
    assert findings.is_sane(tried.scores).passed
    assert trial.metrics_of(tried.scores)["test.over_24h.rmse_kwh"] > 0


def test_a_written_trial_is_read_back_with_its_costs_and_fits(tried: trial.Trial, tmp_path: Path):
    record = trial.write_trial(tried, tmp_path / "seasonal_naive")

    stored = trial.read_trial(tmp_path / "seasonal_naive")
    fits = load_vintages(stored.fits, plant=toy_plant(), tariff=toy_tariff())

    assert stored.record == record
    assert (record.model, record.label, record.absent_because) == ("seasonal_naive", "", None)
    assert record.costs is not None
    assert record.costs.training_s > 0
    assert record.costs.inference_ms_per_origin > 0
    assert record.costs.size_bytes == (stored.fits / fits.fits[-1].folder / "forecaster.json").stat().st_size
    assert stored.backtest is not None
    assert stored.backtest.equals(tried.backtest)
    assert [vintage.trained_until for vintage in fits.fits] == [v.trained_until for v in tried.forecaster.fits]


def test_an_absent_model_leaves_its_reason_and_nothing_of_an_older_trial(tried: trial.Trial, tmp_path: Path):
    trial.write_trial(tried, tmp_path / "oracle")

    trial.write_absence("oracle", tmp_path / "oracle", reason="weights cannot be had")
    stored = trial.read_trial(tmp_path / "oracle")

    assert stored.backtest is None
    assert stored.record == trial.TrialRecord(model="oracle", absent_because="weights cannot be had")
    assert [path.name for path in (tmp_path / "oracle").iterdir()] == ["trial.json"]


def test_a_folder_without_a_trial_is_refused(tmp_path: Path):
    with pytest.raises(BundleError, match="holds no trial"):
        trial.read_trial(tmp_path)


def test_trying_the_same_model_out_twice_gives_the_same_scores_and_forecasts(params: Params, readings: pl.DataFrame):
    ranges = tuple(LeadRange(first=a, last=b, rows_per_origin=1, trees=5) for a, b in ((1, 96), (97, 672)))
    small = params.forecasting.model_copy(
        update={"boosting": params.forecasting.boosting.model_copy(update={"lead_ranges": ranges})}
    )
    model = KINDS["lightgbm"](plant=toy_plant(), tariff=toy_tariff(), params=small)

    first, second = (trial.try_out(model, readings, params=params.evaluation) for _ in range(2))

    assert first.scores.equals(second.scores)
    assert first.backtest.equals(second.backtest)


def test_folds_lie_before_the_test_part_and_stay_with_the_trial(
    tried: trial.Trial, params: Params, readings: pl.DataFrame, tmp_path: Path
):
    model = tried.forecaster.model
    folded = trial.cross_validated(tried, model, readings, params=params)
    altered = readings.with_columns(
        usage_kwh=pl.when(pl.col("interval_start") < tried.split.test_start).then("usage_kwh").otherwise(999.0)
    )

    again = trial.cross_validated(tried, model, altered, params=params)
    record = trial.write_trial(folded, tmp_path / "seasonal_naive")

    assert len(folded.fold_rmse_kwh) == params.evaluation.folds
    assert again.fold_rmse_kwh == folded.fold_rmse_kwh  # the test part has no say in them
    assert record.fold_rmse_kwh == folded.fold_rmse_kwh
