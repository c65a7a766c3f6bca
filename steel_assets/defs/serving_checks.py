"""The check of the exported champion: another engine, the same forecasts."""

import dagster as dg
import polars as pl

from steel_assets.checks import PlantRule, plant_checks
from steel_assets.resources import Project
from steel_energy import champion_onnx
from steel_energy.quality import Finding


def serving_checks(by_plant: dg.PartitionsDefinition[str]) -> list[dg.AssetChecksDefinition]:
    """The checks of what is exported for serving."""
    return [plant_checks("onnx_champion", ONNX, reads="leaderboard", partitions=by_plant)]


def _engines_agree(project: Project, plant_id: str, _leaderboard: pl.DataFrame) -> Finding:
    settings = project.settings
    folder, readings = settings.champion_onnx_dir / plant_id, project.lake.read("cleaned_readings", plant_id)
    return champion_onnx.engines_agree(settings.bundles_dir, project.site(plant_id), folder, readings)


ONNX = (PlantRule("engines_agree", "ONNX Runtime answers as the makers of the trees do.", _engines_agree),)
