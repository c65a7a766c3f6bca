"""The order of the file as a witness of time: which rows stand in sequence, and between which intervals the others do.

In a file in time order *interval minus position* hardly changes from row to row: by minus one at a duplicate, by the
size of the gap where rows are missing. The rows that share it with most of their neighbours are the *backbone*; a row
off it was moved, copied or mislabelled. Without labels the position within the week (weekday and NSM) is unrolled
instead.
"""

from __future__ import annotations

import polars as pl
from polars._typing import FillNullStrategy

from steel_energy.schema import INTERVALS_PER_DAY, INTERVALS_PER_WEEK

REACH = 8  # neighbours looked at on each side
TOLERANCE = 8  # duplicates or missing rows among them that are tolerated
MIN_SHARE = 0.34  # of the neighbours that must agree
MIN_NEIGHBOURS = 3
MIN_ORDERED_SHARE = 0.5  # of the dated rows that must be on the backbone for the file to count as ordered
EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday, three days after a Monday
MIN_LABELLED_SHARE = 0.2  # with fewer labels the order is read from weekday and NSM


def file_order(clues: pl.DataFrame, *, first_day: int) -> pl.DataFrame:
    """Add what the order of the file says of each row.

    Args:
        clues: one row for each raw row in file order, with ``row``, ``label`` (wall index), ``nsm`` (slot) and
            ``weekday``.
        first_day: days since 1970 at which a file without labels begins.

    Returns:
        ``clues`` with ``is_ordered``, ``on_backbone``, ``backbone`` (wall index, null off it), ``previous``, ``next``
        (wall indices of the nearest backbone rows, null if none), ``since_previous`` and ``until_next``
        (rows to them).
    """
    labelled = clues["label"].is_not_null().mean()
    if isinstance(labelled, float) and labelled >= MIN_LABELLED_SHARE:
        direction = -1 if _is_descending(clues) else 1
        ordered = clues.with_columns(offset=pl.col("label") - direction * pl.col("row").cast(pl.Int64))
        marked = _marked(ordered, period=None).with_columns(backbone=pl.when("on_backbone").then("label"))
    else:
        direction = 1
        marked = _unrolled(clues, first_day)
    return _with_neighbours(marked, direction)


def _is_descending(clues: pl.DataFrame) -> bool:
    step = clues["label"].drop_nulls().diff().sign().mean()
    return isinstance(step, float) and step < -MIN_ORDERED_SHARE


def _marked(clues: pl.DataFrame, *, period: int | None) -> pl.DataFrame:
    """Mark the backbone: supported by the rows around, and in step with the supported row before or after."""
    supported = clues.with_columns(pl.when(_supported(period)).then("offset").alias("supported"))
    before = pl.col("supported").shift(1).fill_null(strategy="forward")
    after = pl.col("supported").shift(-1).fill_null(strategy="backward")
    in_step = (pl.col("supported") == before) | (pl.col("supported") == after)
    return supported.with_columns(on_backbone=in_step.fill_null(value=False)).drop("supported")


def _supported(period: int | None) -> pl.Expr:
    """Whether enough of the neighbouring rows have nearly the same offset."""
    shifts = [shift for shift in range(-REACH, REACH + 1) if shift]
    apart = [(pl.col("offset") - pl.col("offset").shift(shift)) for shift in shifts]
    if period:
        apart = [(step + period // 2) % period - period // 2 for step in apart]
    agree = pl.sum_horizontal((step.abs() <= TOLERANCE).cast(pl.Int32) for step in apart)
    known = pl.sum_horizontal(step.is_not_null().cast(pl.Int32) for step in apart)
    return ((agree >= MIN_SHARE * known) & (agree >= MIN_NEIGHBOURS)).fill_null(value=False)


def _unrolled(clues: pl.DataFrame, first_day: int) -> pl.DataFrame:
    """Backbone of a file without labels: the position in the week, or in the day where no weekday is read, unrolled."""
    weekly = clues["weekday"].is_not_null().any()
    period = INTERVALS_PER_WEEK if weekly else INTERVALS_PER_DAY
    phase = pl.col("nsm") + ((pl.col("weekday").cast(pl.Int64) - 1) * INTERVALS_PER_DAY if weekly else 0)
    position = pl.col("row").cast(pl.Int64)
    marked = _marked(clues.with_columns(offset=(phase - position) % period), period=period)
    start = first_day * INTERVALS_PER_DAY
    first_phase = (start + (EPOCH_WEEKDAY * INTERVALS_PER_DAY if weekly else 0)) % period
    backbone = marked.filter("on_backbone").select(
        "row",
        backbone=start
        + _forward(pl.col("offset").first() - first_phase, period)
        + _forward(pl.col("offset").diff().fill_null(0), period).cum_sum()
        + position,
    )
    return marked.join(backbone, on="row", how="left", maintain_order="left")


def _forward(step: pl.Expr, period: int) -> pl.Expr:
    """A change of offset read as a small step back (duplicates) or any step forward (missing rows)."""
    return (step + TOLERANCE) % period - TOLERANCE


def _with_neighbours(marked: pl.DataFrame, direction: int) -> pl.DataFrame:
    ordered = marked["on_backbone"].sum() >= MIN_ORDERED_SHARE * max(1, marked["offset"].count())
    at = pl.when("on_backbone").then(pl.col("row").cast(pl.Int64))
    before: FillNullStrategy = "forward" if direction > 0 else "backward"
    after: FillNullStrategy = "backward" if direction > 0 else "forward"
    kept = marked.with_columns(
        on_backbone=pl.col("on_backbone") & ordered,
        backbone=pl.when(pl.lit(ordered)).then("backbone"),
        is_ordered=pl.lit(ordered),
    )
    return kept.with_columns(
        previous=pl.col("backbone").fill_null(strategy=before),
        next=pl.col("backbone").fill_null(strategy=after),
        since_previous=(pl.col("row").cast(pl.Int64) - at.fill_null(strategy=before)).abs(),
        until_next=(pl.col("row").cast(pl.Int64) - at.fill_null(strategy=after)).abs(),
    )
