"""The compose file of a fleet: what it adds to the whole system, locked down as that is, and no secret in it."""

from __future__ import annotations

import re

import pytest

OVER = ("build", "dagster", "daemon", "mlflow")
ADDED = ("worker", "trainer", "redis", "postgres")
FILES = ("--file", "docker-compose.yml", "--file", "docker-compose.fleet.yml")


@pytest.fixture(scope="module")
def fleet(documents):
    return documents("docker-compose.fleet.yml")[0]


def test_docker_compose_lays_it_over_the_whole_system(lint, tmp_path, monkeypatch):
    secrets = tmp_path / "fleet.env"
    secrets.touch()
    monkeypatch.setenv("STEEL_FLEET_FILE", str(secrets))

    assert lint("docker-compose", *FILES, "config", "--quiet") == ""


def test_it_follows_the_specification(lint):
    assert lint("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.fleet.yml") == ""


def test_workers_and_servers_are_added_and_nothing_else(fleet):
    assert set(fleet["services"]) == {*OVER, *ADDED}


@pytest.mark.parametrize("name", [*OVER, "worker", "trainer"])
def test_everybody_of_the_graph_has_one_engine_one_image_and_one_file_of_addresses(fleet, name):
    service = fleet["services"][name]

    assert service["environment"]["STEEL_ENGINE"] == "celery"
    assert "/assets-fleet:" in service["image"]
    assert "fleet" in service["build"]["args"]["ASSETS_EXTRAS"].split(",")
    assert service["env_file"][0]["path"].endswith("deploy/secrets/fleet.env}")


def test_workers_share_data_and_settings_with_who_asks_them(fleet, documents):
    (whole,) = documents("docker-compose.yml")
    asks = whole["services"]["build"]["environment"].keys() - {"STEEL_AUTOMATION"}

    for name in ("worker", "trainer"):
        assert fleet["services"][name]["environment"].keys() >= asks
        assert fleet["services"][name]["volumes"] == whole["services"]["build"]["volumes"]


def test_the_trainer_alone_trains_and_one_at_a_time(fleet):
    commands = {name: fleet["services"][name]["command"] for name in ("worker", "trainer")}

    assert commands["trainer"][-2:] == ["--queues", "training"]
    assert "training" not in commands["worker"]


@pytest.mark.parametrize("name", ADDED)
def test_a_container_is_locked_down_limited_and_out_of_reach(fleet, name):
    service = fleet["services"][name]

    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"].split(":")[0] not in ("0", "root")
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert "ports" not in service


@pytest.mark.parametrize("name", ["redis", "postgres"])
def test_images_are_pinned(fleet, name):
    assert re.search(r":\d+\.\d+(\.\d+)?-bookworm$", fleet["services"][name]["image"])


def test_no_variable_holds_a_secret(fleet):
    names = [name for service in fleet["services"].values() for name in service.get("environment", {})]

    assert [name for name in names if re.search("KEY|SECRET|TOKEN|PASSWORD|_URL", name)] == []
