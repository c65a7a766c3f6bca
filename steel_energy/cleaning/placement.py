"""Putting every raw row on the plant's 15-minute grid by its label, NSM, weekday and place in the file.

Several witnesses say when a row was measured: the label's day, the label's time, NSM, the weekday, and, in a file in
time order, the neighbouring rows. A row whose witnesses agree is placed at once; any other is tried at every interval
that some witness names and goes where most of them agree. Nothing is judged here but time, and no row is dropped.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from steel_energy.calendar import on_clock
from steel_energy.cleaning import witnesses
from steel_energy.cleaning.cells import read_load_types, read_numbers, read_week_status, read_weekdays
from steel_energy.cleaning.fuels import in_contract
from steel_energy.cleaning.labels import read_labels, slot_of
from steel_energy.cleaning.order import file_order
from steel_energy.cleaning.quarters import on_quarter_hours
from steel_energy.errors import NotMeterDataError
from steel_energy.months import first_day
from steel_energy.plant import LabelConvention, Plant
from steel_energy.schema import INTERVAL_MINUTES, INTERVALS_PER_DAY, MEASURED

DAY_SECONDS = 86_400
SPAN_GAP_DAYS = 60  # days apart from the rest by more than this, and few, are misread labels
SPAN_MIN_SHARE = 0.02
MOSTLY = 0.5  # share of the rows
UNPLACEABLE = "unplaceable"
IN_ORDER = (witnesses.equal_row, witnesses.free_interval)
SHUFFLED = (witnesses.only_equal_row, witnesses.free_interval, witnesses.any_free_interval, witnesses.equal_row)
"""How rows without any time of their own are placed: in a file in order they are copies first, else the only ones."""


def place(rows: pl.DataFrame, plant: Plant) -> pl.DataFrame:
    """Put every raw row on the grid.

    Args:
        rows: ``RAW_SCHEMA`` in file order.
        plant: its zone, what its labels name, and its first month: where a file without dates begins.

    Returns:
        ``rows`` with ``plant``, ``interval_start`` (start of the interval, plant zone) and ``placed_by``, sorted by
        time and file order. ``placed_by`` is ``label`` where the label was simply read, else the rule that placed the
        row. A row that fits nowhere stays beside its predecessor in the file as ``unplaceable``: cleaning removes and
        lists it.

    Raises:
        NotMeterDataError: neither labels nor NSM can be read, so nothing can be placed.
    """
    rows = in_contract(rows, plant) if plant.is_fuel else rows
    if plant.meter.interval_minutes != INTERVAL_MINUTES:
        return on_quarter_hours(rows, plant, unplaceable=UNPLACEABLE)
    clues = file_order(_clues(rows, plant.label), first_day=_days_since_1970(first_day(plant.first_month)))
    sure = _in_span(witnesses.agreeing(clues))
    if sure.is_empty():
        raise NotMeterDataError(
            "no row has a readable date, nor NSM in sequence", field="label", remedy="keep the date or the NSM column"
        )
    placed = pl.concat([sure, witnesses.most_votes(clues, sure)])
    for stage in IN_ORDER if clues["is_ordered"][0] else SHUFFLED:
        placed = pl.concat([placed, stage(clues, placed)])
    return _dated(rows, pl.concat([placed, _unplaceable(clues, placed)]), plant)


def _clues(rows: pl.DataFrame, convention: LabelConvention) -> pl.DataFrame:
    """What each row says about its time, one row for each raw row in file order, and its measured cells as numbers.

    Columns: ``row``, ``label`` and ``other_label`` (wall indices: day and month read as most of the file, and swapped),
    ``usual_format``, ``day``, ``slot``, ``nsm`` (slot), ``weekday``, ``is_weekend`` and the measured columns.
    """
    labels = read_labels(rows["label"], read_numbers(rows["usage_kwh"]), convention=convention).rows
    nsm = read_numbers(rows["nsm_s"]).alias("nsm_s")
    on_grid = (pl.col("nsm_s") % (INTERVAL_MINUTES * 60) == 0) & pl.col("nsm_s").is_between(0, DAY_SECONDS)
    return (
        labels.with_columns(nsm)
        .with_row_index("row")
        .with_columns(
            pl.col("day", "other_day").cast(pl.Int64),
            nsm=pl.when(on_grid).then(slot_of((pl.col("nsm_s") // 60).cast(pl.Int32, strict=False), convention)),
            weekday=read_weekdays(rows["weekday"]),
            is_weekend=read_week_status(rows["week_status"]),
            load_type=read_load_types(rows["load_type"]),
            **{column.name: read_numbers(rows[column.name]) for column in MEASURED},
        )
        .with_columns(_trusted(pl.col("nsm"), pl.col("slot")), slot=_slot_or_nsm())
        .with_columns(
            label=pl.col("day") * INTERVALS_PER_DAY + pl.col("slot"),
            other_label=pl.col("other_day") * INTERVALS_PER_DAY + pl.col("slot"),
        )
        .with_columns(_trusted(pl.col("weekday"), witnesses.weekday_of(pl.col("label"))))
        .drop("nsm_s")
    )


def _trusted(witness: pl.Expr, label: pl.Expr) -> pl.Expr:
    """The witness, or nothing at all where it mostly disagrees with the labels: then it means something else here."""
    disagrees = (witness != label).mean() > MOSTLY
    return pl.when(disagrees.fill_null(value=False)).then(None).otherwise(witness).name.keep()


def _slot_or_nsm() -> pl.Expr:
    """The label's slot; in a file whose dates have mostly no time, that of NSM."""
    timeless = pl.col("slot").filter(pl.col("day").is_not_null()).is_null().mean() > MOSTLY
    return pl.when(timeless.fill_null(value=False)).then("nsm").otherwise("slot")


