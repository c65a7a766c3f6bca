"""A toy project in a temporary folder: one plant of three simulated months, small models, its own Dagster instance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml

from steel_assets.settings import AssetsSettings
from steel_energy.config import Record
from steel_energy.params import load_params
from steel_energy.settings import PROJECT_ROOT
from steel_energy.testing import toy_plant, toy_tariff

LEFT_OUT = ["xgboost", "chronos_fine_tuned", "chronos_fine_tuned_covariates"]  # they would take the longest
TREES, TRIALS = 5, 2  # enough to run every line of training; nothing here judges a model
LEADS = ((1, 1), (2, 8), (9, 96), (97, 672))  # fewer models than in use: each kind of lead has one
EVERY_HOURS = 12  # between the origins of a backtest, twice as far apart as in use


def write_yaml(path: Path, record: Record) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(record.model_dump(mode="json")), encoding="utf-8")


def make_project(home: Path) -> AssetsSettings:
    params = load_params(PROJECT_ROOT / "params.yaml").model_dump(mode="json")
    boosting = params["forecasting"]["boosting"]
    boosting["lead_ranges"] = [
        {"first": one, "last": last, "rows_per_origin": 1, "trees": TREES} for one, last in LEADS
    ]
    params["nowcasting"] |= {"trees": TREES, "copies": 1}
    params["tuning"]["trials"] = TRIALS
    params["evaluation"] |= {
        "cross_validated": ["seasonal_naive"],
        "left_out": LEFT_OUT,
        "origin_every_hours": EVERY_HOURS,
    }
    home.mkdir(parents=True, exist_ok=True)
    (home / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    write_yaml(home / "data" / "plants" / "toy.yaml", toy_plant().model_copy(update={"last_month": "2018-03"}))
    write_yaml(home / "data" / "tariffs" / "toy.yaml", toy_tariff())
    return AssetsSettings(home=home, data_dir=home / "data", source="simulated", reference=None)


@pytest.fixture(scope="session")
def make_toy_project() -> Callable[[Path], AssetsSettings]:
    return make_project


@pytest.fixture
def settings(tmp_path: Path) -> AssetsSettings:
    return make_project(tmp_path)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral
