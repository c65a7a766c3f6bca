"""The checks of the drift reports: columns, one week a table, the page; that nothing has moved far only warns."""

import dagster as dg
import polars as pl

from steel_assets.checks import Rule, part_checks
from steel_assets.drift_reports import page_path
from steel_assets.partitions import PlantWeek
from steel_assets.resources import Project
from steel_energy import quality
from steel_energy.quality import Finding
from steel_energy.reporting import drift_table


def drift_checks(plant_weeks: dg.PartitionsDefinition[str]) -> list[dg.AssetChecksDefinition]:
    """The checks of what has moved."""
    return [part_checks("drift_report", DRIFT, kind=PlantWeek, partitions=plant_weeks)]


def _schema(project: Project, part: PlantWeek, frame: pl.DataFrame) -> Finding:
    return quality.has_schema(frame, drift_table.drift_schema(project.plant(part.plant).zone))


def _one_week(_project: Project, _part: PlantWeek, frame: pl.DataFrame) -> Finding:
    return drift_table.is_of_one_week(frame)


def _page(project: Project, part: PlantWeek, _frame: pl.DataFrame) -> Finding:
    path = page_path(project, part)
    return Finding(path.is_file(), "the week's page", f"{path.name} {'is' if path.is_file() else 'is not'} there")


def _not_severe(_project: Project, _part: PlantWeek, frame: pl.DataFrame) -> Finding:
    return drift_table.is_not_severe(frame)


DRIFT = (
    Rule("schema", "Columns, types and time zone are those that alerts and retraining build on.", _schema),
    Rule("one_week", "All rows tell of one window and one champion, each thing once.", _one_week),
    Rule("page", "The page that people read lies beside the other reports.", _page),
    Rule("not_severe", "Nothing has moved far since the champion's training.", _not_severe, blocking=False),
)
