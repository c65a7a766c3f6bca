"""Our forecasters beside general forecasting libraries: the same readings, the same origins, the same score.

``mlforecast`` drives a LightGBM with its default settings, ``statsforecast`` brings seasonal naive, AutoETS and MSTL;
both are used as their guides advise for a load with a daily and a weekly season, and where there was a choice, it fell
in their favour. What is fitted once is fitted on the readings before the part. Needs the extra ``bench`` and
the published CSV.

    python benchmarks/peers.py --models lightgbm xgboost   # fitted here
    python benchmarks/peers.py --built ensemble            # as `make build` tried it out
    python benchmarks/peers.py --write                     # LightGBM, into docs/benchmarks.md
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
from libraries.forecasters import Model, peers
from libraries.lacks import published
from libraries.machine import bytes_per_s
from libraries.results import PAGE, Result, keep
from libraries.tables import markdown, put
from rich.console import Console

from steel_energy.cleaning import clean, place
from steel_energy.evaluation import BANDS, LEADS, PARTS, backtest, compare, over_24h, score, split_times
from steel_energy.forecasting import KINDS
from steel_energy.params import EvaluationParams, load_params
from steel_energy.schema import DAYS_PER_WEEK
from steel_energy.settings import SteelSettings
from steel_energy.sites import load_sites
from steel_energy.sources.file import read_csv
from steel_energy.trial import Costs, part_of, read_trial

SECTION = "forecasts: benchmarks/peers.py --write"
ADVANTAGE = 0.10  # what a plant's own forecaster has to save of a general library's error to be worth its code
FORECASTS_TIMED = 10


@dataclass(frozen=True)
class Forecasted:
    """What one model did on the part."""

    name: str
    rmse_kwh: float
    cells: tuple[str, ...]
    costs: Costs
    forecasts: pl.DataFrame

    def against(self, other: Forecasted, *, block_origins: int) -> str:
        """Its RMSE as a share of the other's, and the chance of such a difference between equals."""
        chance = compare(self.forecasts, other.forecasts, block_origins=block_origins).p_value
        return "1" if chance is None else f"{self.rmse_kwh / other.rmse_kwh:.3f} ({chance:.1g})"


