"""The lake's readings as tables of one DuckDB file, for people who ask in SQL.

A copy, made anew each time: the Parquet lake is the truth, and the service never reads this file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import polars as pl

from steel_energy.lake import ALL_MONTHS, CLEANED_READINGS, RAW_READINGS, REPAIRS, Lake
from steel_energy.plant import Plant
from steel_energy.sealing import require_whole
from steel_energy.storage import Place, each, listed, load
from steel_energy.tariff import Tariff

LAKE_TABLES = (RAW_READINGS, CLEANED_READINGS, REPAIRS)


def fill_warehouse(
    connection: duckdb.DuckDBPyConnection, lake: Lake, *, plants: Iterable[Plant], tariffs: Iterable[Tariff]
) -> None:
    """Create every table in an empty database.

    Tables: those of the lake that are there, ``plants`` (one row each) and ``tariff_bands`` (one row for each tariff,
    month and hour, with its price). Times are stored as instants: set DuckDB's ``TimeZone`` to read plant time.
    """
    for table in LAKE_TABLES:
        if files := listed(lake.root / table, ALL_MONTHS):
            with _whole(lake, table, files) as whole:
                connection.execute(f"create table {table} as {whole.select_all(table)}")
    for name, frame in (("plants", _plants(plants)), ("tariff_bands", _tariff_bands(tariffs))):
        connection.register(f"{name}_frame", frame.to_arrow())
        connection.execute(f"create table {name} as select * from {name}_frame")  # noqa: S608 - names of ours
        connection.unregister(f"{name}_frame")


def count_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows of every table of the database, by name."""
    tables = connection.execute("select table_name from duckdb_tables() order by 1").fetchall()
    counts = {name: connection.execute(f'select count(*) from "{name}"').fetchall() for (name,) in tables}  # noqa: S608
    return {name: int(rows[0][0]) for name, rows in counts.items()}


@contextmanager
def _whole(lake: Lake, table: str, files: list[Place]) -> Iterator[Lake]:
    """A lake on the disk with that table, every file of which is whole, which DuckDB would not notice.

    Of an object store it is a copy: DuckDB would ask ten times for each file.
    """
    with TemporaryDirectory() as scratch:
        copy = Path(scratch)

        def check(path: Place) -> None:
            content = load(path)
            require_whole(content, path)
            if not lake.is_on_disk:
                kept = copy / table / path.parent.name / path.name
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_bytes(content)

        each(files, check)
        yield lake if lake.is_on_disk else Lake(copy)


def _plants(plants: Iterable[Plant]) -> pl.DataFrame:
    rows = [
        plant.model_dump(include={"id", "name", "zone", "contract_kw", "tariff"}) | plant.meter.model_dump()
        for plant in plants
    ]
    return pl.DataFrame(rows)


def _tariff_bands(tariffs: Iterable[Tariff]) -> pl.DataFrame:
    return pl.concat(
        tariff.priced_bands().select(
            pl.lit(tariff.id).alias("tariff"),
            "month",
            "hour",
            "season",
            pl.col("band").cast(pl.String),
            "energy_krw_per_kwh",
        )
        for tariff in tariffs
    )
