"""The checks of the weekly reports: they say what the readings say, their bill adds up, their files open."""

import dagster as dg
import polars as pl

from steel_assets.checks import Rule, part_checks
from steel_assets.partitions import PlantWeek
from steel_assets.resources import Project
from steel_assets.weekly import reports_folder
from steel_energy import quality
from steel_energy.lake import CLEANED_READINGS
from steel_energy.quality import Finding
from steel_energy.weekly import summary


def reports_checks(plant_weeks: dg.PartitionsDefinition[str]) -> list[dg.AssetChecksDefinition]:
    """The checks of what people read week by week."""
    return [part_checks("weekly_report", WEEKLY, kind=PlantWeek, partitions=plant_weeks)]


def _schema(_project: Project, _part: PlantWeek, frame: pl.DataFrame) -> Finding:
    return quality.has_schema(frame, pl.Schema(summary.FIGURES))


def _readings(project: Project, part: PlantWeek, frame: pl.DataFrame) -> Finding:
    readings = project.lake.read(CLEANED_READINGS, part.plant)
    start, end = part.bounds(project.plant(part.plant).zone)
    row, tariff = frame.row(0, named=True), project.tariff(part.plant)
    return summary.agrees_with_readings(row, readings, tariff=tariff, start=start, end=end)


def _adds_up(_project: Project, _part: PlantWeek, frame: pl.DataFrame) -> Finding | None:
    return summary.adds_up(frame.row(0, named=True))


def _files(project: Project, part: PlantWeek, frame: pl.DataFrame) -> Finding:
    return summary.files_open(frame.row(0, named=True), reports_folder(project, part.plant))


WEEKLY = (
    Rule("schema", "The figures have the columns and types that the table promises.", _schema),
    Rule("agrees_with_readings", "Energy, peak and energy charge are those of the readings.", _readings),
    Rule("bill_adds_up", "The parts of the bill make its total.", _adds_up),
    Rule("files_open", "Each file is there and is what its name says.", _files),
)
