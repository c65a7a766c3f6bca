"""One forecaster for every plant: trees over what all plants share, in units of each plant's own size.

Energies are counted in *scales*: a plant's mean usage of the last four weeks, as each origin knows it. In these units a
mill and a workshop look alike, so one set of trees serves both, and a plant that it never saw: a week of readings is
enough. What parts the plants is told by features that every plant has, never by its id. How the trees are trained, on
the readings of all plants, is ``fleet``'s.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.errors import REBUILD, BundleError
from steel_energy.features import FEATURES, FeatureBuilder, pair
from steel_energy.forecasting.base import QUANTILES, forecasts_frame, history_before, require_days, write_state
from steel_energy.forecasting.boosters import XGBoostBooster
from steel_energy.forecasting.boosting import blend
from steel_energy.forecasting.calibration import ErrorQuantiles, idle_level
from steel_energy.params import LeadRange
from steel_energy.plant import Plant
from steel_energy.schema import DAYS_PER_WEEK, INTERVALS_PER_DAY, INTERVALS_PER_HOUR
from steel_energy.tariff import Tariff
from steel_energy.timeline import DEFAULT_HORIZON, History, Timeline, check_horizon, timeline_of

NAME = "global_model"
SCALE_DAYS = 4 * DAYS_PER_WEEK  # each weekday four times: a month with a holiday more or less moves it little
OF_PLANT = ("idle_in_scales", "contract_in_scales", "is_fuel", "known_days")
"""What tells plants apart beside the shape of their days: idle load, contracted demand, carrier, length of history."""
GLOBAL_FEATURES = (*FEATURES, *OF_PLANT)
IDLE = GLOBAL_FEATURES.index("idle_in_scales")
IN_SCALES = np.array([name.endswith(("_kwh", "_kvarh")) for name in FEATURES])


class GlobalBooster(XGBoostBooster):
    """XGBoost's trees over ``GLOBAL_FEATURES``."""

    NAMES = GLOBAL_FEATURES


@dataclass(frozen=True)
class GlobalRange:
    """The model of one range of leads; all energies are in scales.

    Attributes:
        leads: the range.
        trees: see ``GLOBAL_FEATURES``.
        usual_share: weight of what the plant usually does, 0-1.
        errors: of this forecast at plants that the trees had not seen.
    """

    leads: LeadRange
    trees: GlobalBooster
    usual_share: float
    errors: ErrorQuantiles

    def predict(self, features: FloatArray) -> FloatArray:
        """Mean usage in scales, shape ``(n,)``."""
        return blend(self.trees.predict(features), features, self.usual_share)


