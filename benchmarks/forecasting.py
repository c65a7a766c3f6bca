"""Every forecaster on the published data set: rolling origins over the validation and the test part.

Each model is fitted on everything before the part it forecasts, as in a build. Prints the leaderboard with a paired
test and costs, then errors by lead time and how many readings the bands hold 24 hours ahead, and at last the same
without the production calendar: a plant closed on Sundays and public holidays alone. Models that cannot run here are
named with their reason. Needs the published CSV.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl
from libraries.lacks import published
from rich.console import Console
from rich.progress import track

from steel_energy.cleaning import clean, place
from steel_energy.ensemble_trial import try_ensemble
from steel_energy.errors import ModelUnavailableError
from steel_energy.evaluation import BANDS, LEADS
from steel_energy.evaluation.calendars import public_calendar
from steel_energy.forecasting import KINDS, Ensemble
from steel_energy.params import Params, load_params
from steel_energy.settings import SteelSettings
from steel_energy.sites import Site, load_sites
from steel_energy.sources.file import read_csv
from steel_energy.standings import leaderboard_of, standings_table
from steel_energy.trial import StoredTrial, part_of, read_trial, scores_of, try_out, write_absence, write_trial

PLANT = "gwangyang"
CALENDAR_MATTERS_TO = ("seasonal_naive", "lightgbm", "xgboost", "chronos_fine_tuned_covariates")


def main() -> None:
    settings = SteelSettings()
    csv = published(settings)
    site, params = load_sites(settings)[PLANT], load_params(settings.params_file, profile=settings.profile)
    readings = clean(place(read_csv(csv).rows, site.plant), plant=site.plant, tariff=site.tariff).readings
    with tempfile.TemporaryDirectory() as scratch:
        trials = tried_out(list(KINDS), site, readings, params=params, folder=Path(scratch) / "production")
        print_standings(trials, readings, params=params)
        print_lead_times(trials, readings)
        blind = Site(public_calendar(site.plant, tariff=site.tariff, readings=readings), site.tariff)
        trials = tried_out(CALENDAR_MATTERS_TO, blind, readings, params=params, folder=Path(scratch) / "public")
        print("\nWithout the production calendar:\n")
        print_standings(trials, readings, params=params)


def tried_out(
    models: Sequence[str], site: Site, readings: pl.DataFrame, *, params: Params, folder: Path
) -> dict[str, StoredTrial]:
    """The trials of ``models`` and of their ensemble, kept under ``folder``; absent ones without a backtest."""
    for model in track(models, "trying out", console=Console(stderr=True), transient=True):
        forecaster = KINDS[model](plant=site.plant, tariff=site.tariff, params=params.forecasting)
        try:
            write_trial(try_out(forecaster, readings, params=params.evaluation), folder / model)
        except ModelUnavailableError as error:
            write_absence(model, folder / model, reason=str(error))
    stored = {model: read_trial(folder / model) for model in models}
    ensemble = try_ensemble(stored, readings, plant=site.plant, tariff=site.tariff, params=params)
    write_trial(ensemble, folder / Ensemble.name)
    return stored | {Ensemble.name: read_trial(folder / Ensemble.name)}


def print_standings(trials: Mapping[str, StoredTrial], readings: pl.DataFrame, *, params: Params) -> None:
    scores = {model: scores_of(trial.backtested, readings) for model, trial in present(trials).items()}
    board = leaderboard_of(scores, present(trials), params=params.evaluation).frame()
    print_markdown(standings_table(board).drop("fold_rmse_kwh"))
    for model, trial in trials.items():
        if trial.backtest is None:
            print(f"\n{model} is absent: {trial.record.absent_because}")


def print_lead_times(trials: Mapping[str, StoredTrial], readings: pl.DataFrame) -> None:
    print("\nTest part, RMSE in kWh by lead time, and readings in the bands 24 hours ahead:\n")
    print_markdown(pl.DataFrame(list(lead_time_rows(present(trials), readings))))


def lead_time_rows(trials: Mapping[str, StoredTrial], readings: pl.DataFrame) -> Iterator[dict[str, object]]:
    for model, trial in trials.items():
        scores = part_of(scores_of(trial.backtested, readings), "test")
        errors = dict(scores.select("lead_time", pl.col("rmse_kwh").round(2)).iter_rows())
        day_ahead = scores.row(by_predicate=pl.col("lead_time") == "24h", named=True)
        held = " / ".join(f"{100 * day_ahead[band]:.1f}" for band in BANDS)
        yield {"model": model, **{lead: errors[lead] for lead in LEADS}, "in 50 / 80 / 90 %": held}


def present(trials: Mapping[str, StoredTrial]) -> dict[str, StoredTrial]:
    return {model: trial for model, trial in trials.items() if trial.backtest is not None}


def print_markdown(table: pl.DataFrame) -> None:
    print(f"| {' | '.join(table.columns)} |\n|{'---|' * table.width}")
    for row in table.iter_rows():
        print(f"| {' | '.join('' if cell is None else str(cell) for cell in row)} |", flush=True)


if __name__ == "__main__":
    main()
