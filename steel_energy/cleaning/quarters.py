"""Rows of meters of another interval than 15 minutes, put on the data contract's grid.

Rows of a shorter interval are summed, longer ones spread evenly over their quarter hours. A quarter hour of which a
part is missing or unreadable stays empty, for cleaning to fill and to list; a peak within a longer interval nobody
knows.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from steel_energy.calendar import on_clock
from steel_energy.cleaning.cells import CELLS, read_numbers
from steel_energy.cleaning.labels import DAY_MINUTES, read_labels
from steel_energy.errors import NotMeterDataError
from steel_energy.plant import Plant
from steel_energy.resampling import begun, resampled
from steel_energy.schema import INTERVAL_MINUTES, INTERVAL_START

TIME = INTERVAL_START.name


def on_quarter_hours(rows: pl.DataFrame, plant: Plant, *, unplaceable: str) -> pl.DataFrame:
    """Put the raw rows of a meter of another interval on the 15-minute grid.

    Only the label says when a row was measured: unlike rows of 15 minutes, one without a readable label is not looked
    for by its other cells.

    Args:
        rows: ``RAW_SCHEMA`` in file order.
        plant: its zone, meter and what its labels name.
        unplaceable: ``placed_by`` of rows without a readable label and of further rows of an interval; they stay
            beside the row before them, and cleaning removes and lists them.

    Returns:
        As ``placement.place``: energies, power factors and CO2 are those of the quarter hour, as the meter would show
        them. A summed row keeps the number of its first row.

    Raises:
        NotMeterDataError: no label can be read.
    """
    dated = _dated(rows, plant)
    lost = pl.col(TIME).is_null() | ~pl.col(TIME).is_first_distinct()
    found, others = dated.filter(~lost), dated.with_columns(pl.col(TIME).forward_fill().backward_fill()).filter(lost)
    if found.is_empty():
        raise NotMeterDataError("no row has a readable date", field="label", remedy="keep the date column")
    cells = found.with_columns(read_numbers(found[name]) for name in CELLS).sort(TIME)
    quarters = resampled(cells, plant.meter, have=plant.meter.interval_minutes, want=INTERVAL_MINUTES)
    texts = [pl.col(name).cast(pl.String).str.strip_suffix(".0") for name in CELLS]
    placed = [
        frame.select(
            pl.lit(plant.id).alias("plant"), begun(INTERVAL_MINUTES), pl.lit(by).alias("placed_by"), *rows.columns
        )
        for frame, by in ((quarters.with_columns(texts), "label"), (others, unplaceable))
    ]
    return pl.concat(placed).sort(TIME, "source_row")


def _dated(rows: pl.DataFrame, plant: Plant) -> pl.DataFrame:
    """Raw rows with ``interval_start`` of the meter's own interval, null where the label is unreadable."""
    minutes = plant.meter.interval_minutes
    labels = read_labels(rows["label"], read_numbers(rows["usage_kwh"]), convention=plant.label, minutes=minutes).rows
    wall_minute = pl.col("day").cast(pl.Int64) * DAY_MINUTES + pl.col("slot") * minutes
    from_start = dt.timedelta(minutes=minutes if plant.label == "end" else 0)
    label = pl.from_epoch(wall_minute * 60, time_unit="s").cast(pl.Datetime("us")) + from_start
    return pl.concat([rows, labels.select(on_clock(label, plant.zone).alias(TIME) - from_start)], how="horizontal")
