"""The drift of each plant's readings, worked out again as soon as its readings or its champion change."""

from __future__ import annotations

from collections.abc import Mapping

from steel_energy.artifacts import Manifest
from steel_energy.drift import Drift, DriftParams, drift
from steel_energy.sites import Site
from steel_service.readings import PlantReadings


class Drifts:
    """What was found of each plant last; safe to ask from several threads, at worst it is worked out twice."""

    def __init__(self, params: DriftParams) -> None:
        self.params = params
        self._found: dict[str, tuple[Site, PlantReadings, str, Drift]] = {}

    def of(self, site: Site, known: PlantReadings, manifest: Manifest) -> Drift:
        """The drift of the newest readings from those that the model of ``manifest`` was trained on.

        Args:
            site: whose readings they are; another object when its calendar changes.
            known: readings and repairs as their source hands them out: the same object until one of its files changes.
            manifest: of the model that answers now.

        Raises:
            NotEnoughDataError: too few readings on one side.
        """
        held = self._found.get(manifest.plant)
        if held is None or held[0] is not site or held[1] is not known or held[2] != manifest.version:
            found = drift(
                known.readings,
                site=site,
                trained_from=manifest.trained_from,
                trained_until=manifest.trained_until,
                params=self.params,
                repairs=known.repairs,
            )
            held = self._found[manifest.plant] = (site, known, manifest.version, found)
        return held[3]

    def newest(self) -> Mapping[str, Drift]:
        """What was found last, by plant; plants that nobody asked of are absent."""
        return {plant: found for plant, (*_, found) in self._found.items()}
