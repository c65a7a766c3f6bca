"""Simulated plants on disk: one file a plant and month, each complete or absent, laid out like the lake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import polars as pl

from steel_energy.errors import InputError
from steel_energy.lake import write_atomically
from steel_energy.plant import Plant
from steel_energy.simulation.plant import simulate
from steel_energy.sources.raw import PUBLISHED_HEADER, to_raw
from steel_energy.tariff import Tariff

FileFormat = Literal["parquet", "csv"]


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


def write_months(
    plant: Plant,
    tariff: Tariff,
    *,
    start: dt.date,
    end: dt.date,
    seed: int,
    folder: Path,
    file_format: FileFormat = "parquet",
) -> Iterator[Path]:
    """Write the months of ``simulate`` one by one and yield each path: ``plant=<id>/month=<YYYY-MM>.<format>``.

    Parquet holds the column contract, CSV what the published file would hold.
    """
    for readings in simulate(plant, tariff, start=start, end=end, seed=seed):
        month = f"{readings['interval_start'][0]:%Y-%m}"
        path = folder / f"plant={plant.id}" / f"month={month}.{file_format}"
        if file_format == "parquet":
            yield write_atomically(path, readings.write_parquet)
        else:
            yield write_atomically(path, _published_form(readings, plant).write_csv)


def _published_form(readings: pl.DataFrame, plant: Plant) -> pl.DataFrame:
    """Readings with the columns, spelling and labels of the published file."""
    return to_raw(readings, plant.zone).select(pl.col(name).alias(head) for name, head in PUBLISHED_HEADER.items())
