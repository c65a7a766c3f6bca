"""The champion of each plant, loaded once and renewed as soon as a newer one is published.

A request asks for the current champion; a small file says whether that is still the loaded one. A new bundle is loaded
by the first request that sees it while others go on with the old one; a broken bundle is refused and the old one stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Protocol

from steel_energy.artifacts import Manifest, champion_version, read_champion
from steel_energy.errors import SteelError
from steel_energy.forecasting import load_forecaster
from steel_energy.forecasting.base import Forecaster
from steel_energy.plant import Plant
from steel_energy.sites import Site
from steel_energy.tariff import Tariff

RETRY_S = 30.0  # a damaged bundle may be mended under the same version


class Loader(Protocol):
    """Reads a saved forecaster."""

    def __call__(self, folder: Path, /, *, plant: Plant, tariff: Tariff) -> Forecaster:
        """The forecaster saved in ``folder``."""


@dataclass(frozen=True)
class Champion:
    """A loaded bundle."""

    manifest: Manifest
    forecaster: Forecaster


@dataclass(frozen=True)
class Refusal:
    """A version that could not be loaded, why, and when it was last tried (seconds of the monotonic clock)."""

    version: str | None
    error: SteelError
    tried_s: float


class Champions:
    """Champions of all plants by id, read from ``bundles_dir`` with ``load``; a refused one is tried again later."""

    def __init__(self, bundles_dir: Path, *, load: Loader = load_forecaster, retry_s: float = RETRY_S) -> None:
        self._bundles_dir = bundles_dir
        self._load_forecaster = load
        self._retry_s = retry_s
        self._loaded: dict[str, Champion] = {}
        self._refused: dict[str, Refusal] = {}
        self._lock = Lock()

    def current(self, site: Site) -> Champion:
        """The newest champion of the plant that could be loaded.

        Raises:
            BundleError: there is none that can be loaded.
        """
        plant_id = site.plant.id
        try:
            version = champion_version(self._bundles_dir, plant_id)
        except SteelError as error:
            return self._keep(plant_id, None, error)
        loaded = self._loaded.get(plant_id)
        if loaded and version == loaded.manifest.version:
            self._refused.pop(plant_id, None)
            return loaded
        return self._renewed(site, version)

    def refusal(self, plant_id: str) -> SteelError | None:
        """Why the newest bundle is not the one in use; None where it is."""
        refused = self._refused.get(plant_id)
        return refused.error if refused else None

    def _renewed(self, site: Site, version: str | None) -> Champion:
        plant_id = site.plant.id
        loaded, refused = self._loaded.get(plant_id), self._refused.get(plant_id)
        if loaded and refused and refused.version == version and monotonic() < refused.tried_s + self._retry_s:
            return loaded
        if not self._lock.acquire(blocking=loaded is None):
            assert loaded is not None  # noqa: S101 - only then the lock is not waited for
            return loaded
        try:
            return self._load(site)
        except SteelError as error:
            return self._keep(plant_id, version, error)
        finally:
            self._lock.release()

    def _load(self, site: Site) -> Champion:
        manifest, folder = read_champion(self._bundles_dir, site.plant.id)
        loaded = self._loaded.get(site.plant.id)
        if loaded is None or loaded.manifest.version != manifest.version:
            loaded = Champion(manifest, self._load_forecaster(folder, plant=site.plant, tariff=site.tariff))
            self._loaded[site.plant.id] = loaded
        self._refused.pop(site.plant.id, None)
        return loaded

    def _keep(self, plant_id: str, version: str | None, error: SteelError) -> Champion:
        """The champion in use before ``error``; raises it where there is none."""
        if plant_id not in self._loaded:
            raise error
        self._refused[plant_id] = Refusal(version, error, monotonic())
        return self._loaded[plant_id]
