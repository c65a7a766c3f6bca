"""The next days of a plant: the champion's forecast from the end of the readings on, and the best plan on it.

Partitioned by plant; a plan is advice, nothing is switched. Checks are in ``planning_checks``.
"""

import dagster as dg
import polars as pl

from steel_assets import day_ahead
from steel_assets.defs.forecasting import ALL_MONTHS, OWNERS
from steel_assets.io_managers import MonthFrames
from steel_assets.resources import Project

GROUP = "planning"
IO = "newest_io"


@dg.asset(
    group_name=GROUP, owners=OWNERS, kinds={"parquet", "polars"}, ins=ALL_MONTHS, deps=["champion"], io_manager_key=IO
)
def day_ahead_forecast(
    context: dg.AssetExecutionContext, project: Project, cleaned_readings: MonthFrames
) -> pl.DataFrame:
    """The champion's forecast of the next days, from the end of the readings on, with bands, prices, cost and CO2."""
    return day_ahead.forecast_ahead(context, pl.concat(cleaned_readings.values()), project=project)


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"parquet", "highs"},
    ins=ALL_MONTHS | {"day_ahead_forecast": dg.AssetIn()},
    io_manager_key=IO,
)
def day_ahead_plan(
    context: dg.AssetExecutionContext, project: Project, cleaned_readings: MonthFrames, day_ahead_forecast: pl.DataFrame
) -> pl.DataFrame:
    """The cheapest schedule of the standard request on that forecast: what runs when, what it saves and why."""
    readings = pl.concat(cleaned_readings.values())
    return day_ahead.plan_ahead(context, day_ahead_forecast, readings, project=project)
