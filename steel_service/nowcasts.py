"""The fitted model of each plant's virtual meter, loaded once and renewed as soon as another one is published."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock
from typing import Protocol

from steel_energy.errors import REBUILD, SteelError
from steel_energy.nowcasting.bundle import Fitted, on_onnx, published_version, read_version
from steel_energy.plant import Plant
from steel_energy.settings import SteelSettings
from steel_service.errors import NotReadyError

LOG = logging.getLogger(__name__)


class NowcastSource(Protocol):
    """Where the virtual meters' models come from."""

    def of(self, plant: Plant) -> Fitted | None:
        """See ``Nowcasts.of``."""

    def on_onnx(self, plant: Plant) -> Fitted:
        """See ``Nowcasts.on_onnx``."""


class Nowcasts:
    """Models of all plants, read from the folders of ``settings``."""

    def __init__(self, settings: SteelSettings) -> None:
        self._settings = settings
        self._loaded: dict[tuple[str, str], Fitted] = {}  # by plant and engine
        self._lock = Lock()

    def of(self, plant: Plant) -> Fitted | None:
        """The plant's newest model; None where none is fitted, and physics answers alone.

        Raises:
            BundleError: it is damaged, or of another version of the code.
        """
        version = published_version(self._settings, plant.id)
        if version is None:
            return None
        return self._newest(plant, version, "lightgbm", lambda: read_version(self._settings, plant, version))

    def on_onnx(self, plant: Plant) -> Fitted:
        """The same model on ONNX Runtime.

        Raises:
            NotReadyError: none is fitted.
            BundleError: it is damaged, or has not been exported.
            ModelUnavailableError: ONNX Runtime is not installed.
        """
        fitted = self.of(plant)
        if fitted is None:
            raise NotReadyError(f"no model of {plant.id}'s virtual meter is fitted yet", remedy=REBUILD)
        return self._newest(plant, fitted.manifest.version, "onnx", lambda: on_onnx(self._settings, fitted))

    def _newest(self, plant: Plant, version: str, engine: str, load: Callable[[], Fitted]) -> Fitted:
        key = (plant.id, engine)
        with self._lock:
            loaded = self._loaded.get(key)
            if loaded is None or loaded.manifest.version != version:
                loaded = self._loaded[key] = load()
            return loaded


def usable(nowcasts: NowcastSource, plant: Plant) -> Fitted | None:
    """The plant's model; None, logged, where it is damaged: physics still answers, and /health says what is wrong."""
    try:
        return nowcasts.of(plant)
    except SteelError as error:
        LOG.warning("nowcast of %s by physics alone: %s", plant.id, error)
        return None
