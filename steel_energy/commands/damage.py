"""``steel damage``: a dirty copy of an export, and the truth about it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from steel_energy.commands.files import (
    InputFile,
    PlantId,
    chosen_plant,
    require_ending,
    require_other_file,
    working,
    write_file,
    write_frame,
)
from steel_energy.settings import SteelSettings
from steel_energy.simulation.damage import LEVELS, LevelName, damage
from steel_energy.sources.file import read_csv


def damage_command(
    source: InputFile,
    out: Annotated[Path, typer.Argument(help="The dirty copy, .csv in the published format.")],
    *,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same copy.")] = 1,
    level: Annotated[
        LevelName, typer.Option(help="How dirty; published is the dirty file in circulation.")
    ] = "published",
    truth_log: Annotated[
        Path | None, typer.Option(help="A row for every damaged cell, copied and missing row: .parquet, or .csv.")
    ] = None,
    plant: PlantId = None,
) -> None:
    """Make a dirty copy of a meter export with known truth.

    Example: `steel damage export.csv dirty.csv --seed 7 --level harsh --truth-log truth.parquet`
    """
    require_ending(out, ".csv")
    require_other_file(out, source)
    chosen, _ = chosen_plant(plant, SteelSettings())
    with working("damaging"):
        damaged = damage(read_csv(source, plant=chosen).rows, seed=seed, level=LEVELS[level])
        write_file(out, damaged.write_csv)
        if truth_log:
            write_frame(damaged.log, truth_log)
    typer.echo(f"{damaged.rows.height} rows, {damaged.log.height} damages: {out}")
