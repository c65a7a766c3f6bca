"""What every moment knows: the features of each forecast origin, measured before it.

Partitioned plant x month. Models build the features of a whole forecast from the readings themselves; this table is
what people look at, and where leakage is checked month by month.
"""

import dagster as dg
import polars as pl

from steel_assets import metadata
from steel_assets.io_managers import MonthFrames
from steel_assets.partitions import months_back, parts_of
from steel_assets.resources import Project
from steel_energy.features import ORIGIN_FEATURES

GROUP = "features"
OWNERS = ["team:data"]
HISTORY_MONTHS = 3  # the usual level of a day looks back four days of its kind, which may be weeks apart


def features_schema(zone: str) -> pl.Schema:
    """Columns and types of the features of a plant in ``zone``."""
    values = [(name, pl.Float64) for name in ORIGIN_FEATURES]
    return pl.Schema([("plant", pl.String), ("origin", pl.Datetime("us", zone)), *values])


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"polars", "parquet"},
    metadata=metadata.plain_schema(features_schema("UTC")),
    ins={"cleaned_readings": dg.AssetIn(partition_mapping=months_back(HISTORY_MONTHS))},
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def features(context: dg.AssetExecutionContext, project: Project, cleaned_readings: MonthFrames) -> MonthFrames:
    """One row for the end of every interval: what is known at that moment, from measurements before it alone."""
    frames = {
        part: project.features(part, cleaned_readings, history_months=HISTORY_MONTHS)
        for part in parts_of(context)
        if part in cleaned_readings
    }
    facts = {part: {"features": len(ORIGIN_FEATURES), **project.source_of(part.plant)} for part in frames}
    metadata.describe(context, frames, asset="features", facts=facts)
    return frames
