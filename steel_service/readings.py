"""The readings of each plant from the lake, kept in memory until a file of it changes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from steel_energy.lake import CLEANED_READINGS, RAW_READINGS, REPAIRS, Lake
from steel_energy.schema import repairs_schema
from steel_energy.sites import Site
from steel_service.errors import NotReadyError

Fingerprint = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class PlantReadings:
    """What the lake knows of one plant.

    Attributes:
        readings: data contract's readings, sorted, at least one.
        repairs: their audit.
        source: origin of the raw readings; None where nobody wrote it down.
    """

    readings: pl.DataFrame
    repairs: pl.DataFrame
    source: dict[str, Any] | None


class LakeReadings:
    """Readings by plant, read again when a month file was replaced."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._read: dict[str, tuple[Fingerprint, PlantReadings]] = {}

    def of(self, site: Site) -> PlantReadings:
        """What is known of a plant now.

        Raises:
            NotReadyError: the lake has no readings of it yet, or a file of it cannot be read.
        """
        try:
            return self._current(site)
        except (OSError, PolarsError, json.JSONDecodeError) as error:
            raise NotReadyError(
                f"the readings of {site.plant.id} cannot be read: {error}", remedy="build them again: make build"
            ) from error

    def _current(self, site: Site) -> PlantReadings:
        found = self._fingerprint(site.plant.id)
        held = self._read.get(site.plant.id)
        if held is None or held[0] != found:
            held = (found, self._from_lake(site))
            self._read[site.plant.id] = held
        return held[1]

    def _from_lake(self, site: Site) -> PlantReadings:
        plant_id, zone = site.plant.id, site.plant.zone
        if not self._lake.months(CLEANED_READINGS, plant_id):
            raise NotReadyError(f"there are no readings of {plant_id} yet", remedy="build them: make build")
        repairs = pl.DataFrame(schema=repairs_schema(zone))
        if self._lake.months(REPAIRS, plant_id):
            repairs = self._lake.read(REPAIRS, plant_id)
        return PlantReadings(
            readings=self._lake.read(CLEANED_READINGS, plant_id),
            repairs=repairs,
            source=self._lake.read_facts(RAW_READINGS, plant_id),
        )

    def _fingerprint(self, plant_id: str) -> Fingerprint:
        paths = [
            self._lake.month_path(asset, plant_id, month)
            for asset in (CLEANED_READINGS, REPAIRS)
            for month in self._lake.months(asset, plant_id)
        ]
        return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path in paths for stat in [path.stat()])
