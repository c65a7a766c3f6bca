"""Nowcast on the published data set: the published protocol, the honest one, and readings that get worse.

    python benchmarks/nowcast.py [--repeats 20] [--write]

1. Every row as the meter shows it, by two protocols: 75/25 at random, as in the literature (mean and spread of the
   repeats), and the last quarter of the year, which nothing before it has seen. Rows of one day are alike, so a random
   split lets a model look up neighbours; physics needs no split at all.
2. The last quarter made worse in fifteen ways (``steel_energy.nowcasting.trial``).

CUBIST is the published best of the random protocol (Sathishkumar V E, Shin, Cho: Building Research & Information 49(1),
2021), cited; so is the target that was set for this project. Cubist's own program, XGBoost and LightGBM see the raw
columns, as CUBIST did: all but the time stamp. ``--write`` puts the first table into ``docs/benchmarks.md``. Needs the
extra ``bench`` and the published CSV.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
import pandas as pd
import polars as pl
import xgboost as xgb
from cubist import Cubist
from libraries.lacks import published
from libraries.machine import bytes_per_s
from libraries.results import PAGE, Result, keep
from libraries.tables import markdown, put
from rich.console import Console
from rich.progress import track

from steel_energy.cleaning import clean, place
from steel_energy.cleaning.cells import read_numbers
from steel_energy.nowcasting import nowcast_frame
from steel_energy.nowcasting.trial import FEW, TEST_SHARE, error_table
from steel_energy.params import NowcastParams, load_params
from steel_energy.plant import Plant, load_plant
from steel_energy.settings import SteelSettings
from steel_energy.sources.file import read_csv
from steel_energy.sources.raw import RAW_NUMBERS
from steel_energy.tariff import load_tariff

SEED = 1
TREES, LEAVES, RATE = 500, 63, 0.05
SECTION = "nowcast: benchmarks/nowcast.py --write"
COMMITTEES, NEIGHBOURS = 5, 5  # more committees made it no better, and it slower in proportion
CITED = {"CUBIST, published": (0.2410, 0.0547, 0.8770), "target of this project": (0.205, 0.046, 0.75)}
WORDS = ("week_status", "weekday", "load_type")
NUMBERS = tuple(name for name in RAW_NUMBERS if name != "usage_kwh")
Predict = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From the rows that are known and those to be predicted to the usage of the latter in kWh."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=20, help="of the random protocol")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    options = parser.parse_args()
    settings = SteelSettings()
    csv = published(settings)
    plant = load_plant("gwangyang", plants_dir=settings.plants_dir)
    raw = read_csv(csv, plant=plant).rows
    rows = raw.with_columns(read_numbers(raw[name]).alias(name) for name in RAW_NUMBERS)
    usage_kwh = rows["usage_kwh"].to_numpy()
    started = time.process_time()
    physics = nowcast_frame(rows.drop("usage_kwh"), plant)
    physics_s = time.process_time() - started
    columns = raw_columns(rows)
    scored = list(compare(columns, usage_kwh, physics["predicted_usage_kwh"].to_numpy(), repeats=options.repeats))
    table = markdown(head(options.repeats), [*map(cited, CITED), *(one.row() for one in scored)])
    print(table)
    print(f"\ntrees: {TREES} of {LEAVES} leaves, learning rate {RATE}, the rest as the libraries have it")
    if options.write:
        put(PAGE, SECTION, table)
        moved_bytes = columns.nbytes + physics.estimated_size()
        keep(results(scored, physics_s=physics_s, moved_bytes=moved_bytes))
    inside = physics.select(pl.lit(rows["usage_kwh"]).is_between("lower_kwh", "upper_kwh")).to_series()
    print(f"\nphysics: {usage_kwh.size:,} rows in {1000 * physics_s:.0f} ms; one candidate in", end=" ")
    print(
        f"{100 * (physics['candidates'] == 1).mean():.1f} % of rows; bounds hold {100 * inside.mean():.2f} %;", end=" "
    )
    print(f"{(~physics['consistent']).sum()} rows contradict themselves")
    tariff = load_tariff(plant.tariff, tariffs_dir=settings.tariffs_dir)
    readings = clean(place(raw, plant), plant=plant, tariff=tariff).readings
    roughen(readings, plant, load_params(settings.params_file).nowcasting)


Errors = tuple[float, float, float]
"""RMSE and MAE in kWh, CV in percent."""


@dataclass(frozen=True)
class Scored:
    """A method's errors by both protocols."""

    name: str
    mean: Errors
    spread: Errors
    in_time: Errors

    def row(self) -> tuple[str, ...]:
        """The cells of the table."""
        random = (f"{mean:.4f} ± {spread:.4f}" for mean, spread in zip(self.mean, self.spread, strict=True))
        return (self.name, *random, *(f"{error:.4f}" for error in self.in_time))


def head(repeats: int) -> tuple[str, ...]:
    """The head of the table."""
    return ("", f"random 75/25, {repeats} times: RMSE kWh", "MAE kWh", "CV %", "last 25 %: RMSE kWh", "MAE kWh", "CV %")


def cited(name: str) -> tuple[str, ...]:
    """The row of what others published."""
    return (name, *(f"{error:.4f}" for error in CITED[name]), "", "", "")


