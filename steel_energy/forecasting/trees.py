"""A load with two states, idle and running, as boosted trees: the chance of running, and the level of either state.

A steel plant stands at a few kWh or runs at tens; the mean of such a load is a chance times a level, which trees learn
better apart than as one number. Where the two states part is read from the readings. Whose trees they are is
``boosters``'s, which rows they learn from is ``boosting``'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from scipy.special import expit

from steel_energy.arrays import BoolArray, FloatArray
from steel_energy.forecasting.boosters import Booster, Growth


@dataclass(frozen=True)
class TwoStateTrees:
    """Usage in kWh as ``chance * running + (1 - chance) * idle``, each a ``Booster`` of its own."""

    chance: Booster
    running: Booster
    idle: Booster

    @classmethod
    def train(cls, maker: type[Booster], features: FloatArray, usage_kwh: FloatArray, *, growth: Growth) -> Self:
        """Trees on ``features`` of shape ``(n, len(FEATURES))``; the same rows and seed give the same trees."""
        runs = is_running(usage_kwh, fewest=growth.params.min_rows_in_leaf)
        chance = maker.train(features, runs.astype(np.float64), target="share", growth=growth)
        running, idle = (
            maker.train(features[rows], usage_kwh[rows], target="level", growth=growth) for rows in (runs, ~runs)
        )
        return cls(chance, running, idle)

    @classmethod
    def load(cls, maker: type[Booster], folder: Path, name: str) -> Self:
        """What ``save`` wrote, with the same forecasts to the bit."""
        return cls(*(maker.load(folder / f"{name}-{part}{maker.SUFFIX}") for part in cls.parts()))

    @classmethod
    def parts(cls) -> tuple[str, ...]:
        """Names of the boosters, as of their files."""
        return tuple(cls.__dataclass_fields__)

    def save(self, folder: Path, name: str) -> None:
        """Write one file for each booster, ``<name>-<part>``."""
        for part in self.parts():
            booster: Booster = getattr(self, part)
            booster.save(folder / f"{name}-{part}{booster.SUFFIX}")

    def predict(self, features: FloatArray) -> FloatArray:
        """Mean usage in kWh, shape ``(n,)``."""
        idle = self.idle.predict(features)
        return idle + self.chance.predict(features) * (self.running.predict(features) - idle)

    def contributions(self, features: FloatArray) -> FloatArray:
        """What each feature adds in kWh, shape ``(n, len(FEATURES) + 1)``; the last column is the base.

        The SHAP values of the three boosters are put together along the straight way from the bases to the values
        (Aumann and Shapley's prices), so that a row adds up to the forecast.
        """
        boosters = [getattr(self, part).contributions(features) for part in self.parts()]
        shares = _mean_shares(*boosters)
        parts = sum(share[:, None] * values[:, :-1] for share, values in zip(shares, boosters, strict=True))
        base = _mean_of(*(_bases(values) for values in boosters))
        return np.column_stack([parts, base])


def is_running(usage_kwh: FloatArray, *, fewest: int) -> BoolArray:
    """Which intervals belong to the upper of two states.

    The cut makes both groups as alike within as can be on the scale of orders of magnitude (Otsu, 1979). A load that
    has no two states is cut as well, which does no harm: the mean over both parts is the mean.

    Args:
        usage_kwh: shape ``(n,)``, not negative.
        fewest: intervals that each state gets at least; half of all where that is fewer.

    >>> is_running(np.array([3.0, 50.0, 4.0, 60.0, 3.0]), fewest=1).tolist()
    [False, True, False, True, False]
    """
    order = np.argsort(usage_kwh, kind="stable")
    below = np.log1p(usage_kwh[order]).cumsum()
    total, size = below[-1], len(order)
    least = max(1, min(fewest, size // 2))
    idle = np.arange(least, size - least + 1)
    difference = below[idle - 1] / idle - (total - below[idle - 1]) / (size - idle)
    cut = idle[np.argmax(idle * (size - idle) * difference**2)]
    runs = np.zeros(size, dtype=np.bool_)
    runs[order[cut:]] = True
    return runs


def _mean_shares(
    chance: FloatArray, running: FloatArray, idle: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """By how much a step of each booster's margin moves the forecast, on average over the way from base to value.

    Running counts with the mean chance, idle with its rest. What the two levels leave of the whole difference is the
    chance's own; where its margin stands still, its slope there is meant.
    """
    bases, values = ([side(part) for part in (chance, running, idle)] for side in (_bases, _values))
    step = values[0] - bases[0]
    moves = np.abs(step) > np.sqrt(np.finfo(float).eps)
    steps = np.where(moves, step, 1.0)
    mean_chance = np.where(moves, (np.logaddexp(0, values[0]) - np.logaddexp(0, bases[0])) / steps, expit(bases[0]))
    levels = mean_chance * (values[1] - bases[1]) + (1 - mean_chance) * (values[2] - bases[2])
    slope = expit(bases[0]) * expit(-bases[0]) * (bases[1] + values[1] - bases[2] - values[2]) / 2
    own = np.where(moves, (_mean_of(*values) - _mean_of(*bases) - levels) / steps, slope)
    return own, mean_chance, 1 - mean_chance


def _bases(contributions: FloatArray) -> FloatArray:
    return contributions[:, -1]


def _values(contributions: FloatArray) -> FloatArray:
    total: FloatArray = contributions.sum(axis=1)
    return total


def _mean_of(chance_margin: FloatArray, running_kwh: FloatArray, idle_kwh: FloatArray) -> FloatArray:
    mean: FloatArray = idle_kwh + expit(chance_margin) * (running_kwh - idle_kwh)
    return mean
