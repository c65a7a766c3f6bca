from __future__ import annotations

import numpy as np

from steel_energy.candidates import Candidates

FOUND = Candidates(np.array([0, 0, 2]), np.array([1.0, 3.0, 5.0]), rows=3)


def test_each_reading_has_its_own_summary() -> None:
    assert FOUND.count().tolist() == [2, 0, 1]
    assert FOUND.mean()[[0, 2]].tolist() == [2.0, 5.0]
    assert FOUND.lower()[[0, 2]].tolist() == [1.0, 5.0]
    assert FOUND.upper()[[0, 2]].tolist() == [3.0, 5.0]


def test_a_reading_without_candidates_is_unknown() -> None:
    assert np.isnan([FOUND.mean()[1], FOUND.lower()[1], FOUND.upper()[1], FOUND.nearest([0, 0, 0])[1]]).all()


def test_nearest_takes_the_closest_candidate_and_the_smaller_of_two() -> None:
    assert FOUND.nearest([2.0, 9.0, 0.0])[[0, 2]].tolist() == [1.0, 5.0]
    assert FOUND.nearest([2.6, 9.0, 9.0])[[0, 2]].tolist() == [3.0, 5.0]
