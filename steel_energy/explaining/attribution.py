"""Why a value differs from the usual one of comparable cases: signed parts that add up to the difference.

The usual value is the median of the comparable cases. What some of the factors, such as the state of the plant before,
make one expect beyond it is a ridge regression of the cases on these factors alone, measured from the cases' medians.
Of a factor that can only go with more energy, such as hours at full load, no slope falls: in a few cases chance would
make it fall, and nobody would believe that.

A factor's part is its Shapley value: what it changes the expectation by, averaged over every order in which the factors
can be learnt. So no order has to be argued for, and factors that rise and fall together share what they tell. A factor
that was as usual explains nothing, and takes no share. What the factors together do not account for is the remainder:
it is told, never spread over the others. A factor beyond anything that the cases show counts as the furthest that they
do, for a line is not believed beyond them.

Sources: S. Lipovetsky and M. Conklin, "Analysis of regression in game theory approach", Applied Stochastic Models in
Business and Industry 17 (2001), for Shapley values of regressions on each subset of factors; K. Aas, M. Jullum and
A. Løland, "Explaining individual predictions when features are dependent", Artificial Intelligence 298 (2021), for why
what is expected must be conditional where factors depend on each other, as here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb
from typing import Generic, TypeVar

import numpy as np

from steel_energy.arrays import BoolArray, FloatArray
from steel_energy.errors import NotEnoughDataError
from steel_energy.explaining.records import Compare

NameT = TypeVar("NameT", bound=str)

FEWEST_CASES = 5
"""Of fewer comparable cases no usual value is told."""
RIDGE_CASES = 3.0
"""Pulls slopes to nothing as if so many more cases showed none: matters for a few Sundays, hardly for a year."""


@dataclass(frozen=True)
class Factor:
    """What a factor was in each comparable case, shape ``(n, columns)``, and in the explained one, ``(columns,)``.

    Unknown is NaN: of a case it counts as the median; of the explained one, the factor tells nothing. That more of it
    can only go with more energy is what ``is_rising`` says.
    """

    cases: FloatArray
    explained: FloatArray
    is_rising: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it can tell anything of the explained case."""
        known = ~np.isnan(self.explained).any() and ~np.isnan(self.cases).all(axis=0).any()
        return bool(known)

    @cached_property
    def seen(self) -> FloatArray:
        """Of each case, the median where unknown."""
        seen: FloatArray = np.where(np.isnan(self.cases), np.nanmedian(self.cases, axis=0), self.cases)
        return seen

    @cached_property
    def apart(self) -> FloatArray:
        """How far the explained case lies from the median, no further than any of the cases, shape ``(columns,)``."""
        furthest: FloatArray = np.clip(self.explained, self.seen.min(axis=0), self.seen.max(axis=0))
        return furthest - np.median(self.seen, axis=0)


@dataclass(frozen=True)
class Decomposition(Generic[NameT]):
    """``usual_kwh``, ``parts_kwh`` and ``remainder_kwh`` add up to the explained value.

    Attributes:
        usual_kwh: median of the comparable cases.
        parts_kwh: signed part of each factor that is known, in the given order; 0 of one that was as usual.
        remainder_kwh: what the factors together do not account for.
    """

    usual_kwh: float
    parts_kwh: Mapping[NameT, float]
    remainder_kwh: float


def decompose(actual_kwh: float, cases_kwh: FloatArray, factors: Mapping[NameT, Factor]) -> Decomposition[NameT]:
    """Split the difference of ``actual_kwh`` from the median of ``cases_kwh`` among the factors.

    Args:
        actual_kwh: the value to explain; not among the cases.
        cases_kwh: comparable values, shape ``(n,)``.
        factors: what is looked at, by name.

    >>> cases = np.array([10.0, 20, 30, 40, 50, 60, 70, 80, 90])  # 10 kWh for each hour of work
    >>> hours = Factor(np.arange(1.0, 10.0)[:, None], np.array([7.0]))
    >>> told = decompose(75, cases, {"hours": hours})
    >>> told.usual_kwh, round(told.parts_kwh["hours"], 6), round(told.remainder_kwh, 6)
    (50.0, 15.0, 10.0)
    """
    known = {name: factor for name, factor in factors.items() if factor.is_known}
    usual_kwh = float(np.median(cases_kwh))
    unusual = {name: factor for name, factor in known.items() if factor.apart.any()}
    parts_kwh = dict.fromkeys(known, 0.0) | shapley(_expectations(cases_kwh, unusual), tuple(unusual))
    return Decomposition(usual_kwh, parts_kwh, actual_kwh - usual_kwh - sum(parts_kwh.values()))