def results(scored: Sequence[Scored], *, physics_s: float, moved_bytes: float) -> list[Result]:
    """The lines of the summary: errors by the honest protocol, and the time of a year."""
    own, peer = scored[-1], min(scored[:-1], key=lambda one: one.in_time[0])
    what = "nowcast: RMSE on the last 25 %, kWh"
    return [
        Result(what=what, ours=own.in_time[0], peer=peer.name, theirs=peer.in_time[0], digits=4),
        Result(
            what="nowcast of a year: CPU ms",
            ours=1000 * physics_s,
            limit=1000 * moved_bytes / bytes_per_s(),
            limited_by="readings read and answers written once",
        ),
    ]


def compare(columns: np.ndarray, usage_kwh: np.ndarray, physics_kwh: np.ndarray, *, repeats: int) -> Iterator[Scored]:
    """Each method by both protocols, ours last: the virtual meter, which answers sound rows by physics alone."""
    orders = [np.random.default_rng([SEED, repeat]).permutation(usage_kwh.size) for repeat in range(repeats)]
    methods: dict[str, Predict] = {
        "XGBoost on the raw columns": lambda known, tested: xgboost_raw(columns, usage_kwh, known, tested),
        "LightGBM on the raw columns": lambda known, tested: lightgbm_raw(columns, usage_kwh, known, tested),
        "Cubist on the raw columns": lambda known, tested: cubist_raw(columns, usage_kwh, known, tested),
        "physics = virtual meter, untrained": lambda _, tested: physics_kwh[tested],
    }
    for name, predict in track(methods.items(), "nowcast", console=Console(stderr=True), transient=True):
        at_random = np.array([errors(predict, usage_kwh, order) for order in orders])
        spread = at_random.std(0, ddof=min(1, repeats - 1))
        in_time = errors(predict, usage_kwh, np.arange(usage_kwh.size))
        yield Scored(name, tuple(at_random.mean(0)), tuple(spread), in_time)


def errors(predict: Predict, usage_kwh: np.ndarray, order: np.ndarray) -> Errors:
    """RMSE and MAE in kWh and CV in percent on the last quarter of ``order``, by a fit on the rest."""
    known, tested = np.split(order, [order.size - int(TEST_SHARE * order.size)])
    error, mean = predict(known, tested) - usage_kwh[tested], usage_kwh[tested].mean()
    rmse = float(np.sqrt(np.mean(error**2)))
    return rmse, float(np.abs(error).mean()), 100 * rmse / float(mean)


def raw_columns(rows: pl.DataFrame) -> np.ndarray:
    """The published inputs as numbers; words by their rank."""
    ranks = [pl.col(name).rank("dense").cast(pl.Float64) for name in WORDS]
    return rows.select(*NUMBERS, *ranks).to_numpy()


def lightgbm_raw(columns: np.ndarray, usage_kwh: np.ndarray, known: np.ndarray, tested: np.ndarray) -> np.ndarray:
    settings = {"num_leaves": LEAVES, "learning_rate": RATE, "seed": SEED, "num_threads": 1, "verbose": -1}
    return lgb.train(settings, lgb.Dataset(columns[known], usage_kwh[known]), TREES).predict(columns[tested])


def xgboost_raw(columns: np.ndarray, usage_kwh: np.ndarray, known: np.ndarray, tested: np.ndarray) -> np.ndarray:
    settings = {
        "max_leaves": LEAVES,
        "max_depth": 0,
        "grow_policy": "lossguide",
        "eta": RATE,
        "seed": SEED,
        "nthread": 1,
    }
    booster = xgb.train(settings, xgb.DMatrix(columns[known], usage_kwh[known]), TREES)
    return booster.predict(xgb.DMatrix(columns[tested]))


def cubist_raw(columns: np.ndarray, usage_kwh: np.ndarray, known: np.ndarray, tested: np.ndarray) -> np.ndarray:
    """Quinlan's rules with linear models, corrected by the nearest rows."""
    named = pd.DataFrame(columns, columns=[*NUMBERS, *WORDS])
    rules = Cubist(n_committees=COMMITTEES, neighbors=NEIGHBOURS, random_state=SEED)
    return rules.fit(named.iloc[known], usage_kwh[known]).predict(named.iloc[tested])


def roughen(readings: pl.DataFrame, plant: Plant, params: NowcastParams) -> None:
    """Print the errors on the last quarter as its readings get worse."""
    started = time.perf_counter()
    table = error_table(readings, plant=plant, params=params)
    print(
        "\n| last quarter's readings | physics alone | trees on raw columns | virtual meter: RMSE kWh | MAE kWh |",
        end="",
    )
    print(" by the model | bounds hold | their width kWh |")
    print("|---|---|---|---|---|---|---|---|")
    for row in table.iter_rows(named=True):
        certain = row["consistent_share"] > FEW
        held = row["consistent_coverage"] if certain else row["coverage"]
        cells = [f"{row[name]:.3f}" for name in ("physics_rmse_kwh", "raw_trees_rmse_kwh", "rmse_kwh", "mae_kwh")]
        cells += [f"{row['model_share']:.0%}", f"{held:.1%}{' (certain)' if certain else ''}"]
        cells.append("" if certain else f"{row['width_kwh']:.1f}")
        print(f"| {row['roughening']} | {' | '.join(cells)} |")
    print(f"\nfitted and scored in {time.perf_counter() - started:.0f} s; bounds of the model are nominally 90 %")


if __name__ == "__main__":
    main()
