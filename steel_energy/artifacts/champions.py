"""Which bundle of a plant is served, which were before, and going back. What a bundle is stands in ``bundles``.

``<bundles>/<plant>/champion.json`` is the promotion that is in force, ``champions.jsonl`` all of them, oldest first. A
change takes effect when ``champion.json`` is replaced; a kill before the history has its line loses nothing, because
the line stands in ``champion.json`` and every reader counts it in.

*Standing* champions are those that were not rolled back: a promotion puts one on top, a rollback takes off what lies
above the one it goes back to. The *previous champion* is the one under the top, so two rollbacks go two steps back and
nothing steps down to a bundle that a person rejected.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from steel_energy.artifacts.bundles import kept_versions, locked, read_bundle, remove_bundles, sync, write_bundle
from steel_energy.artifacts.manifest import BundleFacts, Manifest
from steel_energy.config import Record
from steel_energy.errors import REBUILD, BundleError
from steel_energy.lake import write_text

CHAMPION_FILE = "champion.json"
HISTORY_FILE = "champions.jsonl"
HISTORY = "see steel champion history"

FLEET = "_fleet"
"""In place of a plant's id: whose the global model's bundles are. No plant can have that name."""

Cause = Literal["build", "promote", "rollback"]
"""What made a bundle the champion: a build, or a person by one of two commands."""


class Promotion(Record):
    """One line of the history.

    Attributes:
        number: 1 for a plant's first champion, then one more each time.
        version: the bundle.
        model: its forecaster's name.
        promoted_at: when, UTC.
        by: what did it.
        reason: why, in words.
        who: name of the person, by the key or account that was used; empty where nobody's name is known.
    """

    number: int
    version: str
    model: str
    promoted_at: dt.datetime
    by: Cause
    reason: str
    who: str = ""


def publish(
    bundles_dir: Path, facts: BundleFacts, *, write: Callable[[Path], None], reason: str = "published"
) -> Manifest:
    """Make a bundle and serve it at once: ``write_bundle``, then ``promote`` by a build."""
    manifest = write_bundle(bundles_dir, facts, write=write)
    promote(bundles_dir, facts.plant, version=manifest.version, by="build", reason=reason)
    return manifest


def read_champion(bundles_dir: Path, plant_id: str) -> tuple[Manifest, Path]:
    """The champion's manifest and folder, every file checked against its hash.

    Raises:
        BundleError: there is no champion, or a file of it is missing or altered; names the file and the remedy.
    """
    version = champion_to_serve(bundles_dir, plant_id)
    return read_bundle(bundles_dir, plant_id, version), bundles_dir / plant_id / version


def champion_to_serve(bundles_dir: Path, plant_id: str) -> str:
    """As ``champion_version``, for whoever needs one.

    Raises:
        BundleError: there is none, or ``champion.json`` is unreadable.
    """
    version = champion_version(bundles_dir, plant_id)
    if version is None:
        raise BundleError(f"no champion of plant {plant_id} in {bundles_dir}", remedy=REBUILD).named(
            "no_champion", plant=plant_id
        )
    return version


def previous_to_serve(bundles_dir: Path, plant_id: str) -> str:
    """As ``previous_champion``, for whoever needs one.

    Raises:
        BundleError: there is none, or the history is unreadable.
    """
    version = previous_champion(bundles_dir, plant_id)
    if version is None:
        raise BundleError(f"no previous champion of plant {plant_id}", remedy=HISTORY)
    return version


def champion_version(bundles_dir: Path, plant_id: str) -> str | None:
    """Version of the champion, None where there is none yet; reads one small file, so a watcher may ask often.

    Raises:
        BundleError: ``champion.json`` is there and unreadable.
    """
    current = _current(bundles_dir / plant_id)
    return current.version if current else None


def history(bundles_dir: Path, plant_id: str) -> tuple[Promotion, ...]:
    """All promotions, oldest first; the last one is in force, unless ``champion.json`` cannot be read.

    Raises:
        BundleError: the history is unreadable; names its file.
    """
    folder = bundles_dir / plant_id
    written, current = _written(folder), _readable(folder)
    return written if current is None or current in written else (*written, current)


def standing(promotions: Sequence[Promotion]) -> tuple[str, ...]:
    """Versions that served and were not rolled back, the champion last."""
    versions: list[str] = []
    for promotion in promotions:
        version = promotion.version
        if promotion.by == "rollback" and version in versions:
            versions = versions[: versions.index(version) + 1]
        else:
            versions = [*(other for other in versions if other != version), version]
    return tuple(versions)


def rejected(promotions: Sequence[Promotion]) -> frozenset[str]:
    """Versions that were rolled back and that nobody has promoted since."""
    return frozenset(promotion.version for promotion in promotions) - frozenset(standing(promotions))


def previous_champion(bundles_dir: Path, plant_id: str) -> str | None:
    """The newest standing version on disk beneath the champion; None where there is none.

    Where ``champion.json`` cannot be read, the newest standing version at all.

    Raises:
        BundleError: the history is unreadable.
    """
    current, kept = _readable(bundles_dir / plant_id), kept_versions(bundles_dir, plant_id)
    left = current.version if current else None
    before = [version for version in standing(history(bundles_dir, plant_id)) if version in kept and version != left]
    return before[-1] if before else None


def promote(
    bundles_dir: Path,
    plant_id: str,
    *,
    version: str,
    by: Cause,
    reason: str,
    who: str = "",
    expected: str | None = None,
) -> Promotion:
    """Serve a bundle from now on; one that is served already stays, with the promotion that made it champion.

    A person who promotes what a rollback put there says so in the history: builds are trusted again.

    Args:
        bundles_dir: root of the bundles.
        plant_id: whose.
        version: the bundle.
        by: what does it.
        reason: why, in words.
        who: the person's name, where there is one.
        expected: the version that has to be served until then; any, where it is left out.

    Raises:
        BundleError: there is no such bundle, it is damaged, the history is unreadable, or another version is served
            than was expected.
    """
    if version not in kept_versions(bundles_dir, plant_id):
        raise BundleError(f"is no bundle of {plant_id} that is kept", field=version, remedy=HISTORY)
    with locked(bundles_dir / plant_id) as folder:
        manifest, before = read_bundle(bundles_dir, plant_id, version), history(bundles_dir, plant_id)
        current = _readable(folder)
        if expected is not None and (current is None or current.version != expected):
            raise BundleError(f"is not the champion of {plant_id} any more", field=expected, remedy=HISTORY)
        if current and current.version == version and (by, current.by) != ("promote", "rollback"):
            return current
        promotion = Promotion(
            number=before[-1].number + 1 if before else 1,
            version=version,
            model=manifest.model,
            promoted_at=dt.datetime.now(dt.UTC),
            by=by,
            reason=reason,
            who=who,
        )
        _put_in_force(folder, before, promotion)
    return promotion


def rollback(
    bundles_dir: Path,
    plant_id: str,
    *,
    to: str | None = None,
    reason: str = "",
    who: str = "",
    expected: str | None = None,
) -> Promotion:
    """Go back to the previous champion, or to the standing version ``to``; what served since then is rejected.

    Raises:
        BundleError: there is none to go back to, ``to`` is no standing version on disk, its bundle is damaged, or
            another version is served than was ``expected``.
    """
    current, target = _readable(bundles_dir / plant_id), to or previous_to_serve(bundles_dir, plant_id)
    if current and current.version == target:
        raise BundleError("is the champion already", field=target, remedy=HISTORY)
    if target not in standing(history(bundles_dir, plant_id)):
        advice = f"{HISTORY}; steel champion promote serves any bundle that is kept"
        raise BundleError(f"is no earlier champion of {plant_id} that stands", field=target, remedy=advice)
    left = current.version if current else "an unreadable record"
    said = reason or f"back from {left}"
    return promote(bundles_dir, plant_id, version=target, by="rollback", reason=said, who=who, expected=expected)


def prune(bundles_dir: Path, plant_id: str, *, keep: int) -> list[str]:
    """Remove all but the ``keep`` bundles that served or were made last; never the champion nor the previous one.

    Returns:
        The versions that were removed.
    """
    promotions = history(bundles_dir, plant_id)
    last_served = {promotion.version: promotion.number for promotion in promotions}
    kept = kept_versions(bundles_dir, plant_id)
    newest = sorted(kept, key=lambda version: (last_served.get(version, 0), kept.index(version)))[-keep:]
    needed = {champion_version(bundles_dir, plant_id), previous_champion(bundles_dir, plant_id), *newest}
    removed = [version for version in kept if version not in needed]
    remove_bundles(bundles_dir, plant_id, removed)
    return removed


def _put_in_force(folder: Path, before: Sequence[Promotion], promotion: Promotion) -> None:
    """Make ``promotion`` the last one of the history: in one step, whenever a kill comes."""
    if before != _written(folder):  # a kill kept the last line out: it must be there before its only copy is replaced
        _write_history(folder, before)
    write_text(folder / CHAMPION_FILE, promotion.model_dump_json() + "\n")
    sync(folder)
    _write_history(folder, (*before, promotion))


def _current(folder: Path) -> Promotion | None:
    path = folder / CHAMPION_FILE
    try:
        return Promotion.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise BundleError("is not a champion record", field=str(path), remedy=REBUILD) from error


def _readable(folder: Path) -> Promotion | None:
    """The promotion in force; None where none can be read, which is told by whoever asks for the champion itself."""
    try:
        return _current(folder)
    except BundleError:
        return None


def _written(folder: Path) -> tuple[Promotion, ...]:
    path = folder / HISTORY_FILE
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return tuple(Promotion.model_validate_json(line) for line in lines)
    except FileNotFoundError:
        return ()
    except ValueError as error:
        raise BundleError("is not a history of champions", field=str(path), remedy="mend or remove it") from error


def _write_history(folder: Path, promotions: Sequence[Promotion]) -> None:
    write_text(folder / HISTORY_FILE, "".join(f"{promotion.model_dump_json()}\n" for promotion in promotions))
    sync(folder)
