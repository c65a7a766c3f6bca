"""What a Chronos model is shown at an origin: series up to it, and what is known ahead. No model and no torch here.

A model that is trained on the plant learns what lies above its *usual* load, which is known ahead: the same quarter
hours of the last weeks, or with covariates the last similar days. It need not learn what a week looks like.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.schema import INTERVALS_PER_DAY, INTERVALS_PER_WEEK
from steel_energy.similar_days import similar_days
from steel_energy.timeline import Timeline

PAST_ONLY = ("lagging_reactive_kvarh",)
"""Measured series that are known up to the origin and no further."""

WEEKS = 8  # before the target, fewer where there are fewer
LAST_DAYS = 4  # similar ones


@dataclass(frozen=True)
class Windows:
    """Some origins as a model sees them; the first variate is the target, the last ones are known ahead.

    Attributes:
        past: shape ``(origins, variates, context)``; NaN where nothing is known.
        ahead: shape ``(origins, variates, horizon)``; NaN for what is not known ahead.
        offset_kwh: shape ``(origins, horizon)``: what is to be added to a forecast of the target.
        known_ahead: how many variates are.
    """

    past: FloatArray
    ahead: FloatArray
    offset_kwh: FloatArray
    known_ahead: int


@dataclass(frozen=True)
class Series:
    """The variates of one timeline, for windows at any of its origins.

    Attributes:
        past: variates known up to the origin, each of shape ``(positions,)``; the target comes first.
        ahead: variates known ahead, each of shape ``(days, positions)``: row ``k`` is what is known ``k`` days before.
        offset_kwh: as one of ``ahead``.
        day: local day of each position.
    """

    past: tuple[FloatArray, ...]
    ahead: tuple[FloatArray, ...]
    offset_kwh: FloatArray
    day: IntArray

    def windows(self, origins: IntArray, *, context: int, horizon: int) -> Windows:
        """What is known at positions ``origins``: nothing measured at or after them."""
        back, targets = origins[:, None] + np.arange(-context, 0), origins[:, None] + np.arange(horizon)
        days_ahead = self.day[targets] - self.day[origins][:, None]
        unknown = [np.full(targets.shape, np.nan) for _ in self.past]
        past = [_at(values, back) for values in (*self.past, *(table[0] for table in self.ahead))]
        ahead = [*unknown, *(table[days_ahead, targets] for table in self.ahead)]
        offset_kwh = self.offset_kwh[days_ahead, targets]
        return Windows(np.stack(past, axis=1), np.stack(ahead, axis=1), offset_kwh, len(self.ahead))


def target_alone(timeline: Timeline, *, horizon: int) -> Series:
    """Usage as it was, and nothing beside it: no calendar, no tariff."""
    return Series((_to_end(timeline, "usage_kwh"),), (), np.zeros((_days(horizon), len(timeline.day))), timeline.day)


def above_weekly(timeline: Timeline, *, horizon: int) -> Series:
    """Usage above the mean of the same quarter hours of the last weeks: still usage alone."""
    usage, positions = _to_end(timeline, "usage_kwh"), np.arange(len(timeline.day))
    weeks = np.stack([_at(usage, positions - INTERVALS_PER_WEEK * back) for back in range(1, WEEKS + 1)])
    known = np.count_nonzero(~np.isnan(weeks), axis=0)
    usual = np.where(known > 0, np.nansum(weeks, axis=0) / np.maximum(known, 1), np.nan)
    return Series((usage - usual,), (), np.tile(usual, (_days(horizon), 1)), timeline.day)


def with_covariates(timeline: Timeline, *, horizon: int) -> Series:
    """Usage above the usual and reactive energy up to the origin; the usual load and the calendar known ahead."""
    return timeline.once(_with_covariates, _days(horizon))


def _with_covariates(timeline: Timeline, days: int) -> Series:
    usual = _usual(timeline, days=days)
    target = _to_end(timeline, "usage_kwh") - usual[0]
    past_only = (_to_end(timeline, name) for name in PAST_ONLY)
    ahead = (usual, np.tile(_calendar(timeline), (days, 1)))
    return Series((target, *past_only), ahead, usual, timeline.day)


def _days(horizon: int) -> int:
    """Local days that a horizon may touch; one of 23 hours adds one."""
    return horizon // INTERVALS_PER_DAY + 2


def _usual(timeline: Timeline, *, days: int) -> FloatArray:
    """Of days like each position's, half the mean of the last few and half that of all, the older the less.

    Shape ``(days, positions)``; row ``k`` as known ``k`` days before. Like it are days of its kind; where there was
    none yet, open or closed ones as it is; then any day.
    """
    table = np.full((days, len(timeline.day)), np.nan)
    known_days = np.maximum(timeline.day - np.arange(days)[:, None], 0)
    for group in (timeline.day_kind, timeline.is_closed.astype(np.int64), np.zeros_like(timeline.day_kind)):
        similar = similar_days(timeline.profile_kwh, group)
        for known, row in zip(known_days, table, strict=True):
            missing = np.flatnonzero(np.isnan(row))
            asked = known[missing], timeline.day[missing], timeline.slot[missing]
            row[missing] = (similar.mean(*asked, last=LAST_DAYS) + similar.faded_mean(*asked)) / 2
    return table


def _calendar(timeline: Timeline) -> FloatArray:
    """Tariff band, below it the closed day, and the time of day, which keeps the series from ever being constant.

    A model scales each series by its own past: one that had not moved for days would be blown up when it does.
    """
    return timeline.load_type - timeline.is_closed[timeline.day] + timeline.slot / INTERVALS_PER_DAY


def _to_end(timeline: Timeline, name: str) -> FloatArray:
    """A measured series over all positions, NaN where it is not known."""
    padding = np.full(len(timeline.day) - timeline.end, np.nan)
    return np.concatenate([timeline.measured[name], padding])


def _at(values: FloatArray, positions: IntArray) -> FloatArray:
    """Values at positions, NaN before the first."""
    return np.where(positions >= 0, values[np.maximum(positions, 0)], np.nan)
