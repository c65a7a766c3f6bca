"""How closely the simulated Gwangyang resembles the published year, and what simulating costs.

    python benchmarks/simulated_plant.py [--plant-years 100] [--seeds 5]

The published column is filled where the published CSV is at hand. Time and memory are measured on
this machine for the given number of plant-years, written as Parquet to a scratch folder; the figure for 1,000 is
extrapolated.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from libraries.lacks import found
from rich.console import Console
from rich.table import Table

from steel_energy.arrays import FloatArray
from steel_energy.calendar import interval_grid, known_ahead
from steel_energy.plant import Plant, load_plant
from steel_energy.schema import INTERVALS_PER_DAY, INTERVALS_PER_HOUR
from steel_energy.settings import PROJECT_ROOT, SteelSettings
from steel_energy.simulation.export import month_files, plants_like, write_month
from steel_energy.simulation.plant import simulate
from steel_energy.sources.file import read_csv
from steel_energy.tariff import Tariff, load_tariff

IDLE_KWH = 8.0  # between the idle plant (3-5 kWh) and the weakest production (about 20 kWh)
RUNNING_KWH = 20.0
LEADING_KVARH = 5.0  # beyond the ripple of a compensated load
LOW_POWER_FACTOR = 95  # percent, where tariffs begin to charge for leading power factor
WORKDAYS, SATURDAY, SUNDAY = (1, 2, 3, 4, 5), 6, 7
YEAR = (dt.date(2018, 1, 1), dt.date(2019, 1, 1))
ENERGIES = ("usage_kwh", "lagging_reactive_kvarh", "leading_reactive_kvarh")
POWER_FACTORS = ("lagging_power_factor", "leading_power_factor")


def published(plant: Plant) -> pl.DataFrame | None:
    """The published year on the plant's grid; None where it is not at hand. Its rows are in time order."""
    path = found(SteelSettings())
    if path is None:
        return None
    start, end = (dt.datetime.combine(day, dt.time()) for day in YEAR)
    grid = interval_grid(start, end, zone=plant.zone)
    return read_csv(path).rows.select(pl.col(*ENERGIES, *POWER_FACTORS).cast(pl.Float64)).hstack([grid])


def statistics(readings: pl.DataFrame, plant: Plant, tariff: Tariff) -> dict[str, float]:
    """The figures compared, by name with unit."""
    known = known_ahead(readings["interval_start"], plant=plant, tariff=tariff)
    frame = (
        readings.select(*ENERGIES, *POWER_FACTORS)
        .hstack(known)
        .with_columns(hour=pl.col("interval_start").dt.hour(), date=pl.col("interval_start").dt.date())
    )
    usage = frame["usage_kwh"].to_numpy()
    return _energy_facts(frame) | _hour_facts(frame) | _shape_facts(usage) | _reactive_facts(frame)


def _energy_facts(frame: pl.DataFrame) -> dict[str, float]:
    days = frame.group_by("date", maintain_order=True).agg(
        pl.col("usage_kwh").sum(), pl.col("weekday", "is_closed").first()
    )
    kinds = {
        "Mon-Fri open": pl.col("weekday").is_in(WORKDAYS) & ~pl.col("is_closed"),
        "Saturday open": (pl.col("weekday") == SATURDAY) & ~pl.col("is_closed"),
        "Sunday open": (pl.col("weekday") == SUNDAY) & ~pl.col("is_closed"),
        "closed": pl.col("is_closed"),
    }
    facts = {"energy of the year, MWh": frame["usage_kwh"].sum() / 1000}
    for name, kind in kinds.items():
        energy = days.filter(kind)["usage_kwh"]
        facts |= {f"day {name}, mean kWh": energy.mean(), f"day {name}, deviation kWh": energy.std()}
    workdays = days.filter(kinds["Mon-Fri open"])["usage_kwh"].to_numpy()
    return facts | {
        "workday to next workday, correlation": _lagged(workdays, 1),
        "max demand, kW": frame["usage_kwh"].max() * INTERVALS_PER_HOUR,
    }


def _hour_facts(frame: pl.DataFrame) -> dict[str, float]:
    workdays = frame.filter(pl.col("weekday").is_in(WORKDAYS), ~pl.col("is_closed"))
    profile = dict(workdays.group_by("hour").agg(pl.col("usage_kwh").mean()).iter_rows())
    return {f"workday {hour:02}:00, mean kWh": profile[hour] for hour in (3, 7, 8, 10, 12, 14, 17, 19, 21, 23)}


