"""The global model beside each plant's own: how good it is at plants that it has not seen, and what it costs.

    python benchmarks/global_model.py [--write]

The three demonstration plants of ``examples/fleet``, their simulated months, two processes of Dask. A plant's own model
is LightGBM, fitted on what precedes its test part; all are asked at the same origins of that part. ``--write`` puts the
table into ``docs/global-model.md``.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import polars as pl
from libraries.lacks import lacking
from libraries.tables import markdown, put

from steel_energy.evaluation import backtest, over_24h, score, split_times
from steel_energy.fleet.cluster import open_workers
from steel_energy.fleet.rows import rows_in_lake
from steel_energy.fleet.training import train_global
from steel_energy.fleet.trial import judge
from steel_energy.forecasting import LightGBMForecaster
from steel_energy.lake import CLEANED_READINGS, Lake
from steel_energy.months import first_day, shift_month
from steel_energy.params import Params, load_params
from steel_energy.settings import PROJECT_ROOT, SteelSettings
from steel_energy.simulation.plant import simulate
from steel_energy.sites import Site, load_sites

PAGE = PROJECT_ROOT / "docs" / "global-model.md"
HEAD = (
    "plant",
    "seasonal naive",
    "own LightGBM",
    "global, not seen",
    "of naive",
    "global, as new",
    "naive there",
    "of naive there",
)
MIB = 2**20


def fill(lake: Lake, site: Site) -> None:
    """The plant's own months, simulated."""
    plant = site.plant
    end = first_day(shift_month(plant.last_month, 1))
    for month in simulate(plant, site.tariff, start=first_day(plant.first_month), end=end, seed=1):
        lake.write(CLEANED_READINGS, plant.id, month["interval_start"][0].strftime("%Y-%m"), month)


def own_rmse_kwh(readings: pl.DataFrame, site: Site, params: Params) -> float:
    split = split_times(readings, params.evaluation)
    before = readings.filter(pl.col("interval_start") < split.test_start)
    model = LightGBMForecaster(site.plant, site.tariff, params.forecasting).fit(before)
    told = backtest(model, readings, start=split.test_start, end=split.end, params=params.evaluation)
    return over_24h(score(told, readings))["rmse_kwh"]


def figures(lake: Lake, sites: list[Site], params: Params) -> tuple[str, str]:
    """The table, and what it cost."""
    started = time.perf_counter()
    with open_workers(processes=params.fleet.workers) as workers:
        trained = train_global(sites, lake, params=params, workers=workers)
    training_s = time.perf_counter() - started
    spent = time.process_time()
    rows = rows_in_lake(sites[0], lake=lake, params=params)
    rows_s, spent = time.process_time() - spent, time.process_time()
    judge(sites[0], trained.models, lake=lake, params=params)
    judge_s = time.process_time() - spent
    kept = sum(part.features.nbytes + part.usage.nbytes for part in rows.ranges)
    lines = []
    for site in sites:
        plant_id = site.plant.id
        row = trained.scores.row(by_predicate=pl.col("plant") == plant_id, named=True)
        naive, known, new, beside = (
            row[name] for name in ("naive_rmse_kwh", "rmse_kwh", "new_rmse_kwh", "new_naive_rmse_kwh")
        )
        own = own_rmse_kwh(lake.read(CLEANED_READINGS, plant_id), site, params)
        kwh = (f"{value:.1f}" for value in (naive, own, known))
        lines.append((plant_id, *kwh, f"{known / naive:.0%}", f"{new:.1f}", f"{beside:.1f}", f"{new / beside:.0%}"))
    cost = (
        f"Training and judging three plants took {training_s:.0f} s with two processes. A plant costs {rows_s:.1f} "
        f"CPU s for its rows and {judge_s:.1f} CPU s to be judged, and its rows hold {kept / MIB:.1f} MiB on a worker."
    )
    return markdown(HEAD, lines), cost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the table into docs/global-model.md")
    options = parser.parse_args()
    if find_spec("distributed") is None:
        lacking("Dask is not installed: pip install 'steel-energy-copilot[fleet]'")
    params = load_params(PROJECT_ROOT / "params.yaml")
    sites = list(load_sites(SteelSettings(sites_dir=PROJECT_ROOT / "examples" / "fleet")).values())
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(Path(folder))
        for site in sites:
            fill(lake, site)
        table, cost = figures(lake, sites, params)
    print(f"{table}\n\n{cost}")
    if options.write:
        put(PAGE, "global model: benchmarks/global_model.py --write", f"{table}\n\n{cost}")


if __name__ == "__main__":
    main()
