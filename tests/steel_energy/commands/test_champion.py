"""``steel champion`` as a user calls it."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from steel_energy.artifacts import champion_version, history, prune, publish
from steel_energy.cli import app
from steel_energy.commands import champion
from steel_energy.errors import BundleError
from steel_energy.testing import toy_facts

Steel = Callable[..., Result]
NUMBERS = ("1", "2", "3")


def follow(plant_id: str, version: str) -> str:
    return f"told: {plant_id} {version}"


def refuse(plant_id: str, version: str) -> str:
    raise BundleError(f"knows no {version} of {plant_id}")


@pytest.fixture
def steel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steel:
    """`steel champion ARGUMENTS` over a data folder of its own, followed by the functions above and a missing one."""
    monkeypatch.setenv("STEEL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    targets = {"ledger": f"{__name__}:follow", "archive": f"{__name__}:refuse", "cloud": "no_such_package:follow"}
    points = EntryPoints(EntryPoint(name, target, champion.FOLLOWERS) for name, target in targets.items())
    monkeypatch.setattr(champion, "entry_points", lambda *, group: points.select(group=group))
    return lambda *arguments: CliRunner().invoke(app, ["champion", *arguments])


@pytest.fixture
def versions(tmp_path: Path) -> list[str]:
    """Three champions of the plant, one after the other."""

    def put(text: str) -> str:
        facts = toy_facts(plant="gwangyang", label="made for a test", metrics={"test.over_24h.rmse_kwh": float(text)})
        write = lambda folder: (folder / "model.txt").write_text(text) and None  # noqa: E731
        return publish(tmp_path / "bundles", facts, write=write, reason=f"reason {text}").version

    return [put(text) for text in NUMBERS]


def assert_one_error_line(result: Result, *reasons: str) -> None:
    lines = [line for line in result.stderr.splitlines() if line.strip()]
    assert result.exit_code == 2, result.output
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("error: ")
    assert all(reason in lines[0] for reason in reasons), lines[0]


def test_show_says_what_the_champion_is_made_of_and_what_comes_below_it(steel: Steel, versions: list[str]):
    result = steel("show")

    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    assert f"seasonal_naive {versions[-1]} (made for a test)" in text
    assert "2018-01-01 09:00 to 2018-03-01 09:00, data 000000000000" in text  # midnight UTC in the plant's zone
    assert re.search(r"libraries │ python 3\.11\.\d+, ", text)
    assert "test.over_24h.rmse_kwh │ 3" in text
    assert f"previous champion │ {versions[1]}" in text


def test_history_lists_each_promotion_and_what_became_of_its_bundle(steel: Steel, versions: list[str], tmp_path: Path):
    steel("rollback", "--reason", "bad nights")
    prune(tmp_path / "bundles", "gwangyang", keep=2)

    lines = [line for line in steel("history").stdout.splitlines() if "seasonal_naive" in line]

    assert [line.split("│")[1].strip() for line in lines] == ["1", "2", "3", "4"]
    assert [line.split("│")[-2].strip() for line in lines] == ["kept", "kept", "rolled back", "kept"]
    assert f"{versions[1]}" in lines[3]
    assert "bad nights" in lines[3]


def test_rollback_is_one_command_that_also_tells_who_follows(steel: Steel, versions: list[str], tmp_path: Path):
    result = steel("rollback", "--reason", "bad nights")

    assert result.exit_code == 0, result.output
    assert champion_version(tmp_path / "bundles", "gwangyang") == versions[1]
    assert result.stdout.splitlines() == [
        f"gwangyang is served by seasonal_naive {versions[1]} (rollback: bad nights)",
        f"told: gwangyang {versions[1]}",
    ]
    assert result.stderr.splitlines() == [
        f"note: archive does not follow: knows no {versions[1]} of gwangyang",
        "note: cloud does not follow: no_such_package is not installed here",
    ]


def test_rollback_to_a_version_and_promote_back(steel: Steel, versions: list[str], tmp_path: Path):
    assert steel("rollback", "--to", versions[0]).exit_code == 0
    assert steel("promote", versions[2], "--reason", "it was the meter").exit_code == 0

    promotions = history(tmp_path / "bundles", "gwangyang")
    assert [(one.version, one.by) for one in promotions[3:]] == [(versions[0], "rollback"), (versions[2], "promote")]


def test_promoting_the_champion_again_tells_the_followers_again(steel: Steel, versions: list[str], tmp_path: Path):
    result = steel("promote", versions[2])

    assert f"told: gwangyang {versions[2]}" in result.stdout
    assert len(history(tmp_path / "bundles", "gwangyang")) == 3


@pytest.mark.usefixtures("versions")
@pytest.mark.parametrize(
    ("arguments", "reasons"),
    [
        (["rollback", "--to", "abc"], ["abc", "no earlier champion", "steel champion history"]),
        (["promote", "abc"], ["abc", "is no bundle of gwangyang that is kept", "steel champion history"]),
        (["promote", "../gwangyang"], ["is no bundle of gwangyang that is kept"]),
        (["show", "--plant", "atlantis"], ["atlantis", "gwangyang"]),
        ([], ["Missing command", "see `steel champion --help`"]),
        (["undo"], ["No such command 'undo'", "see `steel champion --help`"]),
        (["promote"], ["Missing argument 'version'", "see `steel champion promote --help`"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be_done_is_one_error_line(steel: Steel, arguments: list[str], reasons: list[str]):
    assert_one_error_line(steel(*arguments), *reasons)


@pytest.mark.parametrize("command", ["show", "history", "rollback"])
def test_without_a_champion_it_says_so_and_leaves_no_folder(steel: Steel, command: str, tmp_path: Path):
    assert_one_error_line(steel(command), "champion of plant gwangyang")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_bundle_is_not_gone_back_to(steel: Steel, versions: list[str], tmp_path: Path):
    (tmp_path / "bundles" / "gwangyang" / versions[1] / "model.txt").write_text("evil")

    assert_one_error_line(steel("rollback"), "model.txt: was altered")
    assert champion_version(tmp_path / "bundles", "gwangyang") == versions[2]


@pytest.mark.parametrize("command", ["show", "history", "rollback", "promote"])
def test_help_shows_an_example(steel: Steel, command: str):
    assert f"Example: steel champion {command}" in " ".join(steel(command, "--help").stdout.split())
