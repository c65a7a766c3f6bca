"""A toy project in a temporary folder: one plant of two months, simulated, with its own lake and Dagster instance."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml

from steel_assets.settings import AssetsSettings
from steel_energy.config import Record
from steel_energy.settings import PROJECT_ROOT
from steel_energy.testing import toy_plant, toy_tariff

MONTHS = {
    "dagster/asset_partition_range_start": "2018-01|toy",
    "dagster/asset_partition_range_end": "2018-02|toy",
}


def write_yaml(path: Path, record: Record) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(record.model_dump(mode="json")), encoding="utf-8")


def toy_project(home: Path) -> AssetsSettings:
    write_yaml(home / "data" / "plants" / "toy.yaml", toy_plant())
    write_yaml(home / "data" / "tariffs" / "toy.yaml", toy_tariff())
    shutil.copy(PROJECT_ROOT / "params.yaml", home)
    return AssetsSettings(home=home, data_dir=home / "data", source="simulated", reference=None)


@pytest.fixture
def settings(tmp_path: Path) -> AssetsSettings:
    return toy_project(tmp_path)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral
