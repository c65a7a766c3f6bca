"""The months of many plants by one process and by Celery workers: seconds of both, and whether the files are the same.

    python benchmarks/celery_workers.py [--plants 8] [--workers 2] [--write]

Each plant has a simulated year; the job `rebuild_months` takes it in, cleans it, builds its features and checks each
month. One process does plant after plant, in SQLite; workers take their steps from a real Redis and keep what they did
in a real PostgreSQL, both on this machine. The start of servers and workers does not count, that of the processes that
follow the runs does. Every process has one thread for its tables. ``--write`` puts the table into
``docs/benchmarks.md``.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

os.environ["POLARS_MAX_THREADS"] = "1"  # read when Polars is first used

import dagster as dg
import yaml
from libraries.lacks import lacking
from libraries.results import PAGE
from libraries.tables import markdown, put

from steel_assets.definitions import build_defs
from steel_assets.fleet_testing import missing_programs, running_servers, running_worker
from steel_assets.instance import open_instance
from steel_assets.jobs import REBUILD_MONTHS
from steel_assets.partitions import PlantMonth, range_tags
from steel_assets.running import LOGGER, Ended, followers, run_here, side_by_side
from steel_assets.settings import AssetsSettings
from steel_energy.plant import load_plant
from steel_energy.settings import PROJECT_ROOT
from steel_energy.simulation.export import plants_like

SECTION = "distributed: benchmarks/celery_workers.py --write"
HEAD = ("steps done by", "plants", "seconds", "seconds a plant", "files", "MiB", "same bytes")
FIRST, LAST = "2018-01", "2018-12"
MIB = 2**20
Files = dict[str, bytes]


def make_home(home: Path, plants: int) -> list[str]:
    """Write the files of as many plants; their ids."""
    like = load_plant("gwangyang", plants_dir=PROJECT_ROOT / "data" / "plants")
    made = plants_like(like.model_copy(update={"dataset": None}), max(plants, 2))[:plants]
    (home / "data" / "plants").mkdir(parents=True)
    for plant in made:
        text = yaml.safe_dump(plant.model_dump(mode="json"))
        (home / "data" / "plants" / f"{plant.id}.yaml").write_text(text, encoding="utf-8")
    (home / "data" / "tariffs").symlink_to(PROJECT_ROOT / "data" / "tariffs")
    (home / "params.yaml").symlink_to(PROJECT_ROOT / "params.yaml")
    return [plant.id for plant in made]


def months(plant_id: str) -> dict[str, str]:
    return range_tags(PlantMonth(plant_id, FIRST), PlantMonth(plant_id, LAST))


def by_one_process(home: Path, plants: list[str]) -> tuple[float, Files]:
    settings = AssetsSettings(home=home, data_dir=home / "local", source="simulated")
    quiet = {LOGGER: dg.LoggerDefinition(lambda _: dg.get_dagster_logger())}
    job = build_defs(settings, loggers=quiet).resolve_job_def(REBUILD_MONTHS.name)

    def run() -> None:
        for plant_id in plants:
            ended = run_here(job, instance=instance, tags=months(plant_id))
            require_success(ended)

    with open_instance(settings) as instance:
        return seconds_of(run), files(settings)


def by_workers(home: Path, plants: list[str], *, workers: int) -> tuple[float, Files]:
    environment = {"STEEL_HOME": home, "STEEL_DATA_DIR": home / "fleet", "STEEL_SOURCE": "simulated"}
    with ExitStack() as stack:
        own = {name: str(value) for name, value in environment.items()} | {"STEEL_ENGINE": "celery"}
        own |= stack.enter_context(running_servers())
        os.environ.update(own)
        for number in range(workers):
            stack.enter_context(running_worker(home / f"worker-{number}.log", environment=own))
        follow = stack.enter_context(followers())

        def run(plant_id: str) -> None:
            require_success(follow(REBUILD_MONTHS.name, months(plant_id)))

        return seconds_of(lambda: side_by_side(run, plants)), files(AssetsSettings())


def require_success(ended: Ended) -> None:
    if not ended.is_success:
        sys.exit(f"run {ended.run_id} failed")


def seconds_of(work: Callable[[], None]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


def files(settings: AssetsSettings) -> Files:
    found = [path for path in settings.lake_dir.rglob("*") if path.is_file()]
    return {str(path.relative_to(settings.lake_dir)): path.read_bytes() for path in found}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plants", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.relative_to(PROJECT_ROOT)}")
    options = parser.parse_args()
    if missing := missing_programs():
        lacking(f"not installed: {', '.join(missing)}")
    with tempfile.TemporaryDirectory() as folder:
        plants = make_home(Path(folder), options.plants)
        alone_s, alone = by_one_process(Path(folder), plants)
        together_s, together = by_workers(Path(folder), plants, workers=options.workers)
    if alone != together:
        sys.exit("the files differ")
    rows = [
        row("one process", plants, alone_s, alone, same="-"),
        row(f"{options.workers} Celery workers", plants, together_s, together, same="yes"),
    ]
    table = markdown(HEAD, rows)
    print(table)
    if options.write:
        put(PAGE, SECTION, table)


def row(who: str, plants: list[str], seconds: float, found: Files, *, same: str) -> tuple[object, ...]:
    size = sum(map(len, found.values())) / MIB
    each = seconds / len(plants)
    return who, len(plants), f"{seconds:.1f}", f"{each:.1f}", len(found), f"{size:.1f}", same


if __name__ == "__main__":
    main()
