"""The checks of the virtual meter: certain bounds are certain, the model earns its place, ONNX is the same model."""

from dataclasses import replace

import dagster as dg
import polars as pl

from steel_assets.checks import NOTHING_TO_COMPARE, PlantRule, plant_checks
from steel_assets.resources import Project
from steel_energy.nowcasting import trial
from steel_energy.nowcasting.bundle import engines_agree
from steel_energy.quality import Finding


def nowcasting_checks(by_plant: dg.PartitionsDefinition[str]) -> list[dg.AssetChecksDefinition]:
    """The checks of the virtual meter and of its export; both read the table of errors."""
    return [
        plant_checks(asset, [_of_electricity(rule) for rule in rules], reads="virtual_meter", partitions=by_plant)
        for asset, rules in (("virtual_meter", VIRTUAL_METER), ("onnx_virtual_meter", ONNX))
    ]


def _of_electricity(rule: PlantRule) -> PlantRule:
    """The rule, which passes for a fuel: there it has nothing to look at."""

    def find(project: Project, plant_id: str, table: pl.DataFrame) -> Finding:
        return NOTHING_TO_COMPARE if project.plant(plant_id).is_fuel else rule.find(project, plant_id, table)

    return replace(rule, find=find)


def _bounds_hold(project: Project, plant_id: str, _table: pl.DataFrame) -> Finding:
    return trial.bounds_hold(project.lake.read("cleaned_readings", plant_id), project.plant(plant_id))


def _beats_raw_trees(_project: Project, _plant_id: str, table: pl.DataFrame) -> Finding:
    return trial.beats_raw_trees(table)


def _beats_physics(_project: Project, _plant_id: str, table: pl.DataFrame) -> Finding:
    return trial.beats_physics(table)


def _covers(project: Project, _plant_id: str, table: pl.DataFrame) -> Finding:
    return trial.covers(table, nominal=project.params().nowcasting.coverage)


def _engines_agree(project: Project, plant_id: str, _table: pl.DataFrame) -> Finding:
    readings = project.lake.read("cleaned_readings", plant_id)
    return engines_agree(project.settings, readings, project.plant(plant_id))


VIRTUAL_METER = (
    PlantRule("bounds_hold", "The usage lies within the bounds wherever readings are consistent.", _bounds_hold),
    PlantRule(
        "beats_raw_trees", "Better than trees on the raw columns, however rough.", _beats_raw_trees, blocking=False
    ),
    PlantRule("beats_physics", "Nowhere worse than physics alone.", _beats_physics, blocking=False),
    PlantRule("interval_coverage", "The model's bounds hold what they promise.", _covers, blocking=False),
)
ONNX = (PlantRule("engines_agree", "ONNX Runtime answers as LightGBM does.", _engines_agree),)
