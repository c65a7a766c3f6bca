"""How long plans take, and how close they are to the best: a day and a week of the published year, with made-up jobs.

Prints, for each request: the time of ``plan`` as a whole, its status and gap and what it saves; then the same model
given to HiGHS as it is, and built in PuLP and solved by CBC, with the same time. ``--write`` puts the ranges over the
requests of each size into ``docs/benchmarks.md``. Needs the published CSV, and
``pip install -e '.[bench]'``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import mean
from typing import Any

import polars as pl
from libraries.cbc import solved_by_cbc
from libraries.lacks import published
from libraries.machine import bytes_per_s
from libraries.results import PAGE, Result, keep
from libraries.tables import markdown, put

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
SECTION = "plans: benchmarks/planning.py --write"
HEAD = ("request", "plan, s", "could be cheaper by at most, %", "HiGHS alone: found, s", "PuLP and CBC: found, s")
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


@dataclass(frozen=True)
class Solved:
    """One request, planned by us and by the solvers alone: seconds, and what the plan found costs (infinite: none)."""

    days: int
    jobs: int
    plan_s: float
    gap: float
    highs: tuple[float, float] | None = None
    cbc: tuple[float, float] | None = None
    model_bytes: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-peers", action="store_true", help="leave out HiGHS alone and CBC")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    options = parser.parse_args()
    settings = SteelSettings()
    csv = published(settings)
    plant = load_plant("gwangyang", plants_dir=settings.plants_dir)
    site = Site(plant, load_tariff(plant.tariff, tariffs_dir=settings.tariffs_dir))
    rows = place(read_csv(csv, plant=plant).rows, plant)
    readings = clean(rows, plant=plant, tariff=site.tariff).readings
    params = load_params(settings.params_file).planning
    requests = [request_of(days, count, seed=seed) for days, count in SIZES for seed in SEEDS]
    solved = [measured(request, readings, site, params, with_peers=not options.no_peers) for request in requests]
    table = markdown(HEAD, [row_of([one for one in solved if (one.days, one.jobs) == size]) for size in SIZES])
    print(table)
    if options.write:
        put(PAGE, SECTION, table)
        keep([result([one for one in solved if one.jobs == SIZES[-1][1]])])


def measured(
    request: PlanRequest, readings: pl.DataFrame, site: Site, params: PlanningParams, *, with_peers: bool
) -> Solved:
    """Plan a request, then give its model to the solvers; prints what came of it."""
    began = time.perf_counter()
    made = plan(request, readings, plant=site.plant, tariff=site.tariff, params=params, known=readings)
    took_s = time.perf_counter() - began
    days = (request.end - request.start).days
    print(
        f"{days} d x {len(request.jobs)} jobs: plan {took_s:.2f} s, {made.status}, gap {made.gap:.3%}, "
        f"{made.savings.total_krw:,.0f} of {made.baseline.total_krw:,.0f} KRW saved",
        flush=True,
    )
    solved = Solved(days, len(request.jobs), took_s, made.gap)
    if not with_peers:
        return solved
    model = model_of(request, readings, site, params)
    limit_s, gap = params.seconds(made.schedule.height), params.gap_of(made.schedule.height)
    began = time.perf_counter()
    alone = model.solve(time_limit_s=limit_s, max_nodes=params.max_nodes, gap=gap)
    alone_s = time.perf_counter() - began
    print(f"  HiGHS alone: {alone.objective:,.0f} KRW after {alone_s:.2f} s, {alone.state}")
    cbc = solved_by_cbc(model, time_limit_s=limit_s, gap=gap)
    print(f"  PuLP and CBC: {cbc.objective:,.0f} KRW after {cbc.build_s:.2f} + {cbc.solve_s:.2f} s", flush=True)
    cells = sum(one.nbytes for one in model.cell_arrays())
    return replace(
        solved,
        highs=(alone_s, alone.objective),
        cbc=(cbc.build_s + cbc.solve_s, cbc.objective),
        model_bytes=cells,
    )


def row_of(solved: Sequence[Solved]) -> tuple[str, ...]:
    """The cells of requests of one size."""
    first = solved[0]
    peers = [_peer([getattr(one, name) for one in solved]) for name in ("highs", "cbc")]
    gaps = f"{100 * min(one.gap for one in solved):.3f} to {100 * max(one.gap for one in solved):.3f}"
    return (f"{first.days} d, {first.jobs} jobs", _range([one.plan_s for one in solved]), gaps, *peers)


def _peer(answers: Sequence[tuple[float, float] | None]) -> str:
    """How many requests a solver found a plan of, and its seconds."""
    given = [answer for answer in answers if answer]
    found = sum(math.isfinite(cost) for _, cost in given)
    return f"{found} of {len(given)}, {_range([seconds for seconds, _ in given])}" if given else ""


def _range(seconds: Sequence[float]) -> str:
    return f"{min(seconds):.2f} to {max(seconds):.2f}"


def result(solved: Sequence[Solved]) -> Result:
    """The line of the summary: the largest requests; no solver answers without having read the model."""
    what = f"a plan of {solved[0].days} days with {solved[0].jobs} jobs: s"
    ours, answers = mean(one.plan_s for one in solved), [one.cbc for one in solved if one.cbc]
    if not answers:
        return Result(what=what, ours=ours, digits=2)
    found = sum(math.isfinite(cost) for _, cost in answers)
    return Result(
        what=what,
        ours=ours,
        peer=f"PuLP and CBC, {found} of {len(answers)} found",
        theirs=mean(seconds for seconds, _ in answers),
        limit=mean(one.model_bytes for one in solved) / bytes_per_s(),
        limited_by="the model read once",
        digits=2,
    )


if __name__ == "__main__":
    main()
