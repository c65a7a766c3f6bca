"""Forecasters of a plant: each tried out on the same origins, ranked, and the best published.

Partitioned by plant. Models are chosen on the validation part and reported on the test part, each forecast by a fit
that ends where the part begins; the champion is fitted once more on all readings before its fits are published. Checks
are in ``forecasting_checks``.
"""

import datetime as dt

import dagster as dg
import polars as pl

from steel_assets import metadata, training
from steel_assets.io_managers import MonthFrames
from steel_assets.partitions import all_months
from steel_assets.resources import Project
from steel_assets.tracking import Tracking
from steel_energy.trial import leaderboard_of

GROUP = "forecasting"
OWNERS = ["team:forecasting"]
ALL_MONTHS = {"cleaned_readings": dg.AssetIn(partition_mapping=all_months())}
MONTHLY = dg.FreshnessPolicy.time_window(fail_window=dt.timedelta(days=45), warn_window=dt.timedelta(days=35))


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"polars", "mlflow"},
    ins=ALL_MONTHS,
    deps=["features"],
    io_manager_key="scores_io",
)
def seasonal_naive(
    context: dg.AssetExecutionContext, project: Project, tracking: Tracking, cleaned_readings: MonthFrames
) -> pl.DataFrame:
    """Scores of the newest similar day as a forecast: what any other model has to beat."""
    return training.tried_out(context, "seasonal_naive", cleaned_readings, project=project, tracking=tracking)


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"lightgbm", "mlflow"},
    ins=ALL_MONTHS,
    deps=["features"],
    io_manager_key="scores_io",
)
def lightgbm(
    context: dg.AssetExecutionContext, project: Project, tracking: Tracking, cleaned_readings: MonthFrames
) -> pl.DataFrame:
    """Scores of boosted trees, one model for each range of lead times, with quantiles from unseen errors."""
    return training.tried_out(context, "lightgbm", cleaned_readings, project=project, tracking=tracking)


@dg.asset(group_name=GROUP, owners=OWNERS, kinds={"polars"}, io_manager_key="scores_io")
def leaderboard(
    context: dg.AssetExecutionContext, seasonal_naive: pl.DataFrame, lightgbm: pl.DataFrame
) -> pl.DataFrame:
    """All models on the same origins over 24 hours, best validation score first; the test scores are only reported."""
    board = leaderboard_of({"seasonal_naive": seasonal_naive, "lightgbm": lightgbm}).frame()
    context.add_output_metadata(
        {"dagster/row_count": board.height, "standings": metadata.transposed(board, by="model")}
    )
    return board


@dg.asset(
    group_name="serving",
    owners=OWNERS,
    kinds={"mlflow", "lightgbm"},
    ins=ALL_MONTHS,
    freshness_policy=MONTHLY,
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
