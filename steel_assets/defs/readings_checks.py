"""The checks of the readings, derived from the column contract and the meter's physics.

Each rule calls one function of ``steel_energy.quality``; limits stand in ``params.yaml``.
"""

import dagster as dg
import polars as pl

from steel_assets.checks import Rule, part_checks
from steel_assets.partitions import PlantMonth
from steel_assets.resources import Project
from steel_energy import quality, schema
from steel_energy.lake import CLEANED_READINGS, RAW_READINGS
from steel_energy.lake import REPAIRS as REPAIRED
from steel_energy.posted import repaired_of_sent
from steel_energy.quality import Finding
from steel_energy.schema import MEASURED


def readings_checks(plant_months: dg.PartitionsDefinition[str]) -> list[dg.AssetChecksDefinition]:
    """The checks of raw readings, cleaned readings and repairs."""
    return [
        part_checks("raw_readings", RAW, kind=PlantMonth, partitions=plant_months),
        part_checks("cleaned_readings", CLEANED, kind=PlantMonth, partitions=plant_months),
        part_checks("repairs", REPAIRS, kind=PlantMonth, partitions=plant_months),
    ]


def _placed(_project: Project, _part: PlantMonth, frame: pl.DataFrame) -> Finding:
    return quality.is_complete(frame, ["source_row", "plant", "interval_start", "placed_by"])


def _whole_source_used(project: Project, part: PlantMonth, _frame: pl.DataFrame) -> Finding:
    outside = project.source_facts(part.plant)["rows_outside"]
    return Finding(outside == 0, "no row outside the months of the plant file", f"{outside:,} rows outside")


def _posted_in_use(project: Project, part: PlantMonth, _frame: pl.DataFrame) -> Finding:
    facts, days = project.source_facts(part.plant), project.params().intake.max_gap_days
    expected = f"no posted reading waits: real ones, in the plant's months, no gap over {days} days before them"
    waiting, since = facts["rows_waiting"], facts["waiting_from"]
    return Finding(waiting == 0, expected, f"{waiting:,} wait, from {since}" if waiting else "none waits")


def _readings_schema(project: Project, part: PlantMonth, frame: pl.DataFrame) -> Finding:
    return quality.has_schema(frame, schema.readings_schema(project.plant(part.plant).zone))


def _repairs_schema(project: Project, part: PlantMonth, frame: pl.DataFrame) -> Finding:
    return quality.has_schema(frame, schema.repairs_schema(project.plant(part.plant).zone))


def _complete(_project: Project, _part: PlantMonth, frame: pl.DataFrame) -> Finding:
    return quality.is_complete(frame, [column.name for column in schema.READINGS])


def _within_range(_project: Project, _part: PlantMonth, frame: pl.DataFrame) -> Finding:
    return quality.is_within_range(frame)


def _grid(project: Project, part: PlantMonth, frame: pl.DataFrame) -> Finding:
    start, end = project.period(part)
    return quality.is_on_grid(frame, start=start, end=end, zone=project.plant(part.plant).zone)


def _monotone(_project: Project, _part: PlantMonth, frame: pl.DataFrame) -> Finding:
    return quality.is_monotone(frame)


def _no_duplicates(_project: Project, _part: PlantMonth, frame: pl.DataFrame) -> Finding:
    return quality.has_no_duplicates(frame)


def _physics(project: Project, part: PlantMonth, frame: pl.DataFrame) -> Finding:
    limit = project.params().cleaning.max_physics_breach_share
    return quality.obeys_physics(frame, project.plant(part.plant), max_breach_share=limit)


def _little_repaired(project: Project, part: PlantMonth, _frame: pl.DataFrame) -> Finding:
    """A month that has only begun is judged together with the one before: a gap of hours is not most of it yet."""
    months = [part.month]
    if project.period(part)[1] < part.bounds(project.plant(part.plant).zone)[1]:
        months = part.back_to(1)
    raw, readings, repairs = (
        project.lake.read(asset, part.plant, months=months) for asset in (RAW_READINGS, CLEANED_READINGS, REPAIRED)
    )
    limit = project.params().cleaning.max_repaired_share
    absent = [column.name for column in MEASURED if raw[column.name].is_null().all()]
    return quality.is_little_repaired(repaired_of_sent(repairs, raw), readings, max_share=limit, absent=absent)


def _matches_reference(project: Project, part: PlantMonth, frame: pl.DataFrame) -> Finding | None:
    match = project.reference_match(part.plant, frame)
    if match is None:
        return None
    return quality.is_match(match, min_share=project.params().cleaning.min_reference_match)


RAW = (
    Rule("placed", "Every row of the export has its place on the 15-minute grid.", _placed),
    Rule("inside_period", "The export has no rows outside the plant's months.", _whole_source_used, blocking=False),
    Rule(
        "posted_in_use",
        "Every reading that was posted is in use; one that is not waits.",
        _posted_in_use,
        blocking=False,
    ),
)
CLEANED = (
    Rule("schema", "Columns, types and time zone are those of the contract.", _readings_schema),
    Rule("complete", "No cell is empty.", _complete),
    Rule("range", "Every value lies within the bounds of the contract.", _within_range),
    Rule("grid", "One row for every 15-minute interval of the month, none beside them.", _grid),
    Rule("monotone_time", "Time never runs backwards.", _monotone),
    Rule("no_duplicates", "No interval stands twice.", _no_duplicates),
    Rule("physics", "Energies are whole pulses; power factors and CO2 follow from them.", _physics),
    Rule("repaired_share", "Not too much of the month was put there by cleaning.", _little_repaired),
    Rule("reference_match", "Equal to the reference readings, where STEEL_REFERENCE names some.", _matches_reference),
)
REPAIRS = (Rule("schema", "Columns, types and time zone are those of the audit.", _repairs_schema),)
