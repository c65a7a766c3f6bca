"""The model bundle on disk: what the assets publish and the service reads. Which model it is, is decided elsewhere.

``<bundles>/<plant>/<version>/`` holds the model's files and ``manifest.json``; ``<bundles>/<plant>/champion.json``
names the version that is served. A version's name is the hash of its content, so a folder never changes once it is
there: a reader that has resolved the champion keeps a whole bundle however often the champion is replaced.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from pydantic import FiniteFloat, ValidationError

from steel_energy.config import Record
from steel_energy.errors import REBUILD, BundleError
from steel_energy.lake import write_text

MANIFEST_FILE = "manifest.json"
CHAMPION_FILE = "champion.json"
VERSION_LENGTH = 12  # hexadecimal digits of the content hash: 48 bits tell any number of builds apart


class Manifest(Record):
    """What a bundle holds and where it comes from."""

    plant: str
    model: str
    version: str
    created_at: dt.datetime
    trained_from: dt.datetime
    trained_until: dt.datetime
    earlier_fits: tuple[dt.datetime, ...] = ()
    source: dict[str, Any]
    metrics: dict[str, FiniteFloat]
    files: dict[str, str]

    def trained_until_for(self, origin: dt.datetime) -> dt.datetime:
        """End of the readings that the fit behind a forecast from ``origin`` has seen; zoned times only.

        The newest fit that ends by then; the oldest one where all have seen more, so that its answer says little of
        the model's accuracy.
        """
        return seen_until((*self.earlier_fits, self.trained_until), origin)


def seen_until(ends: Collection[dt.datetime], origin: dt.datetime) -> dt.datetime:
    """Which of several fits answers a forecast from ``origin``, by the ``ends`` of what each has seen.

    The one rule behind what is forecast and what is said of it: the newest end by then, the oldest where none is.
    """
    return max((end for end in ends if end <= origin), default=min(ends))


def publish(
    bundles_dir: Path,
    *,
    plant: str,
    model: str,
    trained_from: dt.datetime,
    trained_until: dt.datetime,
    earlier_fits: Sequence[dt.datetime] = (),
    source: dict[str, Any],
    metrics: dict[str, float],
    write: Callable[[Path], None],
) -> Manifest:
    """Make a bundle of the files that ``write`` puts into a folder, and let ``champion.json`` point at it.

    Atomic: whoever reads meanwhile, or after a kill at any point, finds the old champion or the new one, whole.
    Publishing the same content again gives the same version and keeps the folder that is there.

    Args:
        bundles_dir: root of the bundles; created where it is missing.
        plant: plant id.
        model: the forecaster's name.
        trained_from: start of the readings that the model has seen.
        trained_until: their end, exclusive.
        earlier_fits: ends of the readings that older fits in the bundle have seen, for forecasts from the past.
        source: the origin of the readings, as the lake's facts hold it.
        metrics: flat name to value, finite.
        write: fills the folder it is given (a forecaster's ``save``).
    """
    folder = bundles_dir / plant
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as scratch:
        content = Path(scratch) / "bundle"
        content.mkdir()
        write(content)
        draft = Manifest(
            plant=plant,
            model=model,
            version="",
            created_at=dt.datetime.now(dt.UTC),
            trained_from=trained_from,
            trained_until=trained_until,
            earlier_fits=tuple(earlier_fits),
            source=source,
            metrics=metrics,
            files={str(path.relative_to(content)): _sha256(path) for path in _files(content)},
        )
        named = draft.model_copy(update={"version": _content_version(draft)})
        _settle(content, folder / named.version, named)
    _sync(folder)
    write_text(folder / CHAMPION_FILE, json.dumps({"version": named.version}) + "\n")
    return _checked(folder / named.version)


def read_champion(bundles_dir: Path, plant_id: str) -> tuple[Manifest, Path]:
    """The champion's manifest and folder, every file checked against its hash.

    Raises:
        BundleError: there is no champion, or a file of it is missing or altered; names the file and the remedy.
    """
    version = champion_version(bundles_dir, plant_id)
    if version is None:
        raise BundleError(f"no champion of plant {plant_id} in {bundles_dir}", field="champion", remedy=REBUILD)
    folder = bundles_dir / plant_id / version
    return _checked(folder), folder


def champion_version(bundles_dir: Path, plant_id: str) -> str | None:
    """Version of the champion, None where there is none yet; reads one small file, so a watcher may ask often.

    Raises:
        BundleError: ``champion.json`` is there and unreadable.
    """
    path = bundles_dir / plant_id / CHAMPION_FILE
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["version"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise BundleError("is not a champion record", field=str(path), remedy=REBUILD) from error


def _checked(folder: Path) -> Manifest:
    """The manifest of ``folder``, after every byte it speaks for has been checked."""
    path = folder / MANIFEST_FILE
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise BundleError("is missing", field=str(path), remedy=REBUILD) from error
    except ValidationError as error:
        raise BundleError("is not a manifest", field=str(path), remedy=REBUILD) from error
    if not folder.name == manifest.version == _content_version(manifest):
        raise BundleError("was altered", field=str(path), remedy=REBUILD)
    for name, digest in manifest.files.items():
        file = folder / name
        if not file.is_file():
            raise BundleError("is missing", field=str(file), remedy=REBUILD)
        if _sha256(file) != digest:
            raise BundleError("was altered", field=str(file), remedy=REBUILD)
    return manifest


def _content_version(manifest: Manifest) -> str:
    """Hash of all a manifest says except its own name and the moment it was made."""
    content = manifest.model_dump_json(exclude={"version", "created_at"})
    canonical = json.dumps(json.loads(content), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:VERSION_LENGTH]


def _settle(content: Path, target: Path, manifest: Manifest) -> None:
    """Move a finished bundle to its place; a whole one that is already there stays, a damaged one is replaced."""
    (content / MANIFEST_FILE).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    for path in [*_files(content), *(path for path in content.rglob("*") if path.is_dir()), content]:
        _sync(path)
    if target.exists():
        try:
            _checked(target)
        except BundleError:
            shutil.rmtree(target)
        else:
            return
    content.replace(target)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Make a file or folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
