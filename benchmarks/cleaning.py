"""How much of a dirty export cleaning restores: cell accuracy by column and by rule, and the time it takes.

Cleans the published file, the dirty copy beside it where there is one, and seeded dirty copies of each level, and
compares every cell with the published file. Needs the published CSV.
"""

from __future__ import annotations

import time

import polars as pl
from libraries.lacks import published

from steel_energy.cleaning import Cleaned, clean, place, reference_match
from steel_energy.cleaning.report import EQUAL_WITHIN
from steel_energy.plant import Plant, load_plant
from steel_energy.schema import LOAD_TYPE, MEASURED
from steel_energy.settings import SteelSettings
from steel_energy.simulation.damage import LEVELS, damage
from steel_energy.sources.file import read_csv
from steel_energy.sources.raw import as_shown
from steel_energy.tariff import Tariff, load_tariff

SEEDS = (1, 2)
COLUMNS = [*(column.name for column in MEASURED), LOAD_TYPE.name]


def main() -> None:
    settings = SteelSettings()
    csv = published(settings)
    plant = load_plant("gwangyang", plants_dir=settings.plants_dir)
    tariff = load_tariff(plant.tariff, tariffs_dir=settings.tariffs_dir)
    raw = read_csv(csv).rows
    truth = as_shown(place(raw, plant))
    measure("published", raw, truth, plant, tariff)
    dirty = csv.with_name("steel_industry_dirty.csv")
    if dirty.is_file():
        measure("dirty file", read_csv(dirty).rows, truth, plant, tariff, by_rule=True)
    for level in LEVELS:
        for seed in SEEDS:
            measure(f"{level}, seed {seed}", damage(raw, seed=seed, level=LEVELS[level]).rows, truth, plant, tariff)


def measure(
    name: str, rows: pl.DataFrame, truth: pl.DataFrame, plant: Plant, tariff: Tariff, *, by_rule: bool = False
) -> None:
    """Clean and print one line of figures, and one for each rule where asked."""
    began = time.perf_counter()
    placed = place(rows, plant)
    between = time.perf_counter()
    cleaned = clean(placed, plant=plant, tariff=tariff)
    ended = time.perf_counter()
    match = reference_match(cleaned.readings, truth)
    columns = ", ".join(f"{column} {100 * match[column]:.2f}" for column in COLUMNS)
    print(
        f"{name}: {rows.height} rows -> {cleaned.readings.height} intervals, {100 * match['all']:.3f} % of cells equal"
    )
    print(f"    {columns}; placed in {between - began:.2f} s, cleaned in {ended - between:.2f} s")
    if by_rule:
        print_rules(cleaned, truth)


def print_rules(cleaned: Cleaned, truth: pl.DataFrame) -> None:
    """Of the cells that each rule gave a value, how many equal the truth."""
    for rule in cleaned.repairs.filter(pl.col("column").is_in(COLUMNS))["rule"].unique().sort():
        cells = cleaned.repairs.filter((pl.col("rule") == rule) & pl.col("column").is_in(COLUMNS))
        right = sum(equal_cells(part, truth) for part in cells.partition_by("column"))
        print(f"    {rule}: {right} of {cells.height} cells true")


def equal_cells(repairs: pl.DataFrame, truth: pl.DataFrame) -> int:
    """How many repairs of one column give the true value."""
    column = repairs["column"][0]
    both = repairs.join(truth.select("interval_start", true=column), on="interval_start")
    if column == LOAD_TYPE.name:
        return int((both["after"] == both["true"].cast(pl.String)).sum())
    return int(((both["after"].cast(pl.Float64) - both["true"]).abs() <= EQUAL_WITHIN).sum())


if __name__ == "__main__":
    main()
