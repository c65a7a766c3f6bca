"""The compose file: what the schema says, and that each container is locked down, watched and out of reach."""

from __future__ import annotations

import re

import pytest

OURS = ("build", "dagster", "daemon", "mlflow", "api", "ui")
ALL = (*OURS, "ollama")


@pytest.fixture(scope="module")
def compose(documents):
    return documents("docker-compose.yml")[0]


def test_the_file_follows_the_specification(lint):
    assert lint("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml") == ""


def test_docker_compose_reads_it(lint):
    assert lint("docker-compose", "--profile", "copilot", "config", "--quiet") == ""


def test_the_whole_system_is_there(compose):
    assert set(compose["services"]) == set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_a_container_can_neither_write_to_its_image_nor_gain_rights(compose, name):
    service = compose["services"][name]

    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.keys() & {"privileged", "cap_add", "network_mode", "pid"}


@pytest.mark.parametrize("name", OURS)
def test_our_containers_do_not_run_as_root(compose, name):
    assert compose["services"][name]["user"] == "10001:10001"


@pytest.mark.parametrize("name", ALL)
def test_a_container_has_limits(compose, name):
    assert set(compose["services"][name]["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}


@pytest.mark.parametrize("name", ALL)
def test_ports_are_published_on_this_machine_alone(compose, name):
    ports = compose["services"][name].get("ports", [])

    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


@pytest.mark.parametrize("name", ALL)
def test_images_are_pinned(compose, name):
    image = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", compose["services"][name]["image"])

    assert re.search(r":\d+\.\d+\.\d+$", image)


@pytest.mark.parametrize("name", ["daemon", "mlflow", "ollama"])
def test_what_does_not_run_its_image_s_own_program_has_a_health_check_of_its_own(compose, name):
    assert compose["services"][name]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", ["dagster", "daemon", "mlflow"])
def test_what_needs_the_databases_waits_for_the_build(compose, name):
    assert compose["services"][name]["depends_on"] == {"build": {"condition": "service_completed_successfully"}}


def test_the_dashboard_waits_until_the_service_is_well(compose):
    assert compose["services"]["ui"]["depends_on"] == {"api": {"condition": "service_healthy"}}


def test_everybody_signs_in_to_the_dashboard_and_is_known_after_a_restart(compose):
    dashboard = compose["services"]["ui"]

    assert "STEEL_UI_API_KEY" not in str(dashboard)
    assert dashboard["volumes"] == ["ui:/data"]


def test_git_ignores_the_folder_of_secrets(root):
    assert "/deploy/secrets/" in (root / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_system_runs_by_itself_where_it_runs_for_real_unless_somebody_says_otherwise(compose):
    for name in ("build", "dagster", "daemon"):
        assert compose["services"][name]["environment"]["STEEL_AUTOMATION"] == "${STEEL_AUTOMATION:-on}"


def test_no_variable_holds_a_secret(compose):
    names = [name for service in compose["services"].values() for name in service.get("environment", {})]

    assert [name for name in names if re.search("KEY|SECRET|TOKEN|PASSWORD", name)] == []
