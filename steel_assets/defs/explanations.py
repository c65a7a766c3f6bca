"""Why the champion forecasts what it does, and what people read of a plant's models: explanations, card and report.

Partitioned by plant; all of it is made after the champion. The check that contributions add up is in
``explanations_checks``.
"""

import dagster as dg
import polars as pl

from steel_assets import explanations
from steel_assets.defs.forecasting import ALL_MONTHS, GROUP, OWNERS
from steel_assets.io_managers import MonthFrames
from steel_assets.resources import Project
from steel_assets.tracking import Tracking

SCORES = {name: dg.AssetIn(input_manager_key="scores_io") for name in ("leaderboard", "shap_explanations")}


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"shap", "mlflow"},
    ins=ALL_MONTHS | {"leaderboard": SCORES["leaderboard"]},
    deps=["champion"],
    io_manager_key="scores_io",
)
def shap_explanations(
    context: dg.AssetExecutionContext,
    project: Project,
    tracking: Tracking,
    cleaned_readings: MonthFrames,
    leaderboard: pl.DataFrame,
) -> pl.DataFrame:
    """What drives the champion's forecasts, by lead time: mean size of each driver's contribution (SHAP), in kWh."""
    readings = pl.concat(cleaned_readings.values())
    return explanations.explained(context, readings, leaderboard, project=project, tracking=tracking)


@dg.asset(group_name=GROUP, owners=OWNERS, kinds={"markdown"}, ins=SCORES, deps=["champion"])
def model_card(
    context: dg.AssetExecutionContext, project: Project, leaderboard: pl.DataFrame, shap_explanations: pl.DataFrame
) -> dg.MaterializeResult[None]:
    """The model card: what is served, what it was made of, how good it is and where it is weak."""
    return explanations.written_card(context.partition_key, leaderboard, shap_explanations, project=project)


@dg.asset(group_name=GROUP, owners=OWNERS, kinds={"html"}, ins=SCORES, deps=["champion"])
def model_report(
    context: dg.AssetExecutionContext, project: Project, leaderboard: pl.DataFrame, shap_explanations: pl.DataFrame
) -> dg.MaterializeResult[None]:
    """One self-contained page on a plant's models: standings, the champion's forecasts in pictures, their drivers."""
    return explanations.written_report(context.partition_key, leaderboard, shap_explanations, project=project)
