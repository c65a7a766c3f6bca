"""Whether a week's readings and forecasts still look like those that the champion was trained on.

Partitioned plant x week. A page of Evidently for people, and the same figures as a table for alerts and retraining.
Checks are in ``drift_checks``.
"""

import dagster as dg

from steel_assets import drift_reports, metadata
from steel_assets.defs.monitoring import GROUP, OWNERS
from steel_assets.io_managers import WeekFrames
from steel_assets.partitions import months_of_week, plant_of_week, weeks_of
from steel_assets.resources import Project
from steel_energy.reporting.drift_table import DRIFT_COLUMNS


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"evidently", "html"},
    metadata=metadata.plain_schema(DRIFT_COLUMNS),
    deps=[
        dg.AssetDep("cleaned_readings", partition_mapping=months_of_week()),
        dg.AssetDep("repairs", partition_mapping=months_of_week()),
        dg.AssetDep("champion", partition_mapping=plant_of_week()),
    ],
    io_manager_key="week_io",
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def drift_report(context: dg.AssetExecutionContext, project: Project) -> WeekFrames:
    """What moved against the champion's training: each column, the target, its forecasts and their errors."""
    frames, facts = drift_reports.written(project, weeks_of(context), log=context.log)
    metadata.describe(context, frames, asset="drift_report", facts=facts)
    return frames
