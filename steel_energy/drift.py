"""Drift: whether the newest readings still look like those that the champion was trained on.

Distributions only; whether forecasts got worse is told by their errors, which do not live here. The readings of a week
hang together, so any week differs from a year by far more than chance allows, and every KS test finds *some*
difference. A column has therefore moved only where the newest days lie further from the training than nearly all
stretches of the training itself do, of the same length, each against the rest. All seasons are compared alike, so
winter can still look like drift here: a verdict is a reason to look, not to train again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import polars as pl
from pydantic import Field, model_validator

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.calendar import in_zone, interval_end
from steel_energy.config import Record
from steel_energy.errors import NotEnoughDataError
from steel_energy.schema import HOURS_PER_DAY, LOAD_TYPE, LOAD_TYPES, MEASURED

SECONDS_PER_DAY = HOURS_PER_DAY * 60 * 60
Verdict = Literal["none", "moderate", "severe"]
VERDICTS: tuple[Verdict, ...] = ("none", "moderate", "severe")
SMALLEST_SHARE = 1e-4
"""Stands for the share of an empty bin, whose logarithm would be infinite; Evidently takes the same."""

REMEDIES: dict[Verdict, str] = {
    "none": "nothing to do",
    "moderate": "watch it: compare the forecasts of these days with what was measured",
    "severe": "find out what changed in plant or meter; if it is to last, train again: make build",
}
LOAD_TYPE_REMEDIES: dict[Verdict, str] = {
    **REMEDIES,
    "severe": "compare these days with the closed days in the plant's file; if they are right, train again: make build",
}


class DriftParams(Record):
    """How readings are compared."""

    days: int = Field(ge=1)
    bins: int = Field(ge=2)
    min_rows: int = Field(ge=1)
    usual_share: float = Field(gt=0, lt=1)
    psi_moderate: float = Field(gt=0)
    psi_severe: float = Field(gt=0)

    @model_validator(mode="after")
    def _severe_is_more(self) -> Self:
        if self.psi_severe <= self.psi_moderate:
            raise ValueError(f"psi_severe must exceed psi_moderate ({self.psi_moderate})")
        return self

    def verdict(self, index: float, usual: float) -> Verdict:
        """What a population stability index says beside the usual one."""
        if index <= usual or index < self.psi_moderate:
            return "none"
        return "severe" if index >= self.psi_severe else "moderate"


class ColumnDrift(Record):
    """How one column moved.

    Attributes:
        column: its name in the data contract.
        psi: population stability index; 0 for the same distribution, without an upper limit.
        usual_psi: what ``usual_share`` of the training's own stretches stay within; 0 where it has no two of them.
        ks_statistic: largest distance of the two cumulative distributions, 0 to 1; None for load types.
        ks_p_value: chance of that distance between samples of one distribution, were the readings independent.
        trained_mean: mean of the training's readings in the column's unit; None for load types.
        newest_mean: mean of the newest readings.
        verdict: by the PSI.
        remedy: what to do about it.
    """

    column: str
    psi: float
    usual_psi: float
    ks_statistic: float | None = None
    ks_p_value: float | None = None
    trained_mean: float | None = None
    newest_mean: float | None = None
    verdict: Verdict
    remedy: str


class Drift(Record):
    """How the newest readings differ from those of the training that lie before them.

    Attributes:
        newest_from: start of the newest readings.
        newest_until: their end, exclusive.
        newest_rows: number of them.
        trained_from: start of the training's readings that they are compared with.
        trained_until: their end, exclusive: where the training ends, or the newest readings begin if that is sooner.
        trained_rows: number of them.
        verdict: the worst one of all columns.
        columns: every measured column, then the mix of load types.
    """

    newest_from: dt.datetime
    newest_until: dt.datetime
    newest_rows: int
    trained_from: dt.datetime
    trained_until: dt.datetime
    trained_rows: int
    verdict: Verdict
    columns: tuple[ColumnDrift, ...]


def drift(
    readings: pl.DataFrame, *, trained_from: dt.datetime, trained_until: dt.datetime, params: DriftParams
) -> Drift:
    """Compare the newest days of ``readings`` with the training's readings before them.

    Args:
        readings: data contract's readings of one plant, at least one row, in any order.
        trained_from: start of the champion's training, with a zone.
        trained_until: its end, exclusive; readings of the newest days are never counted as the training's.
        params: how many days, bins and rows, and the thresholds.

    Raises:
        NotEnoughDataError: fewer than ``min_rows`` readings on one side.
    """
    readings, start = readings.sort("interval_start"), pl.col("interval_start")
    newest_until = interval_end(readings["interval_start"][-1])
    newest_from = newest_until - dt.timedelta(days=params.days)
    zone = str(newest_until.tzinfo)
    trained_from, trained_until = in_zone(trained_from, zone), min(in_zone(trained_until, zone), newest_from)
    newest = _enough(readings.filter(start >= newest_from), "newest", params)
    trained = _enough(readings.filter(start.is_between(trained_from, trained_until, closed="left")), "training", params)
    seconds_before_end = (trained_until - trained["interval_start"]).dt.total_seconds()
    stretches = (seconds_before_end - 1) // (params.days * SECONDS_PER_DAY)
    sides = _Sides(trained, newest, stretches.to_numpy(), params)
    columns = (*(sides.measured(column.name) for column in MEASURED), sides.load_types())
    return Drift(
        newest_from=newest_from,
        newest_until=newest_until,
        newest_rows=newest.height,
        trained_from=trained_from,
        trained_until=trained_until,
        trained_rows=trained.height,
        verdict=max((column.verdict for column in columns), key=VERDICTS.index),
        columns=columns,
    )


def psi(trained_counts: IntArray, newest_counts: IntArray) -> float:
    """Population stability index of two counts over the same bins; shape (bins,), each with a sum above 0.

    Never negative, 0 for equal shares, and the same if both are swapped.

    >>> round(psi(np.array([50, 50]), np.array([75, 25])), 4)
    0.2747
    """
    trained, newest = (np.maximum(counts / counts.sum(), SMALLEST_SHARE) for counts in (trained_counts, newest_counts))
    return float(np.sum((newest - trained) * np.log(newest / trained)))


def bin_edges(values: FloatArray, *, bins: int) -> FloatArray:
    """Inner edges of bins that hold equal shares of ``values``; fewer where one value fills several of them.

    A bin holds what lies above its lower and up to its upper edge; the outer ones have no end.

    >>> bin_edges(np.array([0.0, 0, 0, 0, 1, 2, 3, 4]), bins=4).tolist()
    [0.0, 0.5, 2.25]
    """
    edges: FloatArray = np.unique(np.quantile(values, np.arange(1, bins) / bins))
    return edges


@dataclass(frozen=True)
class _Sides:
    """The training's readings, each with the number of its stretch back from the end, and the newest ones."""

    trained: pl.DataFrame
    newest: pl.DataFrame
    stretch: IntArray
    params: DriftParams

    def measured(self, name: str) -> ColumnDrift:
        from scipy.stats import ks_2samp  # noqa: PLC0415 - takes half a second, and parameters are read everywhere

        trained, newest = self.trained[name].to_numpy(), self.newest[name].to_numpy()
        edges = bin_edges(trained, bins=self.params.bins)
        tested = ks_2samp(trained, newest, method="asymp")
        index, usual = self._indices(np.searchsorted(edges, trained), np.searchsorted(edges, newest), edges.size + 1)
        verdict = self.params.verdict(index, usual)
        return ColumnDrift(
            column=name,
            psi=index,
            usual_psi=usual,
            ks_statistic=float(tested.statistic),
            ks_p_value=float(tested.pvalue),
            trained_mean=float(trained.mean()),
            newest_mean=float(newest.mean()),
            verdict=verdict,
            remedy=REMEDIES[verdict],
        )

    def load_types(self) -> ColumnDrift:
        name = LOAD_TYPE.name
        trained, newest = (side[name].to_physical().to_numpy().astype(int) for side in (self.trained, self.newest))
        index, usual = self._indices(trained, newest, len(LOAD_TYPES))
        verdict = self.params.verdict(index, usual)
        return ColumnDrift(column=name, psi=index, usual_psi=usual, verdict=verdict, remedy=LOAD_TYPE_REMEDIES[verdict])

    def _indices(self, trained: IntArray, newest: IntArray, bins: int) -> tuple[float, float]:
        """PSI of the newest readings and that of the training's own stretches, from the bin of each reading."""
        before, now = (np.bincount(side, minlength=bins) for side in (trained, newest))
        stretches = np.bincount(self.stretch * bins + trained, minlength=(self.stretch.max() + 1) * bins)
        whole = [counts for counts in stretches.reshape(-1, bins) if counts.sum() >= now.sum()]
        own = [psi(before - counts, counts) for counts in whole if counts.sum() < before.sum()]
        usual = float(np.quantile(own, self.params.usual_share)) if own else 0.0
        return psi(before, now), usual


def _enough(frame: pl.DataFrame, which: str, params: DriftParams) -> pl.DataFrame:
    if frame.height < params.min_rows:
        raise NotEnoughDataError(
            f"{frame.height} {which} readings are too few to compare, {params.min_rows} are needed",
            field="readings",
            remedy="wait for more of them, or lower drift.min_rows in params.yaml",
        )
    return frame
