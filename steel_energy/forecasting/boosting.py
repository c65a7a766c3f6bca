"""Boosted trees, direct: one model for each range of lead times, trained on pairs of an origin and a lead.

A near interval is about what the plant does now, a far one about the calendar, so each range learns for itself. The
trees forecast the mean; quantiles come from the errors of models that had not seen the block they forecast. Whose trees
they are, is ``trees``'s.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import polars as pl

from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.errors import REBUILD, BundleError, NotFittedError
from steel_energy.features import FEATURES, USUAL_FEATURE, FeatureBuilder, pair
from steel_energy.forecasting.base import QUANTILES, forecasts_frame, history_before, require_days, write_state
from steel_energy.forecasting.boosters import Booster, Growth, LightGBMBooster, XGBoostBooster
from steel_energy.forecasting.calibration import ErrorQuantiles, idle_level
from steel_energy.forecasting.trees import TwoStateTrees
from steel_energy.params import ForecastingParams, LeadRange, TreeParams
from steel_energy.plant import Plant
from steel_energy.schema import INTERVALS_PER_DAY
from steel_energy.tariff import Tariff
from steel_energy.timeline import DEFAULT_HORIZON, MAX_HORIZON, History, build_timeline, check_horizon, timeline_of

USUAL = FEATURES.index(USUAL_FEATURE)


@dataclass(frozen=True)
class RangeModel:
    """The model of one range of leads: the trees' forecast, drawn towards what the plant usually does.

    Attributes:
        leads: the range.
        trees: see everything that ``FEATURES`` tell of the moment and the target.
        usual_share: weight of the usual, 0-1; days far ahead differ in ways that nothing known today foretells.
        errors: of this forecast, by its level.
    """

    leads: LeadRange
    trees: TwoStateTrees
    usual_share: float
    errors: ErrorQuantiles

    def predict(self, features: FloatArray) -> FloatArray:
        """Mean usage in kWh, shape ``(n,)``."""
        return blend(self.trees.predict(features), features, self.usual_share)

    def contributions(self, features: FloatArray) -> FloatArray:
        """What each feature adds in kWh, shape ``(n, len(FEATURES) + 1)``; the last column is the base."""
        of_trees = self.trees.contributions(features)
        usual = features[:, USUAL]
        share = np.where(np.isnan(usual), 0.0, self.usual_share)[:, None]
        result = (1 - share) * of_trees
        base = of_trees[:, -1]  # what the trees expect before they look is what the usual is measured against
        result[:, USUAL] += share[:, 0] * (np.nan_to_num(usual) - base)
        result[:, -1] += share[:, 0] * base
        return result


@dataclass(frozen=True)
class TrainingRows:
    """Sampled pairs of one range of leads: features ``(n, features)``; usage, idle load and block of time ``(n,)``."""

    features: FloatArray
    usage_kwh: FloatArray
    idle_kwh: FloatArray
    origin_fold: IntArray
    target_fold: IntArray

    def unseen_by(self, fold: int) -> BoolArray:
        """Rows that a model may learn from which is to forecast block ``fold``."""
        unseen: BoolArray = (self.origin_fold != fold) & (self.target_fold != fold)
        return unseen


@dataclass(frozen=True)
class BoostedForecaster:
    """Direct models by lead time with calibrated quantiles; each maker of trees is a kind of its own."""

    plant: Plant
    tariff: Tariff
    params: ForecastingParams
    models: tuple[RangeModel, ...] = ()
    name: ClassVar[str]
    maker: ClassVar[type[Booster]]
    label: ClassVar[str] = ""

    def fit(self, readings: pl.DataFrame) -> Self:
        """Train all ranges; see ``Forecaster.fit``. The same readings and parameters give the same trees."""
        require_days(readings.height, needed_days=self.params.min_training_days, purpose="training")
        timeline = build_timeline(readings, plant=self.plant, tariff=self.tariff, ahead=MAX_HORIZON)
        builder = FeatureBuilder(timeline)
        rows = [sample_rows(builder, leads, params=self.params) for leads in self.params.boosting.lead_ranges]
        with ThreadPoolExecutor(self.params.boosting.workers) as pool:
            return replace(self, models=tuple(pool.map(self._train, self.params.boosting.lead_ranges, rows)))

    def predict(self, history: History, *, origin: dt.datetime, horizon: int = DEFAULT_HORIZON) -> pl.DataFrame:
        """See ``Forecaster.predict``."""
        known = history_before(history, origin, zone=self.plant.zone)
        return self.predict_many(known, [origin], horizon=horizon).drop("origin")

    def predict_many(
        self, history: History, origins: Sequence[dt.datetime], *, horizon: int = DEFAULT_HORIZON
    ) -> pl.DataFrame:
        """See ``Forecaster.predict_many``."""
        self._require_fitted()
        timeline = timeline_of(history, plant=self.plant, tariff=self.tariff, ahead=check_horizon(horizon))
        positions, leads = pair(timeline.positions(origins), horizon)
        shortest = int(positions.min(initial=timeline.end)) - timeline.first
        require_days(shortest, needed_days=self.params.warm_up_days, purpose="a forecast")
        features = timeline.once(FeatureBuilder).matrix(positions, leads)
        idle_kwh = idle_level(timeline, positions)
        mean_kwh, quantiles_kwh = np.empty(len(leads)), np.empty((len(leads), len(QUANTILES)))
        for model in self.models:
            rows = np.flatnonzero((leads >= model.leads.first) & (leads <= model.leads.last))
            if not len(rows):
                continue
            mean_kwh[rows] = model.predict(features[rows])
            quantiles_kwh[rows] = model.errors.around(mean_kwh[rows], idle_kwh=idle_kwh[rows])
        return forecasts_frame(timeline, positions, leads, mean_kwh=mean_kwh, quantiles_kwh=quantiles_kwh)

    def save(self, folder: Path) -> None:
        """See ``Forecaster.save``: the trees of each range of leads as text, everything else in one JSON file."""
        self._require_fitted()
        for model in self.models:
            model.trees.save(folder, model.leads.name)
        ranges = [{"usual_share": model.usual_share, "errors": model.errors.to_json()} for model in self.models]
        params = self.params.model_dump(mode="json")
        write_state(folder, {"name": self.name, "features": list(FEATURES), "params": params, "ranges": ranges})

    @classmethod
    def load(cls, folder: Path, state: dict[str, Any], *, plant: Plant, tariff: Tariff) -> Self:
        """Rebuild from what ``save`` wrote.

        Raises:
            BundleError: it was trained on other features than this version of the code computes.
        """
        if state["features"] != list(FEATURES):
            raise BundleError("was trained on other features", field=str(folder), remedy=REBUILD)
        params = ForecastingParams.model_validate(state["params"])
        models = [
            RangeModel(
                leads,
                TwoStateTrees.load(cls.maker, folder, leads.name),
                part["usual_share"],
                ErrorQuantiles.from_json(part["errors"]),
            )
            for leads, part in zip(params.boosting.lead_ranges, state["ranges"], strict=True)
        ]
        return cls(plant=plant, tariff=tariff, params=params, models=tuple(models))

    def _require_fitted(self) -> None:
        if not self.models:
            raise NotFittedError(self.name)

    def _train(self, leads: LeadRange, rows: TrainingRows) -> RangeModel:
        """The model on all rows; weight and error quantiles from models that had to forecast a block of time unseen."""
        unseen = np.empty(len(rows.usage_kwh))
        for fold in range(self.params.calibration_folds):
            own = np.flatnonzero(rows.origin_fold == fold)
            trees = self.grow(leads, rows, np.flatnonzero(rows.unseen_by(fold)))
            unseen[own] = trees.predict(rows.features[own])
        share = best_share(unseen, rows.features[:, USUAL], rows.usage_kwh)
        errors = ErrorQuantiles.learn(
            blend(unseen, rows.features, share),
            rows.usage_kwh,
            idle_kwh=rows.idle_kwh,
            levels=self.params.calibration_levels,
        )
        return RangeModel(leads, self.grow(leads, rows, np.arange(len(unseen))), share, errors)

    def grow(self, leads: LeadRange, rows: TrainingRows, chosen: IntArray) -> TwoStateTrees:
        """Trees on some of the rows."""
        tuned: TreeParams = getattr(self.params, self.name)
        near = leads.last <= self.params.boosting.all_features_until_lead
        growth = Growth(leads.trees, 1.0 if near else tuned.feature_share, tuned, self.params.seed)
        return TwoStateTrees.train(self.maker, rows.features[chosen], rows.usage_kwh[chosen], growth=growth)


class LightGBMForecaster(BoostedForecaster):
    """Direct models by lead time with LightGBM's trees."""

    name = "lightgbm"
    maker = LightGBMBooster


