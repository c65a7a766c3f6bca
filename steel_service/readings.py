"""The readings of each plant from the lake, kept in memory until a file of it changes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from steel_energy.errors import NotEnoughDataError, StorageError
from steel_energy.lake import CLEANED_READINGS, MONTHS, RAW_READINGS, REPAIRS, Lake
from steel_energy.schema import repairs_schema
from steel_energy.sites import Site
from steel_energy.storage import Marks, disk_marks, marks
from steel_service.errors import NotReadyError

LOOK_S = 1.0  # a folder tells at once that a file was replaced, but not two within the same tick of its clock
FAR_LOOK_S = 10.0  # an object store has no such folders, and each look costs two requests


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
    folders: Marks
    files: Marks
    looked_s: float


class LakeReadings:
    """Readings by plant, read again when a month file was replaced.

    Asking costs microseconds where nothing changed. While one caller reads what is new, the others get what was there.

    Args:
        lake: where the readings lie.
        look_s: seconds between two looks at every file.
    """

    def __init__(self, lake: Lake, *, look_s: float | None = None) -> None:
        self._lake = lake
        self._look_s = look_s or (LOOK_S if lake.is_on_disk else FAR_LOOK_S)
        self._read: dict[str, _Read] = {}
        self._lock = Lock()

    def of(self, site: Site) -> PlantReadings:
        """What is known of a plant now.

        Raises:
            NotReadyError: the lake has no readings of it yet, or a file of it cannot be read.
        """
        try:
            return self._current(site)
        except StorageError as error:
            raise NotReadyError(
                f"the readings of {site.plant.id} cannot be read: {error.what}", remedy=error.remedy
            ) from error
        except (OSError, PolarsError) as error:
            raise NotReadyError(
                f"the readings of {site.plant.id} cannot be read: {error}", remedy="build them again: make build"
            ) from error

    def _current(self, site: Site) -> PlantReadings:
        plant_id = site.plant.id
        held, folders = self._read.get(plant_id), self._folders(plant_id)
        if held and held.folders == folders and monotonic() < held.looked_s + self._look_s:
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
        readings, repairs = (self._table(asset, plant_id) for asset in (CLEANED_READINGS, REPAIRS))
        if readings is None:
            raise NotReadyError(f"there are no readings of {plant_id} yet", remedy="build them: make build").named(
                "no_readings", plant=plant_id
            )
        return PlantReadings(
            readings=readings,
            repairs=pl.DataFrame(schema=repairs_schema(zone)) if repairs is None else repairs,
            source=self._lake.read_facts(RAW_READINGS, plant_id),
        )

    def _table(self, asset: str, plant_id: str) -> pl.DataFrame | None:
        """All months of an asset; None where there are none."""
        with suppress(NotEnoughDataError):
            return self._lake.read(asset, plant_id)
        return None

    def _folders(self, plant_id: str) -> Marks:
        """What changes whenever a file in one of the folders is replaced; nothing of an object store does."""
        return disk_marks(self._lake.folder(asset, plant_id) for asset in (CLEANED_READINGS, REPAIRS))

    def _fingerprint(self, plant_id: str) -> Marks:
        cleaned, repairs = (marks(self._lake.folder(asset, plant_id), MONTHS) for asset in (CLEANED_READINGS, REPAIRS))
        return cleaned + repairs
