"""What the images and the Bento install: everything the service imports, pinned, and nothing heavy it does without."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OPTIONAL = {  # imported where it is used, by who asks for it: the extra that brings it
    "matplotlib": "assets",
    "PIL": "assets",
    "reportlab": "assets",
    "xlsxwriter": "assets",
    "evidently": "assets",
    "river": "assets",
    "optuna": "tuning",
    "sqlalchemy": "tuning",
    "filelock": "tuning",
    "shap": "assets",
    "onnx": "onnx",
    "botocore": "s3",
    "upath": "s3",
    "dask": "fleet",
    "distributed": "fleet",
    "torch": "chronos",
    "transformers": "chronos",
    "huggingface_hub": "chronos",
    "httpx2": "chronos",
    "chronos": "chronos",
    "timesfm": "timesfm",
    "timesfm3": "timesfm",
}
HEAVY = ("torch", "transformers", "dagster", "mlflow", "panel", "nvidia-nccl", "nvidia-cu", "xgboost==")


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    content: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return content["project"]


@pytest.fixture(scope="module")
def locked(root: Path) -> dict[str, str]:
    return pins(root / "deploy" / "requirements-service.txt")


def pins(path: Path) -> dict[str, str]:
    """Version of each library in a file of pins, by canonical name."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    found = [line.partition("==") for line in lines]
    return {canonicalize_name(name): version for name, _, version in found}


def declared(requirements: list[str]) -> set[str]:
    """Canonical names of those that apply to this machine."""
    parsed = [Requirement(text) for text in requirements]
    return {canonicalize_name(one.name) for one in parsed if one.marker is None or one.marker.evaluate()}


def imported(package: Path) -> dict[str, str]:
    """First part of every module that a package imports from others, and a file that does."""
    found: dict[str, str] = {}
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.append(node.module)
            found |= {name.split(".")[0]: str(path) for name in names}
    own = {"steel_energy", "steel_service", "steel_client"}
    return {name: path for name, path in found.items() if name not in sys.stdlib_module_names | own}


@pytest.mark.parametrize("package", ["steel_energy", "steel_service"])
def test_the_lock_holds_everything_that_the_service_imports(root, locked, package):
    distributions = packages_distributions() | {"xgboost": ["xgboost-cpu"]}  # whichever build of it is installed here
    missing = {
        name: path
        for name, path in imported(root / package).items()
        if name not in OPTIONAL and not locked.keys() & set(map(canonicalize_name, distributions.get(name, [name])))
    }

    assert missing == {}, "name it in pyproject.toml's extra `service` and run `make lock`"


def test_optional_libraries_come_with_the_extra_that_is_named_for_them(project):
    extras = project["optional-dependencies"]

    assert set(OPTIONAL.values()) <= set(extras)


def test_the_lock_holds_what_pyproject_asks_for_at_the_versions_of_constraints(root, project, locked):
    pinned = pins(root / "constraints.txt")
    wanted = declared(
        [
            *project["dependencies"],
            *project["optional-dependencies"]["service"],
            *project["optional-dependencies"]["onnx"],
        ]
    )

    assert wanted <= set(locked), "run `make lock`"
    assert locked == {name: pinned.get(name) for name in locked}, "run `make lock`"


def test_nothing_heavy_is_in_the_lock(root):
    text = (root / "deploy" / "requirements-service.txt").read_text(encoding="utf-8")

    assert [name for name in HEAVY if re.search(rf"^{name}", text, re.MULTILINE)] == []


def test_the_bento_holds_the_code_and_what_describes_plants_and_no_data(documents):
    (bento,) = documents("bentofile.yaml")

    assert bento["service"] == "steel_service.service:SteelService"
    assert bento["python"] == {"requirements_txt": "deploy/requirements-service.txt", "lock_packages": False}
    assert set(bento["include"]) == {
        "steel_energy/**",
        "steel_service/**",
        "data/plants/*.yaml",
        "data/tariffs/*.yaml",
        "params.yaml",
        "LICENSE",
    }
