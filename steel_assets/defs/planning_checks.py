"""The checks of the next days: a whole forecast with rising quantiles; a plan that keeps to its request and saves."""

import dagster as dg
import polars as pl

from steel_assets.checks import PlantRule, plant_checks
from steel_assets.day_ahead import PLAN
from steel_assets.defs.planning import IO
from steel_assets.resources import Project
from steel_energy.lake import CLEANED_READINGS
from steel_energy.planning import PlanRequest
from steel_energy.quality import Finding
from steel_energy.savings import day_ahead


def planning_checks(by_plant: dg.PartitionsDefinition[str]) -> list[dg.AssetChecksDefinition]:
    """The checks of forecast and plan."""
    return [
        plant_checks(asset, rules, reads=asset, partitions=by_plant, io_manager=IO)
        for asset, rules in (("day_ahead_forecast", FORECAST), (PLAN, PLANNED))
    ]


def _covers(project: Project, plant_id: str, forecast: pl.DataFrame) -> Finding:
    readings = project.lake.read(CLEANED_READINGS, plant_id)
    days, zone = project.params().savings.standard_plan.days, project.plant(plant_id).zone
    return day_ahead.covers_the_days(forecast, readings, days=days, zone=zone)


def _in_order(_project: Project, _plant_id: str, forecast: pl.DataFrame) -> Finding:
    return day_ahead.quantiles_in_order(forecast)


def _keeps(project: Project, plant_id: str, table: pl.DataFrame) -> Finding:
    return day_ahead.keeps_to_request(table, _request(project, plant_id, table))


def _conserves(project: Project, plant_id: str, table: pl.DataFrame) -> Finding:
    return day_ahead.conserves_energy(table, _request(project, plant_id, table))


def _saves(project: Project, plant_id: str, _table: pl.DataFrame) -> Finding:
    return day_ahead.saves(project.lake.read_facts(PLAN, plant_id))


def _request(project: Project, plant_id: str, table: pl.DataFrame) -> PlanRequest:
    readings, standard = project.lake.read(CLEANED_READINGS, plant_id), project.params().savings.standard_plan
    return day_ahead.day_ahead_request(table, readings, project.site(plant_id), standard)


FORECAST = (
    PlantRule("covers_the_days", "Every interval from the end of the readings to the end of the last day.", _covers),
    PlantRule("quantiles_in_order", "No quantile lies below a lower one.", _in_order),
)
PLANNED = (
    PlantRule("feasible", "All jobs are done within their windows, and no more moves than may.", _keeps),
    PlantRule("energy_conserved", "The plan draws what would be drawn without it, each day.", _conserves),
    PlantRule("savings_not_negative", "The plan costs no more than doing nothing.", _saves),
)