def main() -> None:
    options = _options()
    settings = SteelSettings()
    csv = published(settings)
    site = load_sites(settings)["gwangyang"]
    plant, tariff = site.plant, site.tariff
    params = load_params(settings.params_file, profile=settings.profile)
    readings = clean(place(read_csv(csv).rows, plant), plant=plant, tariff=tariff).readings
    split = split_times(readings, params.evaluation)
    parts = {"validation": (split.validation_start, split.test_start), "test": (split.test_start, split.end)}
    kinds = [KINDS[name](plant=plant, tariff=tariff, params=params.forecasting) for name in options.models]
    measured = partial(measure, readings=readings, period=parts[options.part], params=params.evaluation)
    trials = settings.models_dir / "trials" / plant.id
    ours = [tried_out(trials / name, readings, part=options.part) for name in options.built]
    ours += [measured(kind) for kind in kinds]
    others = [measured(peer) for peer in peers(plant, tariff)]
    print(f"24 hours ahead, {options.part} part")
    table = report(ours, others, block_origins=DAYS_PER_WEEK * 24 // params.evaluation.origin_every_hours)
    if options.write:
        put(PAGE, SECTION, table)
        keep(results(ours[0], others, part=options.part, readings=readings))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", choices=list(KINDS), metavar="KIND", help="kinds to fit and compare")
    parser.add_argument("--built", nargs="+", default=[], metavar="MODEL", help="models that `make build` tried out")
    parser.add_argument("--part", choices=PARTS, default="test")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    options = parser.parse_args()
    options.models = options.models or ([] if options.built else ["lightgbm"])
    return options


def measure(
    model: Model, *, readings: pl.DataFrame, period: tuple[dt.datetime, dt.datetime], params: EvaluationParams
) -> Forecasted:
    """Fit before the period, forecast at the backtest's origins, score."""
    Console(stderr=True).print(f"[dim]{model.name} ...")
    start, end = period
    began = time.perf_counter()
    fitted = model.fit(readings.filter(pl.col("interval_start") < start))
    fit_s = time.perf_counter() - began
    forecasts = backtest(fitted, readings, start=start, end=end, params=params)
    costs = Costs(
        training_s=fit_s, inference_ms_per_origin=1000 * seconds_of_one_forecast(fitted, readings, origin=start)
    )
    return scored(model.name, forecasts, readings, costs=costs)


def tried_out(folder: Path, readings: pl.DataFrame, *, part: str) -> Forecasted:
    """What the build found out about a model."""
    trial = read_trial(folder)
    if trial.backtest is None or trial.record.costs is None:
        sys.exit(f"{folder.name} was not tried out: {trial.record.absent_because}")
    return scored(trial.record.model, part_of(trial.backtest, part), readings, costs=trial.record.costs)


def scored(name: str, forecasts: pl.DataFrame, readings: pl.DataFrame, *, costs: Costs) -> Forecasted:
    """The cells of one row."""
    scores = score(forecasts, readings)
    overall = over_24h(scores)
    rmse_at = dict(scores.select("lead_time", "rmse_kwh").iter_rows())
    has_bands = not forecasts["q50"].is_nan().any()
    cells = (
        f"{overall['rmse_kwh']:.2f} / {overall['mae_kwh']:.2f}",
        " / ".join(f"{rmse_at[lead]:.2f}" for lead in LEADS),
        f"{overall['pinball_kwh']:.3g}" if has_bands else "-",
        " / ".join(f"{100 * overall[band]:.0f}" for band in BANDS) if has_bands else "-",
        f"{costs.training_s:.1f} s",
        f"{costs.inference_ms_per_origin:.0f} ms",
    )
    return Forecasted(name, overall["rmse_kwh"], cells, costs, forecasts)


def seconds_of_one_forecast(fitted: Model, readings: pl.DataFrame, *, origin: dt.datetime) -> float:
    """Median over some repeats."""
    seconds = []
    for _ in range(FORECASTS_TIMED):
        began = time.perf_counter()
        fitted.predict_many(readings, [origin])
        seconds.append(time.perf_counter() - began)
    return float(np.median(seconds))


def results(own: Forecasted, others: list[Forecasted], *, part: str, readings: pl.DataFrame) -> list[Result]:
    """The lines of the summary, beside the most accurate of the others; nothing can forecast and read no reading."""
    peer = min(others, key=lambda other: other.rmse_kwh)
    reading_s = readings.estimated_size() / bytes_per_s()
    limited_by = "the readings read once"
    ours, theirs = own.costs, peer.costs
    fits, asks = (ours.training_s, theirs.training_s), (ours.inference_ms_per_origin, theirs.inference_ms_per_origin)
    named = {"peer": peer.name, "limited_by": limited_by}
    return [
        Result(
            what=f"{own.name}, 24 hours ahead, {part} part: RMSE, kWh",
            ours=own.rmse_kwh,
            peer=peer.name,
            theirs=peer.rmse_kwh,
            digits=2,
        ),
        Result(what=f"{own.name}: fit, s", ours=fits[0], theirs=fits[1], limit=reading_s, **named),
        Result(what=f"{own.name}: a forecast, ms", ours=asks[0], theirs=asks[1], limit=1000 * reading_s, **named),
    ]


def report(ours: list[Forecasted], others: list[Forecasted], *, block_origins: int) -> str:
    """Print the table, which is returned, and whether the promised advantage is there over every peer."""
    columns = [
        *("model", "RMSE / MAE, kWh", f"RMSE at {' / '.join(LEADS)}", "pinball", "in 50 / 80 / 90 %", "fit"),
        *("one forecast", *(f"{own.name}'s RMSE to it (p)" for own in ours)),
    ]
    rows = [
        (one.name, *one.cells, *(own.against(one, block_origins=block_origins) for own in ours))
        for one in (*ours, *others)
    ]
    table = markdown(columns, rows)
    print(table)
    for own in ours:
        near = [other.name for other in others if own.rmse_kwh > (1 - ADVANTAGE) * other.rmse_kwh]
        below = f"all but {', '.join(near)}" if near else "all of them"
        print(f"{own.name} is {ADVANTAGE:.0%} or more below {below}")
    return table


if __name__ == "__main__":
    main()
