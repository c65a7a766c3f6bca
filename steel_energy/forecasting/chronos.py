"""Chronos-2 in three kinds: pretrained and untouched, tuned on usage alone, tuned with covariates.

Pretrained weights are used where they can be had. Where they cannot, the tuned kinds train a compact network of the
same architecture on the plant's own past and say so in their label; the untouched one refuses: there is nothing to run.
Whole weeks are kept from training, and the network's quantiles are corrected by the errors it makes there.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import polars as pl

from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.errors import ModelUnavailableError, NotFittedError
from steel_energy.features import pair
from steel_energy.forecasting import chronos_network as network
from steel_energy.forecasting.base import QUANTILES, forecasts_frame, known_before, require_days, write_state
from steel_energy.forecasting.calibration import ErrorQuantiles, idle_level
from steel_energy.forecasting.chronos_windows import PAST_ONLY, Series, Windows, target_alone, with_covariates
from steel_energy.forecasting.weights import pretrained_folder, require_extra
from steel_energy.params import ChronosParams, ChronosTraining, ForecastingParams
from steel_energy.plant import Plant
from steel_energy.schema import INTERVALS_PER_DAY, INTERVALS_PER_HOUR, INTERVALS_PER_WEEK
from steel_energy.tariff import Tariff
from steel_energy.timeline import DEFAULT_HORIZON, MAX_HORIZON, Timeline, build_timeline, check_horizon

if TYPE_CHECKING:
    from chronos.chronos2 import Chronos2Pipeline

FROM_SCRATCH = "compact Chronos-2, trained from scratch on the plant's own readings"
MODEL_FIELD = "forecasting.chronos.model"
CALIBRATION_STEP = 6 * INTERVALS_PER_HOUR  # between the origins whose errors are learnt


@dataclass(frozen=True)
class ChronosForecaster(ABC):
    """What the three kinds share; ``label`` says which network it is, once it is fitted."""

    plant: Plant
    tariff: Tariff
    params: ForecastingParams
    pipeline: Chronos2Pipeline | None = None
    errors: ErrorQuantiles | None = None
    label: str = ""
    name: ClassVar[str]
    covariates: ClassVar[bool] = False

    def fit(self, readings: pl.DataFrame) -> Self:
        """See ``Forecaster.fit``. The same readings, parameters and machine give the same weights.

        Raises:
            NotEnoughDataError: too few readings.
            ModelUnavailableError: the extra is not installed, or this kind needs weights that cannot be had.
        """
        needed = max(
            self.params.min_training_days, self.params.warm_up_days + 2 * INTERVALS_PER_WEEK // INTERVALS_PER_DAY
        )
        require_days(readings.height, needed_days=needed, purpose="training")
        require_extra("chronos", extra="chronos")
        timeline = self._timeline(readings, horizon=MAX_HORIZON)
        pipeline, label = self._network(timeline)
        return replace(self, pipeline=pipeline, label=label, errors=self._learn_errors(pipeline, timeline))

    def predict(self, history: pl.DataFrame, *, origin: dt.datetime, horizon: int = DEFAULT_HORIZON) -> pl.DataFrame:
        """See ``Forecaster.predict``."""
        known = known_before(history, origin, zone=self.plant.zone)
        return self.predict_many(known, [origin], horizon=horizon).drop("origin")

    def predict_many(
        self, history: pl.DataFrame, origins: Sequence[dt.datetime], *, horizon: int = DEFAULT_HORIZON
    ) -> pl.DataFrame:
        """See ``Forecaster.predict_many``."""
        if self.pipeline is None or self.errors is None:
            raise NotFittedError(self.name)
        timeline = self._timeline(history, horizon=check_horizon(horizon))
        positions = timeline.positions(origins)
        shortest = int(positions.min(initial=timeline.end)) - timeline.first
        require_days(shortest, needed_days=self.params.warm_up_days, purpose="a forecast")
        mean_kwh, quantiles_kwh = self._ask(self.pipeline, timeline, positions, horizon=horizon)
        idle_kwh = np.repeat(idle_level(timeline, positions), horizon)
        corrected = self.errors.around(mean_kwh, idle_kwh=idle_kwh, quantiles_kwh=quantiles_kwh)
        return forecasts_frame(timeline, *pair(positions, horizon), mean_kwh=mean_kwh, quantiles_kwh=corrected)

    def save(self, folder: Path) -> None:
        """See ``Forecaster.save``: the network as the library writes it, everything else in one JSON file."""
        if self.pipeline is None or self.errors is None:
            raise NotFittedError(self.name)
        self.pipeline.save_pretrained(folder)
        params = self.params.model_dump(mode="json")
        state = {"name": self.name, "label": self.label, "params": params, "errors": self.errors.to_json()}
        write_state(folder, state)

    @classmethod
    def load(cls, folder: Path, state: dict[str, Any], *, plant: Plant, tariff: Tariff) -> Self:
        """Rebuild from what ``save`` wrote.

        Raises:
            ModelUnavailableError: the extra is not installed.
        """
        require_extra("chronos", extra="chronos")
        params = ForecastingParams.model_validate(state["params"])
        pipeline = network.load(folder, device=network.device_of(params.chronos.device))
        errors = ErrorQuantiles.from_json(state["errors"])
        return cls(plant=plant, tariff=tariff, params=params, pipeline=pipeline, errors=errors, label=state["label"])

    @abstractmethod
    def _network(self, timeline: Timeline) -> tuple[Chronos2Pipeline, str]:
        """A network that may have seen ``timeline`` but for its held-out weeks, and the label that says which it is."""

    @property
    def _chronos(self) -> ChronosParams:
        return self.params.chronos

    def _timeline(self, readings: pl.DataFrame, *, horizon: int) -> Timeline:
        return build_timeline(readings, plant=self.plant, tariff=self.tariff, ahead=horizon)

    def _series(self, timeline: Timeline, *, horizon: int) -> Series:
        return (with_covariates if self.covariates else target_alone)(timeline, horizon=horizon)

    def _ask(
        self,
        pipeline: Chronos2Pipeline,
        timeline: Timeline,
        origins: IntArray,
        *,
        horizon: int,
    ) -> tuple[FloatArray, FloatArray]:
        """The network's own mean ``(n,)`` and quantiles ``(n, 7)`` in kWh for all pairs of an origin and a lead."""
        context = pipeline.model.chronos_config.context_length
        windows = self._series(timeline, horizon=horizon).windows(origins, context=context, horizon=horizon)
        past_only = len(PAST_ONLY) if self.covariates else 0
        mean_kwh, quantiles_kwh = network.forecast(
            pipeline, windows, past_only=past_only, threads=self._chronos.threads
        )
        return mean_kwh.ravel(), quantiles_kwh.reshape(-1, len(QUANTILES))

    def _learn_errors(self, pipeline: Chronos2Pipeline, timeline: Timeline) -> ErrorQuantiles:
        """What the network's quantiles lack, learnt in the weeks that training did not see."""
        held_out = self._held_out(timeline)
        ends = np.arange(
            timeline.first + INTERVALS_PER_DAY * self.params.warm_up_days, timeline.end - DEFAULT_HORIZON + 1
        )
        aligned = timeline.slot[ends] % CALIBRATION_STEP == 0
        origins = ends[aligned & held_out[ends] & held_out[ends + DEFAULT_HORIZON - 1]]
        mean_kwh, quantiles_kwh = self._ask(pipeline, timeline, origins, horizon=DEFAULT_HORIZON)
        positions, leads = pair(origins, DEFAULT_HORIZON)
        return ErrorQuantiles.learn(
            mean_kwh,
            timeline.usage_kwh[positions + leads - 1],
            idle_kwh=np.repeat(idle_level(timeline, origins), DEFAULT_HORIZON),
            levels=self.params.calibration_levels,
            quantiles_kwh=quantiles_kwh,
        )

    def _held_out(self, timeline: Timeline) -> BoolArray:
        """Whether each known position lies in a week that training does not see: the newest one, and every so many."""
        weeks_back = (timeline.end - 1 - np.arange(timeline.end)) // INTERVALS_PER_WEEK
        held_out: BoolArray = weeks_back % self._chronos.held_out_every_weeks == 0
        return held_out


