"""Sites with the days that people marked: the calendar of the plant's file, and what stands over it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from steel_energy.marked_days import marks_file, read_marks, with_marks
from steel_energy.sites import Site

Stamp = tuple[int, int, int] | None


class Calendars:
    """Sites with their marked days, read again when a file has changed; asking costs one look at it.

    Several processes may serve the same folder: each sees what another marked with its next question.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, tuple[Site, Stamp, Site]] = {}

    def of(self, site: Site) -> Site:
        """``site`` by its marked days: the same object until they change, so that others may keep what they made of it.

        Raises:
            StorageError: they cannot be read.
        """
        stamp, held = self._stamp(site.plant.id), self._held.get(site.plant.id)
        if held is None or held[0] is not site or held[1] != stamp:
            marks = read_marks(self._folder, site.plant.id)
            marked = replace(site, plant=with_marks(site.plant, marks)) if marks else site
            held = self._held[site.plant.id] = (site, stamp, marked)
        return held[2]

    def _stamp(self, plant_id: str) -> Stamp:
        """What differs between two contents of the file: every change makes a new one."""
        try:
            found = marks_file(self._folder, plant_id).stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size
