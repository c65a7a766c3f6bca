"""The model of all plants: trained on Dask inside the asset, as Dagster's Dask executor cannot run its partitions."""

import dagster as dg

from steel_assets import fleets
from steel_assets.engines import TRAINED
from steel_assets.resources import Project
from steel_assets.retrying import tried_again


@dg.asset(
    group_name="fleet",
    owners=["team:forecasting"],
    kinds={"dask", "xgboost"},
    deps=["cleaned_readings"],
    op_tags=TRAINED,
)
def global_model(context: dg.AssetExecutionContext, project: Project) -> dg.MaterializeResult[None]:
    """One forecaster trained on the readings of all plants; it answers for plants too new for models of their own."""
    with tried_again(context.retry_number):
        facts = fleets.trained_on_all(context, project, address=project.dask_address)
    return dg.MaterializeResult(metadata=facts)
