"""The checks of models and champion: sane scores, honest bands, better than the naive, a bundle that reads back."""

import dagster as dg
import polars as pl

from steel_assets.checks import PlantRule, plant_checks
from steel_assets.resources import Project
from steel_energy.artifacts import read_champion
from steel_energy.evaluation import findings
from steel_energy.forecasting import load_forecaster
from steel_energy.quality import Finding


def forecasting_checks(by_plant: dg.PartitionsDefinition[str]) -> list[dg.AssetChecksDefinition]:
    """The checks of every model, and of the champion."""
    models = [plant_checks(model, MODEL, reads=model, partitions=by_plant) for model in ("seasonal_naive", "lightgbm")]
    return [*models, plant_checks("champion", CHAMPION, reads="leaderboard", partitions=by_plant)]


def _sane(_project: Project, _plant_id: str, scores: pl.DataFrame) -> Finding:
    return findings.is_sane(scores)


def _coverage(project: Project, _plant_id: str, scores: pl.DataFrame) -> Finding:
    return findings.covers(scores, tolerance=project.params().evaluation.coverage_tolerance)


def _beats_naive(project: Project, plant_id: str, leaderboard: pl.DataFrame) -> Finding:
    manifest, _ = read_champion(project.settings.bundles_dir, plant_id)
    return findings.beats_naive(leaderboard, manifest.model)


def _reads_back(project: Project, plant_id: str, _leaderboard: pl.DataFrame) -> Finding:
    manifest, folder = read_champion(project.settings.bundles_dir, plant_id)
    forecaster = load_forecaster(folder, plant=project.plant(plant_id), tariff=project.tariff(plant_id))
    forecast = forecaster.predict(project.lake.read("cleaned_readings", plant_id), origin=manifest.trained_until)
    return findings.is_a_forecast(forecast)


MODEL = (
    PlantRule("backtest_sanity", "Scores of both parts are finite and not too good to be true.", _sane),
    PlantRule("interval_coverage", "The bands hold about as many readings as they promise.", _coverage, blocking=False),
)
CHAMPION = (
    PlantRule("beats_seasonal_naive", "Better than repeating the newest similar day.", _beats_naive, blocking=False),
    PlantRule("bundle_reads_back", "The published bundle is whole and forecasts the next day.", _reads_back),
)
