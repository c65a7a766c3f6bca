"""Which trees speak for a forecaster: its own, those of all its members, or those of its best tree member.

Contributions are those of trees. A blend of tree models is explained whole, because contributions in kWh blend as the
forecasts do. Of a blend with another kind of model only the tree member can be explained, and in place of a forecaster
without any trees the best other one that has some; ``Explainer.about`` says which it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from steel_energy.arrays import FloatArray
from steel_energy.errors import NotFittedError
from steel_energy.forecasting.base import Forecaster
from steel_energy.forecasting.boosting import BoostedForecaster
from steel_energy.forecasting.ensemble import Ensemble
from steel_energy.forecasting.vintages import Vintages
from steel_energy.params import LeadRange
from steel_energy.timeline import MAX_HORIZON


@dataclass(frozen=True)
class Explainer:
    """Fitted tree models and how their forecasts are blended.

    Attributes:
        forecaster: whose mean forecast the contributions add up to.
        about: which forecaster that is, in words.
        members: its tree models.
        shares: of each member by lead, shape ``(members, 672)``; a column adds up to 1.
    """

    forecaster: Forecaster
    about: str
    members: tuple[BoostedForecaster, ...]
    shares: FloatArray

    @property
    def ranges(self) -> tuple[LeadRange, ...]:
        """Ranges of leads that have models of their own."""
        return tuple(model.leads for model in self.members[0].models)


def best_explainer(champion: Forecaster, others: Iterable[Forecaster]) -> Explainer | None:
    """The trees that explain ``champion`` or, where it has none, the first of ``others`` that has; None without any.

    Raises:
        NotFittedError: one of them is not fitted.
    """
    if found := explainer_of(champion):
        return found
    for other in others:
        if found := explainer_of(other):
            why = f"the best on the leaderboard that has trees: the champion, {champion.name}, has none"
            return replace(found, about=f"{found.about}, {why}")
    return None


def explainer_of(forecaster: Forecaster) -> Explainer | None:
    """The trees that explain ``forecaster``, of several vintages the newest fit's; None where it has no trees.

    Raises:
        NotFittedError: it is not fitted.
    """
    if isinstance(forecaster, Vintages):
        if not forecaster.fits:
            raise NotFittedError(forecaster.name)
        return explainer_of(forecaster.fits[-1].forecaster)
    if isinstance(forecaster, Ensemble):
        return _of_ensemble(forecaster)
    return _of_trees(forecaster) if isinstance(forecaster, BoostedForecaster) else None


def _of_trees(forecaster: BoostedForecaster) -> Explainer:
    if not forecaster.models:
        raise NotFittedError(forecaster.name)
    return Explainer(forecaster, f"{forecaster.name} itself", (forecaster,), np.ones((1, MAX_HORIZON)))


def _of_ensemble(ensemble: Ensemble) -> Explainer | None:
    shares = _shares(ensemble)
    trees = {at: _of_trees(one) for at, one in enumerate(ensemble.members) if isinstance(one, BoostedForecaster)}
    if not trees:
        return None
    if len(trees) == len(ensemble.members):
        members = tuple(part.members[0] for part in trees.values())
        return Explainer(ensemble, f"{ensemble.name} itself: {ensemble.label}", members, shares)
    best = max(trees, key=lambda at: float(shares[at].mean()))
    about = (
        f"{trees[best].forecaster.name}, {shares[best].mean():.0%} of the {ensemble.name}; the rest of it has no trees"
    )
    return replace(trees[best], about=about)


def _shares(ensemble: Ensemble) -> FloatArray:
    """Each member's share by lead; halves where the weights are not learnt."""
    leads = np.arange(1, MAX_HORIZON + 1)
    first = np.full(MAX_HORIZON, 0.5)
    if ensemble.weights:
        first = np.array(ensemble.weights)[np.searchsorted(ensemble.params.lead_ends, leads)]
    return np.array([first, 1 - first])
