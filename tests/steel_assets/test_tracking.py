"""MLflow runs end as their asset did, and never leak into another: the traps of dagster-mlflow, closed."""

from pathlib import Path

import dagster as dg
import pytest

from steel_assets.tracking import EXPERIMENT, Tracking

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")  # of MLflow's imports


class OvenIsColdError(Exception):
    """Raised by an asset of the tests."""


@dg.asset
def trained(context: dg.AssetExecutionContext, tracking: Tracking) -> None:
    with tracking.run(context, name="trained", tags={"plant": "toy"}) as run:
        run.log_params({f"p{number}": number for number in range(150)})
        run.log_metric("rmse_kwh", 1.5)


@dg.asset
def broken(context: dg.AssetExecutionContext, tracking: Tracking) -> None:
    with tracking.run(context, name="broken", tags={"plant": "toy"}):
        raise OvenIsColdError


@dg.asset(deps=[trained])
def bystander() -> str:
    """Never asked for MLflow; says which run it finds active."""
    import mlflow  # noqa: PLC0415 - as the assets do

    return str(mlflow.active_run())


@pytest.fixture(scope="module")
def tracking(tmp_path_factory: pytest.TempPathFactory) -> Tracking:
    """One database for the module: MLflow takes seconds to make one."""
    return Tracking(folder=str(tmp_path_factory.mktemp("mlflow")))


def materialize(assets: list[dg.AssetsDefinition], tracking: Tracking) -> dg.ExecuteInProcessResult:
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(assets, instance=instance, resources={"tracking": tracking}, raise_on_error=False)


def newest_run(tracking: Tracking, name: str):
    client = tracking.client()
    runs = client.search_runs([tracking.experiment_id(client)], f"attributes.run_name = '{name}'", max_results=1)
    return runs[0]


def test_the_run_of_an_asset_that_succeeds_is_finished_and_names_its_dagster_run(tracking: Tracking):
    result = materialize([trained], tracking)

    run = newest_run(tracking, "trained")
    assert result.success
    assert run.info.status == "FINISHED"
    assert run.data.metrics == {"rmse_kwh": 1.5}
    assert len(run.data.params) == 150
    assert (run.data.tags["dagster_run_id"], run.data.tags["plant"]) == (result.run_id, "toy")


def test_the_run_of_an_asset_that_fails_is_failed(tracking: Tracking):
    result = materialize([broken], tracking)

    assert not result.success
    assert newest_run(tracking, "broken").info.status == "FAILED"


def test_no_run_leaks_into_an_asset_that_never_asked_for_one(tracking: Tracking):
    result = materialize([trained, bystander], tracking)

    assert result.output_for_node("bystander") == "None"


def test_two_assets_of_one_dagster_run_have_a_run_each(tracking: Tracking):
    result = materialize([trained, broken], tracking)

    runs = [newest_run(tracking, name) for name in ("trained", "broken")]
    assert [run.data.tags["dagster_run_id"] for run in runs] == [result.run_id] * 2
    assert [run.info.status for run in runs] == ["FINISHED", "FAILED"]


def test_artifacts_go_to_the_folder_and_not_to_the_current_one(tracking: Tracking):
    client = tracking.client()

    experiment = client.get_experiment_by_name(EXPERIMENT)

    assert experiment is not None
    assert experiment.artifact_location == (Path(tracking.folder) / "artifacts").as_uri()
