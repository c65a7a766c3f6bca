"""The models of each plant, loaded once and renewed when another one is promoted; who answers when one cannot.

A newly promoted bundle is loaded in the background while the old one serves, and takes over when it is whole. One that
cannot be loaded is refused: the old one goes on as the champion that it was, and /health tells. Where nothing is in
memory to go on with, or a champion fails to answer, the answer steps down as ``steel_energy.ladder`` says; it is
logged, and the next request starts at the champion again.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TypeVar

from steel_energy.artifacts import CHAMPION_FILE, FLEET, champion_to_serve, previous_to_serve
from steel_energy.errors import SteelError
from steel_energy.forecasting import load_forecaster
from steel_energy.history import readings_end
from steel_energy.ladder import (
    CHAMPION,
    GLOBAL,
    NAIVE,
    PREVIOUS,
    Answered,
    Loader,
    Served,
    Step,
    fit_naive,
    load_served,
    serves_global,
    step_down,
)
from steel_energy.params import ForecastingParams
from steel_energy.sites import Site
from steel_service.errors import NotReadyError
from steel_service.readings import PlantReadings
from steel_service.renewal import RETRY_S, Renewal, Renewed

LOG = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class Refusal:
    """Why a bundle could not be loaded or asked, and when it was last tried (seconds of the monotonic clock)."""

    error: Exception
    tried_s: float


class Champions:
    """Models of all plants, read from ``bundles_dir`` with ``load``; a refused one is tried again later.

    Args:
        bundles_dir: root of the bundles.
        params: of the seasonal naive forecast, the last step.
        load: reads a bundle's forecaster.
        retry_s: seconds for which a bundle that could not be loaded is not tried again, and one that failed to answer
            is told of.
    """

    def __init__(
        self, bundles_dir: Path, *, params: ForecastingParams, load: Loader = load_forecaster, retry_s: float = RETRY_S
    ) -> None:
        self._bundles_dir = bundles_dir
        self._params = params
        self._load_forecaster = load
        self._retry_s = retry_s
        self._champions: dict[str, Renewed[Served]] = {}  # by plant
        self._loaded: dict[tuple[str, str], Served] = {}  # by plant and version
        self._refused: dict[tuple[str, str], Refusal] = {}  # below the champion: what could not be loaded
        self._failing: dict[tuple[str, str], Refusal] = {}  # bundles that were loaded and failed to answer
        self._lock = Lock()
        self._loader = ThreadPoolExecutor(1, thread_name_prefix="champions")

    def answer(
        self, site: Site, known: PlantReadings, *, origin: dt.datetime, ask: Callable[[Served], T]
    ) -> Answered[T]:
        """What the champion says to ``ask``, or the first step below it that can; each step down is logged.

        Raises:
            InputError: the question is wrong.
            SteelError: no step could answer; the champion's reason.
        """
        answered = step_down(self._steps(site, known, origin), ask)
        for failure in answered.failures:
            unforeseen = None if isinstance(failure.error, SteelError) else failure.error
            LOG.warning("%s steps down to its %s: %s", site.plant.id, answered.step, failure, exc_info=unforeseen)
            if failure.version:
                self._failing[site.plant.id, failure.version] = Refusal(failure.error, monotonic())
        self._failing.pop((site.plant.id, answered.served.manifest.version), None)
        return answered

    def in_use(self, site: Site, known: PlantReadings | None) -> Answered[None]:
        """Which step would answer now: the first that can be loaded and did not fail when it was asked a moment ago.

        Raises:
            SteelError: none can; the champion's reason.
        """

        def recall(served: Served) -> None:
            self._raise_if_recent(self._failing.get((site.plant.id, served.manifest.version)))

        origin = readings_end(known.readings) if known else None
        return step_down(self._steps(site, known, origin), recall)

    def version(self, site: Site) -> str | None:
        """Version of the champion that serves; None where none does. Never waits for a bundle, but for the first."""
        try:
            return self._champion(site).manifest.version
        except SteelError:
            return None

    def refused(self, site: Site) -> Exception | None:
        """Why the newest champion is not the one that serves; None where it is, or where none serves at all."""
        champion = self._of(site)
        return champion.refusal if champion.in_memory else None

    def reload(self, site: Site) -> Renewal[Served]:
        """Load the newest champion now, in this thread, though it was refused a moment ago; others go on meanwhile."""
        return self._of(site).reload()

    def _steps(
        self, site: Site, known: PlantReadings | None, origin: dt.datetime | None
    ) -> dict[Step, Callable[[], Served]]:
        steps: dict[Step, Callable[[], Served]] = {
            CHAMPION: lambda: self._champion(site),
            PREVIOUS: lambda: self._remembered(site, previous_to_serve(self._bundles_dir, site.plant.id)),
        }
        if serves_global(self._bundles_dir):
            steps[GLOBAL] = lambda: self._remembered(site, champion_to_serve(self._bundles_dir, FLEET), owner=FLEET)
        steps[NAIVE] = lambda: self._naive(site, known, origin)
        return steps

    def _champion(self, site: Site) -> Served:
        served = self._of(site).current()
        assert served is not None  # noqa: S101 - where there is none, the loader raises
        return served

    def _of(self, site: Site) -> Renewed[Served]:
        plant_id = site.plant.id
        found = self._champions.get(plant_id)
        return found or self._champions.setdefault(
            plant_id,
            Renewed(
                f"champion of {plant_id}",
                self._bundles_dir / plant_id / CHAMPION_FILE,
                load=lambda _: self._load(site, champion_to_serve(self._bundles_dir, plant_id)),
                loader=self._loader,
                retry_s=self._retry_s,
            ),
        )

    def _remembered(self, site: Site, version: str, *, owner: str | None = None) -> Served:
        key = (site.plant.id, version)
        if key not in self._loaded:
            self._raise_if_recent(self._refused.get(key))
        try:
            return self._load(site, version, owner=owner)
        except Exception as error:  # raised again: what failed is remembered, so that not every request loads it anew
            self._refused[key] = Refusal(error, monotonic())
            raise

    def _raise_if_recent(self, refusal: Refusal | None) -> None:
        if refusal and monotonic() < refusal.tried_s + self._retry_s:
            raise refusal.error.with_traceback(None)

    def _load(self, site: Site, version: str, *, owner: str | None = None) -> Served:
        """A bundle, from memory if it is there; kept beside the champion that serves, older ones are let go."""
        plant_id = site.plant.id
        if loaded := self._loaded.get((plant_id, version)):
            return loaded
        with self._lock:
            served = load_served(self._bundles_dir, site, version, owner=owner, load=self._load_forecaster)
            serving = self._of(site).in_memory
            kept = {version, serving.manifest.version if serving else version}
            others = {key: held for key, held in self._loaded.items() if key[0] != plant_id or key[1] in kept}
            self._loaded = {**others, (plant_id, version): served}
        return served

    def _naive(self, site: Site, known: PlantReadings | None, origin: dt.datetime | None) -> Served:
        if known is None or origin is None:
            raise NotReadyError(f"there are no readings of {site.plant.id}", remedy="build them: make build").named(
                "no_readings", plant=site.plant.id
            )
        return fit_naive(known.readings, site, origin=origin, params=self._params, source=known.source)
