"""Reactive energy that goes with a usage, from the same plant's history: of a forecast, and of load that changes.

A plant's net reactive energy is nearly a line over its usage: motors lag by a share of what they draw, and capacitor
banks lead by a constant while they are switched on. So load that changes brings the line's slope along, and an
interval that was never measured is taken for those of the same hour that drew about as much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.errors import NotEnoughDataError
from steel_energy.plant import Plant
from steel_energy.schema import HOURS_PER_DAY, INTERVALS_PER_DAY
from steel_energy.tariff import Tariff
from steel_energy.whatif.loads import Load, grid_of, load_of

HISTORY_DAYS = 28  # tried on the published year beside 56 and 84: the month's power factor comes out closest
NEAREST_PART = 10  # a tenth: 12 of the 112 intervals of an hour in 28 days, and fewer of fewer


@dataclass(frozen=True)
class ReactiveHistory:
    """The plant's last ``HISTORY_DAYS`` days, to look reactive energy up in."""

    load: Load

    def beside(self, usage_kwh: FloatArray, hour: IntArray) -> tuple[FloatArray, FloatArray]:
        """Lagging and leading reactive energy (kvarh) that typically go with usages at hours 0-23, shape (n,).

        Of each: the mean over the tenth of the known intervals of the same hour whose usage is nearest.

        Raises:
            NotEnoughDataError: no interval of one of the hours is known.
        """
        lagging, leading = np.empty(usage_kwh.size), np.empty(usage_kwh.size)
        for one in range(HOURS_PER_DAY):
            wanted, known = np.flatnonzero(hour == one), np.flatnonzero(self.load.grid.hour == one)
            if not wanted.size:
                continue
            if not known.size:
                raise NotEnoughDataError(
                    f"no reading of the hour {one} is known before the period",
                    field="from",
                    remedy="name a period with at least a day of readings before it",
                ).named("nothing_before")
            nearest = known[_nearest(self.load.usage_kwh[known], usage_kwh[wanted])]
            lagging[wanted] = self.load.lagging_kvarh[nearest].mean(axis=1)
            leading[wanted] = self.load.leading_kvarh[nearest].mean(axis=1)
        return lagging, leading

    def kvarh_per_kwh(self) -> float:
        """Net reactive energy (lagging less leading) that each further kWh brings: the slope within a quarter hour.

        Where no quarter hour's usage ever varies, the plant's net reactive energy by its usage; 0 without any usage.
        """
        usage = self.load.usage_kwh
        net = self.load.lagging_kvarh - self.load.leading_kvarh
        usual_usage, usual_net = (_slot_means(values, self.load.grid.slot) for values in (usage, net))
        apart_usage, apart_net = usage - usual_usage, net - usual_net
        if spread := float(apart_usage @ apart_usage):
            return float(apart_usage @ apart_net) / spread
        total = float(usage.sum())
        return float(net.sum()) / total if total else 0.0


def reactive_history(known: pl.DataFrame, *, plant: Plant, tariff: Tariff) -> ReactiveHistory:
    """The newest days of ``known`` (``LOAD_COLUMNS``, sorted).

    Raises:
        NotEnoughDataError: nothing is known.
    """
    if known.is_empty():
        raise NotEnoughDataError(
            "no readings are known before the period",
            field="from",
            remedy="name a period with at least a day of readings before it",
        ).named("nothing_before")
    newest = known.tail(HISTORY_DAYS * INTERVALS_PER_DAY)
    return ReactiveHistory(load_of(newest, grid_of(newest["interval_start"], plant=plant, tariff=tariff)))


def _nearest(known_kwh: FloatArray, wanted_kwh: FloatArray) -> IntArray:
    """Positions of the tenth of known usages nearest to each wanted one, shape (wanted, tenth); the first of equals."""
    apart = np.abs(known_kwh[None, :] - wanted_kwh[:, None])
    nearest: IntArray = np.argsort(apart, axis=1, kind="stable")[:, : -(-known_kwh.size // NEAREST_PART)]
    return nearest


def _slot_means(values: FloatArray, slot: IntArray) -> FloatArray:
    """The mean of each value's quarter hour, shape as ``values``."""
    counts = np.bincount(slot, minlength=INTERVALS_PER_DAY)
    means: FloatArray = (np.bincount(slot, values, INTERVALS_PER_DAY) / np.maximum(counts, 1))[slot]
    return means
