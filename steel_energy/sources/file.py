"""Meter exports from files: every variant in circulation in, raw readings out.

Read are text tables (any delimiter, encoding and line end, columns in any order and spelling), gzip and zip of them,
and Parquet of the published columns or of our own data contract. Cells stay as found; ``cleaning`` judges them.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from steel_energy.errors import InputError, NotMeterDataError
from steel_energy.plant import Plant
from steel_energy.resampling import CELLS
from steel_energy.schema import INTERVAL_MINUTES, INTERVALS_PER_DAY, READINGS
from steel_energy.sources.header import INTERVAL_START, PLANT
from steel_energy.sources.raw import RAW_COLUMNS, RAW_SCHEMA, Origin, RawReadings, as_exported, to_raw
from steel_energy.sources.table import HEADER_REMEDY, Table, parquet_table, text_table
from steel_energy.sources.unpack import MAX_BYTES, MAX_MIB, PARQUET_MAGIC, decode, unpack

MIN_ROWS = INTERVALS_PER_DAY
MIN_READABLE_SHARE = 0.5  # of the rows must hold an energy as a number; with fewer there is nothing to clean
ENERGY = (
    {"usage_kwh"},
    {"lagging_reactive_kvarh", "lagging_power_factor"},
    {"leading_reactive_kvarh", "leading_power_factor"},
)
NEEDED: dict[str, tuple[set[str], ...]] = {
    "an active energy (Usage_kWh), or a reactive energy with its power factor": ENERGY,
    "a time (date, or at least NSM)": ({"label"}, {"nsm_s"}, {INTERVAL_START}),
}
"""What an export must hold, and the sets of columns any of which gives it."""


def read_csv(source: Path | bytes, *, location: str | None = None, plant: Plant | None = None) -> RawReadings:
    """Read a meter export, text or Parquet, packed or not.

    Args:
        source: the file, or its content.
        location: what to call it in the origin and in errors; the path by default.
        plant: whose readings; only our own data contract needs it, to write times as the plant's exports do.

    Returns:
        Its rows in file order; lines without a single cell and repeated headers are left out.

    Raises:
        NotMeterDataError: it is not a meter export, is shorter than a day or hardly readable; says what is missing.
        InputError: the file cannot be read, or is our own output of another plant.
    """
    name = location or (str(source) if isinstance(source, Path) else "the data")
    content = unpack(source if isinstance(source, bytes) else _content(source, name), name)
    table = _table(content, name)
    _require_one_plant(table, name, plant)
    _require_meter_columns(table, name)
    cells = _from_contract(table.cells, name, plant) if INTERVAL_START in table.filled else table.cells
    rows = _rows(cells)
    _require_readings(rows, name)
    missing = tuple(column for column in RAW_COLUMNS if rows[column].null_count() == rows.height)
    origin = Origin(kind="file", location=name, missing_columns=missing, ignored_columns=table.ignored)
    return RawReadings(rows=rows, origin=origin)


def _content(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise NotMeterDataError(f"is over {MAX_MIB} MiB", field=name, remedy="split it by year")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError("no such file", field=name, remedy="check the path") from error
    except IsADirectoryError as error:
        raise InputError("is a folder", field=name, remedy="name a file in it") from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", field=name, remedy="check its permissions") from error


def _table(content: bytes, name: str) -> Table:
    if content.startswith(PARQUET_MAGIC):
        return parquet_table(content, name)
    return text_table(decode(content, name), name)


def _require_one_plant(table: Table, name: str, plant: Plant | None) -> None:
    """Other exports may call the plant what they like; our own data contract names it by its id."""
    plants = table.cells[PLANT].drop_nulls().unique().sort().to_list() if PLANT in table.filled else []
    if len(plants) > 1:
        raise InputError(f"holds readings of {', '.join(plants[:5])}", field=name, remedy="split it by plant")
    if plant and INTERVAL_START in table.filled and plants not in ([], [plant.id]):
        raise InputError(f"holds readings of {plants[0]}, not of {plant.id}", field=name, remedy="name it with --plant")


def _require_meter_columns(table: Table, name: str) -> None:
    missing = [what for what, sets in NEEDED.items() if not any(columns <= table.filled for columns in sets)]
    if table.cells.is_empty():
        raise NotMeterDataError("has a header and no rows", field=name, remedy="pass at least a whole day")
    if missing:
        raise NotMeterDataError(f"has no column for {' and none for '.join(missing)}", field=name, remedy=HEADER_REMEDY)


def _require_readings(rows: pl.DataFrame, name: str) -> None:
    if rows.height < MIN_ROWS:
        raise NotMeterDataError(
            f"has {rows.height} rows of readings, a day has {MIN_ROWS}", field=name, remedy="pass at least a whole day"
        )
    readable = rows.select(pl.any_horizontal(pl.all_horizontal(map(_is_number, columns)) for columns in ENERGY).sum())
    if readable.item() < MIN_READABLE_SHARE * rows.height:
        raise NotMeterDataError(
            f"has a readable energy in only {readable.item()} of {rows.height} rows",
            field=name,
            remedy="check that the columns hold what their headers say",
        )


def _is_number(column: str) -> pl.Expr:
    text = pl.col(column).str.strip_chars().str.replace(",", ".", literal=True)
    return text.cast(pl.Float64, strict=False).is_finite().fill_null(value=False)


def _from_contract(cells: pl.DataFrame, name: str, plant: Plant | None) -> pl.DataFrame:
    """Cells of our own data contract as an export of the plant would write them."""
    times = cells[INTERVAL_START]
    if times.dtype == pl.String:
        if plant is None:
            raise InputError("has times that need the plant's zone", field=name, remedy="name the plant")
        times = times.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%z", strict=False)
    zone = plant.zone if plant else getattr(times.dtype, "time_zone", None) or "UTC"
    absent = [pl.lit(None, pl.String).alias(column.name) for column in READINGS if column.name not in cells.columns]
    readings = cells.with_columns(times, *absent).drop("source_row")
    if plant and (plant.is_fuel or plant.meter.interval_minutes != INTERVAL_MINUTES):  # its meter shows other rows
        return as_exported(readings.with_columns(pl.col(CELLS).cast(pl.Float64, strict=False)), plant)
    return to_raw(readings, zone, label=plant.label if plant else "end")


def _rows(cells: pl.DataFrame) -> pl.DataFrame:
    absent = [pl.lit(None, pl.String).alias(column) for column in RAW_COLUMNS if column not in cells.columns]
    return cells.with_columns(absent).select(RAW_SCHEMA.names())
