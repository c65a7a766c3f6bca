"""The models of a small plant on the graph: tried out or absent with a reason, blended, ranked, checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, get_args

import dagster as dg
import polars as pl
import pytest
import yaml
from pydantic import ValidationError

from steel_assets.definitions import build_defs
from steel_assets.defs.forecasting import MODELS, RANKED
from steel_assets.settings import AssetsSettings
from steel_energy.forecasting import KINDS
from steel_energy.lake import Lake
from steel_energy.params import FittedModel, Params
from steel_energy.simulation.plant import simulate
from steel_energy.sources.raw import Origin
from steel_energy.testing import toy_plant, toy_tariff
from steel_energy.trial import read_trial

NAIVE = ("seasonal_naive", "seasonal_naive_day", "seasonal_naive_week")
pytestmark = pytest.mark.filterwarnings(  # of MLflow's imports and of its own classes
    "ignore::DeprecationWarning", "ignore::FutureWarning", "ignore:.*Any type hint is inferred:UserWarning"
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, make_toy_project) -> AssetsSettings:
    """A plant with cleaned readings of three months that tries nothing but naive forecasts out."""
    settings: AssetsSettings = make_toy_project(tmp_path_factory.mktemp("models"))
    params = yaml.safe_load(settings.params_file.read_text(encoding="utf-8"))
    params["evaluation"]["left_out"] = [model for model in MODELS if model not in NAIVE]
    settings.params_file.write_text(yaml.safe_dump(params), encoding="utf-8")
    lake, origin = Lake(settings.lake_dir), Origin(kind="simulated", location="toy, seed 1")
    lake.write_facts("raw_readings", "toy", origin.model_dump(mode="json") | {"is_simulated": True})
    months = simulate(toy_plant(), toy_tariff(), start=dt.date(2018, 1, 1), end=dt.date(2018, 4, 1), seed=1)
    for readings in months:
        lake.write("cleaned_readings", "toy", f"{readings['interval_start'][0]:%Y-%m}", readings)
    return settings


@pytest.fixture(scope="module")
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


@pytest.fixture(scope="module")
def result(settings: AssetsSettings, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    """Every model, the ensemble and the leaderboard, with their checks."""
    assets = [dg.AssetKey(name) for name in (*RANKED, "leaderboard")]
    job = build_defs(settings).resolve_job_def("retrain")
    return job.execute_in_process(partition_key="toy", asset_selection=assets, instance=instance)


@pytest.fixture(scope="module")
def board(settings: AssetsSettings, result: dg.ExecuteInProcessResult) -> pl.DataFrame:
    assert result.success
    return pl.read_parquet(settings.models_dir / "leaderboard" / "plant=toy.parquet", hive_partitioning=False)


def metadata_of(asset: str, result: dg.ExecuteInProcessResult) -> dict[str, Any]:
    """What an asset says of itself."""
    [event] = [e for e in result.get_asset_materialization_events() if e.asset_key == dg.AssetKey(asset)]
    return {name: value.value for name, value in event.materialization.metadata.items()}


def test_the_leaderboard_holds_who_was_tried_out_and_the_page_says_why_others_are_absent(
    board: pl.DataFrame, result: dg.ExecuteInProcessResult
):
    facts = metadata_of("leaderboard", result)

    assert sorted(board["model"]) == sorted([*NAIVE, "ensemble"])
    assert {f"absent: {model}" for model in MODELS if model not in NAIVE} <= set(facts)
    assert facts["absent: lightgbm"] == "lightgbm: is left out (take it off evaluation.left_out in params.yaml)"
    assert facts["standings"].count("\n") == 1 + 4  # a heading, a rule and a line for each
    assert facts["predicted_vs_actual"].startswith("![predicted vs actual](data:image/png;base64,")


def test_an_absent_model_has_no_scores_and_its_reason_on_disk_and_on_its_page(
    settings: AssetsSettings, result: dg.ExecuteInProcessResult
):
    scores = pl.read_parquet(settings.models_dir / "timesfm" / "plant=toy.parquet", hive_partitioning=False)
    trial = read_trial(settings.models_dir / "trials" / "toy" / "timesfm")

    assert scores.is_empty()
    assert trial.record.absent_because == metadata_of("timesfm", result)["absent"]


def test_a_model_tells_its_scores_costs_folds_and_pictures(result: dg.ExecuteInProcessResult):
    facts = metadata_of("seasonal_naive", result)

    assert facts["test.over_24h.rmse_kwh"] > 0
    assert facts["training_s"] > 0
    assert {f"fold_{place}_rmse_kwh" for place in range(1, 6)} <= set(facts)
    assert {"scores", "quantile_reliability", "mlflow_run_id", "is_simulated"} <= set(facts)


def test_the_ensemble_is_of_the_best_two_and_names_them(board: pl.DataFrame, result: dg.ExecuteInProcessResult):
    facts = metadata_of("ensemble", result)
    best = board.filter(pl.col("model") != "ensemble").sort("validation_rmse_kwh")["model"][:2]

    assert all(model in facts["label"] for model in best)
    assert len(facts["weights"]) == 3
    assert board.filter(pl.col("model") == "ensemble")["label"].item() == facts["label"]


def test_params_name_every_fitted_model_and_the_yardstick_cannot_be_left_out(settings: AssetsSettings):
    params = yaml.safe_load(settings.params_file.read_text(encoding="utf-8"))
    params["evaluation"]["left_out"] = ["seasonal_naive"]

    assert set(get_args(FittedModel)) == set(MODELS) == set(KINDS)
    with pytest.raises(ValidationError, match="every other model has to beat"):
        Params.model_validate(params)


def test_every_blocking_check_holds_for_the_absent_ones_too(result: dg.ExecuteInProcessResult):
    checks = {(e.asset_key.to_user_string(), e.check_name): e for e in result.get_asset_check_evaluations()}

    assert {
        ("leaderboard", "same_origins"),
        ("leaderboard", "nothing_missing"),
        ("ensemble", "repeats_backtest"),
    } <= set(checks)
    assert {model for model, name in checks if name == "no_leakage"} == set(RANKED)
    assert [key for key, check in checks.items() if check.blocking and not check.passed] == []
