"""The tuning asset of a toy plant: what its page and MLflow say, and that nothing finished is tried again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from steel_assets.definitions import build_defs, build_resources
from steel_assets.partitions import PlantMonth
from steel_assets.settings import AssetsSettings
from steel_energy.lake import Lake
from steel_energy.testing import toy_plant, toy_readings

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")  # of MLflow's imports

MONTHS = ("2018-01", "2018-02", "2018-03")
SKIPPED = {"missing_columns": [], "ignored_columns": [], "skipped": []}


@pytest.fixture
def settings(tmp_path: Path, make_toy_project: Callable[[Path], AssetsSettings]) -> AssetsSettings:
    """The toy project with its cleaned readings already in the lake."""
    settings = make_toy_project(tmp_path)
    lake, zone = Lake(settings.lake_dir), toy_plant().zone
    readings = toy_readings(days=90)
    for month in MONTHS:
        start, end = PlantMonth("toy", month).bounds(zone)
        own = readings.filter(readings["interval_start"].is_between(start, end, closed="left"))
        lake.write("cleaned_readings", "toy", month, own)
    lake.write_facts("raw_readings", "toy", {"kind": "simulated", "location": "toy", "is_simulated": True} | SKIPPED)
    return settings


def tuned(settings: AssetsSettings, instance: dg.DagsterInstance) -> dict[str, object]:
    """Materialise the asset; returns its metadata."""
    asset = dg.AssetKey("tuning")
    job = build_defs(settings).resolve_implicit_global_asset_job_def()
    result = job.execute_in_process(instance=instance, partition_key="toy", asset_selection=[asset])
    (materialization,) = result.asset_materializations_for_node("tuning")
    return {name: value.value for name, value in materialization.metadata.items()}


def test_a_search_is_told_with_its_figures_trials_picture_and_the_command_that_writes_it(
    settings: AssetsSettings, instance: dg.DagsterInstance
):
    before = (settings.home / "params.yaml").read_bytes()

    facts = tuned(settings, instance)
    again = tuned(settings, instance)

    for model in ("lightgbm", "xgboost"):
        assert facts[f"{model}_gain"] == 1 - facts[f"{model}_best_rmse_kwh"] / facts[f"{model}_present_rmse_kwh"]
        assert facts[f"{model}_found"].startswith(f"{model}: ")
        assert "| learning_rate | 0.05 |" in facts[f"{model}_values"]
        assert facts[f"{model}_history"].startswith("![lightgbm history" if model == "lightgbm" else "![xgboost")
        assert again[f"{model}_trials"] == facts[f"{model}_trials"]  # the seconds too: nothing was tried again
    assert facts["command"] == "steel tune --plant toy --write"
    assert facts["is_simulated"] is True
    assert (settings.home / "params.yaml").read_bytes() == before
    run = build_resources(settings)["tracking"].client().get_run(facts["mlflow_run_id"])
    assert run.data.metrics["xgboost_best_rmse_kwh"] == facts["xgboost_best_rmse_kwh"]
    assert float(run.data.params["lightgbm.learning_rate"]) > 0


def test_a_plant_with_too_few_readings_is_left_as_it_is_and_told_why(
    settings: AssetsSettings, instance: dg.DagsterInstance
):
    Lake(settings.lake_dir).keep_only("cleaned_readings", "toy", list(MONTHS[:2]))

    facts = tuned(settings, instance)

    assert "needs 28 days of readings" in facts["not_tuned"]
    assert "command" not in facts


def test_the_profile_reaches_the_parameters_of_the_assets(settings: AssetsSettings):
    path = settings.home / "params.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "full: { tuning: { trials: 77 } }\n", encoding="utf-8")

    trials = [
        build_resources(settings.model_copy(update={"profile": profile}))["project"].params().tuning.trials
        for profile in ("default", "full")
    ]

    assert trials == [2, 77]
