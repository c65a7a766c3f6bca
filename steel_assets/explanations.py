"""What the assets that explain the champion share: its trees, their pictures, the card and the report of a plant.

The work itself is ``steel_energy``'s; here it meets Dagster's context and MLflow's run.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import polars as pl

from steel_assets.defs.forecasting import RANKED
from steel_assets.metadata import markdown_table
from steel_assets.pictures import log_pictures, picture_facts
from steel_assets.trials import stored_trials, tags, trial_folder
from steel_energy.artifacts import champion_to_serve, history, read_champion
from steel_energy.explaining import (
    OVERALL,
    Explainer,
    Explanation,
    best_explainer,
    driver_importance,
    explain_forecast,
    explain_history,
    importance,
    no_drivers,
    telling_origin,
)
from steel_energy.explaining.stored import (
    ABOUT_FILE,
    UNEXPLAINED,
    About,
    explanations_folder,
    no_points,
    swarm,
    write_explanation,
)
from steel_energy.forecasting import load_forecaster
from steel_energy.lake import write_text
from steel_energy.model_card import CardFacts, model_card
from steel_energy.trial import FITS_FOLDER, part_of

if TYPE_CHECKING:
    from steel_assets.resources import Project
    from steel_assets.tracking import Tracking

TOP_FEATURES = 15


def explained(
    context: dg.AssetExecutionContext,
    readings: pl.DataFrame,
    leaderboard: pl.DataFrame,
    *,
    project: Project,
    tracking: Tracking,
) -> pl.DataFrame:
    """What drives the champion of the run's plant, by driver and range of leads, after pictures for page and MLflow."""
    plant_id, params = context.partition_key, project.params()
    explainer = champion_explainer(plant_id, leaderboard, project=project)
    if explainer is None:
        write_explanation(_folder(plant_id, project), About(about=UNEXPLAINED), points=no_points())
        context.add_output_metadata({"explained": UNEXPLAINED})
        return no_drivers()
    past = explain_history(
        explainer, readings, rows_per_range=params.explaining.rows_per_range, seed=params.forecasting.seed
    )
    pictures = _pictures(explainer, past, readings, plant_id=plant_id)
    about = About(about=explainer.about, version=champion_to_serve(project.settings.bundles_dir, plant_id))
    write_explanation(_folder(plant_id, project), about, points=swarm(past), pictures=pictures)
    features = importance(past).filter(pl.col("lead_range") == OVERALL).sort("mean_abs_kwh", descending=True)
    with tracking.run(context, name=f"shap {plant_id}", tags=tags(project, plant_id, explainer.forecaster.name)) as run:
        run.log_metrics({f"mean_abs_kwh.{row['feature']}": row["mean_abs_kwh"] for row in features.to_dicts()})
        log_pictures(run, pictures)
    facts = {"explained": explainer.about, "top_features": markdown_table(features.head(TOP_FEATURES))}
    context.add_output_metadata(facts | {"mlflow_run_id": run.mlflow_run_id} | picture_facts(pictures))
    return driver_importance(past)


def champion_explainer(plant_id: str, leaderboard: pl.DataFrame, *, project: Project) -> Explainer | None:
    """The trees that explain the champion or, where it has none, the best model of the leaderboard that has any."""
    site: dict[str, Any] = {"plant": project.plant(plant_id), "tariff": project.tariff(plant_id)}
    _, folder = read_champion(project.settings.bundles_dir, plant_id)
    fits = (trial_folder(model, plant_id, project) / FITS_FOLDER for model in leaderboard["model"])
    return best_explainer(load_forecaster(folder, **site), (load_forecaster(path, **site) for path in fits))


def written_card(
    plant_id: str, leaderboard: pl.DataFrame, drivers: pl.DataFrame, *, project: Project
) -> dg.MaterializeResult[None]:
    """Write the model card of a plant, and show it on the asset's page."""
    card = model_card(_card_facts(plant_id, leaderboard, drivers, project=project))
    path = write_text(card_file(plant_id, project), card)
    return dg.MaterializeResult(metadata={"file": dg.MetadataValue.path(path), "card": dg.MetadataValue.md(card)})


def written_report(
    plant_id: str, leaderboard: pl.DataFrame, drivers: pl.DataFrame, *, project: Project
) -> dg.MaterializeResult[None]:
    """Write the report of a plant's models: a page with the pictures of the champion's test part and of its trees."""
    from steel_energy.reporting.model_page import write_model_page  # noqa: PLC0415 - plotly takes a second to import

    facts = _card_facts(plant_id, leaderboard, drivers, project=project)
    path = write_model_page(
        facts,
        project.settings.reports_dir / f"plant={plant_id}" / "models.html",
        backtest_pictures=_backtest_pictures(facts.manifest.model, plant_id, project),
        explaining_pictures=_read(_folder(plant_id, project))[1],
    )
    return dg.MaterializeResult(metadata={"report": dg.MetadataValue.path(path), **project.source_of(plant_id)})


def card_file(plant_id: str, project: Project) -> Path:
    """Where a plant's model card lies."""
    return project.settings.models_dir / plant_id / "model-card.md"


def _card_facts(plant_id: str, leaderboard: pl.DataFrame, drivers: pl.DataFrame, *, project: Project) -> CardFacts:
    manifest, _ = read_champion(project.settings.bundles_dir, plant_id)
    return CardFacts(
        leaderboard=leaderboard,
        manifest=manifest,
        reason=history(project.settings.bundles_dir, plant_id)[-1].reason,
        plant=project.plant(plant_id),
        trials=[trial.record for trial in stored_trials(list(RANKED), plant_id, project).values()],
        drivers=drivers,
        explained=_read(_folder(plant_id, project))[0],
        params=project.params().evaluation,
    )


def _backtest_pictures(model: str, plant_id: str, project: Project) -> dict[str, bytes]:
    """Of the test part; none where a person keeps a champion whose kind the build has left out."""
    from steel_energy.reporting.trial_pictures import trial_pictures  # noqa: PLC0415 - imports Matplotlib

    backtest = stored_trials([model], plant_id, project)[model].backtest
    title = f"{model}, {plant_id}, test part"
    return {} if backtest is None else trial_pictures(part_of(backtest, "test"), title=title)


def _pictures(explainer: Explainer, past: Explanation, readings: pl.DataFrame, *, plant_id: str) -> dict[str, bytes]:
    from steel_energy.reporting.model_pictures import (  # noqa: PLC0415 - imports Matplotlib
        forecast_picture,
        importance_pictures,
    )

    title, site = f"{explainer.forecaster.name}, {plant_id}", explainer.members[0]
    origin = telling_origin(readings, plant=site.plant, tariff=site.tariff)
    one = explain_forecast(explainer, readings, origin=origin)
    since = f"{title}, from {origin:%Y-%m-%d %H:%M}"
    return {**importance_pictures(past, title=title), "explained_forecast": forecast_picture(one, title=since)}


def _folder(plant_id: str, project: Project) -> Path:
    return explanations_folder(project.settings.models_dir, plant_id)


def _read(folder: Path) -> tuple[str, dict[str, bytes]]:
    """What is explained, in words, and the pictures by name."""
    about = About.model_validate_json((folder / ABOUT_FILE).read_bytes()).about
    return about, {path.stem: path.read_bytes() for path in sorted(folder.glob("*.png"))}
