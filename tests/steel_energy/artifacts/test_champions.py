"""The history of champions: what stands, what was rejected, and that no kill loses a line of it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.artifacts import (
    Manifest,
    Promotion,
    champion_version,
    history,
    kept_versions,
    previous_champion,
    promote,
    prune,
    read_champion,
    rejected,
    rollback,
    standing,
)
from steel_energy.errors import BundleError

Put = Callable[..., Manifest]
KILL_AFTER_S = (0.0, 0.013, 0.031, 0.047, 0.071)
CHANGES = """
import sys
from pathlib import Path
from steel_energy.artifacts import kept_versions, promote, rollback
bundles = Path(sys.argv[1])
print("ready", flush=True)
while True:
    for version in kept_versions(bundles, "toy"):
        promote(bundles, "toy", version=version, by="promote", reason="again")
    rollback(bundles, "toy")
"""

TURNS = """
import sys
from pathlib import Path
from steel_energy.artifacts import kept_versions, promote
bundles = Path(sys.argv[1])
for version in kept_versions(bundles, "toy") * 10:
    promote(bundles, "toy", version=version, by="promote", reason=sys.argv[2])
"""


def lines(*steps: tuple[str, str]) -> list[Promotion]:
    return [
        Promotion(number=n, version=version, model="toy", promoted_at="2018-01-01T00:00:00Z", by=by, reason="")
        for n, (version, by) in enumerate(steps, 1)
    ]


def test_each_promotion_is_a_line_with_its_cause_and_reason(put: Put, bundle: Put, tmp_path: Path):
    one = put("one").version
    two = bundle("two").version
    promote(tmp_path, "toy", version=two, by="promote", reason="looks better")

    first, second = history(tmp_path, "toy")

    assert (first.number, first.version, first.by) == (1, one, "build")
    assert (second.number, second.version, second.by, second.reason) == (2, two, "promote", "looks better")
    assert second.model == "seasonal_naive"
    assert second.promoted_at >= first.promoted_at
    assert previous_champion(tmp_path, "toy") == one


def test_promoting_the_champion_again_adds_no_line(put: Put, tmp_path: Path):
    version = put("one").version

    again = promote(tmp_path, "toy", version=version, by="promote", reason="again")

    assert history(tmp_path, "toy") == (again,)
    assert again.by == "build"


def test_a_rollback_serves_the_previous_champion_and_a_second_one_that_before(put: Put, tmp_path: Path):
    one, two, three = (put(text).version for text in ("one", "two", "three"))

    back = rollback(tmp_path, "toy", reason="nights too low")
    assert (back.version, back.by, back.reason) == (two, "rollback", "nights too low")
    assert previous_champion(tmp_path, "toy") == one

    assert rollback(tmp_path, "toy").version == one
    assert previous_champion(tmp_path, "toy") is None
    assert rejected(history(tmp_path, "toy")) == {two, three}
    with pytest.raises(BundleError, match="no previous champion"):
        rollback(tmp_path, "toy")


def test_a_rollback_may_name_how_far(put: Put, tmp_path: Path):
    one, two, three = (put(text).version for text in ("one", "two", "three"))

    rollback(tmp_path, "toy", to=one)

    assert champion_version(tmp_path, "toy") == one
    assert rejected(history(tmp_path, "toy")) == {two, three}


@pytest.mark.parametrize(
    ("to", "complaint"),
    [("champion", "is the champion already"), ("rejected", "no earlier champion"), ("unknown", "no earlier champion")],
)
def test_a_rollback_to_no_earlier_champion_is_refused_and_changes_nothing(
    put: Put, tmp_path: Path, to: str, complaint: str
):
    versions = {"champion": put("one").version, "rejected": put("two").version, "unknown": "abc"}
    rollback(tmp_path, "toy")
    before = history(tmp_path, "toy")

    with pytest.raises(BundleError, match=complaint):
        rollback(tmp_path, "toy", to=versions[to])

    assert history(tmp_path, "toy") == before


def test_a_promotion_lets_a_rejected_bundle_stand_again(put: Put, tmp_path: Path):
    one, two = (put(text).version for text in ("one", "two"))
    rollback(tmp_path, "toy")

    promote(tmp_path, "toy", version=two, by="promote", reason="")

    assert standing(history(tmp_path, "toy")) == (one, two)
    assert rejected(history(tmp_path, "toy")) == frozenset()


def test_a_promotion_of_what_a_rollback_put_there_is_a_line_of_its_own(put: Put, tmp_path: Path):
    one = put("one").version
    put("two")
    rollback(tmp_path, "toy")

    promote(tmp_path, "toy", version=one, by="promote", reason="builds are fine again")

    assert [line.by for line in history(tmp_path, "toy")] == ["build", "build", "rollback", "promote"]
    assert champion_version(tmp_path, "toy") == one


def test_a_damaged_bundle_is_not_gone_back_to(put: Put, tmp_path: Path):
    one, two = (put(text).version for text in ("one", "two"))
    (tmp_path / "toy" / one / "model.txt").write_text("evil", encoding="utf-8")

    with pytest.raises(BundleError, match=r"model\.txt: was altered"):
        rollback(tmp_path, "toy")

    assert champion_version(tmp_path, "toy") == two


@pytest.mark.parametrize("record", ["", "{}", None], ids=["empty", "of no use", "gone"])
def test_a_lost_champion_record_is_mended_by_a_rollback_to_what_served_last(
    put: Put, tmp_path: Path, record: str | None
):
    put("one")
    two = put("two").version
    path = tmp_path / "toy" / "champion.json"
    path.unlink() if record is None else path.write_text(record, encoding="utf-8")

    assert previous_champion(tmp_path, "toy") == two
    rollback(tmp_path, "toy")

    assert champion_version(tmp_path, "toy") == two
    assert [one.number for one in history(tmp_path, "toy")] == [1, 2, 3]


def test_a_damaged_history_is_named_and_not_overwritten(put: Put, tmp_path: Path):
    put("one")
    path = tmp_path / "toy" / "champions.jsonl"
    path.write_text("nonsense\n", encoding="utf-8")

    with pytest.raises(BundleError, match=r"champions\.jsonl: is not a history"):
        put("two")

    assert path.read_text(encoding="utf-8") == "nonsense\n"


def test_a_kill_between_champion_and_history_loses_no_line(put: Put, tmp_path: Path):
    put("one")
    path = tmp_path / "toy" / "champions.jsonl"
    before = path.read_text(encoding="utf-8")
    two = put("two").version
    path.write_text(before, encoding="utf-8")  # as a kill leaves it right after champion.json was replaced

    assert [one.number for one in history(tmp_path, "toy")] == [1, 2]
    put("three")

    assert [json.loads(line)["version"] for line in path.read_text(encoding="utf-8").splitlines()][1] == two
    assert [one.number for one in history(tmp_path, "toy")] == [1, 2, 3]


def test_a_kill_at_any_moment_leaves_a_whole_champion_and_a_history_without_gaps(put: Put, tmp_path: Path):
    for text in ("one", "two", "three"):
        put(text)
    known = 3
    for seconds in KILL_AFTER_S:
        process = subprocess.Popen([sys.executable, "-c", CHANGES, str(tmp_path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.communicate()

        promotions = history(tmp_path, "toy")
        assert read_champion(tmp_path, "toy")[0].version == promotions[-1].version
        assert [one.number for one in promotions] == list(range(1, len(promotions) + 1))
        assert len(promotions) >= known
        known = len(promotions)

    assert known > 3
    assert not rejected(history(tmp_path, "toy")) & {champion_version(tmp_path, "toy")}


def test_two_processes_at_once_lose_no_line_and_share_no_number(put: Put, tmp_path: Path):
    for text in ("one", "two"):
        put(text)
    command = [sys.executable, "-c", TURNS, str(tmp_path)]
    processes = [subprocess.Popen([*command, name]) for name in ("left", "right")]

    assert [process.wait(60) for process in processes] == [0, 0]

    promotions = history(tmp_path, "toy")
    assert [one.number for one in promotions] == list(range(1, len(promotions) + 1))
    assert {one.reason for one in promotions} == {"published", "left", "right"}


def test_old_bundles_go_and_champion_and_previous_stay_however_old(put: Put, bundle: Put, tmp_path: Path):
    one, two = (put(text).version for text in ("one", "two"))
    three, four = (put(text).version for text in ("three", "four"))
    five = bundle("five").version
    rollback(tmp_path, "toy", to=two)

    removed = prune(tmp_path, "toy", keep=2)

    assert set(removed) == {three, five}  # two served last, four before it
    assert set(kept_versions(tmp_path, "toy")) == {one, two, four}
    assert read_champion(tmp_path, "toy")[0].version == two
    assert previous_champion(tmp_path, "toy") == one


def test_what_was_removed_is_no_previous_champion(put: Put, tmp_path: Path):
    versions = [put(str(number)).version for number in range(4)]
    prune(tmp_path, "toy", keep=2)

    rollback(tmp_path, "toy")

    assert previous_champion(tmp_path, "toy") is None
    with pytest.raises(BundleError, match="no bundle of toy that is kept"):
        rollback(tmp_path, "toy", to=versions[0])


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["build", "promote", "rollback"])), min_size=1))
def test_the_champion_always_stands_on_top_and_each_version_stands_or_is_rejected(steps: list[tuple[str, str]]):
    promotions = lines(*steps)

    stands = standing(promotions)

    assert stands[-1] == promotions[-1].version
    assert len(set(stands)) == len(stands)
    assert set(stands) | rejected(promotions) == {version for version, _ in steps}
    assert not set(stands) & rejected(promotions)
