"""What the forecasting assets share: try a model out or publish it, and write both down in MLflow.

The work itself is ``steel_energy``'s; here it meets Dagster's context and MLflow's run.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import polars as pl

from steel_assets import metadata
from steel_energy.artifacts import Manifest, champion_version, publish, read_champion
from steel_energy.evaluation import choose_champion
from steel_energy.forecasting import KINDS, Forecaster, Vintages, load_vintages
from steel_energy.history import readings_end
from steel_energy.trial import FITS_FOLDER, Trial, lead_time_table, metrics_of, part_of, try_out, write_trial

if TYPE_CHECKING:
    from dagster_mlflow.resources import MlFlow

    from steel_assets.io_managers import MonthFrames
    from steel_assets.resources import Project
    from steel_assets.tracking import Tracking


def tried_out(
    context: dg.AssetExecutionContext, model: str, months: MonthFrames, *, project: Project, tracking: Tracking
) -> pl.DataFrame:
    """The scores of a model on the plant of the run, after a trial that MLflow keeps."""
    plant_id, params = context.partition_key, project.params()
    readings = pl.concat(months.values())
    with tracking.run(context, name=f"{model} {plant_id}", tags=_tags(project, plant_id, model)) as run:
        trial = try_out(_unfitted(model, plant_id, project), readings, params=params.evaluation)
        write_trial(trial, trial_folder(model, plant_id, project))
        run.log_params(flat(params.forecasting.model_dump(mode="json")) | flat(params.evaluation.model_dump()))
        run.log_metrics(metrics_of(trial.scores))
        _log_chart(run, trial, title=f"{model}, {plant_id}: a day ahead, the last two weeks of the test part")
    context.add_output_metadata(_trial_facts(trial, run.mlflow_run_id) | project.source_of(plant_id))
    return trial.scores


def crown(
    context: dg.AssetExecutionContext,
    leaderboard: pl.DataFrame,
    months: MonthFrames,
    *,
    project: Project,
    tracking: Tracking,
) -> dict[str, Any]:
    """Choose the champion, fit it on all readings too, publish all its fits and register them; returns metadata."""
    plant_id, params = context.partition_key, project.params()
    errors = dict(leaderboard.select("model", "validation_rmse_kwh").iter_rows())
    choice = choose_champion(
        errors, incumbent=_incumbent(project, plant_id), promotion_margin=params.evaluation.promotion_margin
    )
    readings = pl.concat(months.values())
    metrics = _metrics(leaderboard, choice.model)
    with tracking.run(context, name=f"champion {plant_id}", tags=_tags(project, plant_id, choice.model)) as run:
        tried = load_vintages(
            trial_folder(choice.model, plant_id, project) / FITS_FOLDER,
            plant=project.plant(plant_id),
            tariff=project.tariff(plant_id),
        )
        fitted = tried.fit(readings)
        manifest = publish_bundle(fitted, readings, plant_id=plant_id, metrics=metrics, project=project)
        run.log_metrics(metrics)
        version = tracking.register(
            run, f"{plant_id}-forecast", project.settings.bundles_dir / plant_id / manifest.version
        )
    return {
        "model": choice.model,
        "reason": choice.reason,
        "bundle": manifest.version,
        "registered_version": version,
        "mlflow_run_id": run.mlflow_run_id,
        "trained_from": f"{manifest.trained_from:%Y-%m-%d %H:%M}",
        "trained_until": f"{manifest.trained_until:%Y-%m-%d %H:%M}",
        **{name: value for name, value in metrics.items() if name.endswith(("rmse_kwh", "median_mae_kwh", "skill"))},
        **project.source_of(plant_id),
    }


def publish_bundle(
    fitted: Vintages, readings: pl.DataFrame, *, plant_id: str, metrics: dict[str, float], project: Project
) -> Manifest:
    """Write the bundle of fits, the newest on ``readings``, and let the champion point at it."""
    facts = project.source_facts(plant_id)
    return publish(
        project.settings.bundles_dir,
        plant=plant_id,
        model=fitted.name,
        trained_from=readings["interval_start"][0],
        trained_until=readings_end(readings),
        earlier_fits=[vintage.trained_until for vintage in fitted.fits[:-1]],
        source=project.origin(plant_id).model_dump(mode="json") | {"is_simulated": facts["is_simulated"]},
        metrics=metrics,
        write=fitted.save,
    )


def flat(record: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """A nested record as dotted names, lists by position: what MLflow takes as parameters.

    >>> flat({"trees": {"leaves": 31, "rows": [1, 2]}})
    {'trees.leaves': 31, 'trees.rows.0': 1, 'trees.rows.1': 2}
    """
    names: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, list):
            value = {str(index): item for index, item in enumerate(value)}  # noqa: PLW2901
        names |= flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return names


def _unfitted(model: str, plant_id: str, project: Project) -> Forecaster:
    return KINDS[model](
        plant=project.plant(plant_id), tariff=project.tariff(plant_id), params=project.params().forecasting
    )


def trial_folder(model: str, plant_id: str, project: Project) -> Path:
    """Where a model's trial lies until the next one; whichever model is crowned is taken from there."""
    return project.settings.models_dir / "trials" / plant_id / model


def _incumbent(project: Project, plant_id: str) -> str | None:
    bundles = project.settings.bundles_dir
    return read_champion(bundles, plant_id)[0].model if champion_version(bundles, plant_id) else None


def _metrics(leaderboard: pl.DataFrame, model: str) -> dict[str, float]:
    """The champion's row of the leaderboard as ``validation.over_24h.rmse_kwh`` and so on."""
    row = leaderboard.filter(pl.col("model") == model).drop("model").row(0, named=True)
    return {name.replace("_", ".over_24h.", 1): float(value) for name, value in row.items()}


def _tags(project: Project, plant_id: str, model: str) -> dict[str, str]:
    origin = project.origin(plant_id)
    return {"plant": plant_id, "model": model, "source": origin.kind, "is_simulated": str(origin.is_simulated).lower()}


def _trial_facts(trial: Trial, mlflow_run_id: str) -> dict[str, Any]:
    return {
        "scores": metadata.markdown_table(lead_time_table(trial.scores)),
        "validation_start": f"{trial.split.validation_start:%Y-%m-%d %H:%M}",
        "test_start": f"{trial.split.test_start:%Y-%m-%d %H:%M}",
        "mlflow_run_id": mlflow_run_id,
        **{name: value for name, value in metrics_of(trial.scores).items() if ".over_24h." in name},
    }


def _log_chart(run: MlFlow, trial: Trial, *, title: str) -> None:
    from steel_energy.reporting.backtest import backtest_page  # noqa: PLC0415 - plotly takes a second to import

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "forecast.html"
        path.write_text(backtest_page(part_of(trial.backtest, "test"), title=title), encoding="utf-8")
        run.log_artifact(str(path))
