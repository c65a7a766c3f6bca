"""A toy project in a temporary folder: one plant of three simulated months, small models, its own Dagster instance."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml
from sqlalchemy import Engine, event

from steel_assets.settings import AssetsSettings
from steel_assets.tracking import DATABASE, Tracking
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


@pytest.fixture(autouse=True, scope="session")
def no_waiting_for_the_disk() -> Iterator[None]:
    """SQLite leaves it to the system when its pages reach the disk: programs are killed here, no power is cut."""

    def hurry(connection: Any, _: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA synchronous = OFF")

    event.listen(Engine, "connect", hurry)
    yield
    event.remove(Engine, "connect", hurry)


@pytest.fixture(autouse=True, scope="session")
def one_making_of_mlflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The first project that asks MLflow has it make its tables, for seconds; those after it begin with a copy."""
    make, empty = Tracking.client, tmp_path_factory.mktemp("mlflow") / DATABASE

    def client(tracking: Tracking) -> Any:
        file = Path(tracking.folder) / DATABASE
        if tracking.database is not None or tracking.has_store:
            return make(tracking)
        if empty.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            copy_database(empty, file)
            return make(tracking)
        made = make(tracking)
        made.search_experiments()  # only a question makes the tables
        copy_database(file, empty)
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Tracking, "client", client)
        yield


def copy_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


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
