"""The known past of each plant as explanations read it, made again as soon as its readings change."""

from __future__ import annotations

from steel_energy.explaining.past import PastLoad, past_load
from steel_energy.sites import Site
from steel_service.readings import PlantReadings


class Pasts:
    """What was made of each plant's readings last; safe to ask from several threads, at worst it is made twice."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[PlantReadings, PastLoad]] = {}

    def of(self, site: Site, known: PlantReadings) -> PastLoad:
        """The past that ``known`` tells of.

        Args:
            site: whose readings they are.
            known: readings as their source hands them out: the same object until one of its files changes.
        """
        held = self._made.get(site.plant.id)
        if held is None or held[0] is not known:
            held = known, past_load(known.readings, plant=site.plant, tariff=site.tariff)
            self._made[site.plant.id] = held
        return held[1]
