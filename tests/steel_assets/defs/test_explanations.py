"""What is made of a toy plant's champion: explanations that add up, a card and a page that people read."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from steel_assets import model_card
from steel_assets.definitions import build_defs
from steel_assets.defs.forecasting import RANKED
from steel_assets.partitions import PlantMonth
from steel_assets.settings import AssetsSettings
from steel_assets.tracking import Tracking
from steel_energy.artifacts import publish, read_champion
from steel_energy.explaining import DRIVERS, OVERALL
from steel_energy.forecasting import LightGBMForecaster, SeasonalNaive, load_vintages
from steel_energy.forecasting.base import Forecaster
from steel_energy.lake import Lake
from steel_energy.params import Params, load_params
from steel_energy.standings import leaderboard_of
from steel_energy.testing import toy_facts, toy_plant, toy_readings, toy_tariff
from steel_energy.trial import Trial, metrics_of, read_trial, try_out, write_absence, write_trial

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),  # of MLflow's imports
]

MONTHS = ("2018-01", "2018-02", "2018-03")
SKIPPED = {"missing_columns": [], "ignored_columns": [], "skipped": []}
ASSETS = ("shap_explanations", "model_card", "model_report")
REASON = "a fan stands still"


@pytest.fixture(scope="module")
def settings(
    tmp_path_factory: pytest.TempPathFactory, make_toy_project: Callable[[Path], AssetsSettings]
) -> AssetsSettings:
    """The toy project as it is once LightGBM is crowned and all but the naive forecast could not run."""
    settings, readings = make_toy_project(tmp_path_factory.mktemp("project")), toy_readings(days=90)
    write_readings(settings, readings)
    params, trials = load_params(settings.home / "params.yaml"), settings.models_dir / "trials" / "toy"
    tried = {kind.name: tried_out(kind, readings, params) for kind in (SeasonalNaive, LightGBMForecaster)}
    for model in RANKED:
        if model in tried:
            write_trial(tried[model], trials / model)
        else:
            write_absence(model, trials / model, reason=REASON)
    stored = {model: read_trial(trials / model) for model in tried}
    board = leaderboard_of({name: one.scores for name, one in tried.items()}, stored, params=params.evaluation).frame()
    (settings.models_dir / "leaderboard").mkdir()
    board.write_parquet(settings.models_dir / "leaderboard" / "plant=toy.parquet")
    champion = tried["lightgbm"]
    facts = toy_facts(
        plant="toy",
        model="lightgbm",
        metrics=metrics_of(champion.scores),
        source={"kind": "simulated", "location": "toy", "is_simulated": True},
    )
    publish(settings.bundles_dir, facts, write=champion.forecaster.save, reason="best on validation")
    return settings


def without_trees(settings: AssetsSettings, home: Path) -> AssetsSettings:
    """The same project with the naive forecast as champion and alone on the leaderboard."""
    shutil.copytree(settings.home, home)
    copied = settings.model_copy(update={"home": home, "data_dir": home / "data"})
    board = copied.models_dir / "leaderboard" / "plant=toy.parquet"
    pl.read_parquet(board, hive_partitioning=False).filter(pl.col("model") == "seasonal_naive").write_parquet(board)
    naive = load_vintages(
        copied.models_dir / "trials" / "toy" / "seasonal_naive" / "fits", plant=toy_plant(), tariff=toy_tariff()
    )
    source = {"kind": "simulated", "location": "toy", "is_simulated": True}
    publish(copied.bundles_dir, toy_facts(plant="toy", source=source), write=naive.save)
    return copied


def tried_out(kind: Callable[..., Forecaster], readings: pl.DataFrame, params: Params) -> Trial:
    forecaster = kind(plant=toy_plant(), tariff=toy_tariff(), params=params.forecasting)
    return try_out(forecaster, readings, params=params.evaluation)


def write_readings(settings: AssetsSettings, readings: pl.DataFrame) -> None:
    lake, zone = Lake(settings.lake_dir), toy_plant().zone
    for month in MONTHS:
        start, end = PlantMonth("toy", month).bounds(zone)
        own = readings.filter(readings["interval_start"].is_between(start, end, closed="left"))
        lake.write("cleaned_readings", "toy", month, own)
    lake.write_facts("raw_readings", "toy", {"kind": "simulated", "location": "toy", "is_simulated": True} | SKIPPED)


@pytest.fixture(scope="module")
def made(settings: AssetsSettings) -> Iterator[dg.ExecuteInProcessResult]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield run(settings, instance)


def run(settings: AssetsSettings, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    """One run of what follows the champion, with its check."""
    job = build_defs(settings).resolve_implicit_global_asset_job_def()
    keys = [dg.AssetKey(name) for name in ASSETS]
    return job.execute_in_process(instance=instance, partition_key="toy", asset_selection=keys)


def metadata_of(result: dg.ExecuteInProcessResult, asset: str) -> dict[str, object]:
    (materialization,) = result.asset_materializations_for_node(asset)
    return {name: value.value for name, value in materialization.metadata.items()}


def test_explanations_name_what_is_explained_and_show_their_pictures(made: dg.ExecuteInProcessResult):
    facts = metadata_of(made, "shap_explanations")

    assert facts["explained"] == "lightgbm itself"
    for picture in ("top_features", "shap_by_lead_range", "shap_next_interval", "shap_day_ahead", "explained_forecast"):
        assert "](data:image/png;base64," in str(facts[picture])


def test_pictures_are_kept_with_their_run_in_mlflow(made: dg.ExecuteInProcessResult, settings: AssetsSettings):
    run_id = str(metadata_of(made, "shap_explanations")["mlflow_run_id"])

    client = Tracking(folder=str(settings.mlflow_dir)).client()

    assert len(client.list_artifacts(run_id, "pictures")) == 5
    assert client.get_run(run_id).data.metrics["mean_abs_kwh.slot"] >= 0


def test_the_table_of_drivers_has_each_driver_at_each_range_of_leads(
    made: dg.ExecuteInProcessResult, settings: AssetsSettings
):
    table = pl.read_parquet(settings.models_dir / "shap_explanations" / "plant=toy.parquet", hive_partitioning=False)

    assert made.success
    assert set(table["driver"]) == set(DRIVERS)
    assert table["lead_range"].unique(maintain_order=True).to_list()[-1] == OVERALL
    assert table.height == table["lead_range"].n_unique() * len(DRIVERS)


def test_contributions_are_checked_to_add_up_to_the_forecasts(made: dg.ExecuteInProcessResult):
    (evaluation,) = [one for one in made.get_asset_check_evaluations() if one.check_name == "contributions_add_up"]

    assert evaluation.passed
    assert str(evaluation.metadata["actual"].value).startswith("96 forecasts")


def test_the_card_and_the_page_speak_of_the_served_bundle(made: dg.ExecuteInProcessResult, settings: AssetsSettings):
    manifest, _ = read_champion(settings.bundles_dir, "toy")
    card = (settings.models_dir / "toy" / "model-card.md").read_text(encoding="utf-8")
    page = Path(str(metadata_of(made, "model_report")["report"])).read_text(encoding="utf-8")

    assert metadata_of(made, "model_card")["card"] == card
    assert f"Version `{manifest.version}`" in card
    assert f"Bundle {manifest.version}." in page
    assert "**Simulated data.**" in card
    assert f"- `xgboost`: {REASON}." in card
    assert "This time: best on validation." in card
    assert page.count("data:image/png;base64,") == 12


def test_where_no_model_has_trees_nothing_is_explained_and_the_card_says_so(
    settings: AssetsSettings, instance: dg.DagsterInstance, tmp_path: Path
):
    result = run(without_trees(settings, tmp_path / "copy"), instance)

    assert result.success
    assert metadata_of(result, "shap_explanations")["explained"] == "nothing: no model of the leaderboard has trees"
    assert "Explained is nothing" in str(metadata_of(result, "model_card")["card"])
    assert [one.passed for one in result.get_asset_check_evaluations()] == [True]


def test_one_command_puts_the_card_of_a_build_where_people_read_it(
    made: dg.ExecuteInProcessResult, settings: AssetsSettings, tmp_path: Path
):
    assert made.success
    assert model_card.main(["--plant", "toy", "--out", str(tmp_path / "card.md")], settings=settings) == 0
    assert (tmp_path / "card.md").read_bytes() == (settings.models_dir / "toy" / "model-card.md").read_bytes()


def test_the_command_refuses_before_the_first_build(
    make_toy_project: Callable[[Path], AssetsSettings], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    settings = make_toy_project(tmp_path)

    assert model_card.main(["--out", str(tmp_path / "card.md")], settings=settings) == 2
    assert "make build" in capsys.readouterr().err
    assert not (tmp_path / "card.md").exists()
