"""Where a backtest's errors lie and whether its bands hold: by hour, day, tariff band and lead, and for all together.

Numbers for whoever draws them; the same backtest as PNGs is ``reporting.trial_pictures``'s. Nothing is judged here.
"""

from __future__ import annotations

import datetime as dt
import math

import polars as pl

from steel_energy.calendar import known_ahead
from steel_energy.config import Record
from steel_energy.evaluation.metrics import BANDS
from steel_energy.forecasting.base import QUANTILE_COLUMNS, QUANTILES
from steel_energy.schema import INTERVALS_PER_DAY, INTERVALS_PER_HOUR
from steel_energy.sites import Site
from steel_energy.timeline import DEFAULT_HORIZON

DAYS = ("weekday", "saturday", "sunday", "closed")
SATURDAY, SUNDAY = 6, 7
MOST_BINS = 40  # of each axis of the density: finer cells would hold single forecasts
HELD_BY = "coverage_80"


class Group(Record):
    """Errors of the forecasts that have something in common; energies in kWh of one interval.

    Attributes:
        name: an hour of the day (``0`` to ``23``), one of ``DAYS``, a tariff band, or a range of leads in hours.
        forecasts: how many intervals were forecast.
        usage_kwh: mean reading.
        rmse_kwh: root of the mean squared error.
        mae_kwh: mean size of the error.
        bias_kwh: mean of forecast less reading; above zero the forecasts are too high.
        coverage_80: share of the readings inside the 80 % band, 0-1.
    """

    name: str
    forecasts: int
    usage_kwh: float
    rmse_kwh: float
    mae_kwh: float
    bias_kwh: float
    coverage_80: float


class Level(Record):
    """A quantile: the share of readings that it promises to lie at or below it, and the share that does."""

    promised: float
    seen: float


class Band(Record):
    """A band: the share of readings it promises to hold, the share it held, and how wide it was on average."""

    promised: float
    seen: float
    width_kwh: float


class Cell(Record):
    """How many forecasts, and readings for them, fell between these edges and those one bin further."""

    forecast_kwh: float
    usage_kwh: float
    forecasts: int


class Breakdown(Record):
    """A backtest, taken apart.

    Attributes:
        start: first interval that was forecast.
        end: start of the last one.
        origins: how many times the model was asked.
        overall: all forecasts together.
        by_hour: hours of the day, plant time.
        by_day: kinds of days; those that there were.
        by_load_type: tariff bands.
        by_lead: ranges of leads in which each time of day counts alike, named by their hours.
        levels: of each quantile.
        bands: the 50, 80 and 90 % bands.
        bin_kwh: side of a cell.
        cells: mean forecast against reading; those that are not empty.
    """

    start: dt.datetime
    end: dt.datetime
    origins: int
    overall: Group
    by_hour: tuple[Group, ...]
    by_day: tuple[Group, ...]
    by_load_type: tuple[Group, ...]
    by_lead: tuple[Group, ...]
    levels: tuple[Level, ...]
    bands: tuple[Band, ...]
    bin_kwh: float
    cells: tuple[Cell, ...]


def break_down(backtest: pl.DataFrame, site: Site) -> Breakdown:
    """Take one part's backtest apart; the first 24 hours of each forecast count, as in the scores.

    Args:
        backtest: as ``evaluation.backtest`` returns it, not empty.
        site: its calendar and tariff tell the kinds of days and the bands.
    """
    frame = _described(backtest.filter(pl.col("lead") <= DEFAULT_HORIZON), site)
    cells, bin_kwh = _density(frame)
    (overall,) = _groups(frame, pl.lit("all"))
    kinds = {group.name: group for group in _groups(frame, pl.col("day"))}
    load_types = {group.name: group for group in _groups(frame, pl.col("load_type").cast(pl.String))}
    return Breakdown(
        start=frame["interval_start"].min(),
        end=frame["interval_start"].max(),
        origins=frame["origin"].n_unique(),
        overall=overall,
        by_hour=_groups(frame, pl.col("interval_start").dt.hour().cast(pl.Int64)),
        by_day=tuple(kinds[name] for name in DAYS if name in kinds),
        by_load_type=tuple(load_types[name] for name in ("light", "medium", "maximum") if name in load_types),
        by_lead=_by_lead(frame),
        levels=_levels(frame),
        bands=_bands(frame),
        bin_kwh=bin_kwh,
        cells=cells,
    )