def _shape_facts(usage: FloatArray) -> dict[str, float]:
    quantiles = {
        f"usage, {share:.0%} quantile kWh": np.quantile(usage, share) for share in (0.05, 0.25, 0.5, 0.75, 0.9, 0.99)
    }
    lags = {
        f"autocorrelation, lag {lag}": _lagged(usage, lag) for lag in (1, 4, INTERVALS_PER_DAY, 7 * INTERVALS_PER_DAY)
    }
    running = usage > RUNNING_KWH
    return {
        "idle intervals, share": (usage < IDLE_KWH).mean(),
        **quantiles,
        "usage while running, deviation kWh": usage[running].std(),
        "step while running, deviation kWh": np.diff(usage)[running[1:] & running[:-1]].std(),
        **lags,
    }


def _reactive_facts(frame: pl.DataFrame) -> dict[str, float]:
    idle, leading = pl.col("usage_kwh") < IDLE_KWH, pl.col("leading_reactive_kvarh") > LEADING_KVARH
    day, night = pl.col("hour").is_between(9, 21), pl.col("hour").is_between(0, 7)
    facts = {
        "lagging energy, mean kvarh": pl.col("lagging_reactive_kvarh").mean(),
        "leading energy, mean kvarh": pl.col("leading_reactive_kvarh").mean(),
        "lagging and leading in one interval, share": (
            (pl.col("lagging_reactive_kvarh") > 0) & (pl.col("leading_reactive_kvarh") > 0)
        ).mean(),
        "leading, share of idle day intervals": leading.filter(idle & day).mean(),
        "leading, share of running day intervals": leading.filter(~idle & day).mean(),
        "leading, share of night intervals": leading.filter(night).mean(),
        **{
            f"lagging PF, {share:.0%} quantile": pl.col("lagging_power_factor").quantile(share)
            for share in (0.05, 0.25, 0.5, 0.75)
        },
        "lagging PF while running, mean": pl.col("lagging_power_factor").filter(~idle).mean(),
        f"leading PF below {LOW_POWER_FACTOR}, share": (pl.col("leading_power_factor") < LOW_POWER_FACTOR).mean(),
        "leading PF, 5% quantile": pl.col("leading_power_factor").quantile(0.05),
    }
    return frame.select(**facts).row(0, named=True)


def _lagged(values: FloatArray, lag: int) -> float:
    return float(np.corrcoef(values[:-lag], values[lag:])[0, 1])


def compare(plant: Plant, tariff: Tariff, *, seeds: int) -> Table:
    """Published beside simulated: mean and range over the seeds."""
    real = published(plant)
    truth = statistics(real, plant, tariff) if real is not None else {}
    years = [
        statistics(pl.concat(simulate(plant, tariff, start=YEAR[0], end=YEAR[1], seed=seed)), plant, tariff)
        for seed in range(seeds)
    ]
    table = Table("figure", "published", "simulated", "lowest", "highest", title=f"{plant.name}, {seeds} seeds")
    for name in years[0]:
        values = [year[name] for year in years]
        shown = [truth.get(name), float(np.mean(values)), min(values), max(values)]
        table.add_row(name, *("-" if value is None else f"{value:,.2f}" for value in shown))
    return table


def cost(plant: Plant, tariff: Tariff, *, plant_years: int) -> str:
    """Time and peak memory of writing plant-years as Parquet, one after another."""
    before_mib = _peak_mib()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        plants = plants_like(plant, plant_years)
        last = YEAR[1] - dt.timedelta(days=1)
        for file in month_files(plants, first=YEAR[0], last=last, folder=Path(folder), file_format="parquet"):
            write_month(file, tariff, seed=1)
        seconds = time.perf_counter() - began
        size_mib = sum(file.stat().st_size for file in Path(folder).rglob("*.parquet")) / 2**20
    return (
        f"measured: {plant_years} plant-years in {seconds:.1f} s, {seconds / plant_years / 12 * 1000:.1f} ms each "
        f"plant-month, {size_mib:.0f} MiB of Parquet, peak memory {_peak_mib():.0f} MiB ({before_mib:.0f} before)\n"
        f"extrapolated: 1,000 plant-years take {seconds / plant_years * 1000 / 60:.1f} min "
        f"and {size_mib / plant_years * 1000 / 1024:.1f} GiB of disk, in the same memory"
    )


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux counts KiB


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plant-years", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    plant = load_plant("gwangyang", plants_dir=PROJECT_ROOT / "data" / "plants")
    tariff = load_tariff(plant.tariff, tariffs_dir=PROJECT_ROOT / "data" / "tariffs")
    Console(width=110).print(compare(plant, tariff, seeds=options.seeds))
    if options.plant_years:
        print(cost(plant, tariff, plant_years=options.plant_years))


if __name__ == "__main__":
    main()
