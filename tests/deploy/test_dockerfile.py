"""The Dockerfile: what the linter says, and what an image promises."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

TARGETS = ("assets", "ui", "service")


@dataclass(frozen=True)
class Stage:
    """One FROM and the instructions under it; ``base`` may be the name of another stage."""

    name: str
    base: str
    instructions: tuple[tuple[str, str], ...]

    def values(self, keyword: str) -> list[str]:
        return [value for name, value in self.instructions if name == keyword]


@pytest.fixture(scope="module")
def stages(root: Path) -> dict[str, Stage]:
    text = re.sub(r"^#.*\n", "", (root / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = [line.strip() for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    found: dict[str, list[tuple[str, str]]] = {}
    bases: dict[str, str] = {}
    for line in lines:
        keyword, _, value = line.partition(" ")
        if keyword == "FROM":
            base, _, stage = value.partition(" AS ")
            found[stage], bases[stage] = [], base
        elif found:
            found[stage].append((keyword, value.strip()))
    return {name: Stage(name, bases[name], tuple(found[name])) for name in found}


def test_the_linter_finds_nothing(lint):
    assert lint("hadolint", "Dockerfile") == ""


def test_the_shell_script_is_sound(lint):
    assert lint("shellcheck", "deploy/install.sh", "deploy/prove_image.sh") == ""


def test_the_base_image_is_pinned_by_version_and_digest(root):
    bases = re.findall(r"^ARG BASE=(\S+)$", (root / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)

    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.11\.\d+-slim-\w+@sha256:[0-9a-f]{64}", bases[0])


def test_every_stage_comes_from_the_pinned_base(stages):
    outside = {stage.base for stage in stages.values()} - set(stages)

    assert outside == {"${BASE}"}


def test_a_plain_build_makes_the_service(stages):
    assert list(stages)[-1] == "service"


@pytest.mark.parametrize("target", TARGETS)
def test_an_image_runs_as_a_user_of_fixed_number_who_is_not_root(stages, target):
    assert stages[target].values("USER") == ["10001:10001"]


@pytest.mark.parametrize("target", TARGETS)
def test_an_image_says_whether_it_is_healthy_without_curl(stages, target):
    (check,) = stages[target].values("HEALTHCHECK")

    assert 'CMD ["python", "-c"' in check
    assert "curl" not in check


@pytest.mark.parametrize("target", TARGETS)
def test_an_image_takes_its_environment_and_the_files_that_describe_plants_and_nothing_else(stages, target):
    copied = [stages[target].values("COPY"), stages["runtime"].values("COPY")]

    assert stages[target].base == "runtime"
    assert copied == [
        [f"--from={target}-environment /opt/venv /opt/venv"],
        ["params.yaml workspace.yaml ./", "data/plants data/plants", "data/tariffs data/tariffs"],
    ]


def test_the_service_is_installed_without_torch_unless_asked(stages):
    (extras,) = [value for value in stages["service-environment"].values("ARG") if value.startswith("EXTRAS=")]

    assert extras == "EXTRAS=service,onnx"


def test_nothing_reaches_the_builder_but_code_and_what_describes_plants(root):
    lines = (root / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]

    assert rules[0] == "**"
    assert {rule for rule in rules if rule.startswith("!")} == {
        "!LICENSE",
        "!README.md",
        "!constraints.txt",
        "!params.yaml",
        "!pyproject.toml",
        "!workspace.yaml",
        "!data/plants",
        "!data/tariffs",
        "!deploy/install.sh",
        "!steel_assets",
        "!steel_client",
        "!steel_energy",
        "!steel_service",
        "!steel_ui",
    }
