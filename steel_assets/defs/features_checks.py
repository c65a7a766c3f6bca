"""The checks of the features: their columns, one row for each reading, and that nothing after the origin leaks in."""

import dagster as dg
import polars as pl

from steel_assets.checks import Rule, part_checks
from steel_assets.defs.features import HISTORY_MONTHS, features_schema
from steel_assets.partitions import PlantMonth
from steel_assets.resources import Project
from steel_energy import quality
from steel_energy.quality import Finding


def features_checks(plant_months: dg.PartitionsDefinition[str]) -> list[dg.AssetChecksDefinition]:
    """The checks of the features."""
    return [part_checks("features", FEATURES, kind=PlantMonth, partitions=plant_months)]


def _schema(project: Project, part: PlantMonth, frame: pl.DataFrame) -> Finding:
    return quality.has_schema(frame, features_schema(project.plant(part.plant).zone))


def _every_reading(project: Project, part: PlantMonth, frame: pl.DataFrame) -> Finding:
    readings = project.lake.read("cleaned_readings", part.plant, months=[part.month])
    return quality.covers_every_reading(frame, readings)


def _no_leakage(project: Project, part: PlantMonth, frame: pl.DataFrame) -> Finding:
    readings = project.lake.read("cleaned_readings", part.plant, months=part.back_to(HISTORY_MONTHS))
    return quality.leaks_nothing(frame, readings, plant=project.plant(part.plant), tariff=project.tariff(part.plant))


FEATURES = (
    Rule("schema", "Columns, types and time zone are those that the feature builder promises.", _schema),
    Rule("every_reading", "One row for the end of every reading of the month.", _every_reading),
    Rule("no_leakage", "Rows stay the same when everything after their origin is taken away.", _no_leakage),
)