def _in_span(sure: pl.DataFrame) -> pl.DataFrame:
    """Without the few rows that lie far from all others in time."""
    days = sure.group_by(day=pl.col("index") // INTERVALS_PER_DAY).len().sort("day")
    islands = days.with_columns(island=(pl.col("day").diff().fill_null(0) > SPAN_GAP_DAYS).cum_sum())
    share = pl.col("len").sum().over("island") / pl.col("len").sum()
    kept = islands.filter(share >= SPAN_MIN_SHARE)["day"]
    return sure.filter((pl.col("index") // INTERVALS_PER_DAY).is_in(kept.implode()))


def _unplaceable(clues: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """The rows still without an interval, put beside the row before them in the file."""
    beside = (
        clues.select("row")
        .join(placed, on="row", how="left", maintain_order="left")
        .with_columns(filled=pl.col("index").fill_null(strategy="forward").fill_null(strategy="backward"))
    )
    return beside.filter(pl.col("index").is_null()).select(
        "row", index="filled", placed_by=pl.lit(UNPLACEABLE, dtype=pl.String)
    )


def _dated(rows: pl.DataFrame, placed: pl.DataFrame, plant: Plant) -> pl.DataFrame:
    """Raw rows with their interval. Where the clock is set back, the second row of one label is the later hour's."""
    from_start = dt.timedelta(minutes=INTERVAL_MINUTES if plant.label == "end" else 0)
    label = pl.from_epoch(pl.col("index") * INTERVAL_MINUTES * 60, time_unit="s").cast(pl.Datetime("us")) + from_start
    return (
        rows.with_row_index("row")
        .join(placed, on="row", how="left", maintain_order="left")
        .with_columns(
            pl.lit(plant.id).alias("plant"),
            (on_clock(label, plant.zone) - from_start).alias("interval_start"),
        )
        .select("plant", "interval_start", "placed_by", *rows.columns)
        .sort("interval_start", "source_row")
    )


def _days_since_1970(date: dt.date) -> int:
    return (date - dt.date(1970, 1, 1)).days
