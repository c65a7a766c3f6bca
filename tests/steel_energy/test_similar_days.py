from __future__ import annotations

import numpy as np
import pytest

from steel_energy.similar_days import HALF_LIFE_DAYS, similar_days, smooth

COLUMN = np.array([0])


def test_the_mean_takes_the_newest_days_of_the_group_before_the_given_one():
    values = np.array([[1.0], [100.0], [3.0], [5.0], [200.0], [9.0]])
    group = np.array([0, 1, 0, 0, 1, 0])
    days = similar_days(values, group)

    assert days.mean(np.array([5]), np.array([5]), COLUMN, last=2).tolist() == [4.0]
    assert days.mean(np.array([5]), np.array([5]), COLUMN, last=9).tolist() == [3.0]
    assert days.mean(np.array([4]), np.array([4]), COLUMN, last=2).tolist() == [100.0]


def test_the_means_of_all_columns_are_those_of_each():
    values = np.array([[1.0, 7.0], [100.0, 3.0], [3.0, 0.1], [5.0, 0.2]])
    days = similar_days(values, np.array([0, 1, 0, 0, 0]))
    before, day = np.array([0, 3, 4, 4]), np.array([0, 2, 4, 1])

    each = np.stack([days.mean(before, day, np.full(4, column), last=2) for column in (0, 1)], axis=1)

    assert days.means(before, day, last=2).tobytes() == each.tobytes()
    assert each[1:].tolist() == [[2.0, 3.55], [4.0, pytest.approx(0.15)], [100.0, 3.0]]


def test_without_an_earlier_day_of_the_group_there_is_no_mean():
    days = similar_days(np.array([[1.0], [2.0]]), np.array([0, 1, 7]))

    assert np.isnan(days.mean(np.array([1, 2]), np.array([1, 2]), np.array([0, 0]), last=4)).all()


def test_a_day_with_a_gap_is_not_used():
    days = similar_days(np.array([[1.0, 1.0], [5.0, np.nan], [3.0, 3.0]]), np.zeros(3, dtype=np.int64))

    assert days.mean(np.array([2]), np.array([2]), COLUMN, last=1).tolist() == [1.0]


def test_smoothing_takes_fewer_neighbours_at_the_ends():
    assert smooth(np.array([[0.0, 0.0, 10.0, 0.0, 0.0]]), width=5).tolist() == [[10 / 3, 2.5, 2.0, 2.5, 10 / 3]]


def test_the_faded_mean_weighs_a_day_half_as_much_as_one_a_half_life_later():
    values = np.concatenate([np.full(1, 9.0), np.full(HALF_LIFE_DAYS, 0.0)])[:, None]
    days = similar_days(values, np.zeros(HALF_LIFE_DAYS + 2, dtype=np.int64))
    weights = 0.5 ** (np.arange(HALF_LIFE_DAYS + 1) / HALF_LIFE_DAYS)

    known = days.faded_mean(
        np.array([0, 1, HALF_LIFE_DAYS + 1]), np.full(3, HALF_LIFE_DAYS + 1), np.zeros(3, dtype=int)
    )

    assert known.tolist() == pytest.approx([np.nan, 9.0, 9.0 * 0.5 / weights.sum()], nan_ok=True)
