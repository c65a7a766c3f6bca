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

import numpy as np
import polars as pl

from steel_energy.arrays import IntArray
from steel_energy.calendar import in_zone, interval_end
from steel_energy.drift.indices import bin_edges, psi
from steel_energy.drift.records import VERDICTS, ColumnDrift, Drift, DriftParams, Verdict
from steel_energy.errors import NotEnoughDataError
from steel_energy.schema import HOURS_PER_DAY, LOAD_TYPE, LOAD_TYPES, MEASURED
from steel_energy.sites import Site

SECONDS_PER_DAY = HOURS_PER_DAY * 60 * 60
REMEDIES: dict[Verdict, str] = {
    "none": "nothing to do",
    "moderate": "watch it: compare the forecasts of these days with what was measured",
    "severe": "find out what changed in plant or meter; if it is to last, train again: make build",
}
LOAD_TYPE_REMEDIES: dict[Verdict, str] = {
    **REMEDIES,
    "severe": "compare these days with the closed days in the plant's file; if they are right, train again: make build",
}


@dataclass(frozen=True)
class Window:
    """The newest readings and those of the training that lie outside of them; see ``windowed``."""

    newest: pl.DataFrame
    trained: pl.DataFrame
    newest_from: dt.datetime
    newest_until: dt.datetime
    trained_from: dt.datetime
    trained_until: dt.datetime


def windowed(
    readings: pl.DataFrame,
    *,
    trained_from: dt.datetime,
    trained_until: dt.datetime,
    params: DriftParams,
    until: dt.datetime | None = None,
) -> Window:
    """Part ``readings`` into the newest days before ``until`` and the training's readings before them.

    Raises:
        NotEnoughDataError: fewer than ``min_rows`` readings on one side.
    """
    start = pl.col("interval_start")
    known = readings.sort("interval_start") if until is None else readings.filter(start < until).sort("interval_start")
    if known.is_empty():
        raise NotEnoughDataError("there are no readings before it", field="until", remedy="name a later time")
    newest_until = interval_end(known["interval_start"][-1]) if until is None else until
    zone = str(known["interval_start"][0].tzinfo)
    newest_until = in_zone(newest_until, zone)
    newest_from = newest_until - dt.timedelta(days=params.days)
    trained_from, trained_until = in_zone(trained_from, zone), min(in_zone(trained_until, zone), newest_from)
    newest = _enough(known.filter(start >= newest_from), "newest", params)
    trained = _enough(known.filter(start.is_between(trained_from, trained_until, closed="left")), "training", params)
    return Window(newest, trained, newest_from, newest_until, trained_from, trained_until)


def reference(
    readings: pl.DataFrame,
    *,
    site: Site,
    trained_from: dt.datetime,
    trained_until: dt.datetime,
    params: DriftParams,
    until: dt.datetime | None = None,
) -> pl.DataFrame:
    """The rows that ``drift`` compares the newest ones with, as the data contract has them, in time order."""
    return windowed(
        readings, trained_from=trained_from, trained_until=trained_until, params=params, until=until
    ).trained


def drift(
    readings: pl.DataFrame,
    *,
    site: Site,
    trained_from: dt.datetime,
    trained_until: dt.datetime,
    params: DriftParams,
    repairs: pl.DataFrame | None = None,
    until: dt.datetime | None = None,
) -> Drift:
    """Compare the newest days of ``readings`` with the training's readings.

    Args:
        readings: data contract's readings of one plant, at least one row, in any order.
        site: plant and tariff: which days are closed, and which load types they should have.
        trained_from: start of the champion's training, with a zone.
        trained_until: its end, exclusive; readings of the newest days are never counted as the training's.
        params: how many days, bins and rows, and the thresholds.
        repairs: the audit of cleaning; without it, what cleaning changed is not told.
        until: end of the newest days, exclusive; the end of the readings by default. Later readings are not read.

    Raises:
        NotEnoughDataError: fewer than ``min_rows`` readings on one side.
    """
    window = windowed(readings, trained_from=trained_from, trained_until=trained_until, params=params, until=until)
    seconds_before_end = (window.trained_until - window.trained["interval_start"]).dt.total_seconds()
    stretches = (seconds_before_end - 1) // (params.days * SECONDS_PER_DAY)
    sides = _Sides(window.trained, window.newest, stretches.to_numpy(), params)
    columns = (*(sides.measured(column.name) for column in MEASURED), sides.load_types())
    return Drift(
        newest_from=window.newest_from,
        newest_until=window.newest_until,
        newest_rows=window.newest.height,
        trained_from=window.trained_from,
        trained_until=window.trained_until,
        trained_rows=window.trained.height,
        reference="all readings of the training before the newest days",
        reference_rows=window.trained.height,
        verdict=max((column.verdict for column in columns), key=VERDICTS.index),
        columns=columns,
        figures=(),
    )


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
