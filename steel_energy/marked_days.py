"""Days that people marked as closed or open: they stand over the calendar of the plant's file, which is never written.

One file for each plant in the data folder, ``calendars/<plant>.json``. Whatever is known ahead of a plant's days comes
from its calendar, so whoever reads a plant together with its marks (``plant_as_marked``) forecasts, plans and cleans by
them. A mark holds for its day whatever is looked at, also as of a moment before it was made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from steel_energy.artifacts.bundles import locked
from steel_energy.config import Record
from steel_energy.errors import StorageError
from steel_energy.fields import Day
from steel_energy.lake import write_text
from steel_energy.plant import Plant, load_plant
from steel_energy.settings import SteelSettings

State = Literal["closed", "open"]
Reason = Literal["holiday", "maintenance", "other"]


class MarkedDay(Record):
    """A day of the plant's clock, and whether the plant runs on it."""

    day: Day
    state: State
    reason: Reason | None = None


class MarkedDays(Record):
    """The content of a plant's file, in order of the days."""

    days: tuple[MarkedDay, ...] = ()


def with_marks(plant: Plant, marks: Iterable[MarkedDay]) -> Plant:
    """``plant`` with the calendar that ``marks`` make of its own; of a day that is marked twice the last mark holds.

    >>> from steel_energy.testing import toy_plant
    >>> new_year = dt.date(2018, 1, 1)
    >>> with_marks(toy_plant(), [MarkedDay(day=new_year, state="closed")]).calendar.is_closed(new_year)
    True
    """
    states = {mark.day: mark.state for mark in marks}
    if not states:
        return plant
    closed, opened = ({day for day, state in states.items() if state == wanted} for wanted in ("closed", "open"))
    calendar = plant.calendar.model_copy(
        update={
            "closed_days": (plant.calendar.closed_days | closed) - opened,
            "open_days": (plant.calendar.open_days | opened) - closed,
        }
    )
    return plant.model_copy(update={"calendar": calendar})


def plant_as_marked(plant_id: str, settings: SteelSettings) -> Plant:
    """The plant of a file with the days that people marked.

    Raises:
        ConfigError: there is no such plant, or its file does not validate.
        StorageError: its marked days cannot be read.
    """
    plant = load_plant(plant_id, plants_dir=settings.plants_dir)
    return with_marks(plant, read_marks(settings.calendars_dir, plant_id))


def marks_file(folder: Path, plant_id: str) -> Path:
    """Where the marked days of a plant stand."""
    return folder / f"{plant_id}.json"


def read_marks(folder: Path, plant_id: str) -> tuple[MarkedDay, ...]:
    """The marked days of a plant in order; none where nobody marked one.

    Raises:
        StorageError: the file cannot be read, or does not validate.
    """
    path = marks_file(folder, plant_id)
    try:
        return MarkedDays.model_validate_json(path.read_bytes()).days
    except FileNotFoundError:
        return ()
    except (OSError, ValidationError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error).splitlines()[0]
        remedy = "restore it, or remove it and mark the days again"
        raise StorageError(f"cannot be read: {why}", field=str(path), remedy=remedy) from error


def mark_days(
    folder: Path, plant_id: str, *, marks: Iterable[MarkedDay], unmarked: Iterable[dt.date] = ()
) -> frozenset[dt.date]:
    """Mark days, and take the mark of ``unmarked`` ones away; the file changes in one step, and others wait meanwhile.

    Returns:
        The days that are now marked otherwise than before.

    Raises:
        StorageError: the file cannot be read or written; then nothing has changed.
    """
    with locked(folder):
        before = {mark.day: mark for mark in read_marks(folder, plant_id)}
        gone = frozenset(unmarked)
        after = {day: mark for day, mark in before.items() if day not in gone} | {mark.day: mark for mark in marks}
        changed = frozenset(day for day in before.keys() | after.keys() if before.get(day) != after.get(day))
        if changed:
            content = MarkedDays(days=tuple(after[day] for day in sorted(after)))
            write_text(marks_file(folder, plant_id), content.model_dump_json(indent=1) + "\n")
    return changed
