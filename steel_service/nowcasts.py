"""The fitted model of each plant's virtual meter, loaded once and renewed when another one is published."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Protocol

from steel_energy.artifacts import CHAMPION_FILE
from steel_energy.errors import REBUILD, SteelError
from steel_energy.nowcasting.bundle import Fitted, on_onnx, published_version, read_version
from steel_energy.plant import Plant
from steel_energy.settings import SteelSettings
from steel_service.errors import NotReadyError
from steel_service.renewal import Renewal, Renewed


class NowcastSource(Protocol):
    """Where the virtual meters' models come from."""

    def of(self, plant: Plant) -> Fitted | None:
        """See ``Nowcasts.of``."""

    def on_onnx(self, plant: Plant) -> Fitted:
        """See ``Nowcasts.on_onnx``."""

    def refused(self, plant: Plant) -> Exception | None:
        """See ``Nowcasts.refused``."""

    def reload(self, plant: Plant) -> Renewal[Fitted]:
        """See ``Nowcasts.reload``."""


class Nowcasts:
    """Models of all plants, read from the folders of ``settings``."""

    def __init__(self, settings: SteelSettings) -> None:
        self._settings = settings
        self._models: dict[str, Renewed[Fitted]] = {}  # by plant
        self._on_onnx: dict[str, Fitted] = {}
        self._lock = Lock()
        self._loader = ThreadPoolExecutor(1, thread_name_prefix="nowcasts")

    def of(self, plant: Plant) -> Fitted | None:
        """The plant's newest model that can be loaded; None where none is fitted, and physics answers alone.

        Raises:
            BundleError: it is damaged, or of another version of the code, and none was in memory before.
        """
        return self._of(plant).current()

    def on_onnx(self, plant: Plant) -> Fitted:
        """The same model on ONNX Runtime; whoever asks first waits until it is loaded.

        Raises:
            NotReadyError: none is fitted.
            BundleError: it is damaged, or has not been exported.
            ModelUnavailableError: ONNX Runtime is not installed.
        """
        fitted = self.of(plant)
        if fitted is None:
            raise NotReadyError(f"no model of {plant.id}'s virtual meter is fitted yet", remedy=REBUILD)
        with self._lock:
            loaded = self._on_onnx.get(plant.id)
            if loaded is None or loaded.manifest.version != fitted.manifest.version:
                loaded = self._on_onnx[plant.id] = on_onnx(self._settings, fitted)
            return loaded

    def refused(self, plant: Plant) -> Exception | None:
        """Why the newest model is not the one that answers; None where it is."""
        return self._of(plant).refusal

    def reload(self, plant: Plant) -> Renewal[Fitted]:
        """Load the newest model now, in this thread, though it was refused a moment ago; others go on meanwhile."""
        return self._of(plant).reload()

    def _of(self, plant: Plant) -> Renewed[Fitted]:
        found = self._models.get(plant.id)
        return found or self._models.setdefault(plant.id, self._to_renew(plant))

    def _to_renew(self, plant: Plant) -> Renewed[Fitted]:
        record = self._settings.nowcast_dir / plant.id / CHAMPION_FILE
        return Renewed(
            f"nowcast of {plant.id}", record, load=lambda held: self._newest(plant, held), loader=self._loader
        )

    def _newest(self, plant: Plant, held: Fitted | None) -> Fitted | None:
        version = published_version(self._settings, plant.id)
        if version is None or (held and held.manifest.version == version):
            return held
        return read_version(self._settings, plant, version)


def usable(nowcasts: NowcastSource, plant: Plant) -> Fitted | None:
    """The plant's model; None where it is damaged: physics still answers, and /health says what is wrong."""
    try:
        return nowcasts.of(plant)
    except SteelError:
        return None
