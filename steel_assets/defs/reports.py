"""What people read and query: the quality report, the exploratory report, the weekly reports and the DuckDB warehouse.

Reports are written for a plant over all its months, the weekly one for a plant and week; the warehouse holds all
plants. What the pages say lives in ``steel_energy.reporting``, what the weekly report computes in
``steel_energy.weekly``.
"""

import dagster as dg
import polars as pl

from steel_assets import metadata, weekly
from steel_assets.io_managers import MonthFrames, WeekFrames
from steel_assets.partitions import all_months, months_of_week, plant_of_week, weeks_of
from steel_assets.resources import Project, Warehouse
from steel_energy.plant import load_plants
from steel_energy.warehouse import count_rows, fill_warehouse
from steel_energy.weekly.summary import FIGURES

GROUP = "readings"
OWNERS = ["team:data"]


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"plotly", "html"},
    ins={"raw_readings": dg.AssetIn(partition_mapping=all_months())},
    deps=["cleaned_readings", "repairs"],
)
def quality_report(
    context: dg.AssetExecutionContext, project: Project, raw_readings: MonthFrames
) -> dg.MaterializeResult[None]:
    """One self-contained page on what cleaning changed, by which rule and how surely."""
    from steel_energy.reporting.quality import write_quality_report  # noqa: PLC0415 - plotly takes a second to import

    plant_id = context.partition_key
    cleaned = project.clean_all(plant_id, raw_readings)
    path = project.settings.reports_dir / f"plant={plant_id}" / "quality.html"
    write_quality_report(
        cleaned,
        path,
        plant=project.plant(plant_id),
        origin=project.origin(plant_id),
        reference_match=project.reference_match(plant_id, cleaned.readings),
    )
    facts = metadata.record_facts(cleaned.report.model_dump(mode="json"))
    return dg.MaterializeResult(
        metadata={"report": dg.MetadataValue.path(path), **facts, **project.source_of(plant_id)}
    )


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"plotly", "html"},
    ins={"cleaned_readings": dg.AssetIn(partition_mapping=all_months())},
)
def eda_report(
    context: dg.AssetExecutionContext, project: Project, cleaned_readings: MonthFrames
) -> dg.MaterializeResult[None]:
    """One self-contained page on a plant's readings: profiles, distributions, seasons, correlation, tariff bands."""
    from steel_energy.reporting.eda import write_eda_report  # noqa: PLC0415 - statistics packages take seconds to import

    plant_id = context.partition_key
    path = project.settings.reports_dir / f"plant={plant_id}" / "eda.html"
    summary = write_eda_report(
        pl.concat(cleaned_readings.values()),
        path,
        plant=project.plant(plant_id),
        tariff=project.tariff(plant_id),
        origin=project.origin(plant_id),
    )
    facts = metadata.record_facts(summary.model_dump(mode="json"))
    return dg.MaterializeResult(
        metadata={"report": dg.MetadataValue.path(path), **facts, **project.source_of(plant_id)}
    )


@dg.asset(
    group_name="reports",
    owners=OWNERS,
    kinds={"pdf", "excel"},
    metadata=metadata.plain_schema(FIGURES),
    deps=[
        dg.AssetDep("cleaned_readings", partition_mapping=months_of_week()),
        dg.AssetDep("repairs", partition_mapping=months_of_week()),
        dg.AssetDep("champion", partition_mapping=plant_of_week()),
        dg.AssetDep("day_ahead_plan", partition_mapping=plant_of_week()),
        "prediction_log",
    ],
    io_manager_key="week_io",
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def weekly_report(context: dg.AssetExecutionContext, project: Project) -> WeekFrames:
    """A PDF and a workbook for a plant manager, in English and Spanish, and the week's figures as a table."""
    frames, facts = weekly.written(project, weeks_of(context))
    metadata.describe(context, frames, asset="weekly_report", facts=facts)
    return frames


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"duckdb", "sql"},
    deps=["raw_readings", "cleaned_readings", "repairs"],
)
def warehouse(project: Project, database: Warehouse) -> dg.MaterializeResult[None]:
    """The readings, the plants and the tariff bands as tables of one DuckDB file, for people who ask in SQL."""
    plants = load_plants(project.settings.plants_dir)
    tariffs = {plant.tariff: project.tariff(plant.id) for plant in plants.values()}
    database.replace(
        lambda connection: fill_warehouse(connection, project.lake, plants=plants.values(), tariffs=tariffs.values())
    )
    with database.get_connection() as connection:
        rows = count_rows(connection)
    table = pl.DataFrame({"table": list(rows), "rows": list(rows.values())})
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(rows.values()),
            "file": dg.MetadataValue.path(database.database),
            "tables": metadata.markdown_table(table),
        }
    )
