from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from steel_energy.errors import NotEnoughDataError
from steel_energy.evaluation import folds, split_times
from steel_energy.params import EvaluationParams
from steel_energy.testing import toy_readings

KST = ZoneInfo("Asia/Seoul")


def test_the_split_is_in_time_order_by_share(params: EvaluationParams):
    split = split_times(toy_readings(days=20), params)

    assert split.validation_start == dt.datetime(2018, 1, 13, tzinfo=KST)
    assert split.test_start == dt.datetime(2018, 1, 16, tzinfo=KST)
    assert split.end == dt.datetime(2018, 1, 21, tzinfo=KST)


@pytest.mark.parametrize("days", [0, 1, 3])
def test_readings_too_short_for_three_parts_are_refused(days: int, params: EvaluationParams):
    with pytest.raises(NotEnoughDataError):
        split_times(toy_readings(days=4)[: days * 96], params)


def test_the_parts_follow_one_another(params: EvaluationParams):
    parts = split_times(toy_readings(days=20), params).parts

    assert list(parts) == ["validation", "test"]
    assert parts["validation"][1] == parts["test"][0]


def test_folds_are_of_equal_length_after_the_training_days_and_end_with_the_readings():
    stretches = folds(toy_readings(days=20), count=3, min_training_days=14)

    days = [(start.day, end.day) for start, end in stretches]
    assert days == [(15, 17), (17, 19), (19, 21)]


def test_too_many_folds_are_refused_with_the_days_they_need():
    with pytest.raises(NotEnoughDataError, match=r"5 folds of a day or more need 21 days of readings, got 20\.0"):
        folds(toy_readings(days=20), count=5, min_training_days=16)
