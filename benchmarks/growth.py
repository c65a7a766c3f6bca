"""What cleaning and features cost as a fleet grows: raw readings in, clean readings and features out, plant by plant.

    python benchmarks/growth.py [--plant-years 1 10 100 1000] [--workers 2] [--level mild] [--write]

Each plant-year is simulated with a randomness of its own and damaged like an export (the time of that does not count),
and lies as one Parquet file of raw cells. Then worker processes of one thread each read it, place and clean it, build
the features of each of its moments and write readings, repairs and features. Memory is the sum of what each worker and
the parent had at their highest. ``--write`` puts the table into ``docs/benchmarks.md``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import multiprocessing
import os
import resource
import shutil
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from libraries.lacks import lacking
from libraries.machine import bytes_per_s
from libraries.results import PAGE, Result, keep
from libraries.tables import markdown, put
from rich.progress import track

from steel_energy.cleaning import clean, place
from steel_energy.features import origin_features
from steel_energy.plant import Plant, load_plant
from steel_energy.settings import PROJECT_ROOT
from steel_energy.simulation.damage import LEVELS, LevelName, damage
from steel_energy.simulation.export import plants_like
from steel_energy.simulation.plant import simulate
from steel_energy.sources.raw import to_raw
from steel_energy.tariff import Tariff, load_tariff

YEAR = (dt.date(2018, 1, 1), dt.date(2019, 1, 1))
SEED = 1
MIB, GIB = 2**20, 2**30


@dataclass(frozen=True)
class Step:
    """What one plant-year took: rows out, CPU seconds of its worker, and the worker and its highest memory so far."""

    rows: int
    cpu_s: float
    worker: int
    peak_bytes: int


@dataclass(frozen=True)
class Grown:
    """What a fleet took."""

    plant_years: int
    rows: int
    wall_s: float
    cpu_s: float
    peak_bytes: int
    read_bytes: int
    written_bytes: int

    def row(self) -> tuple[str, ...]:
        """The cells of the table."""
        return (
            f"{self.plant_years:,}",
            f"{self.rows / 1e6:,.2f}",
            f"{self.wall_s:,.1f}",
            f"{self.cpu_s:,.1f}",
            f"{1000 * self.cpu_s / self.plant_years:,.0f}",
            f"{self.peak_bytes / MIB:,.0f}",
            f"{self.read_bytes / MIB:,.1f}",
            f"{self.written_bytes / MIB:,.1f}",
        )


HEAD = (
    *("plant-years", "million rows", "seconds", "CPU seconds", "CPU ms each", "peak memory, MiB", "read, MiB"),
    "written, MiB",
)


@functools.cache
def gwangyang() -> tuple[Plant, Tariff]:
    """The plant that all are like, and its tariff."""
    plant = load_plant("gwangyang", plants_dir=PROJECT_ROOT / "data" / "plants")
    return plant, load_tariff(plant.tariff, tariffs_dir=PROJECT_ROOT / "data" / "tariffs")


def write_raw(plant_id: str, *, level: LevelName | None, folder: Path) -> Path:
    """Simulate a plant's year and write it as raw cells."""
    like, tariff = gwangyang()
    plant = like.model_copy(update={"id": plant_id})
    readings = pl.concat(simulate(plant, tariff, start=YEAR[0], end=YEAR[1], seed=SEED))
    raw = to_raw(readings, plant.zone, label=plant.label)
    if level:
        raw = damage(raw, seed=SEED, level=LEVELS[level]).rows
    path = folder / f"{plant_id}.parquet"
    raw.write_parquet(path)
    return path


def clean_and_feature(raw: Path) -> Step:
    """Clean one plant's raw rows and build its features, beside the file they came from; the raw file goes."""
    began = time.process_time()
    like, tariff = gwangyang()
    plant = like.model_copy(update={"id": raw.stem})
    cleaned = clean(place(pl.read_parquet(raw), plant), plant=plant, tariff=tariff)
    features = origin_features(cleaned.readings, plant=plant, tariff=tariff)
    folder = raw.parent / plant.id
    folder.mkdir()
    for name, frame in (("readings", cleaned.readings), ("repairs", cleaned.repairs), ("features", features)):
        frame.write_parquet(folder / f"{name}.parquet")
    return Step(cleaned.readings.height, time.process_time() - began, os.getpid(), peak_bytes())


def peak_bytes() -> int:
    """The most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # Linux counts KiB


def grown(plant_years: int, *, workers: int, level: LevelName | None, folder: Path) -> Grown:
    """Simulate a fleet, then measure how it is cleaned and featured."""
    ids = [plant.id for plant in plants_like(gwangyang()[0], plant_years)]
    with pool(workers) as processes:
        made = processes.map(functools.partial(write_raw, level=level, folder=folder), ids)
        raws = list(track(made, total=plant_years, description=f"simulating {plant_years}", transient=True))
    read = sum(raw.stat().st_size for raw in raws)
    with pool(workers) as processes:
        began = time.perf_counter()
        done = processes.map(clean_and_feature, raws)
        steps = list(track(done, total=plant_years, description=f"cleaning {plant_years}", transient=True))
        wall_s = time.perf_counter() - began
    peaks = {step.worker: max(s.peak_bytes for s in steps if s.worker == step.worker) for step in steps}
    written = sum(file.stat().st_size for file in folder.glob("*/*.parquet"))
    return Grown(
        plant_years=plant_years,
        rows=sum(step.rows for step in steps),
        wall_s=wall_s,
        cpu_s=sum(step.cpu_s for step in steps),
        peak_bytes=sum(peaks.values()) + peak_bytes(),
        read_bytes=read,
        written_bytes=written,
    )


def results(largest: Grown) -> list[Result]:
    """The lines of the summary, of the largest fleet."""
    moved_bytes = (largest.read_bytes + largest.written_bytes) / largest.plant_years
    fleet = f"a fleet of {largest.plant_years:,} plant-years, cleaned and featured"
    return [
        Result(
            what=f"{fleet}: CPU ms each",
            ours=1000 * largest.cpu_s / largest.plant_years,
            limit=1000 * moved_bytes / bytes_per_s(),
            limited_by="Parquet read and written once",
        ),
        Result(what=f"{fleet}: peak memory, MiB", ours=largest.peak_bytes / MIB, digits=0),
    ]


def pool(workers: int) -> ProcessPoolExecutor:
    """Fresh processes of one thread each, so that they do not fight for the cores."""
    os.environ["POLARS_MAX_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"  # read by each child when it starts
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plant-years", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--level", choices=LEVELS, default=None, help="how dirty the exports are")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    options = parser.parse_args()
    rows = []
    for plant_years in options.plant_years:
        with tempfile.TemporaryDirectory() as folder:
            if shutil.disk_usage(folder).free < plant_years * 10 * MIB:
                lacking(f"no room for {plant_years} plant-years in {folder}: set TMPDIR to a larger disk")
            rows.append(grown(plant_years, workers=options.workers, level=options.level, folder=Path(folder)))
        print(markdown(HEAD, [rows[-1].row()]), flush=True)
    if options.write:
        put(PAGE, "growth: benchmarks/growth.py --write", markdown(HEAD, [row.row() for row in rows]))
        keep(results(rows[-1]))


if __name__ == "__main__":
    main()
