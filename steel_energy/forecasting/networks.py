"""What forecasters of one neural network share: fitting, asking, and quantiles from weeks that it was not trained on.

Such a network gives quantiles of its own and no mean. Measured on this kind of load, their spread is too coarse for an
idle plant, so they only say how high the load will be; how far the truth lies from that is learnt from errors, as for
any other model. Which network it is, where it comes from and what it is shown stands with each kind. No torch here.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import polars as pl

from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.errors import NotFittedError
from steel_energy.features import pair
from steel_energy.forecasting.base import QUANTILES, forecasts_frame, history_before, require_days, write_state
from steel_energy.forecasting.calibration import ErrorQuantiles, idle_level
from steel_energy.forecasting.weights import require_extra
from steel_energy.params import ForecastingParams, NetworkParams
from steel_energy.plant import Plant
from steel_energy.schema import DAYS_PER_WEEK, INTERVALS_PER_DAY, INTERVALS_PER_HOUR, INTERVALS_PER_WEEK
from steel_energy.tariff import Tariff
from steel_energy.timeline import (
    DEFAULT_HORIZON,
    MAX_HORIZON,
    History,
    Timeline,
    build_timeline,
    check_horizon,
    timeline_of,
)

CALIBRATION_STEP = 6 * INTERVALS_PER_HOUR  # between the origins whose errors are learnt


@dataclass(frozen=True)
class NetworkForecaster(ABC):
    """A network and the errors that it makes; ``label`` says which network it is, once it is fitted.

    A kind names its ``package`` and the ``extra`` that brings it, and gives the abstract methods.
    """

    plant: Plant
    tariff: Tariff
    params: ForecastingParams
    network: Any = None
    errors: ErrorQuantiles | None = None
    label: str = ""
    name: ClassVar[str]
    package: ClassVar[str]
    extra: ClassVar[str]

    def fit(self, readings: pl.DataFrame) -> Self:
        """See ``Forecaster.fit``. The same readings, parameters and machine give the same forecasts.

        Raises:
            NotEnoughDataError: too few readings.
            ModelUnavailableError: the extra is not installed, or this kind needs weights that cannot be had.
        """
        needed_days = max(self.params.min_training_days, self.params.warm_up_days + 2 * DAYS_PER_WEEK)
        require_days(readings.height, needed_days=needed_days, purpose="training")
        require_extra(self.package, extra=self.extra)
        timeline = build_timeline(readings, plant=self.plant, tariff=self.tariff, ahead=MAX_HORIZON)
        network, label = self._make_network(timeline)
        return replace(self, network=network, label=label, errors=self._learn_errors(network, timeline))

    def predict(self, history: History, *, origin: dt.datetime, horizon: int = DEFAULT_HORIZON) -> pl.DataFrame:
        """See ``Forecaster.predict``."""
        known = history_before(history, origin, zone=self.plant.zone)
        return self.predict_many(known, [origin], horizon=horizon).drop("origin")

    def predict_many(
        self, history: History, origins: Sequence[dt.datetime], *, horizon: int = DEFAULT_HORIZON
    ) -> pl.DataFrame:
        """See ``Forecaster.predict_many``."""
        if self.errors is None:
            raise NotFittedError(self.name)
        timeline = timeline_of(history, plant=self.plant, tariff=self.tariff, ahead=check_horizon(horizon))
        positions = timeline.positions(origins)
        shortest = int(positions.min(initial=timeline.end)) - timeline.first
        require_days(shortest, needed_days=self.params.warm_up_days, purpose="a forecast")
        level_kwh = self._ask(self.network, timeline, positions, horizon=horizon)
        idle_kwh = np.repeat(idle_level(timeline, positions), horizon)
        quantiles_kwh = np.sort(self.errors.around(level_kwh, idle_kwh=idle_kwh), axis=1)
        mean_kwh = mean_of(quantiles_kwh, np.array(QUANTILES))
        return forecasts_frame(timeline, *pair(positions, horizon), mean_kwh=mean_kwh, quantiles_kwh=quantiles_kwh)

    def save(self, folder: Path) -> None:
        """See ``Forecaster.save``: the network as its library writes it, everything else in one JSON file."""
        if self.errors is None:
            raise NotFittedError(self.name)
        self._save_network(folder)
        params = self.params.model_dump(mode="json")
        state = {"name": self.name, "label": self.label, "params": params, "errors": self.errors.to_json()}
        write_state(folder, state)

    @classmethod
    def load(cls, folder: Path, state: dict[str, Any], *, plant: Plant, tariff: Tariff) -> Self:
        """Rebuild from what ``save`` wrote.

        Raises:
            ModelUnavailableError: the extra is not installed.
        """
        require_extra(cls.package, extra=cls.extra)
        params = ForecastingParams.model_validate(state["params"])
        blank = cls(plant=plant, tariff=tariff, params=params, label=state["label"])
        return replace(blank, network=blank._load_network(folder), errors=ErrorQuantiles.from_json(state["errors"]))

    @property
    @abstractmethod
    def own_params(self) -> NetworkParams:
        """This kind's section of the parameters."""

    @abstractmethod
    def _make_network(self, timeline: Timeline) -> tuple[Any, str]:
        """A network that may have seen ``timeline`` but for its held-out weeks, and the label that says which it is."""

    @abstractmethod
    def _save_network(self, folder: Path) -> None:
        """Write the network's files into ``folder``."""

    @abstractmethod
    def _load_network(self, folder: Path) -> Any:  # noqa: ANN401 - each library's own
        """The network whose files lie in ``folder``."""

    @abstractmethod
    def _ask(
        self,
        network: Any,  # noqa: ANN401 - each library's own
        timeline: Timeline,
        origins: IntArray,
        *,
        horizon: int,
    ) -> FloatArray:
        """``mean_of`` the network's quantiles, ``(n,)`` in kWh, for all pairs of an origin and a lead."""

    def _learn_errors(self, network: Any, timeline: Timeline) -> ErrorQuantiles:  # noqa: ANN401 - each library's own
        """How far the truth lay from the network in the weeks that training did not see.

        A week later than training may begin: what similar days say of the first ones is not yet what it will be.
        """
        held_out = self.held_out(timeline)
        warm = timeline.first + INTERVALS_PER_DAY * self.params.warm_up_days + INTERVALS_PER_WEEK
        ends = np.arange(warm, timeline.end - DEFAULT_HORIZON + 1)
        aligned = timeline.slot[ends] % CALIBRATION_STEP == 0
        origins = ends[aligned & held_out[ends] & held_out[ends + DEFAULT_HORIZON - 1]]
        level_kwh = self._ask(network, timeline, origins, horizon=DEFAULT_HORIZON)
        positions, leads = pair(origins, DEFAULT_HORIZON)
        return ErrorQuantiles.learn(
            level_kwh,
            timeline.usage_kwh[positions + leads - 1],
            idle_kwh=np.repeat(idle_level(timeline, origins), DEFAULT_HORIZON),
            levels=self.params.calibration_levels,
        )

    def held_out(self, timeline: Timeline) -> BoolArray:
        """Whether each known position lies in a week that training does not see: the newest one, and every so many."""
        weeks_back = (timeline.end - 1 - np.arange(timeline.end)) // INTERVALS_PER_WEEK
        held_out: BoolArray = weeks_back % self.own_params.held_out_every_weeks == 0
        return held_out


def mean_of(quantiles_kwh: FloatArray, levels: FloatArray) -> FloatArray:
    """The mean that quantiles imply, taking those below zero as zero: shape ``(n,)``.

    It is the integral of the quantile function by the trapezoidal rule, flat beyond the outermost levels, and so a
    little low where the upper tail is long.

    Args:
        quantiles_kwh: shape ``(n, levels)``.
        levels: rising, within 0 and 1.

    >>> mean_of(np.array([[0.0, 10.0, 40.0]]), np.array([0.1, 0.5, 0.9])).tolist()
    [16.0]
    """
    edges = np.concatenate([[0.0], (levels[1:] + levels[:-1]) / 2, [1.0]])
    mean: FloatArray = np.maximum(quantiles_kwh, 0) @ np.diff(edges)
    return mean
