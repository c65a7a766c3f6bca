"""The search on errors that a person can compute: no readings, no trees."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from steel_energy.errors import InputError
from steel_energy.params import TreeParams
from steel_energy.tuning.study import SPACE, Tuned, open_study, search


@dataclass
class DistanceFromTwenty:
    """The error of a block is the distance of ``leaves`` from 20, and block 1 adds 1; counts what it is asked."""

    folds: int = 2
    asked: int = 0

    def __call__(self, values: TreeParams, *, fold: int) -> float:
        self.asked += 1
        return float((values.leaves - 20) ** 2 + fold)


@dataclass
class KilledAt(DistanceFromTwenty):
    """Dies as by a kill: nothing is cleaned up."""

    call: int = 0

    def __call__(self, values: TreeParams, *, fold: int) -> float:
        if self.asked == self.call:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(values, fold=fold)


Search = Callable[..., Tuned]


@pytest.fixture
def look(tmp_path: Path, present: TreeParams) -> Search:
    """Searches in a file of the test's folder."""

    def run(errors: DistanceFromTwenty, *, file: str = "toy.db", trials: int = 8, **changes: object) -> Tuned:
        settings = {"model": "toy", "present": present, "trials": trials, "seed": 1, "tell": lambda _: None} | changes
        with open_study(tmp_path / file, "toy") as study:
            return search(study, errors, **settings)

    return run


def test_the_present_values_are_tried_first_and_judged_by_the_root_of_the_mean_square(
    look: Search, present: TreeParams
):
    tuned = look(DistanceFromTwenty(), trials=1)

    (only,) = tuned.attempts
    assert only.values == present
    assert only.rmse_kwh == pytest.approx(((11**2 + 11**2 + 1) / 2) ** 0.5)
    assert only.fold_rmse_kwh == pytest.approx((11, (11**2 + 1) ** 0.5))
    assert tuned.gain == 0


def test_what_is_found_is_the_smallest_error_and_never_worse_than_the_present(look: Search):
    tuned = look(DistanceFromTwenty(), trials=25)

    whole = [one.rmse_kwh for one in tuned.attempts if not one.is_cut_short]
    assert tuned.best.rmse_kwh == min(whole) < tuned.present_attempt.rmse_kwh
    assert abs(tuned.best.values.leaves - 20) <= 2
    assert tuned.gain == 1 - min(whole) / tuned.present_attempt.rmse_kwh
    assert tuned.better_folds == 2
    assert set(tuned.importance) == set(SPACE)
    assert sum(tuned.importance.values()) == pytest.approx(1)


def test_the_same_seed_gives_the_same_trials_and_another_one_others(look: Search):
    first, second = (look(DistanceFromTwenty(), file=f"{number}.db") for number in range(2))
    other = look(DistanceFromTwenty(), file="other.db", seed=2)

    assert [one.values for one in first.attempts] == [one.values for one in second.attempts]
    assert [one.values for one in first.attempts] != [one.values for one in other.attempts]


def test_a_finished_search_asks_for_nothing_and_a_longer_one_for_the_rest(look: Search):
    undisturbed = look(DistanceFromTwenty(), file="undisturbed.db", trials=8)
    look(DistanceFromTwenty(), trials=5)
    again, longer = DistanceFromTwenty(), DistanceFromTwenty()

    five, eight = look(again, trials=5), look(longer, trials=8)

    assert again.asked == 0
    assert len(five.attempts) == 5
    assert 3 <= longer.asked <= 6
    assert [one.values for one in eight.attempts] == [one.values for one in undisturbed.attempts]


@pytest.mark.parametrize("call", [1, 9])
def test_a_killed_search_ends_as_an_undisturbed_one(look: Search, tmp_path: Path, call: int):
    undisturbed = look(DistanceFromTwenty(), file="undisturbed.db")
    kill_in_another_process(tmp_path / "toy.db", call=call)

    resumed = look(DistanceFromTwenty())

    assert [replace(one, seconds=0) for one in resumed.attempts] == [
        replace(one, seconds=0) for one in undisturbed.attempts
    ]


