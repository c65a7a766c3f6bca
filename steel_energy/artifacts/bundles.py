"""Bundles on disk: ``<bundles>/<plant>/<version>/`` with the model's files and ``manifest.json``.

A version's name is the hash of its content, so a folder never changes once it is there: whoever holds one keeps a whole
bundle, however often the champion is replaced. Which of them is served stands in ``champions``.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from steel_energy.artifacts.manifest import BundleFacts, Manifest
from steel_energy.artifacts.provenance import code_version, library_versions
from steel_energy.errors import REBUILD, BundleError, BusyError, StorageError

MANIFEST_FILE = "manifest.json"
SCRATCH = ".new-"


def write_bundle(bundles_dir: Path, facts: BundleFacts, *, write: Callable[[Path], None]) -> Manifest:
    """Make a bundle of the files that ``write`` puts into a folder; nobody serves it yet.

    Atomic: after a kill at any point there is the whole bundle or none. The same content again gives the same version
    and keeps the folder that is there, unless that one is damaged.

    Args:
        bundles_dir: root of the bundles; created where it is missing.
        facts: what the manifest says.
        write: fills the folder it is given (a forecaster's ``save``).

    Raises:
        StorageError: the disk has no room for it, or cannot be written.
    """
    with locked(bundles_dir / facts.plant) as folder, _told_where_it_cannot_be_written(folder):
        _remove_scratch(folder)
        with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=folder) as scratch:
            content = Path(scratch) / "bundle"
            content.mkdir()
            write(content)
            manifest = Manifest(
                **facts.model_dump(),
                created_at=dt.datetime.now(dt.UTC),
                code=code_version(),
                libraries=library_versions(),
                files={str(path.relative_to(content)): _sha256(path) for path in _files(content)},
            ).named()
            _settle(content, folder / manifest.version, manifest)
        sync(folder)
        return read_bundle(bundles_dir, facts.plant, manifest.version)


def read_bundle(bundles_dir: Path, plant_id: str, version: str) -> Manifest:
    """The manifest of a bundle, after every byte it speaks for has been checked.

    Raises:
        BundleError: a file of it is missing or altered; names the file and the remedy.
    """
    return _checked(bundles_dir / plant_id / version)


def read_manifest(bundles_dir: Path, plant_id: str, version: str) -> Manifest:
    """What a bundle says of itself; its files are not looked at, so that asking is cheap.

    Raises:
        BundleError: the manifest is missing or altered.
    """
    return _manifest(bundles_dir / plant_id / version)


def kept_versions(bundles_dir: Path, plant_id: str) -> list[str]:
    """Versions on disk, oldest first; whole or not."""
    folders = (path for path in (bundles_dir / plant_id).glob("[!.]*") if path.is_dir())
    return [path.name for path in sorted(folders, key=lambda path: (path.stat().st_mtime_ns, path.name))]


def remove_bundles(bundles_dir: Path, plant_id: str, versions: Collection[str]) -> None:
    """Remove bundles, each in one step: after a kill it is there whole or not at all."""
    with locked(bundles_dir / plant_id) as folder:
        for version in versions:
            (folder / version).rename(folder / f"{SCRATCH}removed-{version}")
        _remove_scratch(folder)


@contextmanager
def locked(folder: Path, *, waits: bool = True) -> Iterator[Path]:
    """Let one process at a time change a plant's bundles or champion; readers need no lock.

    The lock is the operating system's on the folder itself: it leaves no file and ends with the process that holds it.

    Raises:
        BusyError: another one holds it, and ``waits`` is false.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise BusyError("another change is under way", remedy="try again in a moment") from error
        yield folder
    finally:
        os.close(descriptor)


@contextmanager
def _told_where_it_cannot_be_written(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        remedy = "see that the disk has room and that the folder can be written, then try again"
        raise StorageError(f"cannot be written: {error.strerror or error}", field=str(folder), remedy=remedy) from error


def sync(path: Path) -> None:
    """Make a file or folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST_FILE
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise BundleError("is missing", field=str(path), remedy=REBUILD) from error
    except ValidationError as error:
        raise BundleError("is not a manifest of this version", field=str(path), remedy=REBUILD) from error
    if not (manifest.is_intact and folder.name == manifest.version):
        raise BundleError("was altered", field=str(path), remedy=REBUILD)
    return manifest


def _checked(folder: Path) -> Manifest:
    manifest = _manifest(folder)
    for name, digest in manifest.files.items():
        file = folder / name
        if not file.is_file():
            raise BundleError("is missing", field=str(file), remedy=REBUILD)
        if _sha256(file) != digest:
            raise BundleError("was altered", field=str(file), remedy=REBUILD)
    return manifest


def _settle(content: Path, target: Path, manifest: Manifest) -> None:
    """Move a finished bundle to its place; a whole one that is already there stays, a damaged one is replaced."""
    (content / MANIFEST_FILE).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    for path in [*_files(content), *(path for path in content.rglob("*") if path.is_dir()), content]:
        sync(path)
    if target.exists():
        try:
            _checked(target)
        except BundleError:
            shutil.rmtree(target)
        else:
            return
    content.replace(target)


def _remove_scratch(folder: Path) -> None:
    """Remove what killed processes left behind; only under the lock is no other one at work."""
    for leftover in folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(leftover)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
