"""Cleaning beside general tools: one dirty file, the cells that come back equal to the truth, and the time of a year.

    python benchmarks/cleaning_peers.py [--levels published harsh] [--runs 3] [--write]

A simulated year is damaged (``steel damage``) and written as CSV; each tool begins with that file, on one thread.
pandas and DuckDB have the rules that they say naturally (``libraries/cleaners.py``). *Ours, the same rules* leaves out
what they have not: repairs of notation, unit and sign, stuck meters and the audit of every change. ``--write`` puts the
table into ``docs/benchmarks.md``. Needs the extra ``bench``.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ["POLARS_MAX_THREADS"] = "1"  # before polars is imported: the peers have one thread too

import numpy as np
import polars as pl
from growth import YEAR, gwangyang
from libraries.cleaners import Facts, cleaned_by_duckdb, cleaned_by_pandas
from libraries.machine import bytes_per_s, fastest_s
from libraries.results import PAGE, Result, keep
from libraries.tables import markdown, put

from steel_energy.calendar import interval_grid
from steel_energy.cleaning import clean, period, place, reference_match
from steel_energy.cleaning.cells import CELLS
from steel_energy.cleaning.copies import sort_out
from steel_energy.cleaning.gaps import expected_energies, grid_of
from steel_energy.cleaning.loadtypes import load_types
from steel_energy.cleaning.physics import believed, complete
from steel_energy.simulation.damage import LEVELS, damage
from steel_energy.simulation.plant import simulate
from steel_energy.sources.file import read_csv
from steel_energy.sources.raw import to_raw

SEED = 1
SECTION = "cleaning: benchmarks/cleaning_peers.py --write"
OURS, SAME_RULES = "ours", "ours, the same rules"
Clean = Callable[[Path], pl.DataFrame]


def ours(csv: Path) -> pl.DataFrame:
    """Everything, with the audit."""
    plant, tariff = gwangyang()
    return clean(place(read_csv(csv).rows, plant), plant=plant, tariff=tariff).readings


def ours_same_rules(csv: Path) -> pl.DataFrame:
    """Place, let one row stand for each interval, distrust what the meter cannot have shown, complete."""
    plant, tariff = gwangyang()
    placed = place(read_csv(csv).rows, plant)
    start, end = period(placed, plant)
    grid = interval_grid(start, end, zone=plant.zone)
    standing = sort_out(placed, plant).standing
    rows = grid.to_frame().join(standing, on="interval_start", how="left", maintain_order="left")
    types = load_types(grid, rows["load_type"], plant=plant, tariff=tariff)
    cells = believed(rows.select(CELLS).fill_null(np.nan).to_numpy(), plant)
    found, _ = complete(cells, expected_energies(cells, grid_of(grid, types), plant), plant=plant)
    return pl.DataFrame(
        {"interval_start": grid, **{name: found[:, n] for n, name in enumerate(CELLS)}, "load_type": types}
    )


def equal_share(cleaned: pl.DataFrame, truth: pl.DataFrame) -> float:
    """Percent of the cells that equal the truth; a tool that knows no zones has the plant's clock."""
    time = pl.col("interval_start").dt.replace_time_zone(None).cast(pl.Datetime("us"))
    return 100 * reference_match(*(frame.with_columns(time) for frame in (cleaned, truth)))["all"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--levels", nargs="+", choices=LEVELS, default=["published", "harsh"])
    parser.add_argument("--runs", type=int, default=3, help="of which the fastest counts")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    options = parser.parse_args()
    plant, tariff = gwangyang()
    truth = pl.concat(simulate(plant, tariff, start=YEAR[0], end=YEAR[1], seed=SEED))
    facts = Facts.of(plant, tariff)
    tools: dict[str, Clean] = {
        OURS: ours,
        SAME_RULES: ours_same_rules,
        "pandas": partial(cleaned_by_pandas, facts=facts),
        "DuckDB": partial(cleaned_by_duckdb, facts=facts),
    }
    rows, results = [], []
    with tempfile.TemporaryDirectory() as folder:
        for level in options.levels:
            csv = Path(folder) / f"{level}.csv"
            damage(to_raw(truth, plant.zone, label=plant.label), seed=SEED, level=LEVELS[level]).write_csv(csv)
            found = {name: measured(tool, csv, truth, runs=options.runs) for name, tool in tools.items()}
            rows += [(level, name, f"{equal:.3f}", f"{1000 * s:,.0f}") for name, (equal, s) in found.items()]
            results += results_of(level, found, moved_bytes=csv.stat().st_size + truth.estimated_size())
    table = markdown(("dirt", "tool", "cells equal to the truth, %", "CPU ms a plant-year"), rows)
    print(table)
    if options.write:
        put(PAGE, SECTION, table)
        keep(results)


def measured(tool: Clean, csv: Path, truth: pl.DataFrame, *, runs: int) -> tuple[float, float]:
    """Percent of the cells equal to the truth, and CPU seconds of the fastest run."""
    return equal_share(tool(csv), truth), fastest_s(lambda: tool(csv), runs=runs)


def results_of(level: str, found: dict[str, tuple[float, float]], *, moved_bytes: float) -> list[Result]:
    """Accuracy and time of one level in the summary."""
    peers = {name: figures for name, figures in found.items() if name not in (OURS, SAME_RULES)}
    closest, fastest = max(peers, key=lambda name: peers[name][0]), min(peers, key=lambda name: peers[name][1])
    (equal, took_s), what = found[OURS], f"cleaning a year, {level} dirt"
    limit = {"limit": 1000 * moved_bytes / bytes_per_s(), "limited_by": "file read and readings written once"}
    return [
        Result(what=f"{what}: cells equal, %", ours=equal, peer=closest, theirs=peers[closest][0], digits=3),
        Result(what=f"{what}: CPU ms", ours=1000 * took_s, peer=fastest, theirs=1000 * peers[fastest][1], **limit),
    ]


if __name__ == "__main__":
    main()
