"""``steel shift``: a copy of an export that changes for good from some day on, to try drift detection with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from steel_energy.cleaning import place
from steel_energy.commands.files import (
    InputFile,
    PlantId,
    chosen_plant,
    require_ending,
    require_other_file,
    working,
    write_file,
)
from steel_energy.commands.forecast import parse_moment
from steel_energy.plant import Plant
from steel_energy.settings import SteelSettings
from steel_energy.simulation.shift import SHIFTS, ShiftKind, shifted
from steel_energy.sources.file import read_csv
from steel_energy.sources.raw import as_exported, as_shown, to_published

KINDS_HELP = "; ".join(f"{kind}: {shift.what}" for kind, shift in SHIFTS.items())


def shift_command(
    source: InputFile,
    out: Annotated[Path, typer.Argument(help="The shifted copy, .csv in the published format.")],
    *,
    kind: Annotated[ShiftKind, typer.Option(help=f"What changes. {KINDS_HELP}.")],
    start: Annotated[str, typer.Option("--from", help="First day or moment, as 2018-11-05, in plant time.")],
    end: Annotated[
        str | None, typer.Option("--to", help="Day or moment after the last one; the end of the export if left out.")
    ] = None,
    size: Annotated[
        float | None, typer.Option(help="How far: the share in the kind's description; a usual one if left out.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same copy.")] = 1,
    plant: PlantId = None,
) -> None:
    """Shift a meter export from some day on: what drift detection has to find, with known truth.

    Example: `steel shift export.csv shifted.csv --kind level_shift --size 0.3 --from 2018-11-05`
    """
    require_ending(out, ".csv")
    require_other_file(out, source)
    chosen, _ = chosen_plant(plant, SteelSettings())
    first = parse_moment(start, field="--from", zone=chosen.zone)
    last = parse_moment(end, field="--to", zone=chosen.zone) if end else None
    chosen_size = SHIFTS[kind].size if size is None else size
    with working("shifting"):
        before = _readings(source, chosen)
        after = shifted(before, kind=kind, size=chosen_size, start=first, end=last, seed=seed, plant=chosen)
        rows = to_published(as_exported(after, chosen), is_fuel=chosen.is_fuel)
        write_file(out, rows.write_csv)
    changed = sum((before[column] != after[column]).sum() for column in before.columns)
    typer.echo(f"{after.height} rows, {changed} cells changed, {kind} {chosen_size:g}: {out}")


def _readings(source: Path, plant: Plant) -> pl.DataFrame:
    """The export's readings as it shows them, sorted by time: nothing is repaired, and what is unreadable is null."""
    shown = as_shown(place(read_csv(source, plant=plant).rows, plant)).sort("interval_start")
    return shown.with_columns(plant=pl.lit(plant.id))
