"""Training the global model: groups of plants forecast by models that saw none of them, then one model on all.

What the group models miss gives the bands and the scores of the global model: they are what a plant may expect that the
model has never seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray
from steel_energy.errors import NotEnoughDataError
from steel_energy.fleet.cluster import Workers
from steel_energy.fleet.rows import PlantRows, Taught, rows_in_lake
from steel_energy.fleet.trial import judge
from steel_energy.forecasting.boosters import Growth
from steel_energy.forecasting.boosting import USUAL, best_share
from steel_energy.forecasting.calibration import ErrorQuantiles
from steel_energy.forecasting.global_model import IDLE, GlobalBooster, GlobalRange
from steel_energy.lake import Lake
from steel_energy.params import LeadRange, Params
from steel_energy.sites import Site

FEWEST_PLANTS = 2
MOST_ERRORS = 200_000
"""Of one range of leads, from which bands are learnt: they come here from the workers, so there is an end to them."""


@dataclass(frozen=True)
class Trained:
    """The global model and what is known of it.

    Attributes:
        models: one for each range of leads, trained on all plants.
        taught: what each plant taught it from.
        untaught: why other plants taught it nothing.
        scores: a row for each plant that could be judged, by a model that had not seen it: columns of ``trial.judge``.
    """

    models: tuple[GlobalRange, ...]
    taught: dict[str, Taught]
    untaught: dict[str, str]
    scores: pl.DataFrame


@dataclass(frozen=True)
class Unseen:
    """Forecasts of plants that the trees had not seen, energies in scales; arrays of shape ``(n,)``."""

    trees: FloatArray
    usual: FloatArray
    idle: FloatArray
    usage: FloatArray


def train_global(sites: Sequence[Site], lake: Lake, *, params: Params, workers: Workers) -> Trained:
    """Train the global model on the cleaned readings of ``sites`` and judge it plant by plant.

    The same readings, parameters and number of workers give the same model to the bit; another number of workers sums
    in another order, which moves last digits and may tip a split.

    Raises:
        NotEnoughDataError: fewer than two plants have the history that a model of their own would need.
        ClusterError: a worker was lost.
    """
    sites = sorted(sites, key=lambda site: site.plant.id)
    handles = workers.deal(partial(rows_in_lake, lake=lake, params=params), sites)
    about = dict(zip([site.plant.id for site in sites], workers.ask(_about, handles), strict=True))
    taught = {plant: told for plant, told in about.items() if isinstance(told, Taught)}
    untaught = {plant: told for plant, told in about.items() if isinstance(told, str)}
    if len(taught) < FEWEST_PLANTS:
        raise NotEnoughDataError(
            f"the global model needs {FEWEST_PLANTS} plants with enough history, got {len(taught)} of {len(sites)}",
            field="plants",
            remedy="; ".join(f"{plant}: {why}" for plant, why in untaught.items()) or "add plants, see docs/plants.md",
        )
    teachers = [(site, handle) for site, handle in zip(sites, handles, strict=True) if site.plant.id in taught]
    count = min(params.fleet.plant_groups, len(teachers))
    groups = [teachers[group::count] for group in range(count)]
    of_groups, models = [], []
    for place, leads in enumerate(params.forecasting.boosting.lead_ranges):
        apart, final = _range_models(groups, place, leads, params=params, workers=workers)
        of_groups.append(apart)
        models.append(final)
    scores = []
    for group, judges in zip(groups, zip(*of_groups, strict=True), strict=True):
        shared = workers.share(judges)
        asked = workers.deal(_itself, [site for site, _ in group])
        scores += workers.ask(partial(judge, lake=lake, params=params), asked, shared)
    judged = pl.DataFrame([row for row in scores if row is not None], infer_schema_length=None)
    return Trained(tuple(models), taught, untaught, judged)


def _range_models(
    groups: Sequence[Sequence[tuple[Site, object]]], place: int, leads: LeadRange, *, params: Params, workers: Workers
) -> tuple[list[GlobalRange], GlobalRange]:
    """Of one range of leads: a model for each group that has not seen it, and the model of all plants."""
    handles = [[handle for _, handle in group] for group in groups]
    growth = Growth(
        leads.trees, params.forecasting.xgboost.feature_share, params.forecasting.xgboost, params.forecasting.seed
    )
    most = max(1, MOST_ERRORS // sum(map(len, handles)))
    apart, unseen = [], []
    for group in range(len(groups)):
        others = [handle for other, held in enumerate(handles) if other != group for handle in held]
        trees = workers.grow(others, place, growth)
        told = workers.ask(partial(_unseen, place=place, most=most), handles[group], workers.share(trees))
        apart.append(trees)
        unseen.append(told)
    levels = params.forecasting.calibration_levels
    judges = [
        _model(
            leads, trees, [one for other, told in enumerate(unseen) if other != group for one in told], levels=levels
        )
        for group, trees in enumerate(apart)
    ]
    everyone = workers.grow([handle for held in handles for handle in held], place, growth)
    return judges, _model(leads, everyone, [one for told in unseen for one in told], levels=levels)


def _model(leads: LeadRange, trees: GlobalBooster, unseen: Sequence[Unseen], *, levels: int) -> GlobalRange:
    """``trees`` with the weight of the usual and the bands that forecasts of unseen plants ask for."""
    told, usual, idle, usage = (
        np.concatenate([getattr(part, name) for part in unseen]) for name in ("trees", "usual", "idle", "usage")
    )
    share = best_share(told, usual, usage)
    mean = np.where(np.isnan(usual), told, (1 - share) * told + share * usual)
    return GlobalRange(leads, trees, share, ErrorQuantiles.learn(mean, usage, idle_kwh=idle, levels=levels))


def _about(rows: PlantRows) -> Taught | str:
    return rows.about


def _itself(site: Site) -> Site:
    return site


def _unseen(rows: PlantRows, trees: GlobalBooster, *, place: int, most: int) -> Unseen:
    """What ``trees`` forecast of a plant's rows, ``most`` of them at even distances; runs on a worker."""
    step = max(1, len(rows.ranges[place].usage) // most)
    features = rows.ranges[place].features[::step].astype(np.float64)
    usage = rows.ranges[place].usage[::step].astype(np.float64)
    return Unseen(trees.predict(features), features[:, USUAL], features[:, IDLE], usage)
