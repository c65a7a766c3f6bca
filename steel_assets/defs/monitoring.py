"""What the service predicted, beside what was measured later.

Partitioned plant x week, by the predicted interval. The service writes its log by itself; the job ``join_predictions``
joins it with the readings: on Dagster's page, for the weeks wanted or for all of them in one run, or with
``dagster asset materialize -m steel_assets.definitions --select prediction_log --partition-range
"gwangyang|2018-12-24...gwangyang|2018-12-31"``. Asked again, a week is joined with what has been measured since; a
prediction that has left the log, whose oldest files are dropped, leaves the table then. Checks are in
``monitoring_checks``.
"""

import dagster as dg

from steel_assets import metadata, predictions
from steel_assets.io_managers import MonthFrames, WeekFrames
from steel_assets.partitions import months_of_week, weeks_of
from steel_assets.resources import Project
from steel_energy.prediction_log import PREDICTIONS

GROUP = "monitoring"
OWNERS = ["team:forecasting"]


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"polars", "parquet"},
    metadata=metadata.plain_schema(PREDICTIONS),
    ins={"cleaned_readings": dg.AssetIn(partition_mapping=months_of_week())},
    io_manager_key="week_io",
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def prediction_log(context: dg.AssetExecutionContext, project: Project, cleaned_readings: MonthFrames) -> WeekFrames:
    """One row for each interval that the service forecast or nowcast, with what was measured, where it has been."""
    frames, facts = predictions.logged(project, weeks_of(context), cleaned_readings)
    metadata.describe(context, frames, asset="prediction_log", facts=facts)
    return frames