@dataclass(frozen=True)
class ChronosZeroShot(ChronosForecaster):
    """Pretrained weights as they come, usage alone."""

    name: ClassVar[str] = "chronos_zero_shot"

    def _network(self, timeline: Timeline) -> tuple[Chronos2Pipeline, str]:  # noqa: ARG002 - it learns nothing from them
        folder = _pretrained(self._chronos)
        pipeline = network.load(folder, device=network.device_of(self._chronos.device))
        return pipeline, _described(self._chronos)


@dataclass(frozen=True)
class ChronosFineTuned(ChronosForecaster):
    """Trained further on the plant's usage, or from scratch where no pretrained weights can be had."""

    name: ClassVar[str] = "chronos_fine_tuned"

    def _network(self, timeline: Timeline) -> tuple[Chronos2Pipeline, str]:
        pipeline, label, training = self._start()
        usage_kwh = np.where(self._held_out(timeline), np.nan, timeline.usage_kwh)
        usage_kwh = np.concatenate([usage_kwh, np.full(len(timeline.day) - timeline.end, np.nan)])
        earliest = timeline.first + INTERVALS_PER_DAY * self.params.warm_up_days
        origins = earliest + np.flatnonzero(~np.isnan(usage_kwh[earliest:]))
        series = self._series(timeline, horizon=MAX_HORIZON)

        def draw(random: np.random.Generator, batch: int, horizon: int) -> tuple[Windows, FloatArray]:
            chosen = random.choice(origins, batch)
            windows = series.windows(chosen, context=training.context, horizon=horizon)
            return windows, usage_kwh[chosen[:, None] + np.arange(horizon)]

        network.train(
            pipeline,
            draw,
            training=training,
            unit_kwh=float(np.nanstd(usage_kwh)) or 1.0,
            seed=self.params.seed,
            threads=self._chronos.threads,
        )
        return pipeline, label

    def _start(self) -> tuple[Chronos2Pipeline, str, ChronosTraining]:
        """The network to train, what it is, and how: pretrained where it can be had, else compact and untrained."""
        chronos, device = self._chronos, network.device_of(self._chronos.device)
        try:
            folder = _pretrained(chronos)
        except ModelUnavailableError:
            training = chronos.covariates if self.covariates else chronos.target_only
            fresh = network.compact(chronos.compact, context=training.context, seed=self.params.seed, device=device)
            missing = f"; {chronos.model} could not be had" if chronos.model else ""
            return fresh, FROM_SCRATCH + missing, training
        tuned = f"{_described(chronos)}, fine-tuned on the plant's own readings"
        return network.load(folder, device=device), tuned, chronos.fine_tuning


@dataclass(frozen=True)
class ChronosFineTunedCovariates(ChronosFineTuned):
    """As its parent, with reactive energy up to the origin, and similar days, tariff band and closed days ahead."""

    name: ClassVar[str] = "chronos_fine_tuned_covariates"
    covariates: ClassVar[bool] = True


def _pretrained(chronos: ChronosParams) -> Path:
    return pretrained_folder(
        chronos.model, revision=chronos.revision, timeout_s=chronos.hub_timeout_s, field=MODEL_FIELD
    )


def _described(chronos: ChronosParams) -> str:
    """Which pretrained weights these are."""
    return f"{chronos.model} at revision {chronos.revision}" if chronos.revision else f"weights in {chronos.model}"
