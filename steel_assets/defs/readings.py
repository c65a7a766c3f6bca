"""From a meter export to clean readings, with an audit of every change.

Partitioned plant x month; ``definitions`` attaches the partitions. Checks are in ``readings_checks``. A month is
cleaned with the month before as context, and a run over many months is a single run.
"""

import dagster as dg

from steel_assets import metadata
from steel_assets.io_managers import MonthFrames, filled
from steel_assets.partitions import months_back, parts_of
from steel_assets.resources import Project
from steel_assets.retrying import tried_again
from steel_energy import schema

GROUP = "readings"
OWNERS = ["team:data"]
CONTEXT_MONTHS = 1  # months before its own that cleaning looks at


@dg.asset(group_name=GROUP, owners=OWNERS, kinds={"polars", "parquet"}, backfill_policy=dg.BackfillPolicy.single_run())
def raw_readings(context: dg.AssetExecutionContext, project: Project) -> MonthFrames:
    """Rows of the meter export as found and as posted, on the 15-minute grid; nothing is changed or invented."""
    parts = parts_of(context)
    with tried_again(context.retry_number):
        intakes = {plant_id: project.take_in(plant_id) for plant_id in {part.plant for part in parts}}
    frames = filled((part, intakes[part.plant].month(part.month)) for part in parts)
    for plant_id, intake in intakes.items():
        project.require_one_kind(plant_id, intake, months={part.month for part in parts if part.plant == plant_id})
        project.lake.write_facts("raw_readings", plant_id, intake.facts())
    facts = {part: project.source_of(part.plant) for part in parts}
    metadata.describe(context, frames, asset="raw_readings", facts=facts)
    return frames


@dg.multi_asset(
    name="clean_readings",
    outs={
        "cleaned_readings": dg.AssetOut(
            description="Exactly one row for every 15-minute interval, every value agreeing with the meter's physics.",
            group_name=GROUP,
            owners=OWNERS,
            kinds={"polars", "parquet"},
            metadata=metadata.column_schema(schema.READINGS),
        ),
        "repairs": dg.AssetOut(
            description="The audit: every changed cell, removed duplicate and inserted interval, each with its rule.",
            group_name=GROUP,
            owners=OWNERS,
            kinds={"polars", "parquet"},
            metadata=metadata.plain_schema(schema.REPAIRS),
        ),
    },
    ins={"raw_readings": dg.AssetIn(partition_mapping=months_back(CONTEXT_MONTHS))},
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def clean_readings(
    context: dg.AssetExecutionContext, project: Project, raw_readings: MonthFrames
) -> tuple[MonthFrames, MonthFrames]:
    """Clean each month, with the month before as context."""
    cleaned = {part: project.clean(part, raw_readings) for part in parts_of(context) if part in raw_readings}
    readings = {part: one.readings for part, one in cleaned.items()}
    repairs = {part: one.repairs for part, one in cleaned.items()}
    facts = {
        part: metadata.record_facts(one.report.model_dump(mode="json")) | project.source_of(part.plant)
        for part, one in cleaned.items()
    }
    metadata.describe(context, readings, asset="cleaned_readings", facts=facts)
    metadata.describe(context, repairs, asset="repairs", facts=facts)
    return readings, repairs
