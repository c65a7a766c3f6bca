"""Chronos-2 in three kinds: pretrained and untouched, tuned on usage alone, tuned with covariates.

Pretrained weights are used where they can be had. Where they cannot, the tuned kinds train a compact network of the
same architecture on the plant's own past and say so in their label; the untouched one refuses: there is nothing to run.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.errors import ModelUnavailableError
from steel_energy.forecasting import chronos_network
from steel_energy.forecasting.chronos_windows import Series, Windows, above_weekly, target_alone, with_covariates
from steel_energy.forecasting.networks import NetworkForecaster
from steel_energy.forecasting.weights import described, pretrained_folder
from steel_energy.params import ChronosParams, ChronosTraining
from steel_energy.schema import INTERVALS_PER_DAY
from steel_energy.timeline import MAX_HORIZON, Timeline

if TYPE_CHECKING:
    from chronos.chronos2 import Chronos2Pipeline

FROM_SCRATCH = "compact Chronos-2, trained from scratch on the plant's own readings"
FINE_TUNED = "fine-tuned on the plant's own readings"


@dataclass(frozen=True)
class ChronosForecaster(NetworkForecaster):
    """What the three kinds share."""

    package: ClassVar[str] = "chronos"
    extra: ClassVar[str] = "chronos"

    @property
    def own_params(self) -> ChronosParams:
        """See ``NetworkForecaster.own_params``."""
        return self.params.chronos

    @property
    def _device(self) -> str:
        return chronos_network.device_of(self.own_params.device)

    def _pretrained(self) -> Chronos2Pipeline:
        folder = pretrained_folder(self.own_params, field="forecasting.chronos.model")
        return chronos_network.load(folder, device=self._device, context=self.own_params.fine_tuning.context)

    def _save_network(self, folder: Path) -> None:
        chronos_network.save(self.network, folder)

    def _load_network(self, folder: Path) -> Chronos2Pipeline:
        return chronos_network.load(folder, device=self._device)

    def _ask(self, network: Chronos2Pipeline, timeline: Timeline, origins: IntArray, *, horizon: int) -> FloatArray:
        context = network.model.chronos_config.context_length
        windows = self._series(timeline, horizon=horizon).windows(origins, context=context, horizon=horizon)
        return chronos_network.forecast(network, windows, threads=self.own_params.threads)

    @abstractmethod
    def _series(self, timeline: Timeline, *, horizon: int) -> Series:
        """What the network is shown, and what it is to forecast."""


@dataclass(frozen=True)
class ChronosZeroShot(ChronosForecaster):
    """Pretrained weights as they come, on usage alone."""

    name: ClassVar[str] = "chronos_zero_shot"

    def _make_network(self, timeline: Timeline) -> tuple[Chronos2Pipeline, str]:  # noqa: ARG002 - it learns nothing
        return self._pretrained(), described(self.own_params)

    def _series(self, timeline: Timeline, *, horizon: int) -> Series:
        return target_alone(timeline, horizon=horizon)


@dataclass(frozen=True)
class ChronosFineTuned(ChronosForecaster):
    """Trained on the plant's usage: further from pretrained weights, or from scratch where none can be had."""

    name: ClassVar[str] = "chronos_fine_tuned"

    def _make_network(self, timeline: Timeline) -> tuple[Chronos2Pipeline, str]:
        network, label, training = self._start()
        learnable_kwh = np.full(len(timeline.day), np.nan)
        learnable_kwh[: timeline.end] = np.where(self.held_out(timeline), np.nan, timeline.usage_kwh)
        warm = timeline.first + INTERVALS_PER_DAY * self.params.warm_up_days
        origins = warm + np.flatnonzero(~np.isnan(learnable_kwh[warm:]))
        series = self._series(timeline, horizon=MAX_HORIZON)

        def draw(random: np.random.Generator, batch: int, horizon: int) -> tuple[Windows, FloatArray]:
            chosen = random.choice(origins, batch)
            windows = series.windows(chosen, context=training.context, horizon=horizon)
            return windows, learnable_kwh[chosen[:, None] + np.arange(horizon)]

        chronos_network.train(
            network,
            draw,
            training=training,
            unit_kwh=float(np.nanstd(learnable_kwh)) or 1.0,
            seed=self.params.seed,
            threads=self.own_params.threads,
        )
        return network, label

    def _series(self, timeline: Timeline, *, horizon: int) -> Series:
        return above_weekly(timeline, horizon=horizon)

    @property
    def _from_scratch(self) -> ChronosTraining:
        return self.own_params.target_only

    def _start(self) -> tuple[Chronos2Pipeline, str, ChronosTraining]:
        """The network to train, what it is, and how: pretrained where it can be had, else compact and untrained."""
        params = self.own_params
        try:
            return self._pretrained(), f"{described(params)}, {FINE_TUNED}", params.fine_tuning
        except ModelUnavailableError:
            training = self._from_scratch
            fresh = chronos_network.compact(
                params.compact, context=training.context, seed=self.params.seed, device=self._device
            )
            missing = f"; {params.model} could not be had" if params.model else ""
            return fresh, FROM_SCRATCH + missing, training


@dataclass(frozen=True)
class ChronosFineTunedCovariates(ChronosFineTuned):
    """Chronos-2 tuned with reactive energy of the past, and with similar days, tariff band and closed days ahead."""

    name: ClassVar[str] = "chronos_fine_tuned_covariates"

    def _series(self, timeline: Timeline, *, horizon: int) -> Series:
        return with_covariates(timeline, horizon=horizon)

    @property
    def _from_scratch(self) -> ChronosTraining:
        return self.own_params.covariates
