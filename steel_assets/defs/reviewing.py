"""Whether what a build promoted last is better than what it replaced, on days that neither had seen.

Partitioned by plant. A champion that is worse gives way to the one before, as if a person had rolled it back.
"""

import dagster as dg
import polars as pl

from steel_assets import metadata, reviews
from steel_assets.defs.monitoring import GROUP, OWNERS
from steel_assets.partitions import all_months
from steel_assets.resources import Project
from steel_assets.tracking import Tracking
from steel_energy.monitoring.guard import REVIEWS


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"polars", "mlflow"},
    metadata=metadata.plain_schema(REVIEWS),
    deps=[dg.AssetDep("cleaned_readings", partition_mapping=all_months()), "champion"],
    io_manager_key="newest_io",
)
def champion_review(context: dg.AssetExecutionContext, project: Project, tracking: Tracking) -> pl.DataFrame:
    """All reviews of a plant's promotions; a run reviews the one in force, where it is due."""
    table, facts = reviews.reviewed(context.partition_key, project=project, tracking=tracking)
    context.add_output_metadata({**metadata.table_facts(table.tail(5)), "dagster/row_count": table.height, **facts})
    return table
