"""A weighted mean of forecasters. Which ones, and where their backtests come from, is the trial's business.

It pays where members of about equal strength err in different ways. Weights differ by lead time, because one member may
know the next hour better and another the next day; they are learnt on forecasts that the members made of data they had
not seen, and pulled towards equal shares, because few weeks of them tell little.

The members' quantiles are conformal each, from months of errors. Their mean is a little too wide, for a mean errs less
than what it is the mean of; how much, is learnt too. No more than that: calibrated anew on the same few weeks, it would
lose what the members know of all the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.forecasting.base import (
    QUANTILE_COLUMNS,
    QUANTILES,
    Forecaster,
    forecast_frame,
    history_before,
    write_state,
)
from steel_energy.params import EnsembleParams
from steel_energy.plant import Plant
from steel_energy.tariff import Tariff
from steel_energy.timeline import DEFAULT_HORIZON, History

SMALLEST_WIDTH_KWH = 1e-9  # half a band of no width at all: whatever differs from it lies far outside
LOW, MEDIAN, HIGH = (QUANTILES.index(level) for level in (0.1, 0.5, 0.9))


@dataclass(frozen=True)
class Ensemble:
    """Two forecasters, blended.

    Attributes:
        plant: whose usage is forecast.
        tariff: its tariff.
        params: ranges of leads, and how far weights are pulled to equal ones.
        members: the forecasters.
        weights: the first member's share by range of leads; equal shares where nothing was learnt yet.
        width: what the blended quantiles' distance from the median is multiplied by; 1 where nothing was learnt yet.
    """

    plant: Plant
    tariff: Tariff
    params: EnsembleParams
    members: tuple[Forecaster, Forecaster]
    weights: tuple[float, ...] = ()
    width: float = 1.0
    name: ClassVar[str] = "ensemble"

    @property
    def label(self) -> str:
        """The members, their own labels and mean shares."""
        share = float(np.mean(self.weights)) if self.weights else 0.5
        shares = zip(self.members, (share, 1 - share), strict=True)
        return " + ".join(f"{part:.0%} {_in_words(member)}" for member, part in shares)

    def fit(self, readings: pl.DataFrame) -> Self:
        """The same blend of members that are fitted on ``readings``; see ``Forecaster.fit``."""
        first, second = (member.fit(readings) for member in self.members)
        return replace(self, members=(first, second))

    def learn(self, backtests: Sequence[pl.DataFrame]) -> Self:
        """The same members with weights and a width learnt from what they forecast unseen.

        Args:
            backtests: of each member, as ``evaluation.backtest`` returns it, the same rows in the same order.
        """
        actual, leads = backtests[0]["usage_kwh"].to_numpy(), backtests[0]["lead"].to_numpy()
        first, second = (frame["mean_kwh"].to_numpy() for frame in backtests)
        weights = [
            _share(first[rows], second[rows], actual[rows], pull=self.params.pull_to_equal)
            for rows in self._by_range(leads)
        ]
        weighted = replace(self, weights=tuple(weights), width=1.0)
        _, blended = weighted.blend(backtests, leads=leads)
        members = [_reach(actual, frame.select(QUANTILE_COLUMNS).to_numpy()) <= 1 for frame in backtests]
        width = np.quantile(_reach(actual, blended), np.mean(members))
        return replace(weighted, width=float(width))

    def blend(self, forecasts: Sequence[pl.DataFrame], *, leads: IntArray) -> tuple[FloatArray, FloatArray]:
        """Mean, shape ``(n,)``, and quantiles, shape ``(n, 7)``, of the members' forecasts of the same ``n`` targets.

        Quantiles are averaged level by level, which keeps the shape that both members agree on.
        """
        share = np.full((len(leads), 1), 0.5)
        for rows, weight in zip(self._by_range(leads), self.weights, strict=False):
            share[rows] = weight
        first, second = (frame.select("mean_kwh", *QUANTILE_COLUMNS).to_numpy() for frame in forecasts)
        blended = share * first + (1 - share) * second
        quantiles_kwh, median = blended[:, 1:], blended[:, 1 + MEDIAN, None]
        return blended[:, 0], median + self.width * (quantiles_kwh - median)

    def predict(self, history: History, *, origin: dt.datetime, horizon: int = DEFAULT_HORIZON) -> pl.DataFrame:
        """See ``Forecaster.predict``."""
        known = history_before(history, origin, zone=self.plant.zone)
        return self.predict_many(known, [origin], horizon=horizon).drop("origin")

    def predict_many(
        self, history: History, origins: Sequence[dt.datetime], *, horizon: int = DEFAULT_HORIZON
    ) -> pl.DataFrame:
        """See ``Forecaster.predict_many``."""
        forecasts = [member.predict_many(history, origins, horizon=horizon) for member in self.members]
        leads = np.tile(np.arange(1, horizon + 1), len(origins))
        mean_kwh, quantiles_kwh = self.blend(forecasts, leads=leads)
        frame = forecast_frame(forecasts[0]["interval_start"], mean_kwh, quantiles_kwh)
        return frame.select(forecasts[0]["origin"], pl.all())

    def save(self, folder: Path) -> None:
        """See ``Forecaster.save``: a folder for each member."""
        folders = [f"member-{place}-{member.name}" for place, member in enumerate(self.members, start=1)]
        for name, member in zip(folders, self.members, strict=True):
            (folder / name).mkdir()
            member.save(folder / name)
        state = {
            "name": self.name,
            "params": self.params.model_dump(mode="json"),
            "members": folders,
            "weights": list(self.weights),
            "width": self.width,
        }
        write_state(folder, state)

    def _by_range(self, leads: IntArray) -> list[IntArray]:
        """The rows of each range of leads."""
        return [
            np.flatnonzero((leads > after) & (leads <= last)) for after, last in pairwise([0, *self.params.lead_ends])
        ]


def _share(first: FloatArray, second: FloatArray, actual: FloatArray, *, pull: float) -> float:
    """The first member's share with the least squared error, 0 to 1, pulled to one half.

    One half, too, where the members never differ or there is nothing to learn from.

    >>> _share(np.array([0.0, 2.0]), np.array([4.0, 6.0]), np.array([1.0, 3.0]), pull=0.0)
    0.75
    """
    apart = first - second
    spread = float(apart @ apart)
    best = float(np.clip((actual - second) @ apart / spread, 0, 1)) if spread else 0.5
    return best + pull * (0.5 - best)


def _reach(actual: FloatArray, quantiles_kwh: FloatArray) -> FloatArray:
    """How far from the median what came lies, where 1 is the end of the 80 % band on its side."""
    median = quantiles_kwh[:, MEDIAN]
    above = actual > median
    end = np.where(above, quantiles_kwh[:, HIGH], quantiles_kwh[:, LOW])
    reach: FloatArray = np.abs(actual - median) / np.maximum(np.abs(end - median), SMALLEST_WIDTH_KWH)
    return reach


def _in_words(member: Forecaster) -> str:
    return f"{member.name} ({member.label})" if member.label else member.name
