"""The check of explanations: contributions add up to what the explained model forecasts."""

import dagster as dg
import polars as pl

from steel_assets.checks import NOTHING_TO_COMPARE, PlantRule, plant_checks
from steel_assets.explanations import champion_explainer
from steel_assets.resources import Project
from steel_energy.explaining import adds_up, explain_forecast
from steel_energy.history import readings_end
from steel_energy.quality import Finding


def explanations_checks(by_plant: dg.PartitionsDefinition[str]) -> list[dg.AssetChecksDefinition]:
    """The checks of ``shap_explanations``."""
    return [plant_checks("shap_explanations", RULES, reads="leaderboard", partitions=by_plant)]


def _adds_up(project: Project, plant_id: str, leaderboard: pl.DataFrame) -> Finding:
    explainer = champion_explainer(plant_id, leaderboard, project=project)
    if explainer is None:
        return NOTHING_TO_COMPARE
    readings = project.lake.read("cleaned_readings", plant_id)
    newest = readings_end(readings)
    return adds_up(
        explain_forecast(explainer, readings, origin=newest), explainer.forecaster.predict(readings, origin=newest)
    )


RULES = (
    PlantRule(
        "contributions_add_up",
        "Base and contributions of the newest day's forecasts are the forecasts themselves.",
        _adds_up,
        blocking=False,
    ),
)
