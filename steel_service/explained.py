"""What explanations are made of, kept for as long as it holds: each plant's known past, and forecasts taken apart."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock

from cachetools import LRUCache

from steel_energy.explaining.forecasts import ForecastExplanation
from steel_energy.explaining.past import PastLoad, past_load
from steel_energy.sites import Site
from steel_service.readings import PlantReadings

FORECASTS_KEPT = 16  # whoever looks into a forecast asks of one interval after the other


class Explained:
    """Safe to ask from several threads; at worst two of them make the same at once."""

    def __init__(self) -> None:
        self._pasts: dict[str, tuple[Site, PlantReadings, PastLoad]] = {}
        self._forecasts: LRUCache[Hashable, ForecastExplanation] = LRUCache(FORECASTS_KEPT)
        self._lock = Lock()

    def past(self, site: Site, known: PlantReadings) -> PastLoad:
        """The past that ``known`` tells of.

        Args:
            site: whose readings they are; another object when its calendar changes.
            known: readings as their source hands them out: the same object until one of its files changes.
        """
        held = self._pasts.get(site.plant.id)
        if held is None or held[0] is not site or held[1] is not known:
            held = site, known, past_load(known.readings, plant=site.plant, tariff=site.tariff)
            self._pasts[site.plant.id] = held
        return held[2]

    def forecast(self, key: Hashable, explain: Callable[[], ForecastExplanation]) -> ForecastExplanation:
        """What ``explain`` says, or said when it was asked for an equal ``key``."""
        with self._lock:
            kept = self._forecasts.get(key)
        if kept is None:
            kept = explain()
            with self._lock:
                self._forecasts[key] = kept
        return kept
