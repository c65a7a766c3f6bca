"""The virtual meter's model of a plant: fitted where physics cannot decide, published, and exported as ONNX.

Partitioned by plant. Physics itself needs no asset: it is in the plant's file. Checks are in ``nowcasting_checks``.
"""

import dagster as dg
import polars as pl

from steel_assets import nowcasts
from steel_assets.defs.forecasting import ALL_MONTHS
from steel_assets.engines import TRAINED
from steel_assets.io_managers import MonthFrames
from steel_assets.resources import Project

GROUP = "nowcasting"
OWNERS = ["team:forecasting"]


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"lightgbm", "polars"},
    ins=ALL_MONTHS,
    io_manager_key="scores_io",
    op_tags=TRAINED,
)
def virtual_meter(context: dg.AssetExecutionContext, project: Project, cleaned_readings: MonthFrames) -> pl.DataFrame:
    """Errors of the nowcast as readings get worse, and the published model that answers where physics cannot."""
    return nowcasts.fitted(context, cleaned_readings, project=project)


@dg.asset(group_name=GROUP, owners=OWNERS, kinds={"onnx"}, deps=["virtual_meter"])
def onnx_virtual_meter(context: dg.AssetExecutionContext, project: Project) -> dg.MaterializeResult[None]:
    """The trees of the virtual meter's model as ONNX graphs that split as LightGBM does."""
    return dg.MaterializeResult(metadata=nowcasts.exported(context.partition_key, project=project))
