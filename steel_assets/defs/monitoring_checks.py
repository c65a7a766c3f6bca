"""The checks of the prediction log: its columns, each prediction once, and no actual missing that is known."""

import dagster as dg
import polars as pl

from steel_assets.checks import Rule, part_checks
from steel_assets.partitions import PlantWeek
from steel_assets.resources import Project
from steel_energy import prediction_log, quality
from steel_energy.history import readings_end
from steel_energy.quality import Finding


def monitoring_checks(plant_weeks: dg.PartitionsDefinition[str]) -> list[dg.AssetChecksDefinition]:
    """The checks of what was predicted."""
    return [part_checks("prediction_log", PREDICTIONS, kind=PlantWeek, partitions=plant_weeks)]


def _schema(project: Project, part: PlantWeek, frame: pl.DataFrame) -> Finding:
    return quality.has_schema(frame, prediction_log.predictions_schema(project.plant(part.plant).zone))


def _once(_project: Project, _part: PlantWeek, frame: pl.DataFrame) -> Finding:
    return prediction_log.stands_once(frame)


def _joined(project: Project, part: PlantWeek, frame: pl.DataFrame) -> Finding:
    known_until = readings_end(project.lake.read("cleaned_readings", part.plant))
    return prediction_log.is_joined(frame, known_until=known_until)


PREDICTIONS = (
    Rule("schema", "Columns, types and time zone are those that monitoring builds on.", _schema),
    Rule("once", "No prediction tells of an interval twice.", _once),
    Rule("joined", "A reading stands beside each prediction of an interval that is over.", _joined, blocking=False),
)
