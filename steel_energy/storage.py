"""Where the lake's bytes lie: in a folder of a disk, or in an object store at an address such as ``s3://bucket/prefix``.

All that differs between the two stands here but writing on a disk, which is ``lake.write_atomically``. An object store
takes an object whole or not at all, lists what was just written, and needs the extra ``s3``, which is imported only
then. Its keys and its server are those of AWS's own variables and profiles; they are neither kept nor told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from steel_energy.errors import ConfigError, StorageError

if TYPE_CHECKING:
    from upath import UPath

Place: TypeAlias = "Path | UPath"
"""A file or folder of a disk, or of an object store."""
Marks = tuple[tuple[str, int | str, int], ...]
"""Where files lie, which version of each it is (a disk's time in ns, an object's ETag) and how many bytes it has."""
T = TypeVar("T")

SCHEME = "s3://"
LIBRARIES = ("s3fs", "upath")
ADDRESS = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w=-][\w.=-]*)*", re.ASCII)
AT_ONCE = 16
"""Objects that are asked for at the same time: each answer takes a journey to the store."""
CLIENT = {"connect_timeout": 3, "read_timeout": 10, "retries": {"mode": "standard", "total_max_attempts": 3}}
"""botocore's, with growing pauses; s3fs begins five times where a server falls silent or breaks off."""
KEY = "see to the key and its rights to list, read, write and remove: AWS_PROFILE, or AWS_ACCESS_KEY_ID"
SERVER = "see that the server answers and that AWS_ENDPOINT_URL_S3 names it, then try again"


def place(address: str) -> Place:
    """The folder that an address leads to; nothing is asked yet.

    Raises:
        ConfigError: the extra for object stores is not installed.
    """
    if not address.startswith(SCHEME):
        return Path(address)
    if missing := [name for name in LIBRARIES if find_spec(name) is None]:
        raise ConfigError(
            f"an object store needs {' and '.join(missing)}, not installed here",
            field="STEEL_LAKE_URL",
            remedy="pip install 'steel-energy-copilot[s3]'",
        )
    from upath import UPath  # noqa: PLC0415 - only an object store needs it

    return UPath(address, use_listings_cache=False, config_kwargs=CLIENT)


def require_reachable(root: Place) -> None:
    """Refuse an object store that does not answer, or not to us; a disk's folder may be made yet.

    Raises:
        StorageError: it does not; says why.
    """
    if not isinstance(root, Path):
        with _asked(root):
            root.fs.call_s3("list_objects_v2", Bucket=root.drive, MaxKeys=1)


def listed(folder: Place, pattern: str) -> list[Place]:
    """What lies in a folder under names like ``pattern``, sorted; nothing where there is no folder.

    Raises:
        StorageError: the object store cannot be asked, or has no such bucket.
    """
    if isinstance(folder, Path):
        return sorted(folder.glob(pattern))
    return [folder / name for name in _objects(folder, pattern)]


def marks(folder: Place, pattern: str) -> Marks:
    """What changes whenever one of the files is replaced, without reading any.

    Raises:
        StorageError: as of ``listed``.
    """
    if isinstance(folder, Path):
        return disk_marks(listed(folder, pattern))
    return tuple((str(folder / name), it["ETag"], it["size"]) for name, it in _objects(folder, pattern).items())


def disk_marks(paths: Iterable[Place]) -> Marks:
    """Times and sizes of those that are there, files or folders; an object store has none of these."""
    found = []
    for path in paths:
        with suppress(FileNotFoundError):
            if isinstance(path, Path):
                state = path.stat()
                found.append((str(path), state.st_mtime_ns, state.st_size))
    return tuple(found)


def load(path: Place) -> bytes:
    """All bytes of a file.

    Raises:
        FileNotFoundError: there is none.
        OSError: the disk cannot read it.
        StorageError: the object store cannot be asked.
    """
    if isinstance(path, Path):
        return path.read_bytes()
    with _asked(path):
        content: bytes = path.fs.cat_file(path.path, max_concurrency=1)  # else it would ask for the size first
    return content


def put(path: UPath, content: bytes) -> UPath:
    """Replace an object in one step.

    Raises:
        StorageError: the object store did not take it; the old object stays.
    """
    with _asked(path):
        path.fs.pipe_file(path.path, content)
    return path


def remove(path: Place) -> None:
    """Remove a file, which may be gone already."""
    if isinstance(path, Path):
        path.unlink(missing_ok=True)
    else:
        with suppress(FileNotFoundError), _asked(path):
            path.fs.rm_file(path.path)


def each(paths: Iterable[Place], do: Callable[[Place], T]) -> list[T]:
    """What ``do`` gives of every file, in their order; of an object store many at once."""
    wanted = list(paths)
    if not wanted or isinstance(wanted[0], Path):
        return [do(path) for path in wanted]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(do, wanted))


def _objects(folder: UPath, pattern: str) -> dict[str, dict[str, Any]]:
    """Facts of the objects below a folder whose names are like ``pattern``, by name, sorted."""
    above = folder.path.rstrip("/") + "/"
    with _asked(folder):
        found = folder.fs.find(folder.path, prefix=pattern.partition("*")[0], detail=True)
    names = {key.removeprefix(above): it for key, it in sorted(found.items())}
    return {name: it for name, it in names.items() if _is_like(PurePosixPath(name), pattern)}


def _is_like(name: PurePosixPath, pattern: str) -> bool:
    return len(name.parts) == len(PurePosixPath(pattern).parts) and name.match(pattern)


@contextmanager
def _asked(path: UPath) -> Iterator[None]:
    """Turn the faults of an object store into ours; a FileNotFoundError is no fault.

    What may pass has an OSError as its cause that is no PermissionError: the graph tries such a step again.
    """
    from aiohttp import ClientError  # noqa: PLC0415 - both come with s3fs
    from botocore import exceptions as boto  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        yield
    except FileNotFoundError as error:
        if "NoSuchBucket" not in str(error.__cause__):
            raise
        remedy = "create it, or correct STEEL_LAKE_URL or AWS_ENDPOINT_URL_S3"
        raise StorageError(f"the object store has no bucket {path.drive}", field=str(path), remedy=remedy) from error
    except PermissionError as error:
        raise StorageError(f"access is denied: {error}", field=str(path), remedy=KEY) from error
    except (boto.ConnectionError, boto.HTTPClientError, ClientError, TimeoutError) as error:
        silent = f"the object store does not answer, or breaks off ({type(error).__name__})"
        raise StorageError(silent, field=str(path), remedy=SERVER) from ConnectionError(str(error))
    except OSError as error:
        raise StorageError(f"the object store fails: {error}", field=str(path), remedy=SERVER) from error
    except (boto.BotoCoreError, ValueError) as error:  # no key, no such profile, no address
        unasked, remedy = f"the object store cannot be asked: {error}", f"{KEY}, AWS_ENDPOINT_URL_S3"
        raise StorageError(unasked, field=str(path), remedy=remedy) from error
