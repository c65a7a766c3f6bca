"""Simulated plants on disk: one file a plant and month, each complete or absent, laid out like the lake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from steel_energy.errors import InputError, StorageError
from steel_energy.lake import write_atomically
from steel_energy.months import month_of
from steel_energy.plant import Plant
from steel_energy.simulation.plant import YEARS, months_of, simulate
from steel_energy.sources.raw import as_exported, to_published
from steel_energy.tariff import Tariff

FileFormat = Literal["parquet", "csv"]


@dataclass(frozen=True)
class MonthFile:
    """A file to write: the readings of ``plant`` from ``start`` up to and without ``end``, within one month."""

    plant: Plant
    start: dt.date
    end: dt.date
    path: Path


def plants_like(plant: Plant, plants: int) -> list[Plant]:
    """``plants`` plants like ``plant``, named plant-0001 and so on; ``plant`` itself where one is enough.

    Their readings differ, because a plant's randomness depends on its id.

    Raises:
        InputError: fewer than one plant.
    """
    if plants < 1:
        raise InputError(f"cannot simulate {plants} plants", field="plants", remedy="give 1 or more")
    if plants == 1:
        return [plant]
    return [plant.model_copy(update={"id": f"plant-{number:04}"}) for number in range(1, plants + 1)]


def month_files(
    plants: Iterable[Plant], *, first: dt.date, last: dt.date, folder: Path, file_format: FileFormat
) -> list[MonthFile]:
    """The files ``folder/plant=<id>/month=<YYYY-MM>.<format>`` of ``plants`` from ``first`` to ``last``, inclusive.

    Raises:
        InputError: the days are out of order or outside the years 1970-2100.
    """
    if last.year not in YEARS:
        raise InputError(f"{last} is outside the years that can be simulated", field="to", remedy="give 1970-2100")
    months = months_of(first, last + dt.timedelta(days=1))
    return [
        MonthFile(plant, start, end, folder / f"plant={plant.id}" / f"month={month_of(start)}.{file_format}")
        for plant in plants
        for start, end in months
    ]


def write_month(file: MonthFile, tariff: Tariff, *, seed: int) -> Path:
    """Simulate and write one file: Parquet holds the column contract, CSV what the published file would hold.

    Raises:
        InputError: the seed is negative, or the file cannot be written.
    """
    (readings,) = simulate(file.plant, tariff, start=file.start, end=file.end, seed=seed)
    is_csv = file.path.suffix == ".csv"
    raw = as_exported(readings, file.plant)
    write = to_published(raw, is_fuel=file.plant.is_fuel).write_csv if is_csv else readings.write_parquet
    try:
        return write_atomically(file.path, write)
    except StorageError as error:
        raise InputError(error.message, field=str(file.path), remedy="choose another folder") from error
