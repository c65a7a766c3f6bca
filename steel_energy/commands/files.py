"""What all commands share: their plant, the options that name files, and writing a file in one step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.console import Console
from rich.status import Status

from steel_energy.config import ids_in
from steel_energy.errors import InputError, StorageError
from steel_energy.lake import write_atomically
from steel_energy.marked_days import plant_as_marked
from steel_energy.plant import Plant
from steel_energy.settings import SteelSettings
from steel_energy.tariff import Tariff, load_tariff

ISO_WITH_OFFSET = "%Y-%m-%dT%H:%M:%S%:z"

InputFile = Annotated[  # readable=False: whether it can be read is found out by reading, with our own error
    Path, typer.Argument(readable=False, help="Meter export: CSV in any variant, gzip, zip or Parquet.")
]
OutFile = Annotated[Path, typer.Option("--out", help="Where to write: .parquet, or .csv.")]
ReadingsFile = Annotated[
    Path | None,
    typer.Option(readable=False, help="Output of `steel clean`, or any meter export; the lake's readings if left out."),
]
PlantId = Annotated[
    str | None, typer.Option("--plant", help="Id of a file in data/plants; STEEL_PLANT or the first one if left out.")
]


def chosen_plant(plant_id: str | None, settings: SteelSettings) -> tuple[Plant, Tariff]:
    """The plant that ``--plant`` or ``STEEL_PLANT`` names, else the first one, with its marked days and its tariff.

    Raises:
        ConfigError: there is no such plant, or its file or its tariff's does not validate.
        StorageError: its marked days cannot be read.
    """
    wanted = plant_id or settings.plant or next(iter(ids_in(settings.plants_dir)), "")
    plant = plant_as_marked(wanted, settings)
    return plant, load_tariff(plant.tariff, tariffs_dir=settings.tariffs_dir)


def write_frame(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame as Parquet or CSV, by the ending of ``path``, in one step.

    Raises:
        InputError: the ending is another one, or the file cannot be written.
    """
    require_ending(path, ".parquet", ".csv")
    if path.suffix == ".csv":
        write_file(path, lambda scratch: frame.write_csv(scratch, datetime_format=ISO_WITH_OFFSET))
    else:
        write_file(path, frame.write_parquet)


def write_file(path: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` fill ``path`` in one step; its folder is created.

    Raises:
        InputError: the file cannot be written.
    """
    try:
        if path.is_dir():
            raise InputError("is a folder", field=str(path), remedy="name a file in it")
        write_atomically(path, write)
    except StorageError as error:
        raise InputError(error.message, field=str(path), remedy="choose a folder you may write to") from error


def require_ending(path: Path, *endings: str) -> None:
    """Refuse a path that ends otherwise.

    Raises:
        InputError: names the endings.
    """
    if path.suffix not in endings:
        raise InputError(
            f"cannot write {path.suffix or 'a file without ending'}",
            field=str(path),
            remedy=f"end it in {' or '.join(endings)}",
        )


def require_other_file(out: Path, *inputs: Path) -> None:
    """Refuse to write over a file that is read.

    Raises:
        InputError: ``out`` is one of them.
    """
    if out.exists() and any(path.exists() and out.samefile(path) for path in inputs):
        raise InputError("is a file that is read", field=str(out), remedy="write to another one")


def working(what: str) -> Status:
    """A spinner on standard error while something takes its time."""
    return Console(stderr=True).status(what)
