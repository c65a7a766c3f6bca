"""The readings of each plant from the lake, kept in memory until a file of it changes."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from steel_energy.errors import StorageError
from steel_energy.lake import CLEANED_READINGS, RAW_READINGS, REPAIRS, Lake
from steel_energy.schema import repairs_schema
from steel_energy.sites import Site
from steel_service.errors import NotReadyError

Fingerprint = tuple[tuple[str, int, int], ...]
LOOK_S = 1.0  # a folder tells at once that a file was replaced, but not two within the same tick of its clock


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


@dataclass(frozen=True)
class _Read:
    """Readings, the state of their folders and files when they were read, and when that was looked at last."""

    readings: PlantReadings
    folders: Fingerprint
    files: Fingerprint
    looked_s: float


class LakeReadings:
    """Readings by plant, read again when a month file was replaced.

    Asking costs microseconds where nothing changed. While one caller reads what is new, the others get what was there.
    """

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._read: dict[str, _Read] = {}
        self._lock = Lock()

    def of(self, site: Site) -> PlantReadings:
        """What is known of a plant now.

        Raises:
            NotReadyError: the lake has no readings of it yet, or a file of it cannot be read.
        """
        try:
            return self._current(site)
        except (OSError, PolarsError, StorageError) as error:
            raise NotReadyError(
                f"the readings of {site.plant.id} cannot be read: {error}", remedy="build them again: make build"
            ) from error

    def _current(self, site: Site) -> PlantReadings:
        plant_id = site.plant.id
        held, folders = self._read.get(plant_id), self._folders(plant_id)
        if held and held.folders == folders and monotonic() < held.looked_s + LOOK_S:
            return held.readings
        if not self._lock.acquire(blocking=held is None):
            assert held is not None  # noqa: S101 - only then the lock is not waited for
            return held.readings
        try:
            held, files = self._read.get(plant_id), self._fingerprint(plant_id)
            readings = held.readings if held and held.files == files else self._from_lake(site)
            self._read[plant_id] = _Read(readings, folders, files, monotonic())
        finally:
            self._lock.release()
        return readings

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

    def _folders(self, plant_id: str) -> Fingerprint:
        """What changes whenever a file in one of the folders is replaced."""
        return _marks(self._lake.month_path(asset, plant_id, "any").parent for asset in (CLEANED_READINGS, REPAIRS))

    def _fingerprint(self, plant_id: str) -> Fingerprint:
        return _marks(
            self._lake.month_path(asset, plant_id, month)
            for asset in (CLEANED_READINGS, REPAIRS)
            for month in self._lake.months(asset, plant_id)
        )


def _marks(paths: Iterable[Path]) -> Fingerprint:
    """Times and sizes of those that are there."""
    marks = []
    for path in paths:
        with suppress(FileNotFoundError):
            found = path.stat()
            marks.append((str(path), found.st_mtime_ns, found.st_size))
    return tuple(marks)
