"""The column contract: every column of the readings is declared here, once.

Validators, asset checks, docs and the dashboard's units are derived from ``READINGS``. One row is one plant and
one 15-minute interval. ``interval_start`` is the *start* of the interval in the plant's zone; the published files
label the end (``sources/file.py`` reads them, ``cleaning`` converts once).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from steel_energy.errors import SchemaError

INTERVAL_MINUTES = 15
INTERVAL = dt.timedelta(minutes=INTERVAL_MINUTES)
INTERVALS_PER_HOUR = 60 // INTERVAL_MINUTES
HOURS_PER_DAY = 24
INTERVALS_PER_DAY = HOURS_PER_DAY * INTERVALS_PER_HOUR
DAYS_PER_WEEK = 7
INTERVALS_PER_WEEK = DAYS_PER_WEEK * INTERVALS_PER_DAY

LOAD_TYPES = ("light", "medium", "maximum")
"""The tariff's time-of-use bands, cheapest first; a closed day is all ``light``."""
LoadType = pl.Enum(LOAD_TYPES)


@dataclass(frozen=True)
class Column:
    """One column of the contract: its name, type, unit and meaning, and the range a valid value lies in."""

    name: str
    dtype: pl.DataType | type[pl.DataType]
    unit: str
    meaning: str
    lower: float | None = None
    upper: float | None = None


PLANT = Column("plant", pl.String, "", "plant id")
INTERVAL_START = Column("interval_start", pl.Datetime("us"), "plant zone", "start of the 15-minute interval")
MEASURED = (
    Column("usage_kwh", pl.Float64, "kWh", "active energy, the target", 0),
    Column("lagging_reactive_kvarh", pl.Float64, "kvarh", "lagging (inductive) reactive energy", 0),
    Column("leading_reactive_kvarh", pl.Float64, "kvarh", "leading (capacitive) reactive energy", 0),
    Column(
        "lagging_power_factor",
        pl.Float64,
        "%",
        "lagging power factor as the meter shows it",
        0,
        100,
    ),
    Column(
        "leading_power_factor",
        pl.Float64,
        "%",
        "leading power factor as the meter shows it",
        0,
        100,
    ),
    Column("co2_t", pl.Float64, "t", "emitted CO2, computed by the meter from the active energy", 0),
)
LOAD_TYPE = Column("load_type", LoadType, "", "tariff band on operating days, light on closed days")
READINGS = (PLANT, INTERVAL_START, *MEASURED, LOAD_TYPE)

REPAIRS: dict[str, pl.DataType | type[pl.DataType]] = {
    "plant": pl.String,
    "interval_start": pl.Datetime("us"),
    "column": pl.String,
    "before": pl.String,
    "after": pl.String,
    "rule": pl.String,
    "confidence": pl.Float64,
}
"""The audit: one row for every changed cell, removed duplicate or inserted interval; ``confidence`` in 0-1."""


def readings_schema(zone: str) -> pl.Schema:
    """The Polars schema of the readings of a plant in ``zone`` (an IANA name).

    >>> list(readings_schema("Asia/Seoul"))[:3]
    ['plant', 'interval_start', 'usage_kwh']
    """
    return _zoned({column.name: column.dtype for column in READINGS}, zone)


def repairs_schema(zone: str) -> pl.Schema:
    """The Polars schema of the ``repairs`` audit of a plant in ``zone``."""
    return _zoned(REPAIRS, zone)


def require_schema(frame: pl.DataFrame, expected: pl.Schema) -> pl.DataFrame:
    """Return ``frame`` with exactly the columns of ``expected``, in its order.

    Raises:
        SchemaError: a column is missing or has another type; the message names each with what it has and should have.
    """
    wrong = {
        name: f"{frame.schema.get(name, 'missing')} instead of {dtype}"
        for name, dtype in expected.items()
        if frame.schema.get(name) != dtype
    }
    if wrong:
        raise SchemaError(
            "; ".join(f"{name} is {found}" for name, found in wrong.items()),
            field=next(iter(wrong)),
            remedy="pass the output of `steel clean`, or rename and cast the columns",
        )
    return frame.select(list(expected))


def _zoned(columns: dict[str, pl.DataType | type[pl.DataType]], zone: str) -> pl.Schema:
    return pl.Schema({**columns, INTERVAL_START.name: pl.Datetime("us", zone)})
