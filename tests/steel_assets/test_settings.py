"""What an engine must be told, and the one line that says so where it is not; no password is ever in it."""

from __future__ import annotations

from typing import Any

import pytest

from steel_assets.settings import AssetsSettings
from steel_energy.errors import ConfigError

SERVER = "steel:pass-word@10.0.0.5:5432"
FLEET = {
    "STEEL_ENGINE": "celery",
    "STEEL_DATA_DIR": "/srv/steel",
    "STEEL_BROKER_URL": "redis://:pass-word@10.0.0.5:6379/0",
    "STEEL_DATABASE_URL": f"postgresql+psycopg2://{SERVER}/dagster",
    "STEEL_TRACKING_URL": f"postgresql+psycopg2://{SERVER}/mlflow",
}


def read(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> AssetsSettings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return AssetsSettings()


def test_a_laptop_needs_no_address_and_looks_at_none(monkeypatch: pytest.MonkeyPatch):
    assert AssetsSettings().is_local
    assert read(monkeypatch, {"STEEL_BROKER_URL": "nonsense"}).is_local


def test_a_fleet_has_its_addresses_and_shows_none(monkeypatch: pytest.MonkeyPatch):
    settings = read(monkeypatch, FLEET)

    assert not settings.is_local
    assert settings.step_limit_s == 7200
    assert "pass-word" not in repr(settings)


def test_an_empty_variable_is_one_that_nobody_set(monkeypatch: pytest.MonkeyPatch):
    settings = read(monkeypatch, {"STEEL_DASK_ADDRESS": "", "STEEL_REFERENCE": "", "STEEL_ENGINE": ""})

    assert (settings.dask_address, settings.reference, settings.engine) == (None, None, "laptop")


def test_a_broker_may_be_reached_by_tls(monkeypatch: pytest.MonkeyPatch):
    assert not read(monkeypatch, FLEET | {"STEEL_BROKER_URL": "rediss://:pass-word@10.0.0.5:6379/0"}).is_local


@pytest.mark.parametrize("name", ["STEEL_BROKER_URL", "STEEL_DATABASE_URL", "STEEL_TRACKING_URL"])
def test_a_missing_address_is_named_with_an_example(monkeypatch: pytest.MonkeyPatch, name: str):
    with pytest.raises(ConfigError, match=rf"^{name}: is missing \(set it to \w+(\+psycopg2)?://.*PASSWORD@HOST:"):
        read(monkeypatch, {other: value for other, value in FLEET.items() if other != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STEEL_BROKER_URL", "amqp://:pass-word@10.0.0.5:5672/0"),
        ("STEEL_BROKER_URL", "redis://:pass-word@:6379/0"),
        ("STEEL_BROKER_URL", "redis://:pass-word@10.0.0.5:port/0"),
        ("STEEL_DATABASE_URL", f"postgresql://{SERVER}/dagster"),
        ("STEEL_TRACKING_URL", f"postgresql+psycopg2://{SERVER}"),
        ("STEEL_TRACKING_URL", "sqlite:////srv/pass-word.db"),
    ],
    ids=["another broker", "no host", "no port", "another driver", "no database", "a file"],
)
def test_an_address_of_another_form_is_refused_without_being_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
):
    with pytest.raises(ConfigError, match=f"^{name}: is no such address") as raised:
        read(monkeypatch, FLEET | {name: value})

    assert "pass-word" not in str(raised.value)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"STEEL_ENGINE": "cluster"}, "STEEL_ENGINE: unknown engine 'cluster'"),
        ({"STEEL_TRACKING_URL": FLEET["STEEL_DATABASE_URL"]}, "STEEL_TRACKING_URL: the same database as Dagster's"),
        ({"STEEL_DATA_DIR": "data"}, "STEEL_DATA_DIR: data is another folder for each program"),
        ({"STEEL_STEP_LIMIT_S": "two hours"}, "STEEL_STEP_LIMIT_S: not a number of seconds: 'two hours'"),
        ({"STEEL_STEP_LIMIT_S": "0"}, "STEEL_STEP_LIMIT_S: not a number of seconds: '0'"),
    ],
    ids=["engine", "one database", "relative", "words", "none"],
)
def test_what_cannot_work_is_refused(monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any], message: str):
    with pytest.raises(ConfigError, match=f"^{message}"):
        read(monkeypatch, FLEET | changed)
