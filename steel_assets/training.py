"""Crowning a model: choose it, fit it on all readings, bundle its fits and put them forward, with a run in MLflow.

The work itself is ``steel_energy``'s; here it meets Dagster's context and MLflow's run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg
import polars as pl

from steel_assets.trials import tags, trial_folder
from steel_energy.artifacts import BundleFacts, Manifest, history, prune, readings_sha256, write_bundle
from steel_energy.evaluation import PARTS, choose_champion
from steel_energy.forecasting import Vintages, load_vintages
from steel_energy.history import readings_end
from steel_energy.promotion import Verdict, put_forward
from steel_energy.trial import FITS_FOLDER

if TYPE_CHECKING:
    from steel_assets.io_managers import MonthFrames
    from steel_assets.resources import Project
    from steel_assets.tracking import Tracking


def crown(
    context: dg.AssetExecutionContext,
    leaderboard: pl.DataFrame,
    months: MonthFrames,
    *,
    project: Project,
    tracking: Tracking,
) -> dict[str, Any]:
    """Choose the best model, fit it on all readings too, bundle its fits and put them forward; returns metadata."""
    plant_id, params = context.partition_key, project.params()
    errors = dict(leaderboard.select("model", "validation_rmse_kwh").iter_rows())
    choice = choose_champion(
        errors, incumbent=_incumbent(project, plant_id), promotion_margin=params.evaluation.promotion_margin
    )
    readings = pl.concat(months.values())
    metrics = _metrics(leaderboard, choice.model)
    with tracking.run(context, name=f"champion {plant_id}", tags=tags(project, plant_id, choice.model)) as run:
        fitted = _tried(choice.model, plant_id, project).fit(readings)
        manifest = bundled(fitted, readings, plant_id=plant_id, metrics=metrics, project=project)
        bundles_dir = project.settings.bundles_dir
        verdict = put_forward(
            manifest,
            fitted,
            project.site(plant_id),
            bundles_dir=bundles_dir,
            readings=readings,
            rmse_kwh=errors[choice.model],
            reason=choice.reason,
            params=params,
        )
        run.log_metrics(metrics)
        version = tracking.register(
            run, plant_id, bundles_dir / plant_id / manifest.version, is_champion=verdict.is_promoted
        )
    prune(bundles_dir, plant_id, keep=params.champion.kept_bundles)
    return {
        "model": choice.model,
        "reason": verdict.reason,
        "is_promoted": verdict.is_promoted,
        "bundle": manifest.version,
        "registered_version": version,
        "mlflow_run_id": run.mlflow_run_id,
        **_recent(verdict),
        "trained_from": f"{manifest.trained_from:%Y-%m-%d %H:%M}",
        "trained_until": f"{manifest.trained_until:%Y-%m-%d %H:%M}",
        **{name: value for name, value in metrics.items() if name.endswith(("rmse_kwh", "median_mae_kwh", "skill"))},
        **project.source_of(plant_id),
    }


def bundled(
    fitted: Vintages, readings: pl.DataFrame, *, plant_id: str, metrics: dict[str, float], project: Project
) -> Manifest:
    """Write the bundle of fits, the newest on ``readings``; nobody serves it yet."""
    facts = project.source_facts(plant_id)
    return write_bundle(
        project.settings.bundles_dir,
        BundleFacts(
            plant=plant_id,
            model=fitted.name,
            label=fitted.label,
            trained_from=readings["interval_start"][0],
            trained_until=readings_end(readings),
            earlier_fits=tuple(vintage.trained_until for vintage in fitted.fits[:-1]),
            source=project.origin(plant_id).model_dump(mode="json") | {"is_simulated": facts["is_simulated"]},
            data_sha256=readings_sha256(readings),
            params=project.params().model_dump(mode="json"),
            metrics=metrics,
        ),
        write=fitted.save,
    )


def _recent(verdict: Verdict) -> dict[str, Any]:
    """Challenger and champion on the newest days, where they were compared there."""
    if verdict.recent is None:
        return {}
    return {
        "recent_days": verdict.recent.days,
        "recent_challenger_rmse_kwh": verdict.recent.newer_rmse_kwh,
        "recent_champion_rmse_kwh": verdict.recent.older_rmse_kwh,
    }


def _tried(model: str, plant_id: str, project: Project) -> Vintages:
    """The fits that the model's trial left."""
    folder = trial_folder(model, plant_id, project) / FITS_FOLDER
    return load_vintages(folder, plant=project.plant(plant_id), tariff=project.tariff(plant_id))


def _incumbent(project: Project, plant_id: str) -> str | None:
    """Kind of the champion, by the history: its bundle may be damaged, which a build mends."""
    promotions = history(project.settings.bundles_dir, plant_id)
    return promotions[-1].model if promotions else None


def _metrics(leaderboard: pl.DataFrame, model: str) -> dict[str, float]:
    """The champion's scores of the leaderboard as ``validation.over_24h.rmse_kwh`` and so on; no times, no sizes."""
    scores = leaderboard.select("model", *(pl.col(f"^{part}_.*$") for part in PARTS))
    row = scores.filter(pl.col("model") == model).drop("model").row(0, named=True)
    return {name.replace("_", ".over_24h.", 1): float(value) for name, value in row.items() if value is not None}
