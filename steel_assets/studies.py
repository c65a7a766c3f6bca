"""What the tuning asset does: go on with the plant's searches, keep them in MLflow, and say what they found.

The search itself is ``steel_energy.tuning``'s; here it meets Dagster's context and MLflow's run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg
import polars as pl

from steel_assets import metadata
from steel_assets.pictures import log_pictures, picture_facts
from steel_energy.errors import NotEnoughDataError
from steel_energy.tuning import TUNED, Tuned, in_words, trials_table, tune, values_table

if TYPE_CHECKING:
    from dagster_mlflow.resources import MlFlow

    from steel_assets.io_managers import MonthFrames
    from steel_assets.resources import Project
    from steel_assets.tracking import Tracking

SHOWN_TRIALS = 10


def searched(
    context: dg.AssetExecutionContext, months: MonthFrames, *, project: Project, tracking: Tracking
) -> dict[str, Any]:
    """Search for each boosted model of the plant; returns what was found as metadata.

    A plant with too few readings for it is forecast all the same, so that is told and is no failure.
    """
    plant_id, readings = context.partition_key, pl.concat(months.values())
    origin = project.origin(plant_id)
    tags = {"plant": plant_id, "source": origin.kind, "is_simulated": str(origin.is_simulated).lower()}
    try:
        found = [_search(context, model, readings, project=project) for model in TUNED]
    except NotEnoughDataError as error:
        context.log.warning("nothing tuned: %s", error)
        return {"not_tuned": str(error), **project.source_of(plant_id)}
    with tracking.run(context, name=f"tuning {plant_id}", tags=tags) as run:
        facts = [_written_down(run, tuned, plant=plant_id) for tuned in found]
    return {
        **{name: fact for one in facts for name, fact in one.items()},
        "command": f"steel tune --plant {plant_id} --write",
        "mlflow_run_id": run.mlflow_run_id,
        **project.source_of(plant_id),
    }


def _search(context: dg.AssetExecutionContext, model: str, readings: pl.DataFrame, *, project: Project) -> Tuned:
    """Search with a line in Dagster's log for each trial."""
    plant_id, params = context.partition_key, project.params()

    def tell(tuned: Tuned) -> None:
        last, best = tuned.attempts[-1], tuned.best.rmse_kwh
        context.log.info(
            f"{model}: trial {len(tuned.attempts)} of {tuned.planned}, {last.rmse_kwh:.3f} kWh; best {best:.3f}"
        )

    forecaster = TUNED[model](plant=project.plant(plant_id), tariff=project.tariff(plant_id), params=params.forecasting)
    return tune(forecaster, readings, params=params, folder=project.settings.tuning_dir, tell=tell)


def _written_down(run: MlFlow, tuned: Tuned, *, plant: str) -> dict[str, Any]:
    """Log a search to the active run; returns its metadata."""
    from steel_energy.reporting.tuning_pictures import history_picture  # noqa: PLC0415 - matplotlib, see there

    trials, pictures = trials_table(tuned), {f"{tuned.model}_history": history_picture(tuned, plant=plant)}
    figures = {"present_rmse_kwh": tuned.present_attempt.rmse_kwh, "best_rmse_kwh": tuned.best.rmse_kwh}
    own = {f"{tuned.model}_{name}": value for name, value in {**figures, "gain": tuned.gain}.items()}
    run.log_params({f"{tuned.model}.{name}": value for name, value in tuned.best.values.model_dump().items()})
    run.log_metrics(own)
    for one in tuned.attempts:
        run.log_metric(f"{tuned.model}_trial_rmse_kwh", one.rmse_kwh, step=one.number)
    run.log_text(trials.write_csv(), f"{tuned.model}_trials.csv")
    log_pictures(run, pictures)
    return own | {
        f"{tuned.model}_found": in_words(tuned),
        f"{tuned.model}_values": metadata.markdown_table(values_table(tuned)),
        f"{tuned.model}_trials": metadata.markdown_table(trials.head(SHOWN_TRIALS)),
        **picture_facts(pictures),
    }
