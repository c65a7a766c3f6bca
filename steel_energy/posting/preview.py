"""What cleaning would change of posted readings, told at once; the repair itself is made when the month is rebuilt.

Only readings that the meter cannot have shown so are looked at: a cell that was not sent is filled later, and is no
repair of what was said. Without the days around it a repair is a guess, so clean readings of them are taken in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from steel_energy.calendar import interval_end, known_ahead
from steel_energy.cleaning import clean
from steel_energy.cleaning.physics import believed, contradicts
from steel_energy.cleaning.report import ROW
from steel_energy.months import MONTH_FORMAT
from steel_energy.posted import as_placed
from steel_energy.posting.rows import NUMBERS, TIME
from steel_energy.schema import LOAD_TYPE, PLANT, readings_schema
from steel_energy.sites import Site

CONTEXT = dt.timedelta(days=7)
"""Clean readings of so long before a reading say what the plant was doing."""


class Repair(NamedTuple):
    """One cell that cleaning would change: as sent, as it would stand, the rule (``cleaning.RULES``) and how sure."""

    column: str
    before: str
    after: str | None
    rule: str
    confidence: float


def preview(
    fresh: pl.DataFrame, unread: pl.DataFrame, *, site: Site, context: pl.DataFrame | None
) -> dict[int, list[Repair]]:
    """The repairs of each row that has any.

    Args:
        fresh: readings as sent, ``rows.SENT`` with every time known and on the grid, one an interval.
        unread: their cells that say nothing readable: ``row``, ``column``, ``text``.
        site: whose readings they are.
        context: clean readings of the plant, or None where there are none yet.
    """
    zone = site.plant.zone
    rows = fresh.with_columns(pl.col(TIME).dt.convert_time_zone(zone))
    doubted = rows.filter(_is_doubted(rows, site) | rows["row"].is_in(unread["row"].implode()))
    repairs = [_repairs(part, rows, site=site, context=context) for part in _by_month(doubted)]
    if not repairs:
        return {}
    told = pl.concat(repairs).join(doubted.select("row", TIME), on=TIME)
    told = told.join(unread, on=["row", "column"], how="left").with_columns(
        pl.coalesce("before", "text").alias("before")
    )
    found: dict[int, list[Repair]] = {}
    for row, *repair in (
        told.filter(pl.col("before").is_not_null()).sort("row").select("row", *Repair._fields).iter_rows()
    ):
        found.setdefault(row, []).append(Repair(*repair))
    return found


def _is_doubted(rows: pl.DataFrame, site: Site) -> pl.Series:
    """Whether the meter or the calendar cannot have it so; what was not sent is not doubted."""
    cells = rows.select(NUMBERS).fill_null(np.nan).to_numpy()
    shown = believed(cells, site.plant)
    wrong = (np.isnan(shown) & ~np.isnan(cells)).any(axis=1) | contradicts(shown, site.plant).any(axis=1)
    return pl.Series(wrong) | _is_another_band(rows, site)


def _is_another_band(rows: pl.DataFrame, site: Site) -> pl.Series:
    """Whether the load type was sent and is not the calendar's."""
    sent = rows[LOAD_TYPE.name]
    if sent.null_count() == rows.height:
        return sent.is_not_null()
    band = known_ahead(rows[TIME], plant=site.plant, tariff=site.tariff)["load_type"].cast(pl.String)
    return (sent != band).fill_null(value=False)


def _by_month(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Rows of each month apart: bodies may hold few readings of far years."""
    month = pl.col(TIME).dt.strftime(MONTH_FORMAT).alias("month")
    yield from (part.drop("month") for part in rows.with_columns(month).partition_by("month", maintain_order=True))


def _repairs(doubted: pl.DataFrame, rows: pl.DataFrame, *, site: Site, context: pl.DataFrame | None) -> pl.DataFrame:
    """The audit of cleaning the stretch around one month's doubted readings; as ``schema.REPAIRS``."""
    first, last = doubted[TIME].min(), doubted[TIME].max()
    assert isinstance(first, dt.datetime)  # noqa: S101 - no part is empty
    assert isinstance(last, dt.datetime)  # noqa: S101
    near = pl.col(TIME).is_between(first - CONTEXT, last)
    schema = readings_schema(site.plant.zone)
    said = rows.filter(near).with_columns(pl.lit(site.plant.id).alias(PLANT.name)).select(list(schema)).cast(schema)
    if context is not None:
        said = pl.concat([said, context.filter(near).select(list(schema)).join(said, on=TIME, how="anti")])
    placed = as_placed(said.sort(TIME), site.plant, first_row=0)
    cleaned = clean(placed, plant=site.plant, tariff=site.tariff, start=first, end=interval_end(last))
    return cleaned.repairs.filter(pl.col("column") != ROW)
