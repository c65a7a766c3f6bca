"""Where a bundle comes from: which readings, which code, which libraries. What is said of it stands in ``manifest``."""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import polars as pl

from steel_energy import __version__
from steel_energy.config import Record
from steel_energy.schema import INTERVAL_START, READINGS

CODE_FOLDER = Path(__file__).resolve().parents[2]
CODE_FILES = ("*.py", "*.yaml")  # what a build's results depend on, of the files under version control
LIBRARIES = ("numpy", "polars", "lightgbm", "xgboost", "torch", "chronos", "timesfm")


class Code(Record):
    """Which code it was.

    Attributes:
        package: version of this package.
        commit: git commit of the checkout that it ran from; None where it ran from no checkout, or git is missing.
        is_dirty: whether that checkout had uncommitted Python or YAML files; None without a commit.
    """

    package: str
    commit: str | None = None
    is_dirty: bool | None = None


def readings_sha256(readings: pl.DataFrame) -> str:
    """Hash of the values of ``readings`` (data contract): equal exactly when they say the same.

    How they lie on disk, the order of rows and columns, further columns and the zone that times are shown in make no
    difference.
    """
    moment = INTERVAL_START.name
    values = readings.select(column.name for column in READINGS).sort(moment)
    text = values.with_columns(pl.col(moment).dt.epoch("us")).write_csv()
    return hashlib.sha256(text.encode()).hexdigest()


def library_versions() -> dict[str, str]:
    """Version of Python and of each library of ``LIBRARIES`` that this process has loaded."""
    loaded = {name: _library_version(name) for name in LIBRARIES if name in sys.modules}
    return {"python": platform.python_version(), **loaded}


def code_version(folder: Path = CODE_FOLDER) -> Code:
    """The code of this package, and of the checkout where ``folder`` is under version control."""
    if not _git(folder, "ls-files", "pyproject.toml"):  # an installed package may lie inside of another project
        return Code(package=__version__)
    commit, changes = _git(folder, "rev-parse", "HEAD"), _git(folder, "status", "--porcelain", "--", *CODE_FILES)
    return Code(package=__version__, commit=commit, is_dirty=None if commit is None else bool(changes))


def _library_version(name: str) -> str:
    """What a loaded library says of itself, as XGBoost is installed under several names; TimesFM says nothing."""
    return getattr(sys.modules[name], "__version__", None) or version(name)


def _git(folder: Path, *arguments: str) -> str | None:
    """What git prints, None where it is missing or refuses."""
    program = shutil.which("git")
    if program is None:
        return None
    command = [program, "--no-optional-locks", "-C", str(folder), *arguments]  # a reader must not block a commit
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - arguments of ours
    return answer.stdout.strip() if answer.returncode == 0 else None
