"""Forecasters on the published data set: rolling origins over the validation and the test part.

Each model is fitted on everything before the part it forecasts. Prints the error over 24 hours and by lead time, the
coverage of the bands, and what training and one forecast cost. Needs ``STEEL_SOURCE`` to name the published CSV.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl

from steel_energy.cleaning import clean, place
from steel_energy.evaluation import LEADS, backtest, over_24h, score, split_times
from steel_energy.forecasting import KINDS, Forecaster
from steel_energy.params import Params, load_params
from steel_energy.plant import load_plant
from steel_energy.settings import SteelSettings
from steel_energy.sources.file import read_csv
from steel_energy.tariff import load_tariff

FORECASTS_TIMED = 20


def main() -> None:
    settings = SteelSettings()
    if not Path(settings.source).is_file():
        sys.exit("set STEEL_SOURCE to the published CSV")
    plant = load_plant("gwangyang", plants_dir=settings.plants_dir)
    tariff = load_tariff(plant.tariff, tariffs_dir=settings.tariffs_dir)
    params = load_params(settings.params_file, profile=settings.profile)
    readings = clean(place(read_csv(Path(settings.source)).rows, plant), plant=plant, tariff=tariff).readings
    split = split_times(readings, params.evaluation)
    parts = {"validation": (split.validation_start, split.test_start), "test": (split.test_start, split.end)}
    print("| model, part | RMSE / MAE / MAE of the median, kWh | WAPE | skill | pinball | in 50 / 80 / 90 % | "
          f"RMSE at {' / '.join(LEADS)} | fit: s of CPU, s | one forecast |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|")
    for name, kind in KINDS.items():
        for part, (start, end) in parts.items():
            forecaster = kind(plant=plant, tariff=tariff, params=params.forecasting)
            print(f"| {name}, {part} | {measure(forecaster, readings, start, end, params=params)} |", flush=True)


def measure(
    forecaster: Forecaster, readings: pl.DataFrame, start: dt.datetime, end: dt.datetime, *, params: Params
) -> str:
    """The cells of one row."""
    cpu, wall = time.process_time(), time.perf_counter()
    fitted = forecaster.fit(readings.filter(pl.col("interval_start") < start))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    scores = score(backtest(fitted, readings, start=start, end=end, params=params.evaluation), readings)
    overall = over_24h(scores)
    leads = scores.filter(pl.col("lead_time").is_in(list(LEADS)))["rmse_kwh"]
    return " | ".join(
        [
            " / ".join(f"{overall[name]:.2f}" for name in ("rmse_kwh", "mae_kwh", "median_mae_kwh")),
            f"{overall['wape']:.3f}",
            f"{overall['skill']:.3f}",
            f"{overall['pinball_kwh']:.3f}",
            " / ".join(f"{100 * overall[f'coverage_{band}']:.1f}" for band in (50, 80, 90)),
            " / ".join(f"{rmse:.2f}" for rmse in leads),
            f"{cpu:.1f}, {wall:.1f}",
            f"{1000 * seconds_of_one_forecast(fitted, readings, start):.0f} ms",
        ]
    )


def seconds_of_one_forecast(fitted: Forecaster, readings: pl.DataFrame, origin: dt.datetime) -> float:
    """Median over some repeats."""
    seconds = []
    for _ in range(FORECASTS_TIMED):
        started = time.perf_counter()
        fitted.predict(readings, origin=origin)
        seconds.append(time.perf_counter() - started)
    return float(np.median(seconds))


if __name__ == "__main__":
    main()
