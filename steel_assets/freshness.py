"""Whether what is built still fits: a stamp of everything the graph's results depend on, kept in the lake.

The stamp covers the source's cells, what was posted, the days that people marked, the plant, tariff and parameter
files, the profile and the code.
It is made before the build begins and written when it has ended: a build that was cut short is never taken for a
finished one, nor is what was posted in the meantime taken for built.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

import steel_energy
from steel_assets.resources import Project
from steel_energy.artifacts import read_champion
from steel_energy.errors import BundleError
from steel_energy.inbox import Inbox
from steel_energy.intake import Intake
from steel_energy.lake import CLEANED_READINGS, Lake
from steel_energy.marked_days import marks_file
from steel_energy.warehouse import LAKE_TABLES

FEATURES = "features"
MONTHLY = (*LAKE_TABLES, FEATURES)
"""Tables of months, which a build makes anew where they are missing or damaged."""
ASSET = "build"  # the lake's folder for the stamp
POSTED = "posted"
MARKED_DAYS = "marked days"
MONTHS_MISSING, MONTHS_DAMAGED = "lake files missing", "lake files damaged"
MONTHS_ONLY = frozenset({POSTED, MARKED_DAYS, MONTHS_MISSING, MONTHS_DAMAGED})
"""Reasons to build a plant's months and reports again and no model: neither a day more of readings nor one that is
marked as closed is worth a training."""
CODE_FOLDERS = (Path(__file__).parent, Path(steel_energy.__file__).parent)


@dataclass(frozen=True)
class Standing:
    """How a plant stands: its readings as they are now, the stamp of a build of them, and why to build (or not)."""

    intake: Intake
    stamp: dict[str, str]
    reasons: list[str]

    @property
    def keeps_models(self) -> bool:
        """Whether its models stay as they are."""
        return MONTHS_ONLY.issuperset(self.reasons)


def standing(project: Project, plant_id: str, *, instance: dg.DagsterInstance) -> Standing:
    """Look at a plant's source, inbox, files and results."""
    posted = project.inbox.fingerprint(plant_id)  # before they are read: what comes in between is news next time
    intake = project.take_in(plant_id)
    stamp = _stamp(project, plant_id, intake) | {POSTED: posted}
    return Standing(intake, stamp, _what_changed(project, plant_id, intake, stamp, instance))


def _stamp(project: Project, plant_id: str, intake: Intake) -> dict[str, str]:
    """Everything a plant's results depend on but what was posted, as hashes by name."""
    plant, settings = project.plant(plant_id), project.settings
    return {
        "source": f"{intake.origin.kind}: {intake.origin.location}",
        "readings": intake.source_fingerprint,
        "plant": _digest(settings.plants_dir / f"{plant.id}.yaml"),
        MARKED_DAYS: _digest(*filter(Path.exists, [marks_file(settings.calendars_dir, plant.id)])),
        "tariff": _digest(settings.tariffs_dir / f"{plant.tariff}.yaml"),
        "params": _digest(settings.params_file),
        "profile": settings.profile,
        "code": _digest(*sorted(path for folder in CODE_FOLDERS for path in folder.rglob("*.py"))),
    }


def _what_changed(
    project: Project, plant_id: str, intake: Intake, stamp: dict[str, str], instance: dg.DagsterInstance
) -> list[str]:
    """Why the plant must be built, as short words; empty where everything is up to date."""
    lake = project.lake
    if lake.damaged(ASSET, plant_id):
        return ["the record of the last build is damaged"]
    built = lake.read_facts(ASSET, plant_id)
    if built is None:
        return ["not built yet"]
    reasons = [name for name, digest in stamp.items() if built.get(name) != digest]
    if any(lake.months(asset, plant_id) != intake.months for asset in (CLEANED_READINGS, FEATURES)):
        reasons.append(MONTHS_MISSING)
    if any(lake.damaged(asset, plant_id) for asset in MONTHLY):
        reasons.append(MONTHS_DAMAGED)
    if not has_champion(project, plant_id):
        reasons.append("no champion")
    if instance.get_latest_materialization_event(dg.AssetKey("warehouse")) is None:  # the last asset of a build
        reasons.append("Dagster has no record")
    return reasons


def has_posted(lake: Lake, inbox: Inbox, plant_id: str) -> bool:
    """Whether the last build took in all that has been posted."""
    built = lake.read_facts(ASSET, plant_id)
    return built is not None and built.get(POSTED) == inbox.fingerprint(plant_id)


def has_champion(project: Project, plant_id: str) -> bool:
    """Whether the plant has a whole one: for a missing and for a damaged bundle alike the remedy is a build."""
    try:
        read_champion(project.settings.bundles_dir, plant_id)
    except BundleError:
        return False
    return True


def _digest(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
