"""Which features and drivers matter, over many explained forecasts: mean sizes of contributions by range of leads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray
from steel_energy.explaining.contributions import Explanation
from steel_energy.explaining.drivers import DRIVER_OF, DRIVERS
from steel_energy.features import FEATURES
from steel_energy.params import LeadRange
from steel_energy.timeline import DEFAULT_HORIZON

OVERALL = "over_24h"


def importance(explained: Explanation) -> pl.DataFrame:
    """Mean size of each feature's contributions, by range of leads and over the first 24 hours.

    Args:
        explained: rows of all its ranges, as ``explain_history`` draws them.

    Returns:
        ``lead_range`` (``1``, ``3-4``, ... and ``over_24h``, where a range counts by its leads up to 24 hours),
        ``feature``, ``driver``, ``mean_abs_kwh``; a row for each range and feature.
    """
    by_range = [np.abs(explained.within(part).contributions_kwh).mean(axis=0) for part in explained.ranges]
    return pl.concat(
        _sizes(name, size, FEATURES).with_columns(driver=pl.Series([DRIVER_OF[feature] for feature in FEATURES]))
        for name, size in _with_overall(by_range, explained.ranges).items()
    ).rename({"of": "feature"})


def no_drivers() -> pl.DataFrame:
    """``driver_importance`` where nothing can be explained: no rows."""
    return pl.DataFrame(schema={"lead_range": pl.String, "driver": pl.String, "mean_abs_kwh": pl.Float64})


def driver_importance(explained: Explanation) -> pl.DataFrame:
    """Mean size of each driver's contribution, its features together, as ``importance`` by ``lead_range``.

    Returns:
        ``lead_range``, ``driver``, ``mean_abs_kwh``. Features that pull against each other within a driver cancel, so
        it is at most the sum of theirs.
    """
    parts = [explained.within(part).by_driver() for part in explained.ranges]
    by_range = [np.array([np.abs(kwh).mean() for kwh in drivers.values()]) for drivers in parts]
    return pl.concat(
        _sizes(name, size, DRIVERS) for name, size in _with_overall(by_range, explained.ranges).items()
    ).rename({"of": "driver"})


def range_name(leads: LeadRange) -> str:
    """A range of leads as text: ``1`` or ``3-4``."""
    return f"{leads.first}" if leads.first == leads.last else f"{leads.first}-{leads.last}"


def _with_overall(by_range: Sequence[FloatArray], ranges: Sequence[LeadRange]) -> dict[str, FloatArray]:
    """Sizes by the name of their range, and their mean over the leads of the first 24 hours."""
    leads = [max(0, min(part.last, DEFAULT_HORIZON) - part.first + 1) for part in ranges]
    named = dict(zip(map(range_name, ranges), by_range, strict=True))
    return {**named, OVERALL: np.average(np.array(by_range), axis=0, weights=leads)}


def _sizes(lead_range: str, mean_abs_kwh: FloatArray, of: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame({"lead_range": [lead_range] * len(of), "of": list(of), "mean_abs_kwh": mean_abs_kwh})
