"""TimesFM, an optional model: pretrained and untouched, on usage alone. Its package and its weights must be had.

The package (``timesfm``, its module ``timesfm3``) imports torch, so it is imported where it is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.forecasting.chronos_network import device_of, undisturbed
from steel_energy.forecasting.chronos_windows import target_alone
from steel_energy.forecasting.networks import NetworkForecaster, mean_of
from steel_energy.forecasting.weights import described, pretrained_folder
from steel_energy.params import TimesFMParams
from steel_energy.timeline import Timeline

if TYPE_CHECKING:
    from timesfm3 import TimesFM3Forecaster


@dataclass(frozen=True)
class TimesFMForecaster(NetworkForecaster):
    """Pretrained weights as they come."""

    name: ClassVar[str] = "timesfm"
    package: ClassVar[str] = "timesfm3"
    extra: ClassVar[str] = "timesfm"

    @property
    def own_params(self) -> TimesFMParams:
        """See ``NetworkForecaster.own_params``."""
        return self.params.timesfm

    def _make_network(self, timeline: Timeline) -> tuple[TimesFM3Forecaster, str]:  # noqa: ARG002 - it learns nothing
        folder = pretrained_folder(self.own_params, field="forecasting.timesfm.model")
        return self._load_network(folder), described(self.own_params)

    def _save_network(self, folder: Path) -> None:
        self.network.model.save_pretrained(folder)

    def _load_network(self, folder: Path) -> TimesFM3Forecaster:
        from timesfm3 import TimesFM3Forecaster  # noqa: PLC0415 - optional, and slow to import

        device = device_of(self.own_params.device)
        return TimesFM3Forecaster.from_pretrained(str(folder), device=device, local_files_only=True)

    def _ask(self, network: TimesFM3Forecaster, timeline: Timeline, origins: IntArray, *, horizon: int) -> FloatArray:
        series = target_alone(timeline, horizon=horizon)
        windows = series.windows(origins, context=self.own_params.context, horizon=horizon)
        with undisturbed(self.own_params.threads):
            outputs = network.predict_batch(list(windows.past[:, 0]), horizon=horizon, return_quantiles=True)
            values_kwh = np.concatenate([output.quantiles for output in outputs]).astype(np.float64)
        return mean_of(values_kwh, np.array(network.config.quantiles))
