"""Raw readings: what a meter export says, cell by cell, before anybody has judged it.

Every cell is a string exactly as it stands in the file, null where it is empty; order is file order. Here live the raw
columns, their published spelling and the way back from clean readings to a raw export. Turning raw cells into readings
is the work of ``cleaning``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import polars as pl

from steel_energy.carrier import REACTIVE
from steel_energy.config import Record
from steel_energy.plant import LabelConvention, Plant
from steel_energy.resampling import resampled
from steel_energy.schema import INTERVAL_MINUTES, MEASURED, LoadType
from steel_energy.tariff import SATURDAY

PUBLISHED_HEADER: dict[str, str] = {
    "label": "date",
    "usage_kwh": "Usage_kWh",
    "lagging_reactive_kvarh": "Lagging_Current_Reactive.Power_kVarh",
    "leading_reactive_kvarh": "Leading_Current_Reactive_Power_kVarh",
    "co2_t": "CO2(tCO2)",
    "lagging_power_factor": "Lagging_Current_Power_Factor",
    "leading_power_factor": "Leading_Current_Power_Factor",
    "nsm_s": "NSM",
    "week_status": "WeekStatus",
    "weekday": "Day_of_week",
    "load_type": "Load_Type",
}
"""Each raw column and how the published file (UCI 851) heads it, in its order."""

RAW_COLUMNS = tuple(PUBLISHED_HEADER)
RAW_NUMBERS = (
    "usage_kwh",
    "lagging_reactive_kvarh",
    "leading_reactive_kvarh",
    "co2_t",
    "lagging_power_factor",
    "leading_power_factor",
    "nsm_s",
)
"""The raw columns that hold a number where they are sound."""

RAW_SCHEMA = pl.Schema({"source_row": pl.UInt32, **dict.fromkeys(RAW_COLUMNS, pl.String)})
LITRE_DECIMALS = 3
FUEL_HEADER = "Usage_L"
PUBLISHED_LOAD_TYPES = {"light": "Light_Load", "medium": "Medium_Load", "maximum": "Maximum_Load"}


class Origin(Record):
    """Where readings came from; carried along so that it is never hidden."""

    kind: Literal["file", "uci", "posted", "simulated"]
    location: str
    missing_columns: tuple[str, ...] = ()
    ignored_columns: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    """Sources that were tried before this one, each with the reason it did not work."""

    @property
    def is_simulated(self) -> bool:
        """Whether the readings were made up by the simulator."""
        return self.kind == "simulated"


@dataclass(frozen=True)
class RawReadings:
    """A meter export as found.

    Attributes:
        rows: ``RAW_SCHEMA``: ``source_row`` (0 is the first row below the header), then the raw columns as strings.
        origin: where the rows came from.
    """

    rows: pl.DataFrame
    origin: Origin


def to_raw(
    readings: pl.DataFrame, zone: str, *, label: LabelConvention = "end", minutes: int = INTERVAL_MINUTES
) -> pl.DataFrame:
    """Write readings of the data contract as the published file would: ``RAW_SCHEMA``, in the given order.

    The label is the interval's end, ``dd/mm/yyyy HH:MM`` on the plant's clock, but the last interval of a day is
    labelled 00:00 with the date of the day that ends; NSM, weekday and week status follow that label.

    Args:
        readings: one row for each interval; unknown cells are null and stay null.
        zone: IANA time zone of the plant.
        label: ``start`` for a plant whose exports name the interval's start; its date is then never in doubt.
        minutes: time that a row covers.
    """
    start = pl.col("interval_start").dt.convert_time_zone(zone)
    label_time = start.dt.offset_by(f"{minutes}m") if label == "end" else start
    return (
        readings.with_row_index("source_row")
        .with_columns(nsm_s=_seconds_since_midnight(label_time))
        .with_columns(
            label=pl.when(label_time.dt.time() == dt.time()).then(start).otherwise(label_time).dt.strftime("%d/%m/%Y ")
            + label_time.dt.strftime("%H:%M"),
            week_status=_week_status(start.dt.weekday()),
            weekday=start.dt.strftime("%A"),
            load_type=pl.col("load_type").cast(pl.String).replace(PUBLISHED_LOAD_TYPES),
            **{name: _shortest_decimal(name) for name in RAW_NUMBERS},
        )
        .select(RAW_SCHEMA.names())
        .cast(RAW_SCHEMA)
    )


def as_exported(readings: pl.DataFrame, plant: Plant) -> pl.DataFrame:
    """Readings of the data contract as the plant's own meter would export them: its interval, labels and unit.

    Args:
        readings: whole hours, one row for each interval.
        plant: whose they are.
    """
    minutes = plant.meter.interval_minutes
    own = resampled(readings, plant.meter, have=INTERVAL_MINUTES, want=minutes)
    if plant.is_fuel:
        nothing = (pl.lit(None, pl.Float64).alias(name) for name in REACTIVE)
        own = own.with_columns(_litres(plant), *nothing)
    return to_raw(own, plant.zone, label=plant.label, minutes=minutes)


def _litres(plant: Plant) -> pl.Expr:
    """The litres that a fuel meter counted for an energy, pulse by pulse."""
    pulses = (pl.col("usage_kwh") / plant.meter.pulse_kwh).round()
    return (pulses * plant.meter.pulse_kwh / plant.measure.kwh_per_unit).round(LITRE_DECIMALS).alias("usage_kwh")


def to_published(rows: pl.DataFrame, *, is_fuel: bool = False) -> pl.DataFrame:
    """Raw rows under the published header, ready to be written as CSV.

    Columns beyond the raw ones keep their name and place; ``source_row`` is left out. A fuel's usage is headed by its
    litres, and its electrical columns, which hold nothing, are left out.
    """
    if is_fuel:
        return rows.drop("source_row", *REACTIVE).rename(PUBLISHED_HEADER | {"usage_kwh": FUEL_HEADER}, strict=False)
    return rows.drop("source_row").rename(PUBLISHED_HEADER, strict=False)


def as_shown(placed: pl.DataFrame) -> pl.DataFrame:
    """Placed raw rows as readings, each cell exactly as it is shown and nothing repaired: what a reference says.

    Args:
        placed: ``RAW_SCHEMA`` with ``interval_start``, as ``cleaning.place`` gives it.

    Returns:
        ``interval_start``, the metered columns and ``load_type``, the first row of each interval; a cell that is no
        plain number or no published load type is null.
    """
    load_types = {shown: load_type for load_type, shown in PUBLISHED_LOAD_TYPES.items()}
    return placed.unique("interval_start", keep="first", maintain_order=True).select(
        "interval_start",
        pl.col([column.name for column in MEASURED]).cast(pl.Float64, strict=False).fill_nan(None),
        pl.col("load_type").replace_strict(load_types, default=None, return_dtype=LoadType),
    )


def _seconds_since_midnight(time: pl.Expr) -> pl.Expr:
    return time.dt.hour().cast(pl.Int32) * 3600 + time.dt.minute().cast(pl.Int32) * 60


def _week_status(iso_weekday: pl.Expr) -> pl.Expr:
    is_weekend = iso_weekday >= SATURDAY
    return pl.when(is_weekend).then(pl.lit("Weekend")).when(~is_weekend).then(pl.lit("Weekday"))


def _shortest_decimal(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).str.strip_suffix(".0")
