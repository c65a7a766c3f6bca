"""Bundles of one small text file: what is in them is no matter here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from steel_energy.artifacts import Manifest, publish, write_bundle
from steel_energy.testing import toy_facts


def write_text(text: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "model.txt").write_text(text, encoding="utf-8")
        (folder / "trees").mkdir()
        (folder / "trees" / "a.txt").write_text(text * 2, encoding="utf-8")

    return write


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Manifest]:
    """Publish a bundle of a text in ``tmp_path``."""
    return lambda text, **changes: publish(tmp_path, toy_facts(**changes), write=write_text(text))


@pytest.fixture
def bundle(tmp_path: Path) -> Callable[[str], Manifest]:
    """Make a bundle of a text in ``tmp_path`` that nobody serves."""
    return lambda text: write_bundle(tmp_path, toy_facts(), write=write_text(text))
