"""Crowning: what is bundled and put forward, what a rollback changes, and MLflow's alias beside it."""

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest
from typer.testing import CliRunner

from steel_assets import freshness
from steel_assets.definitions import build_resources
from steel_assets.partitions import PlantMonth
from steel_assets.registry import follow
from steel_assets.settings import AssetsSettings
from steel_assets.training import crown
from steel_assets.trials import trial_folder
from steel_energy.artifacts import champion_version, history, kept_versions, read_champion, rollback
from steel_energy.cli import app
from steel_energy.commands.champion import FOLLOWERS
from steel_energy.errors import BundleError
from steel_energy.forecasting import SeasonalNaive
from steel_energy.sources.raw import Origin
from steel_energy.testing import toy_readings
from steel_energy.trial import try_out, write_trial

pytestmark = pytest.mark.filterwarnings(  # of MLflow's imports and of its own classes
    "ignore::DeprecationWarning", "ignore::FutureWarning", "ignore:.*Any type hint is inferred:UserWarning"
)
Crown = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, make_toy_project) -> AssetsSettings:
    """A project with MLflow's database, which takes seconds to make."""
    settings: AssetsSettings = make_toy_project(tmp_path_factory.mktemp("home"))
    build_resources(settings)["tracking"].client().search_experiments()
    return settings


@pytest.fixture
def settings(home: AssetsSettings, tmp_path: Path) -> AssetsSettings:
    """The project with a data folder of its own; MLflow's database and registry are those of the whole module."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mlflow").symlink_to(home.mlflow_dir)
    return home.model_copy(update={"data_dir": tmp_path / "data"})


@pytest.fixture
def crowned(settings: AssetsSettings) -> Crown:
    """Crown a champion of the toy plant from its first ``days`` days; returns the metadata."""
    resources = build_resources(settings)
    project, tracking = resources["project"], resources["tracking"]
    origin = Origin(kind="file", location="toy.csv")
    project.lake.write_facts("raw_readings", "toy", origin.model_dump(mode="json") | {"is_simulated": False})

    def run(*, days: int = 75) -> dict[str, Any]:
        readings, site = toy_readings(days=days), project.site("toy")
        model = SeasonalNaive(plant=site.plant, tariff=site.tariff, params=project.params().forecasting)
        trial = try_out(model, readings, params=project.params().evaluation)
        write_trial(trial, trial_folder(model.name, "toy", project))
        scores = {"validation_rmse_kwh": 10.0, "test_rmse_kwh": 11.0, "training_s": 0.1}
        board = pl.DataFrame({"model": [model.name], "label": [""], **scores})

        @dg.asset(partitions_def=dg.StaticPartitionsDefinition(["toy"]))
        def champion(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
            months = {PlantMonth("toy", "2018-01"): readings}
            return dg.MaterializeResult(metadata=crown(context, board, months, project=project, tracking=tracking))

        with dg.DagsterInstance.ephemeral() as instance:
            result = dg.materialize([champion], partition_key="toy", instance=instance)
        (event,) = result.asset_materializations_for_node("champion")
        return {name: entry.value for name, entry in event.metadata.items()}

    return run


@pytest.fixture
def alias(settings: AssetsSettings) -> Callable[[], str]:
    """The registered version that MLflow's alias points at."""
    client = build_resources(settings)["tracking"].client()
    return lambda: client.get_model_version_by_alias("toy-forecast", "champion").version


def test_the_manifest_says_where_the_bundle_comes_from(crowned: Crown, settings: AssetsSettings):
    for library in ("lightgbm", "xgboost"):  # as a build that fits them has
        import_module(library)
    facts = crowned()

    manifest, _ = read_champion(settings.bundles_dir, "toy")

    assert (facts["is_promoted"], facts["bundle"]) == (True, manifest.version)
    assert manifest.metrics == {"validation.over_24h.rmse_kwh": 10.0, "test.over_24h.rmse_kwh": 11.0}
    assert manifest.params["evaluation"]["promotion_margin"] == 0.01
    assert manifest.params["forecasting"]["lightgbm"]["bins"] == 127
    assert {"python", "numpy", "polars", "lightgbm", "xgboost"} <= set(manifest.libraries)
    assert manifest.code.package
    assert len(manifest.data_sha256) == 64
    assert (manifest.source["kind"], manifest.source["location"]) == ("file", "toy.csv")
    assert [(one.by, one.reason) for one in history(settings.bundles_dir, "toy")] == [("build", facts["reason"])]


def test_two_builds_of_the_same_readings_give_the_same_bundle_and_one_line_of_history(crowned: Crown, settings):
    first, second = crowned(), crowned()

    assert first["bundle"] == second["bundle"]
    assert len(history(settings.bundles_dir, "toy")) == 1


def test_a_damaged_champion_is_mended_by_a_build(crowned: Crown, settings: AssetsSettings):
    version = crowned()["bundle"]
    (settings.bundles_dir / "toy" / version / "forecaster.json").write_text("{}")
    project = build_resources(settings)["project"]
    found = [freshness.has_champion(project, "toy")]

    crowned()

    assert [*found, freshness.has_champion(project, "toy")] == [False, True]
    assert read_champion(settings.bundles_dir, "toy")[0].version == version


def test_old_bundles_are_removed_beyond_those_that_are_kept(crowned: Crown, settings: AssetsSettings):
    made = [crowned(days=days)["bundle"] for days in range(75, 81)]

    assert kept_versions(settings.bundles_dir, "toy") == made[-5:]


def test_after_a_rollback_a_rebuild_keeps_the_champion_and_says_why(crowned: Crown, settings: AssetsSettings, alias):
    good, bad = crowned()["bundle"], crowned(days=85)["bundle"]
    rollback(settings.bundles_dir, "toy")
    before = alias()

    facts = crowned(days=85)

    assert champion_version(settings.bundles_dir, "toy") == good
    assert not facts["is_promoted"]
    assert f"{bad} was rolled back" in facts["reason"]
    assert alias() == before


def test_one_command_rolls_back_and_mlflows_alias_follows(
    crowned: Crown, settings: AssetsSettings, alias, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("STEEL_HOME", str(settings.home))
    monkeypatch.setenv("STEEL_DATA_DIR", str(settings.data_dir))
    first, _ = crowned(), crowned(days=85)

    result = CliRunner().invoke(app, ["champion", "rollback"])

    assert champion_version(settings.bundles_dir, "toy") == first["bundle"]
    assert str(alias()) == first["registered_version"]
    assert f"MLflow: toy-forecast@champion is version {alias()}" in result.output


def test_a_bundle_that_mlflow_does_not_know_leaves_the_alias(
    crowned: Crown, settings: AssetsSettings, alias, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("STEEL_DATA_DIR", str(settings.data_dir))
    facts = crowned()

    with pytest.raises(BundleError, match="MLflow has no bundle abc"):
        follow("toy", "abc")

    assert str(alias()) == facts["registered_version"]


def test_without_a_store_of_mlflow_there_is_nothing_to_follow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STEEL_DATA_DIR", str(tmp_path))

    assert follow("toy", "abc") is None
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_finds_it_by_its_entry_point():
    (point,) = entry_points(group=FOLLOWERS)

    assert point.load() is follow
