"""What one plant teaches the global model: pairs of an origin and a lead, of its whole history and as if it were new.

Half of the rows come from stretches of the history that know nothing of what was before them. So the trees learn what a
plant's first weeks look like, in which most features are empty; else they would meet a new plant unprepared.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.arrays import IntArray
from steel_energy.artifacts import readings_sha256
from steel_energy.config import Record
from steel_energy.errors import NotEnoughDataError
from steel_energy.forecasting.base import require_days
from steel_energy.forecasting.global_model import global_features, scale_kwh
from steel_energy.history import readings_end
from steel_energy.lake import CLEANED_READINGS, RAW_READINGS, Lake
from steel_energy.params import LeadRange, Params
from steel_energy.schema import INTERVALS_PER_DAY
from steel_energy.sites import Site
from steel_energy.timeline import MAX_HORIZON, Timeline, build_timeline

MOST_STRETCHES = 8  # of one plant: more show nothing else


@dataclass(frozen=True)
class RangeRows:
    """Rows of one range of leads: features ``(n, GLOBAL_FEATURES)`` and usage ``(n,)``, energies in scales."""

    features: np.ndarray[tuple[int, int], np.dtype[np.float32]]
    usage: np.ndarray[tuple[int], np.dtype[np.float32]]


class Taught(Record):
    """Where a plant's rows came from.

    Attributes:
        trained_from: its first moment, with the plant's offset.
        trained_until: end of its readings.
        data_sha256: of its readings.
        is_simulated: whether they are made up.
    """

    trained_from: dt.datetime
    trained_until: dt.datetime
    data_sha256: str
    is_simulated: bool


@dataclass(frozen=True)
class PlantRows:
    """What one plant teaches: rows of each of ``boosting.lead_ranges``, or the reason why it teaches nothing."""

    ranges: tuple[RangeRows, ...]
    about: Taught | str


def rows_in_lake(site: Site, *, lake: Lake, params: Params) -> PlantRows:
    """The rows of a plant whose cleaned readings lie in ``lake``; runs on a worker. None of a plant that is too new."""
    try:
        readings = lake.read(CLEANED_READINGS, site.plant.id)
        ranges = plant_rows(readings, site, params)
    except NotEnoughDataError as error:
        return PlantRows((), str(error))
    facts = lake.read_facts(RAW_READINGS, site.plant.id)
    about = Taught(
        trained_from=readings["interval_start"][0],
        trained_until=readings_end(readings),
        data_sha256=readings_sha256(readings),
        is_simulated=bool(facts and facts["is_simulated"]),
    )
    return PlantRows(ranges, about)


def plant_rows(readings: pl.DataFrame, site: Site, params: Params) -> tuple[RangeRows, ...]:
    """Rows of each range of leads; the same readings and parameters give the same rows.

    Args:
        readings: data contract, one row for each interval, sorted.
        site: whose.
        params: how many rows, the ranges of leads, the seed.

    Raises:
        NotEnoughDataError: fewer days than ``taught_days``.
    """
    least = taught_days(params)
    require_days(readings.height, needed_days=least, purpose="to teach the global model a plant")
    new = stretches(readings, days=least)
    step = max(1, len(new) // MOST_STRETCHES)
    lines = [_timeline(part, site) for part in (readings, *new[::step][:MOST_STRETCHES])]
    total = params.fleet.rows_per_plant
    counts = [total - total // 2, *np.diff(np.linspace(0, total // 2, len(lines)).astype(int))]
    return tuple(
        _stacked([_sampled(line, leads, count, site, params) for line, count in zip(lines, counts, strict=True)])
        for leads in params.forecasting.boosting.lead_ranges
    )


def taught_days(params: Params) -> int:
    """Days of the shortest history that teaches: as for a model of its own, or for a forecast and its longest lead."""
    return max(params.forecasting.min_training_days, params.fleet.needed_days + MAX_HORIZON // INTERVALS_PER_DAY)


def stretches(readings: pl.DataFrame, *, days: int) -> list[pl.DataFrame]:
    """``readings`` cut into stretches of ``days``, from their first on; what is left over is left out."""
    size = days * INTERVALS_PER_DAY
    return [readings.slice(start, size) for start in range(0, readings.height - size + 1, size)]


def _timeline(readings: pl.DataFrame, site: Site) -> Timeline:
    return build_timeline(readings, plant=site.plant, tariff=site.tariff, ahead=MAX_HORIZON)


def _sampled(line: Timeline, leads: LeadRange, count: int, site: Site, params: Params) -> RangeRows:
    """``count`` random pairs whose target is known, each origin with the days behind it that a forecast needs."""
    random = np.random.default_rng([params.forecasting.seed, leads.first, line.end])
    first = line.first + params.fleet.needed_days * INTERVALS_PER_DAY
    lead: IntArray = random.integers(leads.first, leads.last + 1, count)
    origins: IntArray = random.integers(first, line.end - lead + 1)
    scale = scale_kwh(line, origins, plant=site.plant)
    features = global_features(line, origins, lead, plant=site.plant)
    return RangeRows(features.astype(np.float32), (line.usage_kwh[origins + lead - 1] / scale).astype(np.float32))


def _stacked(parts: list[RangeRows]) -> RangeRows:
    return RangeRows(np.vstack([part.features for part in parts]), np.concatenate([part.usage for part in parts]))
