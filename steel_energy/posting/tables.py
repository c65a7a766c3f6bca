"""Tables of text as rows of readings: our own data contract, or any meter export that the sources understand."""

from __future__ import annotations

import polars as pl

from steel_energy.cleaning import place
from steel_energy.cleaning.cells import read_load_types, read_numbers
from steel_energy.cleaning.placement import UNPLACEABLE
from steel_energy.errors import NotMeterDataError
from steel_energy.plant import Plant
from steel_energy.posting.problems import Problems, Reason
from steel_energy.posting.rows import NUMBERS, SENT, TIME, Sent, read_times
from steel_energy.schema import INTERVAL_MINUTES, LOAD_TYPE, PLANT
from steel_energy.sources.file import NEEDED
from steel_energy.sources.raw import RAW_SCHEMA
from steel_energy.sources.table import HEADER_REMEDY, Table, text_table

BODY = "body"
_MISSING = dict(zip(NEEDED, ("no_energy_column", "no_time_column"), strict=True))
NO_TIME = Reason(TIME, "not_a_time", "nothing in the row tells its interval")


def read_table(text: str, plant: Plant) -> Sent:
    """Read a table.

    A table of the data contract names each interval by ``interval_start``, ISO 8601; any other is placed by its labels
    as a whole, as cleaning does, and should hold days rather than single rows. ``row`` counts the lines below the
    header, and blank ones are left out; a header alone has no rows. A cell that is no number is told as unread and
    left to cleaning.

    Raises:
        NotMeterDataError: it is no table of meter readings, which says what is missing; or an export of a plant whose
            meter has another interval than the contract.
    """
    table = text_table(text, BODY)
    _require_columns(table)
    if TIME not in table.cells.columns:
        _require_quarter_hours(plant)
    cells = _with_all_columns(table.cells)
    numbers = {name: read_numbers(cells[name]) for name in NUMBERS}
    load_types = read_load_types(cells[LOAD_TYPE.name])
    problems = Problems()
    times = _stated(cells, plant, problems) if TIME in table.cells.columns else _placed(cells, plant, problems)
    read = pl.DataFrame({"row": cells["source_row"], TIME: times, **numbers, LOAD_TYPE.name: load_types})
    unread = pl.concat(_unread(cells, read, name) for name in (*NUMBERS, LOAD_TYPE.name))
    return Sent(read.cast(pl.Schema(SENT)), problems, unread, table.ignored)


def _require_columns(table: Table) -> None:
    there = set(table.cells.columns)
    missing = [what for what, sets in NEEDED.items() if not any(columns <= there for columns in sets)]
    if missing:
        error = NotMeterDataError(
            f"has no column for {' and none for '.join(missing)}", field=BODY, remedy=HEADER_REMEDY
        )
        raise error.named("no_meter_columns" if len(missing) == len(NEEDED) else _MISSING[missing[0]])


def _require_quarter_hours(plant: Plant) -> None:
    """An export of another interval would be judged row by row, but its rows are no readings of the contract."""
    minutes = plant.meter.interval_minutes
    if minutes != INTERVAL_MINUTES:
        raise NotMeterDataError(
            f"has rows of {minutes} minutes, and quarter hours are posted",
            field=BODY,
            remedy="make them with `steel clean`, and post its table; or put the export into data/raw",
        ).named("not_quarter_hours", minutes=minutes)


def _with_all_columns(cells: pl.DataFrame) -> pl.DataFrame:
    wanted = [*RAW_SCHEMA.names(), TIME, PLANT.name]
    return cells.with_columns(pl.lit(None, pl.String).alias(name) for name in wanted if name not in cells.columns)


def _stated(cells: pl.DataFrame, plant: Plant, problems: Problems) -> pl.Series:
    """The intervals that a table of the data contract names."""
    rows = cells["source_row"].to_list()
    times, unreadable = read_times(cells[TIME].to_list(), plant.zone)
    problems.add_all((rows[place] for place in unreadable), Reason(TIME, "not_a_time", "should be an ISO 8601 time"))
    problems.add_all(cells.filter(pl.col(TIME).is_null())["source_row"], Reason(TIME, "missing", "is missing"))
    others = cells.filter(pl.col(PLANT.name) != plant.id)["source_row"]
    problems.add_all(others, Reason(PLANT.name, "wrong_plant", f"these readings are taken as those of {plant.id}"))
    return times


def _placed(cells: pl.DataFrame, plant: Plant, problems: Problems) -> pl.Series:
    """The intervals at which cleaning places the rows of an export."""
    none = pl.repeat(None, cells.height, dtype=SENT[TIME], eager=True)
    try:
        placed = place(cells.select(RAW_SCHEMA.names()), plant)
    except NotMeterDataError:  # not one row tells its time: each is told so
        problems.add_all(cells["source_row"], NO_TIME)
        return none
    lost = pl.col("placed_by") == UNPLACEABLE
    problems.add_all(placed.filter(lost)["source_row"], NO_TIME)
    times = pl.when(~lost).then(pl.col(TIME).dt.convert_time_zone("UTC")).alias(TIME)
    return placed.sort("source_row").select(times).to_series()


def _unread(cells: pl.DataFrame, read: pl.DataFrame, name: str) -> pl.DataFrame:
    sent = cells.select("source_row", name).filter(read[name].is_null() & cells[name].is_not_null())
    return sent.select(pl.col("source_row").alias("row"), pl.lit(name).alias("column"), pl.col(name).alias("text"))
