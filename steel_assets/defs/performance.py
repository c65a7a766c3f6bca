"""How the served model does, week by week, beside what its backtest leads to expect.

Partitioned plant x week. The table is what retraining and alerts go by. Checks are in ``performance_checks``.
"""

import dagster as dg

from steel_assets import metadata, performances
from steel_assets.defs.monitoring import GROUP, OWNERS
from steel_assets.io_managers import WeekFrames
from steel_assets.partitions import months_of_week, plant_of_week, weeks_of
from steel_assets.resources import Project
from steel_energy.monitoring.table import PERFORMANCE


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"polars", "parquet"},
    metadata=metadata.plain_schema(PERFORMANCE),
    deps=[
        dg.AssetDep("raw_readings", partition_mapping=months_of_week()),
        dg.AssetDep("cleaned_readings", partition_mapping=months_of_week()),
        dg.AssetDep("champion", partition_mapping=plant_of_week()),
        dg.AssetDep("virtual_meter", partition_mapping=plant_of_week()),
        "prediction_log",
    ],
    io_manager_key="week_io",
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def performance(context: dg.AssetExecutionContext, project: Project) -> WeekFrames:
    """The champion's error over the last seven days of a week, asked again at its origins; the nowcast's beside it."""
    frames, facts = performances.measured(project, weeks_of(context), log=context.log)
    metadata.describe(context, frames, asset="performance", facts=facts)
    return frames
