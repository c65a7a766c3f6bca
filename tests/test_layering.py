"""The direction of the house: the domain knows no shell and no framework, and the shells do not know each other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from steel_energy.settings import PROJECT_ROOT

FRAMEWORKS = {"dagster", "dagster_duckdb", "dagster_mlflow", "mlflow", "bentoml", "fastapi", "panel", "llama_index"}
FORBIDDEN = {
    "steel_energy": FRAMEWORKS | {"steel_assets", "steel_service", "steel_ui"},
    "steel_assets": {"steel_service", "steel_ui", "bentoml", "panel"},
    "steel_service": {"steel_assets", "steel_ui", "dagster", "mlflow", "panel"},
    "steel_client": FRAMEWORKS | {"steel_energy", "steel_assets", "steel_service", "steel_ui"},
    "steel_ui": {"steel_energy", "steel_assets", "steel_service", "dagster", "mlflow", "bentoml"},
}
MAX_LINES = 300
GENERATED = {"steel_client/models.py"}  # by make client; a reader goes by the route's name


def modules() -> list[tuple[str, Path]]:
    return [(package, path) for package in FORBIDDEN for path in sorted((PROJECT_ROOT / package).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("package", FORBIDDEN)
def test_a_package_imports_only_in_one_direction(package: str) -> None:
    wrong = {
        f"{path.relative_to(PROJECT_ROOT)} imports {name}"
        for owner, path in modules()
        if owner == package
        for name in imported(path)
        if name.split(".")[0] in FORBIDDEN[package]
    }

    assert wrong == set()


def test_no_module_outgrows_a_reader() -> None:
    long = {
        str(path.relative_to(PROJECT_ROOT)) for _, path in modules() if len(path.read_text().splitlines()) > MAX_LINES
    }

    assert long - GENERATED == set()


def test_every_module_opens_by_saying_what_lives_there() -> None:
    silent = {
        str(path.relative_to(PROJECT_ROOT))
        for _, path in modules()
        if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    }

    assert silent == set()
