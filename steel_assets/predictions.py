"""What the asset ``prediction_log`` does between its partitions and the domain: read once, cut by week, describe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from steel_assets.io_managers import MonthFrames, WeekFrames, filled
from steel_assets.partitions import PlantWeek
from steel_assets.pictures import picture_facts
from steel_assets.resources import Project
from steel_energy.prediction_log import accuracy, join_actuals, read_predictions
from steel_energy.reporting.prediction_pictures import prediction_pictures
from steel_energy.schema import readings_schema

Facts = dict[PlantWeek, dict[str, Any]]


def logged(project: Project, weeks: Sequence[PlantWeek], readings: MonthFrames) -> tuple[WeekFrames, Facts]:
    """The predictions of the intervals of ``weeks`` with their actuals, and what is to be said of each week."""
    frames: WeekFrames = {}
    facts: Facts = {}
    for plant_id in sorted({week.plant for week in weeks}):
        own = [week for week in weeks if week.plant == plant_id]
        found, told = _of_plant(project, own, readings)
        frames |= found
        facts |= {week: told | accuracy(frame) | _pictures(week, frame) for week, frame in found.items()}
    return frames, facts


def _of_plant(project: Project, weeks: Sequence[PlantWeek], readings: MonthFrames) -> tuple[WeekFrames, dict[str, Any]]:
    plant = project.plant(weeks[0].plant)
    bounds = {week: week.bounds(plant.zone) for week in weeks}
    start, end = min(start for start, _ in bounds.values()), max(end for _, end in bounds.values())
    log = read_predictions(project.settings.predictions_dir, plant, start=start, end=end)
    known = [frame for month, frame in readings.items() if month.plant == plant.id]
    joined = join_actuals(log.rows, pl.concat([pl.DataFrame(schema=readings_schema(plant.zone)), *known]))
    moment = pl.col("interval_start")
    frames = filled(
        (week, joined.filter((moment >= first) & (moment < after))) for week, (first, after) in bounds.items()
    )
    return frames, {"damaged_lines": log.damaged_lines, "nowcasts_without_interval": log.unplaced}


def _pictures(week: PlantWeek, frame: pl.DataFrame) -> dict[str, Any]:
    return picture_facts(prediction_pictures(frame, title=f"{week.plant}, week of {week.week}"))
