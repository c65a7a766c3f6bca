"""What the assets of models share: try a model out, write the trial down on disk and in MLflow, rank the trials.

The work itself is ``steel_energy``'s; here it meets Dagster's context and MLflow's run. Which model is crowned, and how
it is published, is ``training``'s.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import polars as pl

from steel_assets import metadata
from steel_assets.pictures import log_pictures, picture_facts
from steel_energy.ensemble_trial import try_ensemble
from steel_energy.errors import ModelUnavailableError
from steel_energy.forecasting import KINDS, Ensemble, Forecaster
from steel_energy.lake import CLEANED_READINGS
from steel_energy.savings.regret import ForecastValue, forecast_values
from steel_energy.standings import leaderboard_of, standings_table
from steel_energy.trial import (
    StoredTrial,
    Trial,
    TrialRecord,
    cross_validated,
    lead_time_table,
    metrics_of,
    part_of,
    read_trial,
    try_out,
    without_scores,
    write_absence,
    write_trial,
)

if TYPE_CHECKING:
    from dagster_mlflow.resources import MlFlow

    from steel_assets.io_managers import MonthFrames
    from steel_assets.resources import Project
    from steel_assets.tracking import Tracking

FEWEST_CALIBRATION_FOLDS = 2
LOGGED_PARAMS = {"forecasting", "ensemble", "evaluation"}


def tried_out(
    context: dg.AssetExecutionContext, model: str, months: MonthFrames, *, project: Project, tracking: Tracking
) -> pl.DataFrame:
    """The scores of a model on the plant of the run; empty, with the reason, where it cannot run here."""
    readings = pl.concat(months.values())
    try:
        trial = _attempt(model, context.partition_key, readings, project=project)
    except ModelUnavailableError as error:
        return _absent(context, model, str(error), project=project)
    return _written_down(context, trial, project=project, tracking=tracking)


def blended(
    context: dg.AssetExecutionContext,
    models: list[str],
    months: MonthFrames,
    *,
    project: Project,
    tracking: Tracking,
) -> pl.DataFrame:
    """The scores of the ensemble of the best two of ``models``, from their trials; empty where there are no two."""
    plant_id, params = context.partition_key, project.params()
    plant, tariff, readings = project.plant(plant_id), project.tariff(plant_id), pl.concat(months.values())
    try:
        _require_wanted(Ensemble.name, project)
        stored = stored_trials(models, plant_id, project)
        trial = try_ensemble(stored, readings, plant=plant, tariff=tariff, params=params)
    except ModelUnavailableError as error:
        return _absent(context, Ensemble.name, str(error), project=project)
    return _written_down(context, trial, project=project, tracking=tracking)


def ranked(context: dg.AssetExecutionContext, scores: Mapping[str, pl.DataFrame], *, project: Project) -> pl.DataFrame:
    """The leaderboard of the models that have scores; the asset's page says of the others why they are absent."""
    plant_id = context.partition_key
    stored = stored_trials(list(scores), plant_id, project)
    present = {model: frame for model, frame in scores.items() if not frame.is_empty()}
    values = _values_of(present, stored, plant_id, project)
    board = leaderboard_of(present, stored, params=project.params().evaluation, values=values).frame()
    best = part_of(stored[board["model"][0]].backtested, "test")
    context.add_output_metadata(
        {
            "dagster/row_count": board.height,
            "standings": metadata.markdown_table(standings_table(board)),
            "all_metrics": metadata.transposed(board.drop("label"), by="model"),
            **_absences(stored),
            **picture_facts(_pictures(best, title=f"{board['model'][0]}, {plant_id}, test part")),
        }
    )
    return board


def _values_of(
    present: Mapping[str, pl.DataFrame], stored: Mapping[str, StoredTrial], plant_id: str, project: Project
) -> dict[str, ForecastValue]:
    """What the forecasts of the test part are worth in money."""
    params = project.params()
    return forecast_values(
        {model: part_of(stored[model].backtested, "test") for model in present},
        project.lake.read(CLEANED_READINGS, plant_id),
        plant=project.plant(plant_id),
        tariff=project.tariff(plant_id),
        standard=params.savings.standard_plan,
        params=params.planning,
    )


def stored_trials(models: list[str], plant_id: str, project: Project) -> dict[str, StoredTrial]:
    """What the trials of ``models`` left on disk."""
    return {model: read_trial(trial_folder(model, plant_id, project)) for model in models}


def trial_folder(model: str, plant_id: str, project: Project) -> Path:
    """Where a model's trial lies until the next one; whichever model is crowned is taken from there."""
    return project.settings.models_dir / "trials" / plant_id / model