class XGBoostForecaster(BoostedForecaster):
    """Direct models by lead time with XGBoost's trees."""

    name = "xgboost"
    maker = XGBoostBooster


def blend(trees_kwh: FloatArray, features: FloatArray, usual_share: float) -> FloatArray:
    """Trees' forecasts of shape ``(n,)`` drawn towards the usual; as they are where no day of the kind is known yet."""
    usual = features[:, USUAL]
    return np.where(np.isnan(usual), trees_kwh, (1 - usual_share) * trees_kwh + usual_share * usual)


def best_share(trees: FloatArray, usual: FloatArray, usage: FloatArray) -> float:
    """The weight of the usual, 0-1, with the smallest squared error beside trees that had not seen the rows."""
    known = ~np.isnan(usual)
    apart = (usual - trees)[known]
    size = float(apart @ apart)
    return min(max(float(apart @ (usage - trees)[known]) / size, 0.0), 1.0) if size else 0.0


def sample_rows(builder: FeatureBuilder, leads: LeadRange, *, params: ForecastingParams) -> TrainingRows:
    """Each origin after the warm-up with a few random leads of the range whose target is known."""
    line = builder.timeline
    random = np.random.default_rng([params.seed, leads.first])
    start = line.first + params.warm_up_days * INTERVALS_PER_DAY
    origins = np.repeat(np.arange(start, line.end), leads.rows_per_origin)
    lead = random.integers(leads.first, leads.last + 1, len(origins))
    known = origins + lead - 1 < line.end
    origins, targets = origins[known], (origins + lead - 1)[known]
    fold_size = (line.end - start) / params.calibration_folds
    return TrainingRows(
        features=builder.matrix(origins, lead[known]),
        usage_kwh=line.usage_kwh[targets],
        idle_kwh=idle_level(line, origins),
        origin_fold=((origins - start) // fold_size).astype(np.int64),
        target_fold=((targets - start) // fold_size).astype(np.int64),
    )
