"""What the plant usually does at a time of day: means over earlier days of the same group, never of a later one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from steel_energy.arrays import FloatArray, IntArray

HALF_LIFE_DAYS = 12  # days of one kind after which a day counts half: weeks of working days, a season of Sundays


@dataclass(frozen=True)
class SimilarDays:
    """A table by day and column (slot of the day, or one total), grouped, with running sums for means in one look-up.

    Built once for a whole history; a mean reads only the rows of days before the one it is asked for.
    """

    group_of_day: IntArray
    values: FloatArray
    days: dict[int, IntArray]
    running: dict[int, FloatArray]

    def mean(self, before: IntArray, day: IntArray, column: IntArray, *, last: int) -> FloatArray:
        """Mean of ``column`` over the ``last`` whole days of the group of ``day`` that come before day ``before``.

        Fewer where there are fewer; NaN where there is none. All three arrays have the same shape ``(n,)``.
        """
        result = np.full(len(before), np.nan)
        for group, rows, until in self._known(before, day):
            since = np.maximum(until - last, 0)
            total = self.running[group]
            sums = total[until, column[rows]] - total[since, column[rows]]
            result[rows] = np.where(until > 0, sums / np.maximum(until - since, 1), np.nan)
        return result

    def means(self, before: IntArray, day: IntArray, *, last: int) -> FloatArray:
        """As ``mean`` of every column at once, shape ``(n, columns)``."""
        result = np.full((len(before), self.values.shape[1]), np.nan)
        for group, rows, until in self._known(before, day):
            since = np.maximum(until - last, 0)
            total = self.running[group]
            some = until > 0
            result[rows[some]] = ((total[until] - total[since])[some].T / (until - since)[some]).T
        return result

    def faded_mean(self, before: IntArray, day: IntArray, column: IntArray) -> FloatArray:
        """As ``mean`` over all earlier days, each counting half as much as the one ``HALF_LIFE_DAYS`` days later."""
        result = np.full(len(before), np.nan)
        for group, rows, until in self._known(before, day):
            result[rows] = self._faded[group][until, column[rows]]
        return result

    @cached_property
    def _faded(self) -> dict[int, FloatArray]:
        before = np.full((1, self.values.shape[1]), np.nan)
        return {group: np.vstack([before, _fade(self.values[rows])]) for group, rows in self.days.items()}

    def _known(self, before: IntArray, day: IntArray) -> Iterator[tuple[int, IntArray, IntArray]]:
        """Each group of the days asked for, its rows, and how many days of the group are known to each row."""
        groups = self.group_of_day[day]
        for group in np.unique(groups):
            if group in self.days:
                rows = np.flatnonzero(groups == group)
                yield int(group), rows, np.searchsorted(self.days[group], before[rows])


def similar_days(values: FloatArray, group_of_day: IntArray) -> SimilarDays:
    """Group the rows of ``values``.

    Args:
        values: shape ``(days, columns)``; a day that is not wholly known is NaN throughout and never used.
        group_of_day: shape ``(days,)`` or longer; days of one number are similar.
    """
    group_of_known = group_of_day[: len(values)]
    whole = ~np.isnan(values).any(axis=1)
    days = {int(group): np.flatnonzero(whole & (group_of_known == group)) for group in np.unique(group_of_known[whole])}
    running = {
        group: np.vstack([np.zeros(values.shape[1]), values[rows].cumsum(axis=0)]) for group, rows in days.items()
    }
    return SimilarDays(group_of_day, values, days, running)


def _fade(values: FloatArray) -> FloatArray:
    """Mean of each row and those above it, weights halving every ``HALF_LIFE_DAYS`` rows."""
    keep = 0.5 ** (1 / HALF_LIFE_DAYS)
    means, total, weight = np.empty_like(values), np.zeros(values.shape[1]), 0.0
    for row, value in enumerate(values):
        total, weight = value + keep * total, 1.0 + keep * weight
        means[row] = total / weight
    return means


def smooth(profile: FloatArray, *, width: int) -> FloatArray:
    """Moving mean over ``width`` neighbouring columns of each row, fewer at its ends; ``width`` is odd.

    >>> smooth(np.array([[0.0, 3.0, 6.0]]), width=3).tolist()
    [[1.5, 3.0, 4.5]]
    """
    reach = width // 2
    padded = np.pad(np.cumsum(profile, axis=1), ((0, 0), (1, 0)))
    columns = np.arange(profile.shape[1])
    since, until = np.maximum(columns - reach, 0), np.minimum(columns + reach + 1, profile.shape[1])
    moving: FloatArray = (padded[:, until] - padded[:, since]) / (until - since)
    return moving