@dataclass(frozen=True)
class GlobalForecaster:
    """The global model, asked about one plant.

    Attributes:
        plant: whose usage is forecast; it need not be among those that the model was trained on.
        tariff: its bands.
        models: one for each range of leads.
        needed_days: readings before an origin; fewer are refused.
        plants: how many the model was trained on.
    """

    plant: Plant
    tariff: Tariff
    models: tuple[GlobalRange, ...]
    needed_days: int
    plants: int
    name: ClassVar[str] = NAME

    @property
    def label(self) -> str:
        """See ``Forecaster.label``."""
        return f"one model of {self.plants} plants"

    def fit(self, readings: pl.DataFrame) -> Self:  # noqa: ARG002 - as of every forecaster
        """Itself: one plant's readings teach it nothing, and its size is measured at every origin."""
        return self

    def predict(self, history: History, *, origin: dt.datetime, horizon: int = DEFAULT_HORIZON) -> pl.DataFrame:
        """See ``Forecaster.predict``."""
        known = history_before(history, origin, zone=self.plant.zone)
        return self.predict_many(known, [origin], horizon=horizon).drop("origin")

    def predict_many(
        self, history: History, origins: Sequence[dt.datetime], *, horizon: int = DEFAULT_HORIZON
    ) -> pl.DataFrame:
        """See ``Forecaster.predict_many``."""
        timeline = timeline_of(history, plant=self.plant, tariff=self.tariff, ahead=check_horizon(horizon))
        positions, leads = pair(timeline.positions(origins), horizon)
        shortest = int(positions.min(initial=timeline.end)) - timeline.first
        require_days(shortest, needed_days=self.needed_days, purpose="a forecast of the global model")
        features = global_features(timeline, positions, leads, plant=self.plant)
        mean, quantiles = np.empty(len(leads)), np.empty((len(leads), len(QUANTILES)))
        for model in self.models:
            rows = np.flatnonzero((leads >= model.leads.first) & (leads <= model.leads.last))
            if len(rows):
                mean[rows] = model.predict(features[rows])
                quantiles[rows] = model.errors.around(mean[rows], idle_kwh=features[rows, IDLE])
        scale = scale_kwh(timeline, positions, plant=self.plant)
        return forecasts_frame(
            timeline, positions, leads, mean_kwh=scale * mean, quantiles_kwh=scale[:, None] * quantiles
        )

    def save(self, folder: Path) -> None:
        """See ``Forecaster.save``: the trees of each range of leads as text, everything else in one JSON file."""
        for model in self.models:
            model.trees.save(_trees_file(folder, model.leads))
        ranges = [
            {
                "leads": model.leads.model_dump(mode="json"),
                "usual_share": model.usual_share,
                "errors": model.errors.to_json(),
            }
            for model in self.models
        ]
        about = {"name": self.name, "needed_days": self.needed_days, "plants": self.plants}
        write_state(folder, about | {"features": list(GLOBAL_FEATURES), "ranges": ranges})

    @classmethod
    def load(cls, folder: Path, state: dict[str, Any], *, plant: Plant, tariff: Tariff) -> Self:
        """Rebuild from what ``save`` wrote, for any plant.

        Raises:
            BundleError: it was trained on other features than this version of the code computes.
        """
        if state["features"] != list(GLOBAL_FEATURES):
            raise BundleError("was trained on other features", field=str(folder), remedy=REBUILD)
        models = tuple(
            GlobalRange(
                leads := LeadRange.model_validate(part["leads"]),
                _trees(_trees_file(folder, leads)),
                part["usual_share"],
                ErrorQuantiles.from_json(part["errors"]),
            )
            for part in state["ranges"]
        )
        return cls(plant, tariff, models, state["needed_days"], state["plants"])


def scale_kwh(timeline: Timeline, origins: IntArray, *, plant: Plant) -> FloatArray:
    """What the plant used in an interval on average over the last four weeks before each origin, shape ``(n,)``.

    Over all that is known where that is less; a plant that used nothing has the size of one pulse of its meter.
    """
    known = timeline.usage_kwh[timeline.first :]
    running = np.concatenate([[0.0], known.cumsum()])
    until = origins - timeline.first
    since = np.maximum(until - SCALE_DAYS * INTERVALS_PER_DAY, 0)
    scale: FloatArray = np.maximum((running[until] - running[since]) / (until - since), plant.meter.pulse_kwh)
    return scale


def global_features(timeline: Timeline, origins: IntArray, leads: IntArray, *, plant: Plant) -> FloatArray:
    """``GLOBAL_FEATURES`` of pairs of an origin's position and a lead, energies in scales; shape ``(n, features)``."""
    matrix = timeline.once(FeatureBuilder).matrix(origins, leads)
    scale = scale_kwh(timeline, origins, plant=plant)
    matrix[:, IN_SCALES] /= scale[:, None]
    of_plant = (
        idle_level(timeline, origins) / scale,
        plant.contract_kw / INTERVALS_PER_HOUR / scale,
        np.full(len(origins), plant.is_fuel),
        (origins - timeline.first) / INTERVALS_PER_DAY,
    )
    return np.column_stack([matrix, *of_plant])


def _trees_file(folder: Path, leads: LeadRange) -> Path:
    return folder / f"{leads.name}{GlobalBooster.SUFFIX}"


@lru_cache(maxsize=64)  # all plants share them; a bundle's files never change
def _trees(path: Path) -> GlobalBooster:
    return GlobalBooster.load(path)
