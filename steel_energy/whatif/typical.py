"""What the plant typically draws: on a closed day, and under a load type; means over its newest days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from steel_energy.arrays import BoolArray, FloatArray
from steel_energy.errors import NotEnoughDataError
from steel_energy.schema import INTERVALS_PER_DAY, LOAD_TYPES
from steel_energy.tariff import Band
from steel_energy.whatif.loads import Grid

HISTORY_DAYS = 56  # eight weeks: as many Sundays, and no season but the last


@dataclass(frozen=True)
class Typical:
    """A typical load by interval, and what it was learnt from.

    Attributes:
        usage_kwh: shape (intervals,).
        intervals: how many known intervals it is a mean of, in all.
        first: first day of them.
        last: last day of them.
        is_beyond: which values come from other quarter hours, as their own is not known to have been so.
    """

    usage_kwh: FloatArray
    intervals: int
    first: dt.date
    last: dt.date
    is_beyond: BoolArray


@dataclass(frozen=True)
class TypicalHistory:
    """Known usage (kWh, shape (intervals,)) and its grid, to learn typical loads from."""

    grid: Grid
    usage_kwh: FloatArray

    def closed_day(self, wanted: Grid) -> Typical:
        """Mean usage of each quarter hour over the newest closed days.

        Raises:
            NotEnoughDataError: no closed day is known.
        """
        chosen = self._newest(self.grid.is_closed)
        if not chosen.any():
            raise NotEnoughDataError(
                "no closed day is known, so nobody knows what the plant draws on one",
                field="changes",
                remedy="leave the change out, or name a later period",
            ).named("no_closed_day_known")
        sums, counts = self._by_slot(chosen)
        overall = self.usage_kwh[chosen].mean()
        profile = np.where(counts > 0, sums / np.maximum(counts, 1), overall)
        return self._typical(profile[wanted.slot], chosen, is_beyond=counts[wanted.slot] == 0)

    def under(self, load_type: Band, wanted: Grid) -> Typical:
        """Mean usage under a load type, of each interval's quarter hour and kind of day as far as it is known.

        A quarter hour that never had the load type on such a day is taken from any day, and one that never had it at
        all from all quarter hours that have.

        Raises:
            NotEnoughDataError: no interval of the load type is known.
        """
        chosen = self._newest(self.grid.load_type == LOAD_TYPES.index(load_type))
        if not chosen.any():
            raise NotEnoughDataError(
                f"no interval of the load type {load_type} is known",
                field="changes",
                remedy="leave the change out, or name a later period",
            )
        sums, counts = self._by_slot(chosen)
        slot_mean = sums / np.maximum(counts, 1)
        found = np.where(counts > 0, slot_mean, self.usage_kwh[chosen].mean())[wanted.slot]
        for kind in np.unique(wanted.day_kind):
            kind_sums, kind_counts = self._by_slot(chosen & (self.grid.day_kind == kind))
            is_known = (wanted.day_kind == kind) & (kind_counts[wanted.slot] > 0)
            found[is_known] = (kind_sums / np.maximum(kind_counts, 1))[wanted.slot[is_known]]
        return self._typical(found, chosen, is_beyond=counts[wanted.slot] == 0)

    def _newest(self, chosen: BoolArray) -> BoolArray:
        """Those of ``chosen`` within the newest days, or all of them if none is."""
        newest: BoolArray = chosen & (self.grid.day > self.grid.day.max() - np.timedelta64(HISTORY_DAYS, "D"))
        return newest if newest.any() else chosen

    def _by_slot(self, chosen: BoolArray) -> tuple[FloatArray, FloatArray]:
        slot = self.grid.slot[chosen]
        sums: FloatArray = np.bincount(slot, self.usage_kwh[chosen], INTERVALS_PER_DAY).astype(np.float64)
        return sums, np.bincount(slot, minlength=INTERVALS_PER_DAY).astype(np.float64)

    def _typical(self, usage_kwh: FloatArray, chosen: BoolArray, *, is_beyond: BoolArray) -> Typical:
        days = self.grid.day[chosen]
        return Typical(usage_kwh, int(chosen.sum()), days[0].astype(object), days[-1].astype(object), is_beyond)
