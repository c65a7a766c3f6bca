"""Posted readings beside those of a source: which of them follow on, and how they become rows of an export.

Storing them is the inbox's work, merging them with a source that of ``intake``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from steel_energy.calendar import interval_end
from steel_energy.cleaning.rules import COMPUTED
from steel_energy.months import MONTH_FORMAT
from steel_energy.plant import Plant
from steel_energy.schema import INTERVAL, READINGS
from steel_energy.sources.raw import RAW_SCHEMA, to_raw

PLACED_BY = "posted"
"""What stands in ``placed_by`` of a posted row: it named its interval itself."""

Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True)
class Posted:
    """A plant's posted readings, parted.

    Attributes:
        used: those that become readings: columns of ``schema.READINGS``, cells may be null; sorted by time.
        waiting: those that stay in the inbox for now.
    """

    used: pl.DataFrame
    waiting: pl.DataFrame

    @property
    def until(self) -> dt.datetime | None:
        """End of the last posted interval in use; None where none is."""
        return interval_end(self.used["interval_start"][-1]) if self.used.height else None


def none_posted(plant: Plant) -> pl.DataFrame:
    """Readings of ``plant`` without a row."""
    schema = {column.name: column.dtype for column in READINGS}
    return pl.DataFrame(schema={**schema, "interval_start": pl.Datetime("us", plant.zone)})


def all_waiting(posted: pl.DataFrame) -> Posted:
    """None of them in use: beside simulated readings, which real ones are never mixed with."""
    return Posted(used=posted.clear(), waiting=posted)


def following_on(posted: pl.DataFrame, plant: Plant, *, span: Span | None, max_gap_days: int) -> Posted:
    """Part readings into those that follow on known ones, and those behind too long a gap.

    Args:
        posted: one row an interval at most, ``interval_start`` in any zone.
        plant: rows outside its first and last open month wait.
        span: start and end of what the source knows; without a source, readings begin with the first one posted.
        max_gap_days: days without a reading that cleaning may bridge; what lies behind more of them waits until
            someone posts what is missing.
    """
    start, max_gap = pl.col("interval_start"), dt.timedelta(days=max_gap_days)
    rows = posted.with_columns(start.dt.convert_time_zone(plant.zone)).sort("interval_start")
    month = start.dt.strftime(MONTH_FORMAT)
    open_rows = rows.filter((month >= plant.first_month) & (month <= (plant.open_until or month)))
    if open_rows.is_empty():
        return all_waiting(rows)
    first, last = span or (open_rows["interval_start"][0],) * 2
    before = open_rows.filter(start < first).with_columns(gap=start.shift(-1, fill_value=first) - start - INTERVAL)
    after = open_rows.filter(start >= last).with_columns(gap=start - (start + INTERVAL).shift(1, fill_value=last))
    too_long = (pl.col("gap") > max_gap).cast(pl.Int32)
    parts = [
        before.filter(too_long.cum_sum(reverse=True) == 0).drop("gap"),
        open_rows.filter((start >= first) & (start < last)),
        after.filter(too_long.cum_sum() == 0).drop("gap"),
    ]
    used = pl.concat(parts)
    return Posted(used=used, waiting=rows.join(used, on="interval_start", how="anti", maintain_order="left"))


def as_placed(used: pl.DataFrame, plant: Plant, *, first_row: int) -> pl.DataFrame:
    """Posted readings as placed rows of an export, numbered from ``first_row``: what cleaning takes in."""
    raw = to_raw(used, plant.zone, label=plant.label)
    return raw.select(
        pl.lit(plant.id).alias("plant"),
        used["interval_start"],
        pl.lit(PLACED_BY).alias("placed_by"),
        (pl.col("source_row") + first_row).cast(RAW_SCHEMA["source_row"]),
        pl.exclude("source_row"),
    )


def repaired_of_sent(repairs: pl.DataFrame, raw: pl.DataFrame) -> pl.DataFrame:
    """The repairs without cells of posted readings that nobody sent and that follow from the others of their row.

    Args:
        repairs: ``schema.REPAIRS``.
        raw: placed rows of the same time.
    """
    posted = raw.filter(pl.col("placed_by") == PLACED_BY)["interval_start"]
    unsent = pl.col("before").is_null() & pl.col("rule").is_in(COMPUTED)
    return repairs.filter(~(unsent & pl.col("interval_start").is_in(posted.implode())))
