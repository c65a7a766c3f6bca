"""Forecasters of a plant: each tried out on the same origins, blended, ranked, and the best published.

Partitioned by plant. Models are chosen on the validation part and reported on the test part, each forecast by a fit
that ends where the part begins; the champion is fitted once more on all readings before its fits are published. A model
that cannot run on this machine has empty scores and says why. Checks are in ``forecasting_checks``.
"""

import datetime as dt

import dagster as dg
import polars as pl

from steel_assets import training, trials
from steel_assets.engines import TRAINED
from steel_assets.io_managers import MonthFrames
from steel_assets.partitions import all_months
from steel_assets.resources import Project
from steel_assets.tracking import Tracking

GROUP = "forecasting"
OWNERS = ["team:forecasting"]
ALL_MONTHS = {"cleaned_readings": dg.AssetIn(partition_mapping=all_months())}
MONTHLY = dg.FreshnessPolicy.time_window(fail_window=dt.timedelta(days=45), warn_window=dt.timedelta(days=35))

DESCRIPTIONS = {
    "seasonal_naive": "Scores of the newest similar day as a forecast: what any other model has to beat.",
    "seasonal_naive_day": "Scores of the last 24 hours as a forecast of the next.",
    "seasonal_naive_week": "Scores of the last week as a forecast of the next.",
    "lightgbm": "Scores of LightGBM's boosted trees, one model for each range of lead times.",
    "xgboost": "Scores of XGBoost's boosted trees, one model for each range of lead times.",
    "chronos_zero_shot": "Scores of Chronos-2 with pretrained weights as they are; absent where there are none.",
    "chronos_fine_tuned": "Scores of Chronos-2 trained on the plant's usage, from scratch where there are no weights.",
    "chronos_fine_tuned_covariates": "Scores of the same with reactive power of the past and the calendar ahead.",
    "timesfm": "Scores of TimesFM with pretrained weights as they are; absent where there are none.",
}
"""The models that are fitted, and what their scores are of."""
KINDS = {
    "lightgbm": "lightgbm",
    "xgboost": "xgboost",
    "chronos_zero_shot": "pytorch",
    "chronos_fine_tuned": "pytorch",
    "chronos_fine_tuned_covariates": "pytorch",
    "timesfm": "pytorch",
}
"""What a model is made with, where it is not Polars alone."""
MODELS = tuple(DESCRIPTIONS)
RANKED = (*MODELS, "ensemble")


def model_asset(model: str) -> dg.AssetsDefinition:
    """The asset of one fitted model: its scores, its trial on disk and in MLflow."""

    @dg.asset(
        name=model,
        description=DESCRIPTIONS[model],
        group_name=GROUP,
        owners=OWNERS,
        kinds={"mlflow", KINDS.get(model, "polars")},
        ins=ALL_MONTHS,
        deps=["features"],
        io_manager_key="scores_io",
        op_tags=TRAINED,
    )
    def scores(
        context: dg.AssetExecutionContext, project: Project, tracking: Tracking, cleaned_readings: MonthFrames
    ) -> pl.DataFrame:
        return trials.tried_out(context, model, cleaned_readings, project=project, tracking=tracking)

    return scores


model_assets = [model_asset(model) for model in MODELS]


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"polars", "mlflow"},
    ins=ALL_MONTHS,
    deps=MODELS,
    io_manager_key="scores_io",
)
def ensemble(
    context: dg.AssetExecutionContext, project: Project, tracking: Tracking, cleaned_readings: MonthFrames
) -> pl.DataFrame:
    """Scores of the best two models on the validation part, blended by lead time."""
    return trials.blended(context, list(MODELS), cleaned_readings, project=project, tracking=tracking)


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"polars"},
    ins={model: dg.AssetIn(model) for model in RANKED},
    io_manager_key="scores_io",
)
def leaderboard(context: dg.AssetExecutionContext, project: Project, **scores: pl.DataFrame) -> pl.DataFrame:
    """All models on the same origins over 24 hours, best validation score first; the test scores are only reported."""
    return trials.ranked(context, scores, project=project)


@dg.asset(
    group_name="serving",
    owners=OWNERS,
    kinds={"mlflow"},
    ins=ALL_MONTHS,
    freshness_policy=MONTHLY,
    op_tags=TRAINED,
)
def champion(
    context: dg.AssetExecutionContext,
    project: Project,
    tracking: Tracking,
    cleaned_readings: MonthFrames,
    leaderboard: pl.DataFrame,
) -> dg.MaterializeResult[None]:
    """The model that is served: best on validation, fitted on all readings, published as a bundle."""
    facts = training.crown(context, leaderboard, cleaned_readings, project=project, tracking=tracking)
    return dg.MaterializeResult(metadata=facts)