def kill_in_another_process(path: Path, *, call: int) -> None:
    code = f"""
from pathlib import Path
from importlib.util import module_from_spec, spec_from_file_location
import sys
def load(name, file):
    spec = spec_from_file_location(name, file)
    sys.modules[name] = module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
tests = load("study_tests", {str(Path(__file__))!r})
present = load("study_conftest", {str(Path(__file__).with_name("conftest.py"))!r}).PRESENT
with tests.open_study(Path({str(path)!r}), "toy") as study:
    errors = tests.KilledAt(call={call})
    tests.search(study, errors, model="toy", present=present, trials=8, seed=1, tell=lambda _: None)
"""
    killed = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)

    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()


def test_a_trial_that_lags_behind_is_cut_short_but_never_the_present_values(look: Search, present: TreeParams):
    good = [present.model_copy(update={"leaves": leaves}) for leaves in (19, 20, 21, 22)]
    for values in good:  # each is tried as the present one, in one search
        look(DistanceFromTwenty(), trials=1, present=values)
    bad = present.model_copy(update={"leaves": 63})

    tuned = look(DistanceFromTwenty(), trials=14, present=bad)

    cut = [one for one in tuned.attempts if one.is_cut_short]
    assert cut
    assert all(len(one.fold_rmse_kwh) == 1 and one.rmse_kwh == one.fold_rmse_kwh[0] for one in cut)
    assert not tuned.present_attempt.is_cut_short
    assert not tuned.best.is_cut_short


def test_other_present_values_are_tried_too_where_the_search_is_already_done(look: Search, present: TreeParams):
    look(DistanceFromTwenty(), trials=2)
    moved = present.model_copy(update={"leaves": 20, "learning_rate": 0.123456})

    tuned = look(DistanceFromTwenty(), trials=2, present=moved)

    assert len(tuned.attempts) == 3
    assert tuned.present_attempt.values == moved
    assert tuned.best.values == moved
    assert tuned.gain == 0


def test_present_values_beyond_the_bounds_are_tried_as_they_are(look: Search, present: TreeParams):
    beyond = present.model_copy(update={"leaves": 200, "learning_rate": 0.9, "feature_share": 1.0})

    assert look(DistanceFromTwenty(), trials=1, present=beyond).present_attempt.values == beyond


def test_values_tried_are_within_their_bounds_and_short_enough_to_be_written_by_hand(look: Search):
    for one in look(DistanceFromTwenty()).attempts[1:]:
        for name, bounds in SPACE.items():
            value = getattr(one.values, name)
            assert bounds.low <= value <= bounds.high
            assert value == float(f"{value:.3g}")


def test_each_trial_is_told_with_the_best_so_far(look: Search):
    told: list[Tuned] = []

    look(DistanceFromTwenty(), trials=4, tell=told.append)

    assert [len(tuned.attempts) for tuned in told] == [1, 2, 3, 4]
    assert all(tuned.best.rmse_kwh <= tuned.present_attempt.rmse_kwh for tuned in told)


def test_two_searches_at_a_time_are_refused_in_one_file(tmp_path: Path):
    refused = pytest.raises(InputError, match=r"toy\.db: another process is at it")
    with open_study(tmp_path / "toy.db", "one"), refused, open_study(tmp_path / "toy.db", "two"):
        pass

    with open_study(tmp_path / "toy.db", "two"):  # free again
        pass


def test_a_file_that_is_no_study_is_named_with_the_remedy(tmp_path: Path):
    (tmp_path / "toy.db").write_text("nonsense " * 1000)

    with pytest.raises(InputError, match=r"is no study .*delete it"), open_study(tmp_path / "toy.db", "one"):
        pass
