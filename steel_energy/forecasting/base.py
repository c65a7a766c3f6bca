"""What every forecaster promises: the protocol, the shape of a forecast, and what all of them check.

The models live beside this file, one module each; ``steel_energy.forecasting.load_forecaster`` reads any of them back.
An *origin* is the end of the last known interval and so the start of the first forecast one, whose *lead* is 1. A
forecaster never reads a measurement at or after its origin; the calendar and the tariff bands are known ahead.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.calendar import in_zone
from steel_energy.errors import NotEnoughDataError
from steel_energy.schema import INTERVALS_PER_DAY
from steel_energy.timeline import DEFAULT_HORIZON, History, Timeline

QUANTILES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
QUANTILE_COLUMNS = tuple(f"q{round(100 * level):02d}" for level in QUANTILES)
FORECAST_COLUMNS = ("interval_start", "mean_kwh", *QUANTILE_COLUMNS)

FORECASTER_FILE = "forecaster.json"
"""The one file every saved forecaster has: its name, parameters and small state; ``load_forecaster`` starts there."""


class Forecaster(Protocol):
    """A model of one plant's usage for the next 1 to 672 intervals, built as ``Kind(plant=, tariff=, params=)``."""

    @property
    def name(self) -> str:
        """Name in the leaderboard and the manifest, as ``lightgbm``."""

    @property
    def label(self) -> str:
        """How this model came to be, where its name would promise more than that; empty for most."""

    def fit(self, readings: pl.DataFrame) -> Self:
        """A forecaster fitted on all of ``readings`` (data contract, one row per interval, sorted); self stays as is.

        Raises:
            NotEnoughDataError: too few readings; names how many days are needed and given.
        """

    def predict(self, history: History, *, origin: dt.datetime, horizon: int = DEFAULT_HORIZON) -> pl.DataFrame:
        """The next ``horizon`` intervals after ``origin``: ``FORECAST_COLUMNS``, one row each, energies in kWh.

        Args:
            history: readings up to ``origin``, or their timeline; later rows may be there and are not read.
            origin: end of the last known interval; a naive time is read as plant time.
            horizon: 1 to 672 intervals.

        Raises:
            InputError: ``origin`` is off the 15-minute grid or beyond the readings, or ``horizon`` out of range.
            NotEnoughDataError: too little history before ``origin``.
        """

    def predict_many(
        self, history: History, origins: Sequence[dt.datetime], *, horizon: int = DEFAULT_HORIZON
    ) -> pl.DataFrame:
        """As ``predict`` for many origins, each reading nothing at or after itself; ``origin`` is the first column."""

    def save(self, folder: Path) -> None:
        """Write everything ``load_forecaster`` needs into ``folder``; its predictions are equal to the bit."""


def history_before(history: History, origin: dt.datetime, *, zone: str) -> History:
    """``known_before`` of readings; a timeline is shared with later origins, and nothing reads past its own origin."""
    return history if isinstance(history, Timeline) else known_before(history, origin, zone=zone)


def known_before(history: pl.DataFrame, origin: dt.datetime, *, zone: str) -> pl.DataFrame:
    """The readings that start before ``origin``; a naive time is read as the time of ``zone``."""
    return history.filter(pl.col("interval_start") < in_zone(origin, zone))


def require_days(intervals: int, *, needed_days: int, purpose: str) -> None:
    """Refuse too little history.

    Raises:
        NotEnoughDataError: ``intervals`` make fewer than ``needed_days`` days; names both.
    """
    if intervals < needed_days * INTERVALS_PER_DAY:
        raise NotEnoughDataError(
            f"{purpose} needs {needed_days} days of readings, got {intervals / INTERVALS_PER_DAY:.1f}",
            field="readings",
            remedy="give a longer history",
        ).named("too_few_days", days=needed_days, known=round(intervals / INTERVALS_PER_DAY, 1))


def forecast_frame(interval_start: pl.Series, mean_kwh: FloatArray, quantiles_kwh: FloatArray) -> pl.DataFrame:
    """A forecast with its promises kept: no negative energy, quantiles in rising order.

    Args:
        interval_start: ``n`` interval starts in the plant's zone.
        mean_kwh: shape ``(n,)``.
        quantiles_kwh: shape ``(n, 7)``, a column for each of ``QUANTILES``.
    """
    rising = np.sort(np.maximum(quantiles_kwh, 0.0), axis=1)
    columns = {name: rising[:, column] for column, name in enumerate(QUANTILE_COLUMNS)}
    return pl.DataFrame({"interval_start": interval_start, "mean_kwh": np.maximum(mean_kwh, 0.0), **columns})


def forecasts_frame(
    timeline: Timeline, origins: IntArray, leads: IntArray, *, mean_kwh: FloatArray, quantiles_kwh: FloatArray
) -> pl.DataFrame:
    """``forecast_frame`` of many origins, ``origin`` first; positions on ``timeline`` and leads have shape ``(n,)``."""
    start = timeline.interval_start
    targets = start.gather(origins + leads - 1)
    return forecast_frame(targets, mean_kwh, quantiles_kwh).select(start.gather(origins).alias("origin"), pl.all())


def write_state(folder: Path, state: dict[str, Any]) -> None:
    """Write the small state of a forecaster; the same state gives the same bytes."""
    text = json.dumps(state, indent=1, sort_keys=True) + "\n"
    (folder / FORECASTER_FILE).write_text(text, encoding="utf-8")
