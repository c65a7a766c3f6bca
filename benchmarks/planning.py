"""How long plans take, and how close they are to the best: a day and a week of the published year, with made-up jobs.

Prints, for each request: the time of ``plan`` as a whole, its status and gap and what it saves; then the same model
given to HiGHS as it is, and built in PuLP and solved by CBC, with the same time. Needs ``STEEL_SOURCE`` to name the
published CSV, and ``pip install -e '.[bench]'``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
from libraries.cbc import solved_by_cbc

from steel_energy.cleaning import clean, place
from steel_energy.params import load_params
from steel_energy.planning import PlanningParams, PlanRequest, plan
from steel_energy.planning.baseline import baseline_of, feasible_start
from steel_energy.planning.linear import LinearModel
from steel_energy.planning.model import build
from steel_energy.planning.pricing import pricing_at
from steel_energy.planning.problem import problem_of
from steel_energy.plant import load_plant
from steel_energy.settings import SteelSettings
from steel_energy.sites import Site
from steel_energy.sources.file import read_csv
from steel_energy.tariff import load_tariff

FIRST = dt.datetime(2018, 11, 5)  # noqa: DTZ001 - plant time, as requests have it
SIZES = ((1, 10), (1, 20), (7, 20), (7, 40))
"""Days and jobs."""
SEEDS = (1, 2, 3)


def jobs(count: int, days: int, *, seed: int) -> Iterator[dict[str, Any]]:
    """Jobs of all kinds, some with a planned start by day, some on shared equipment, with a crew or after another."""
    drawn = random.Random(seed)  # noqa: S311 - jobs, not secrets
    for number in range(count):
        day, until = drawn.randrange(days), drawn.choice([1, 2, 7])
        start = FIRST + dt.timedelta(days=day)
        end = min(start + dt.timedelta(days=until), FIRST + dt.timedelta(days=days))
        minutes, kw = drawn.choice([60, 90, 120, 180, 240]), drawn.choice([30, 50, 80, 120])
        job: dict[str, Any] = {"name": f"job {number:02d}", "windows": [{"start": start, "end": end}]}
        if drawn.random() < 0.6:  # noqa: PLR2004
            job["planned_start"] = start + dt.timedelta(hours=drawn.choice([8, 9, 10, 13, 14]))
        if drawn.random() < 0.4:  # noqa: PLR2004
            job["equipment"] = [drawn.choice(["furnace", "mill"])]
        if drawn.random() < 0.3:  # noqa: PLR2004
            job["crew"] = "day"
        if number and drawn.random() < 0.2:  # noqa: PLR2004
            job |= {"after": [{"job": f"job {drawn.randrange(number):02d}", "min_lag_minutes": 30}], "windows": []}
        yield job | _kind(drawn.choice(["fixed", "fixed", "fixed", "interruptible", "flexible"]), kw, minutes)


def _kind(kind: str, kw: float, minutes: int) -> dict[str, Any]:
    if kind == "flexible":
        energy_kwh = kw * minutes / 60 * 0.6
        return {"kind": kind, "max_kw": kw, "min_kw": kw / 5, "energy_kwh": energy_kwh, "min_run_minutes": 30}
    flat = {"kind": kind, "power_kw": kw, "duration_minutes": minutes}
    return flat if kind == "fixed" else {**flat, "min_run_minutes": 30, "start_cost_krw": 500}


def request_of(days: int, count: int, *, seed: int) -> PlanRequest:
    """A request with a power limit, a crew and base load of which a tenth may move by day."""
    return PlanRequest.model_validate(
        {
            "start": FIRST,
            "end": FIRST + dt.timedelta(days=days),
            "jobs": list(jobs(count, days, seed=seed)),
            "crews": [{"name": "day", "shifts": [{"start_hour": 6, "end_hour": 22}]}],
            "limits": {"power_kw": 680},
            "movable": {"share": 0.1, "max_added_kw": 50, "from_hour": 6, "to_hour": 22},
        }
    )


def model_of(request: PlanRequest, readings: pl.DataFrame, site: Site, params: PlanningParams) -> LinearModel:
    """The model of a request, as the search has it at first."""
    problem = problem_of(request, readings, plant=site.plant, tariff=site.tariff, known=readings)
    baseline = baseline_of(problem, params)
    start = feasible_start(problem, baseline, params) if baseline else None
    if start is None:
        sys.exit("no plan keeps to this request")
    return build(problem, pricing_at(problem, start.load(problem))).linear


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-peers", action="store_true", help="leave out HiGHS alone and CBC")
    with_peers = not parser.parse_args().no_peers
    settings = SteelSettings()
    if not Path(settings.source).is_file():
        sys.exit("set STEEL_SOURCE to the published CSV")
    plant = load_plant("gwangyang", plants_dir=settings.plants_dir)
    site = Site(plant, load_tariff(plant.tariff, tariffs_dir=settings.tariffs_dir))
    rows = place(read_csv(Path(settings.source), plant=plant).rows, plant)
    readings = clean(rows, plant=plant, tariff=site.tariff).readings
    params = load_params(settings.params_file).planning
    for days, count in SIZES:
        for seed in SEEDS:
            _measure(request_of(days, count, seed=seed), readings, site, params, with_peers=with_peers)


def _measure(
    request: PlanRequest, readings: pl.DataFrame, site: Site, params: PlanningParams, *, with_peers: bool
) -> None:
    began = time.perf_counter()
    made = plan(request, readings, plant=site.plant, tariff=site.tariff, params=params, known=readings)
    took_s = time.perf_counter() - began
    days = (request.end - request.start).days
    print(
        f"{days} d x {len(request.jobs)} jobs: plan {took_s:.2f} s, {made.status}, gap {made.gap:.3%}, "
        f"{made.savings.total_krw:,.0f} of {made.baseline.total_krw:,.0f} KRW saved"
    )
    if not with_peers:
        return
    model = model_of(request, readings, site, params)
    limit_s, gap = params.seconds(made.schedule.height), params.gap_of(made.schedule.height)
    began = time.perf_counter()
    alone = model.solve(time_limit_s=limit_s, max_nodes=params.max_nodes, gap=gap)
    print(f"  HiGHS alone: {alone.objective:,.0f} KRW after {time.perf_counter() - began:.2f} s, {alone.state}")
    cbc = solved_by_cbc(model, time_limit_s=limit_s, gap=gap)
    print(f"  PuLP and CBC: {cbc.objective:,.0f} KRW after {cbc.build_s:.2f} + {cbc.solve_s:.2f} s")


if __name__ == "__main__":
    main()