def tags(project: Project, plant_id: str, model: str) -> dict[str, str]:
    """What MLflow's runs are found by."""
    origin = project.origin(plant_id)
    return {"plant": plant_id, "model": model, "source": origin.kind, "is_simulated": str(origin.is_simulated).lower()}


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


def _attempt(model: str, plant_id: str, readings: pl.DataFrame, *, project: Project) -> Trial:
    params = project.params()
    _require_wanted(model, project)
    trial = try_out(_unfitted(model, plant_id, project), readings, params=params.evaluation)
    if model not in params.evaluation.cross_validated:
        return trial
    # The folds are judged by the mean forecast, which is the same however few blocks calibrate the quantiles.
    lighter = _unfitted(model, plant_id, project, calibration_folds=FEWEST_CALIBRATION_FOLDS)
    return cross_validated(trial, lighter, readings, params=params)


def _require_wanted(model: str, project: Project) -> None:
    if model in project.params().evaluation.left_out:
        raise ModelUnavailableError("is left out", field=model, remedy="take it off evaluation.left_out in params.yaml")


def _absent(context: dg.AssetExecutionContext, model: str, reason: str, *, project: Project) -> pl.DataFrame:
    """Note on disk and on the asset's page why there is no trial, and return no scores."""
    write_absence(model, trial_folder(model, context.partition_key, project), reason=reason)
    context.log.warning("%s is absent: %s", model, reason)
    context.add_output_metadata({"absent": reason, **project.source_of(context.partition_key)})
    return without_scores()


def _unfitted(model: str, plant_id: str, project: Project, **changes: int) -> Forecaster:
    params = project.params().forecasting.model_copy(update=changes)
    return KINDS[model](plant=project.plant(plant_id), tariff=project.tariff(plant_id), params=params)


def _written_down(
    context: dg.AssetExecutionContext, trial: Trial, *, project: Project, tracking: Tracking
) -> pl.DataFrame:
    """Keep the trial on disk and in MLflow, describe it on the asset's page, and return its scores."""
    plant_id, model, params = context.partition_key, trial.forecaster.name, project.params()
    record = write_trial(trial, trial_folder(model, plant_id, project))
    tested = part_of(trial.backtest, "test")
    pictures = _pictures(tested, title=f"{model}, {plant_id}, test part")
    with tracking.run(context, name=f"{model} {plant_id}", tags=tags(project, plant_id, model)) as run:
        run.log_params(flat(params.model_dump(mode="json", include=LOGGED_PARAMS)))
        run.log_metrics(metrics_of(trial.scores) | _figures(record))
        log_pictures(run, pictures)
        _log_chart(run, tested, title=f"{model}, {plant_id}: a day ahead, the last two weeks of the test part")
    facts = _trial_facts(trial, record) | {"mlflow_run_id": run.mlflow_run_id} | project.source_of(plant_id)
    context.add_output_metadata(facts | picture_facts(pictures))
    return trial.scores


def _trial_facts(trial: Trial, record: TrialRecord) -> dict[str, Any]:
    newest = trial.forecaster.fits[-1].forecaster
    return {
        "scores": metadata.markdown_table(lead_time_table(trial.scores)),
        "label": record.label or "none",
        "validation_start": f"{trial.split.validation_start:%Y-%m-%d %H:%M}",
        "test_start": f"{trial.split.test_start:%Y-%m-%d %H:%M}",
        **_figures(record),
        **({"weights": list(newest.weights)} if isinstance(newest, Ensemble) else {}),
        **{name: value for name, value in metrics_of(trial.scores).items() if ".over_24h." in name},
    }


def _figures(record: TrialRecord) -> dict[str, float]:
    """Costs and folds as numbers, which the page and MLflow chart."""
    costs = record.costs.model_dump() if record.costs else {}
    return costs | {f"fold_{place}_rmse_kwh": error for place, error in enumerate(record.fold_rmse_kwh, start=1)}


def _absences(stored: Mapping[str, StoredTrial]) -> dict[str, str]:
    """Why models are absent, each under its own name."""
    reasons = {model: trial.record.absent_because for model, trial in stored.items()}
    return {f"absent: {model}": reason for model, reason in reasons.items() if reason is not None}


def _pictures(tested: pl.DataFrame, *, title: str) -> dict[str, bytes]:
    from steel_energy.reporting.trial_pictures import trial_pictures  # noqa: PLC0415 - imports Matplotlib

    return trial_pictures(tested, title=title)


def _log_chart(run: MlFlow, tested: pl.DataFrame, *, title: str) -> None:
    from steel_energy.reporting.backtest import backtest_page  # noqa: PLC0415 - plotly takes a second to import

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "forecast.html"
        path.write_text(backtest_page(tested, title=title), encoding="utf-8")
        run.log_artifact(str(path))
