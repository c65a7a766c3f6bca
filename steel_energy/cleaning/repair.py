"""Cleaning: placed raw rows in, exactly one sound row for each interval out, with an audit of every change.

A month is cleaned from its own rows and those of the month before, never from later ones, so cleaning a file at once
and cleaning it month by month give the same. The rules stand in `rules`; this module only applies them in order.
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from steel_energy.arrays import BoolArray, FloatArray
from steel_energy.calendar import in_zone, interval_end, interval_grid
from steel_energy.cleaning import audit, physics
from steel_energy.cleaning.cells import CELLS
from steel_energy.cleaning.copies import SHOWN, Copies, sort_out
from steel_energy.cleaning.gaps import Grid, expected_energies, grid_of, stuck_cells, stuck_rows
from steel_energy.cleaning.loadtypes import load_types
from steel_energy.cleaning.report import CleaningReport, summarise
from steel_energy.cleaning.slips import undo_slips, undo_units
from steel_energy.errors import NotEnoughDataError
from steel_energy.months import month_of, month_start, shift_month
from steel_energy.plant import Plant
from steel_energy.schema import INTERVAL_MINUTES, readings_schema, require_schema
from steel_energy.tariff import Tariff

RAW_NAMES = {"interval_start": "label", **{name: name for name in SHOWN}}
Names = NDArray[np.str_]
EDGE = dt.timedelta(days=1)  # a file that begins or ends this near the plant's own period is taken to cover it


@dataclass(frozen=True)
class Cleaned:
    """Clean readings (the data contract), the audit of every change (``schema.REPAIRS``) and its figures."""

    readings: pl.DataFrame
    repairs: pl.DataFrame
    report: CleaningReport


def clean(
    placed: pl.DataFrame,
    *,
    plant: Plant,
    tariff: Tariff,
    start: dt.datetime | None = None,
    end: dt.datetime | None = None,
) -> Cleaned:
    """Clean the intervals of ``[start, end)``.

    Args:
        placed: output of `place`; rows before ``start`` are context and are not returned.
        plant: whose meter and calendar hold.
        tariff: gives the load types.
        start: first interval; `period` gives the default.
        end: end of the last interval.

    Returns:
        Exactly one row for each interval, sorted; the repairs, sorted by time; the report.

    Raises:
        NotEnoughDataError: no row is placed in the period.
    """
    first, last = period(placed, plant, start=start, end=end)
    inside = placed.filter(_within(first, last))
    if inside.is_empty():
        raise NotEnoughDataError(
            f"no reading between {first} and {last}", field="start", remedy="pass a period that the file covers"
        )
    copies = sort_out(placed.filter(_within(_context_start(first, plant.zone), last)), plant)
    parts = [
        _clean_month(copies, plant=plant, tariff=tariff, start=a, end=b) for a, b in _months(first, last, plant.zone)
    ]
    readings = pl.concat([part.readings for part in parts])
    repairs = pl.concat([part.repairs for part in parts])
    report = summarise(
        readings,
        repairs,
        rows_read=inside.height,
        absent={column for column, raw in RAW_NAMES.items() if placed[raw].null_count() == placed.height},
        energy_before_kwh=sum(part.energy_before_kwh for part in parts),
    )
    return Cleaned(readings, repairs, report)


@dataclass(frozen=True)
class _Month:
    readings: pl.DataFrame
    repairs: pl.DataFrame
    energy_before_kwh: float


def _clean_month(copies: Copies, *, plant: Plant, tariff: Tariff, start: dt.datetime, end: dt.datetime) -> _Month:
    """Clean one month (or a part of one) with the month before as context."""
    near = copies.standing.filter(_within(_context_start(start, plant.zone), end))
    grid = interval_grid(min([start, *near["interval_start"].head(1)]), end, zone=plant.zone)
    rows = grid.to_frame().join(near, on="interval_start", how="left", maintain_order="left")
    shown = rows.select(CELLS).fill_null(np.nan).to_numpy()
    types = load_types(grid, rows["load_type"], plant=plant, tariff=tariff)
    cells, rules = _repair_cells(shown, grid_of(grid, types), plant)
    readings = _readings(grid, cells, types, plant)
    wanted = _within(start, end)
    found = audit.changes(rows, readings, rules, removed=copies.removed.filter(wanted), plant=plant)
    energy_before = rows.filter(wanted)["usage_kwh"].sum()
    return _Month(readings.filter(wanted), found.filter(wanted), float(energy_before))


def _within(start: dt.datetime, end: dt.datetime) -> pl.Expr:
    return pl.col("interval_start").is_between(start, end, closed="left")


def _context_start(start: dt.datetime, zone: str) -> dt.datetime:
    """Where the month before that of ``start`` begins."""
    return month_start(shift_month(month_of(start), -1), zone=zone)


def _repair_cells(shown: FloatArray, grid: Grid, plant: Plant) -> tuple[FloatArray, Names]:
    """The rules on measured cells in order; returns the cells and the rule behind each changed one, shape (rows, 6)."""
    in_units, units = undo_units(shown, plant)
    mended, slips = undo_slips(in_units, expected_energies(physics.believed(in_units, plant), grid, plant), plant)
    believed = physics.believed(mended, plant)
    stuck = _stuck(believed, plant)
    believed[stuck] = np.nan
    cells, new = physics.complete(believed, expected_energies(believed, grid, plant), plant=plant)
    rules = np.where(new, physics.reasons(believed, new), "")
    for rule, slipped, at in units + slips:
        block = np.ix_(at, np.array(slipped))
        rules[block] = np.where(new[block], rules[block], rule)
    rules[stuck & (rules == "between_neighbours")] = "stuck_meter"
    return cells, np.where(cells == shown, "", rules)


def _stuck(believed: FloatArray, plant: Plant) -> BoolArray:
    """Cells that the meter only repeated, shape (rows, 6); an idle engine burns the same for hours."""
    if plant.is_fuel:
        return np.zeros(believed.shape, dtype=bool)
    each = max(1, plant.meter.interval_minutes // INTERVAL_MINUTES)  # rows over which one reading was spread
    single = believed[::each]
    return np.repeat(stuck_cells(single, plant) | stuck_rows(single)[:, np.newaxis], each, axis=0)[: len(believed)]


def _readings(grid: pl.Series, cells: FloatArray, types: pl.Series, plant: Plant) -> pl.DataFrame:
    measured = {name: cells[:, column] for column, name in enumerate(CELLS)}
    frame = pl.DataFrame({"interval_start": grid, **measured, "load_type": types})
    return require_schema(frame.with_columns(pl.lit(plant.id).alias("plant")), readings_schema(plant.zone))


def period(
    placed: pl.DataFrame, plant: Plant, *, start: dt.datetime | None = None, end: dt.datetime | None = None
) -> tuple[dt.datetime, dt.datetime]:
    """The period ``[start, end)`` to clean, in the plant's zone.

    By default that of the data, reaching to the start of the plant's first month or the end of its last one where less
    than a day lies between.

    Raises:
        NotEnoughDataError: no row has a time.
    """
    first, last = placed["interval_start"].min(), placed["interval_start"].max()
    if not isinstance(first, dt.datetime) or not isinstance(last, dt.datetime):
        raise NotEnoughDataError("no row has a time", field="interval_start", remedy="pass the output of place()")
    last = interval_end(last)
    opening = month_start(plant.first_month, zone=plant.zone)
    closing = month_start(shift_month(plant.last_month, 1), zone=plant.zone)
    natural_first = opening if dt.timedelta() <= first - opening < EDGE else first
    natural_last = closing if dt.timedelta() <= closing - last < EDGE else last
    return in_zone(start or natural_first, plant.zone), in_zone(end or natural_last, plant.zone)


def _months(first: dt.datetime, last: dt.datetime, zone: str) -> list[tuple[dt.datetime, dt.datetime]]:
    """``[first, last)`` cut at month starts."""
    cuts = [first]
    while (cut := month_start(shift_month(month_of(cuts[-1]), 1), zone=zone)) < last:
        cuts.append(cut)
    return list(itertools.pairwise([*cuts, last]))
