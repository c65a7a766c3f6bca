"""Notes on the newest reports, made from the tables that they were made from; pages and files are never read.

Whatever a table says is shown as data: numbers, dates, and names cut to one short line. A report that was not written
yet, or cannot be read, has a note that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from steel_energy.errors import BundleError, StorageError
from steel_energy.knowledge import report_models, report_weeks
from steel_energy.knowledge.records import Note
from steel_energy.knowledge.report_context import SOURCE, Context
from steel_energy.knowledge.shown import plain
from steel_energy.lake import MONTHS, NEWEST, REPAIRS, WEEKS, Lake
from steel_energy.monitoring.table import ASSET as PERFORMANCE
from steel_energy.settings import SteelSettings
from steel_energy.storage import Marks, disk_marks, marks

DRIFT: Final = "drift_report"
MAKERS: dict[str, Callable[[Context], Iterator[Note]]] = {
    "weekly": report_weeks.weekly,
    "drift": report_weeks.drift,
    "performance": report_weeks.performance,
    "quality": report_weeks.quality,
    "plan-ahead": report_models.plan_ahead,
    "champion": report_models.champion,
    "leaderboard": report_models.leaderboard,
}


def report_notes(context: Context) -> Iterator[Note]:
    """One note for each kind of report; of the weekly one, two where its newest week is not over."""
    for kind, make in MAKERS.items():
        try:
            made = list(make(context))
        except FileNotFoundError:  # a build has just replaced it: its files have another stamp when the next one asks
            made = []
        except (StorageError, BundleError) as error:
            file = plain(Path(error.field).name) if error.field else kind
            made = [context.told.note(SOURCE, kind, [context.told.content["unreadable"].format(file=file)])]
        yield from made or [context.told.note(SOURCE, kind, [context.told.say(SOURCE, kind, "none")])]


def stamp_of(settings: SteelSettings, plant_id: str) -> Marks:
    """Names, versions and sizes of the files that the notes are made from: another stamp, other notes."""
    lake, bundles = Lake(settings.lake_root), settings.bundles_dir / plant_id
    weeks = [marks(lake.folder(asset, plant_id), WEEKS)[-2:] for asset in ("weekly_report", DRIFT, PERFORMANCE)]
    return (
        *(mark for newest in weeks for mark in newest),
        *marks(lake.folder(REPAIRS, plant_id), MONTHS),
        *marks(lake.folder("day_ahead_plan", plant_id), NEWEST),
        *disk_marks(
            [
                settings.models_dir / "leaderboard" / f"plant={plant_id}.parquet",
                bundles / "champion.json",
                bundles / "champions.jsonl",
            ]
        ),
    )
