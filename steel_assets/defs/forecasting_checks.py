"""The checks of models and champion: sane scores, honest bands, no leak, better than the naive, whole bundles."""

import dagster as dg
import polars as pl

from steel_assets.checks import PlantRule, plant_checks
from steel_assets.defs.forecasting import MODELS, RANKED
from steel_assets.resources import Project
from steel_assets.trials import stored_trials
from steel_energy.artifacts import read_champion
from steel_energy.evaluation import findings
from steel_energy.evaluation.leakage import probes, sees_no_future
from steel_energy.forecasting import Vintages, load_forecaster, load_vintages
from steel_energy.quality import Finding
from steel_energy.trial import part_of


def forecasting_checks(by_plant: dg.PartitionsDefinition[str]) -> list[dg.AssetChecksDefinition]:
    """The checks of every model, of the leaderboard and of the champion."""
    rules = {model: model_rules(model) for model in MODELS} | {"ensemble": (*model_rules("ensemble"), BLEND)}
    models = [plant_checks(model, of_model, reads=model, partitions=by_plant) for model, of_model in rules.items()]
    board = plant_checks("leaderboard", LEADERBOARD, reads="leaderboard", partitions=by_plant)
    return [*models, board, plant_checks("champion", CHAMPION, reads="leaderboard", partitions=by_plant)]


def model_rules(model: str) -> tuple[PlantRule, ...]:
    """The checks of one model."""

    def sees_nothing(project: Project, plant_id: str, scores: pl.DataFrame) -> Finding:
        return findings.ABSENT if scores.is_empty() else _sees_no_future(model, plant_id, project)

    return (SANITY, COVERAGE, PlantRule("no_leakage", "No forecast moves when all that follows it does.", sees_nothing))


def _sees_no_future(model: str, plant_id: str, project: Project) -> Finding:
    tested = part_of(stored_trials([model], plant_id, project)[model].backtested, "test")
    readings = project.lake.read("cleaned_readings", plant_id)
    return sees_no_future(_fits(model, plant_id, project), readings, probes(tested))


def _sane(_project: Project, _plant_id: str, scores: pl.DataFrame) -> Finding:
    return findings.is_sane(scores)


def _coverage(project: Project, _plant_id: str, scores: pl.DataFrame) -> Finding:
    return findings.covers(scores, tolerance=project.params().evaluation.coverage_tolerance)


def _blends(project: Project, plant_id: str, scores: pl.DataFrame) -> Finding:
    if scores.is_empty():
        return findings.ABSENT
    tested = part_of(stored_trials(["ensemble"], plant_id, project)["ensemble"].backtested, "test")
    readings = project.lake.read("cleaned_readings", plant_id)
    return findings.repeats(_fits("ensemble", plant_id, project), readings, tested, origins=probes(tested))


def _same_origins(project: Project, plant_id: str, leaderboard: pl.DataFrame) -> Finding:
    stored = stored_trials(leaderboard["model"].to_list(), plant_id, project)
    return findings.on_same_origins({model: trial.backtested for model, trial in stored.items()})


def _complete(project: Project, plant_id: str, leaderboard: pl.DataFrame) -> Finding:
    stored = stored_trials(list(RANKED), plant_id, project)
    return findings.is_complete(leaderboard, {model: trial.record.absent_because for model, trial in stored.items()})


def _beats_naive(project: Project, plant_id: str, leaderboard: pl.DataFrame) -> Finding:
    manifest, _ = read_champion(project.settings.bundles_dir, plant_id)
    return findings.beats_naive(leaderboard, manifest.model)


def _reads_back(project: Project, plant_id: str, _leaderboard: pl.DataFrame) -> Finding:
    manifest, folder = read_champion(project.settings.bundles_dir, plant_id)
    forecaster = load_forecaster(folder, plant=project.plant(plant_id), tariff=project.tariff(plant_id))
    forecast = forecaster.predict(project.lake.read("cleaned_readings", plant_id), origin=manifest.trained_until)
    return findings.is_a_forecast(forecast)


def _fits(model: str, plant_id: str, project: Project) -> Vintages:
    fits = stored_trials([model], plant_id, project)[model].fits
    return load_vintages(fits, plant=project.plant(plant_id), tariff=project.tariff(plant_id))


SANITY = PlantRule("backtest_sanity", "Scores of both parts are finite and not too good to be true.", _sane)
COVERAGE = PlantRule(
    "interval_coverage", "The bands hold about as many readings as they promise.", _coverage, blocking=False
)
BLEND = PlantRule("repeats_backtest", "The saved members and shares forecast what the scores are of.", _blends)
LEADERBOARD = (
    PlantRule("same_origins", "Every model was asked the same and judged by the same readings.", _same_origins),
    PlantRule("nothing_missing", "Every model has a row, or a reason why it has none.", _complete),
)
CHAMPION = (
    PlantRule("beats_seasonal_naive", "Better than repeating the newest similar day.", _beats_naive, blocking=False),
    PlantRule("bundle_reads_back", "The published bundle is whole and forecasts the next day.", _reads_back),
)