def require_cases(cases: int, compare: Compare) -> None:
    """Refuse to tell what is usual from fewer than ``FEWEST_CASES``.

    Raises:
        NotEnoughDataError: there are fewer.
    """
    if cases >= FEWEST_CASES:
        return
    what, remedy = "other", "wait for more readings"
    if compare == "earlier":
        what, remedy = "earlier", "compare with all days, later ones too, or ask for a later one"
    raise NotEnoughDataError(
        f"{cases} {what} days are comparable, and {FEWEST_CASES} are needed to say what is usual",
        field="compare",
        remedy=remedy,
    )


def shapley(expected: Mapping[tuple[NameT, ...], float], names: tuple[NameT, ...]) -> dict[NameT, float]:
    """What each name adds on average over every order; together, what all of them expect beyond none.

    Args:
        expected: of each subset of ``names``, in their order.
        names: the players, as game theory calls them.

    >>> shapley({(): 0.0, ("a",): 4.0, ("b",): 2.0, ("a", "b"): 10.0}, ("a", "b"))
    {'a': 6.0, 'b': 4.0}
    """
    return {name: _gain(name, expected, names) for name in names}


def _expectations(cases_kwh: FloatArray, factors: Mapping[NameT, Factor]) -> dict[tuple[NameT, ...], float]:
    """What each subset of the factors makes one expect beyond the usual, kWh."""
    return {
        subset: _ridge([factors[name] for name in subset], cases_kwh)
        for size in range(len(factors) + 1)
        for subset in combinations(factors, size)
    }


def _ridge(factors: list[Factor], cases_kwh: FloatArray) -> float:
    """What a ridge regression on the columns of ``factors`` makes of how far the explained case lies from usual."""
    if not factors:
        return 0.0
    columns, apart = np.hstack([one.seen for one in factors]), np.concatenate([one.apart for one in factors])
    spread = columns.std(axis=0)
    scale = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 0)
    scaled = (columns - columns.mean(axis=0)) * scale
    is_rising = np.concatenate([np.full(len(one.apart), one.is_rising) for one in factors])
    slopes = _slopes(scaled, cases_kwh - cases_kwh.mean(), is_rising)
    return float(slopes @ (apart * scale))


def _slopes(scaled: FloatArray, above_mean_kwh: FloatArray, is_rising: BoolArray) -> FloatArray:
    """Slopes with the least squares and the ridge's pull, those of rising columns not below 0.

    The Cholesky factor of the normal equations stands for all the cases; a slope that may fall is the difference of two
    that may not.
    """
    from scipy.optimize import nnls  # noqa: PLC0415 - takes a while to import

    root = np.linalg.cholesky(scaled.T @ scaled + RIDGE_CASES * np.eye(scaled.shape[1]))
    target = np.linalg.solve(root, scaled.T @ above_mean_kwh)
    falling = np.flatnonzero(~is_rising)
    found, _ = nnls(np.hstack([root.T, -root.T[:, falling]]), target)
    slopes: FloatArray = found[: len(root)]
    slopes[falling] -= found[len(root) :]
    return slopes


def _gain(name: NameT, expected: Mapping[tuple[NameT, ...], float], names: tuple[NameT, ...]) -> float:
    others = tuple(other for other in names if other != name)
    gains = (
        (expected[tuple(one for one in names if one == name or one in known)] - expected[known])
        / (len(names) * comb(len(others), size))
        for size in range(len(others) + 1)
        for known in combinations(others, size)
    )
    return sum(gains)