def _described(backtest: pl.DataFrame, site: Site) -> pl.DataFrame:
    starts = backtest["interval_start"].unique().sort()
    ahead = known_ahead(starts, plant=site.plant, tariff=site.tariff)
    weekday = pl.col("weekday")
    day = (
        pl.when("is_closed")
        .then(pl.lit("closed"))
        .when(weekday == SATURDAY)
        .then(pl.lit("saturday"))
        .when(weekday == SUNDAY)
        .then(pl.lit("sunday"))
        .otherwise(pl.lit("weekday"))
    )
    described = ahead.select("interval_start", "load_type", day=day)
    return backtest.join(described, on="interval_start", maintain_order="left")


def _groups(frame: pl.DataFrame, by: pl.Expr) -> tuple[Group, ...]:
    error = pl.col("mean_kwh") - pl.col("usage_kwh")
    figures = {
        "forecasts": pl.len(),
        "usage_kwh": pl.col("usage_kwh").mean(),
        "rmse_kwh": (error**2).mean().sqrt(),
        "mae_kwh": error.abs().mean(),
        "bias_kwh": error.mean(),
        "coverage_80": pl.col("usage_kwh").is_between(*BANDS[HELD_BY]).mean(),
    }
    rows = frame.group_by(by.alias("name")).agg(**figures).sort("name")
    return tuple(Group(**{**row, "name": str(row["name"])}) for row in rows.to_dicts())


def _by_lead(frame: pl.DataFrame) -> tuple[Group, ...]:
    times = frame.select(pl.col("origin").dt.convert_time_zone("UTC").dt.time().n_unique()).item()
    hours = INTERVALS_PER_DAY // times // INTERVALS_PER_HOUR or 1
    first = (pl.col("lead") - 1) // (hours * INTERVALS_PER_HOUR) * hours
    groups = _groups(frame, first)
    return tuple(group.model_copy(update={"name": f"{group.name}-{int(group.name) + hours}"}) for group in groups)


def _levels(frame: pl.DataFrame) -> tuple[Level, ...]:
    below = [(pl.col("usage_kwh") <= pl.col(name)).mean().alias(name) for name in QUANTILE_COLUMNS]
    seen = frame.select(below).row(0)
    return tuple(Level(promised=level, seen=share) for level, share in zip(QUANTILES, seen, strict=True))


def _bands(frame: pl.DataFrame) -> tuple[Band, ...]:
    found = []
    for name, (lower, upper) in BANDS.items():
        held, width = pl.col("usage_kwh").is_between(lower, upper).mean(), (pl.col(upper) - pl.col(lower)).mean()
        seen, width_kwh = frame.select(held, width.alias("width")).row(0)
        found.append(Band(promised=int(name.removeprefix("coverage_")) / 100, seen=seen, width_kwh=width_kwh))
    return tuple(found)


def _density(frame: pl.DataFrame) -> tuple[tuple[Cell, ...], float]:
    """Counts on a grid of whole kWh, and the side of its cells."""
    highest = max(frame.select(pl.max("mean_kwh", "usage_kwh")).row(0))
    bin_kwh = float(max(1, math.ceil(highest / MOST_BINS)))
    edges = [(pl.col(name) / bin_kwh).floor() * bin_kwh for name in ("mean_kwh", "usage_kwh")]
    counted = frame.group_by(edges).len().sort("mean_kwh", "usage_kwh")
    return tuple(Cell(forecast_kwh=x, usage_kwh=y, forecasts=n) for x, y, n in counted.iter_rows()), bin_kwh
