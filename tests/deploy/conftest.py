"""What the tests of the deployment files share: the project's root, its YAML files, and the linters where they are."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from steel_energy.settings import PROJECT_ROOT

Lint = Callable[..., str]


@pytest.fixture(scope="session")
def root() -> Path:
    return PROJECT_ROOT


@pytest.fixture(scope="session")
def documents(root: Path) -> Callable[[str], list[dict[str, Any]]]:
    """The documents of a YAML file, named from the project's root."""
    return lambda name: list(yaml.safe_load_all((root / name).read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def lint(root: Path) -> Lint:
    """Run a linter in the project's root and return what it found: nothing where all is well."""

    def run(program: str, *arguments: str) -> str:
        path = shutil.which(program, path=str(Path(sys.executable).parent)) or shutil.which(program)
        if path is None:
            pytest.skip(f"{program} is not installed")
        done = subprocess.run([path, *arguments], cwd=root, capture_output=True, text=True, check=False)
        return "" if done.returncode == 0 else done.stdout + done.stderr

    return run
