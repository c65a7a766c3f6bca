"""The checks of a week's performance: columns; that errors and readings are as usual only warns."""

import dagster as dg
import polars as pl

from steel_assets.checks import Rule, part_checks
from steel_assets.partitions import PlantWeek
from steel_assets.resources import Project
from steel_energy import quality
from steel_energy.monitoring import rows
from steel_energy.monitoring.table import performance_schema
from steel_energy.quality import Finding


def performance_checks(plant_weeks: dg.PartitionsDefinition[str]) -> list[dg.AssetChecksDefinition]:
    """The checks of how the served model does."""
    return [part_checks("performance", PERFORMANCE, kind=PlantWeek, partitions=plant_weeks)]


def _schema(project: Project, part: PlantWeek, frame: pl.DataFrame) -> Finding:
    return quality.has_schema(frame, performance_schema(project.plant(part.plant).zone))


def _as_usual(_project: Project, _part: PlantWeek, frame: pl.DataFrame) -> Finding:
    return rows.is_as_usual(frame)


def _readings_agree(_project: Project, _part: PlantWeek, frame: pl.DataFrame) -> Finding:
    return rows.readings_agree(frame)


PERFORMANCE = (
    Rule("schema", "Columns, types and time zone are those that alerts and retraining build on.", _schema),
    Rule("as_usual", "Forecasts are no worse than the backtest leads to expect.", _as_usual, blocking=False),
    Rule("readings_agree", "Readings do not contradict themselves.", _readings_agree, blocking=False),
)
