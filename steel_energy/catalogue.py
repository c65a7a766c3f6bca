"""What lies on disk of a plant's models: who stands where, who could not be tried out, who served and when.

Models themselves are not read here, so that asking is cheap; how standings come about is ``standings``'s.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from steel_energy.artifacts import (
    Manifest,
    Promotion,
    champion_version,
    history,
    kept_versions,
    read_manifest,
    rejected,
    standing,
)
from steel_energy.errors import BundleError
from steel_energy.evaluation import PARTS, Standing
from steel_energy.lake import read_table
from steel_energy.settings import SteelSettings
from steel_energy.trial import TRIAL_FILE, part_of, read_record

State = Literal["champion", "standing", "rejected", "never_served"]
"""Of a bundle, by the history of champions."""


@dataclass(frozen=True)
class Catalogue:
    """The models of a plant.

    Attributes:
        standings: of those that were tried out, best validation score first.
        by_lead: scores of the test part by model and lead time, such as ``15min``, the nearest first.
        absent: name of each that could not be, with the reason.
        promotions: every promotion of a champion, oldest first.
        rejected: versions that were rolled back.
        kept: versions whose bundles are still on disk.
    """

    standings: tuple[Standing, ...]
    absent: dict[str, str]
    promotions: tuple[Promotion, ...]
    rejected: frozenset[str]
    kept: frozenset[str]
    by_lead: Mapping[str, Mapping[str, Mapping[str, float]]] = field(default_factory=dict)


def read_catalogue(settings: SteelSettings, plant_id: str) -> Catalogue:
    """What is known of a plant's models; parts of it are empty where nothing was built, or only bundles are there.

    Raises:
        BundleError: a trial's record or the history of champions is unreadable; names the file.
    """
    tried = sorted((settings.models_dir / "trials" / plant_id).glob(f"*/{TRIAL_FILE}"))
    records = [read_record(path.parent) for path in tried]
    promotions = history(settings.bundles_dir, plant_id)
    standings = _standings(settings.models_dir / "leaderboard" / f"plant={plant_id}.parquet")
    return Catalogue(
        standings=standings,
        absent={record.model: record.absent_because for record in records if record.absent_because is not None},
        promotions=promotions,
        rejected=rejected(promotions),
        kept=frozenset(kept_versions(settings.bundles_dir, plant_id)),
        by_lead={
            one.model: _by_lead(settings.models_dir / one.model / f"plant={plant_id}.parquet") for one in standings
        },
    )


@dataclass(frozen=True)
class Kept:
    """A bundle on disk.

    Attributes:
        version: its name.
        manifest: what it says of itself; None where that is damaged.
        state: whether it serves, served and stands, was rolled back, or never served.
        numbers: of its promotions in the history.
    """

    version: str
    manifest: Manifest | None
    state: State
    numbers: tuple[int, ...]


def kept_bundles(bundles_dir: Path, plant_id: str) -> tuple[Kept, ...]:
    """The bundles that may be served, the newest first; only what they say of themselves is read.

    Raises:
        BundleError: the history of champions is unreadable.
    """
    promotions = history(bundles_dir, plant_id)
    champion, stands, refused = _champion(bundles_dir, plant_id), standing(promotions), rejected(promotions)

    def state(version: str) -> State:
        if version == champion:
            return "champion"
        return "rejected" if version in refused else "standing" if version in stands else "never_served"

    return tuple(
        Kept(
            version=version,
            manifest=_manifest(bundles_dir, plant_id, version),
            state=state(version),
            numbers=tuple(one.number for one in promotions if one.version == version),
        )
        for version in reversed(kept_versions(bundles_dir, plant_id))
    )


def _champion(bundles_dir: Path, plant_id: str) -> str | None:
    try:
        return champion_version(bundles_dir, plant_id)
    except BundleError:  # /health tells of it; what is kept can be told all the same
        return None


def _manifest(bundles_dir: Path, plant_id: str, version: str) -> Manifest | None:
    try:
        return read_manifest(bundles_dir, plant_id, version)
    except BundleError:  # told as damaged
        return None


def _standings(path: Path) -> tuple[Standing, ...]:
    """The inverse of ``Leaderboard.frame``, from the file that the build keeps of it."""
    rows = read_table(path).to_dicts() if path.exists() else []
    return tuple(_standing(row) for row in rows)


def _by_lead(path: Path) -> dict[str, dict[str, float]]:
    """The test part's scores of each lead time and over 24 hours, from what the build keeps of a trial."""
    if not path.exists():
        return {}
    rows = part_of(read_table(path), "test").to_dicts()
    return {row.pop("lead_time"): {name: value for name, value in row.items() if _is_told(value)} for row in rows}


def _is_told(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _standing(row: dict[str, Any]) -> Standing:
    scores: dict[str, dict[str, float]] = {part: {} for part in PARTS}
    further: dict[str, Any] = {}
    for name, value in row.items():
        part, _, metric = name.partition("_")
        if part not in PARTS:
            further[name] = value
        elif value is not None:
            scores[part][metric] = value
    return Standing(model=further.pop("model"), label=further.pop("label"), further=further, **scores)
