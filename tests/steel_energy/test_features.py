"""No leakage, and the fast features equal slow ones that anybody can read."""

from __future__ import annotations

import datetime as dt
from statistics import pstdev
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from steel_energy.features import (
    FEATURES,
    LAG_FEATURES,
    ORIGIN_FEATURES,
    SIMILAR_FEATURES,
    FeatureBuilder,
    origin_features,
    pair,
)
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.timeline import MEASURED_INPUTS, build_timeline

DAYS = 40
FIRST = dt.datetime(2018, 1, 1, tzinfo=ZoneInfo("Asia/Seoul"))


def restless_readings(seed: int = 7, days: int = DAYS) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    readings = toy_readings(days=days)
    return readings.with_columns(pl.Series(name, random.gamma(2.0, 10.0, readings.height)) for name in MEASURED_INPUTS)


def features_at(readings: pl.DataFrame, origin: dt.datetime, horizon: int) -> pl.DataFrame:
    timeline = build_timeline(readings, plant=toy_plant(), tariff=toy_tariff(), ahead=horizon)
    matrix = FeatureBuilder(timeline).matrix(*pair(timeline.positions([origin]), horizon))
    return pl.DataFrame(matrix, schema=list(FEATURES))


@settings(max_examples=25, deadline=None)
@given(
    position=st.integers(1, DAYS * 96 - 1),
    horizon=st.integers(1, 672),
    seed=st.integers(0, 2**32 - 1),
)
@example(position=2500, horizon=672, seed=1)  # the last leads of a week reach back to the origin itself
def test_nothing_at_or_after_the_origin_changes_a_feature(position: int, horizon: int, seed: int):
    readings = restless_readings()
    origin = FIRST + position * dt.timedelta(minutes=15)
    future = restless_readings(seed)[position:].sample(fraction=1.0, shuffle=True, seed=seed)
    other = pl.concat([readings[:position], future.with_columns(readings[position:]["interval_start"])])

    assert features_at(other, origin, horizon).equals(features_at(readings, origin, horizon), null_equal=True)
    assert features_at(readings[:position], origin, horizon).equals(features_at(readings, origin, horizon))


def test_the_past_does_change_the_features():
    readings = restless_readings()
    origin = FIRST + dt.timedelta(days=30)
    changed = readings.with_columns(usage_kwh=pl.col("usage_kwh") + 1)

    assert not features_at(changed, origin, 1).equals(features_at(readings, origin, 1))


@pytest.mark.parametrize("position", [20 * 96, 25 * 96 + 37, 33 * 96 + 95])
@pytest.mark.parametrize("lead", [1, 4, 96, 97, 500, 672])
def test_fast_features_equal_slow_ones(position: int, lead: int):
    readings = restless_readings()
    fast = features_at(readings, FIRST + position * dt.timedelta(minutes=15), lead).row(-1, named=True)

    for name, expected in slow_features(readings["usage_kwh"].to_list(), position, lead).items():
        assert fast[name] == pytest.approx(expected), name


def slow_features(usage: list[float], origin: int, lead: int) -> dict[str, float]:
    """Features by plain loops over whole days of the toy plant: 96 slots, closed on Sundays, day 0 a Monday."""
    target, today = origin + lead - 1, origin // 96
    slot, day = target % 96, target // 96

    def kind(number: int) -> int:
        return max(number % 7 - 4, 0)

    def mean(values: list[float]) -> float:
        return sum(values) / len(values)

    def usual(number: int, at: int) -> float:
        return mean([usage[d * 96 + at] for d in range(today) if kind(d) == kind(number)][-4:])

    alike = [d for d in range(today) if kind(d) == kind(day)]
    same_weekday = [d for d in range(today) if d % 7 == day % 7]
    hour = [s for s in range(slot - 2, slot + 3) if 0 <= s < 96]
    weeks = next(w for w in range(1, 3) if target - 672 * w < origin)
    days = next(d for d in range(1, 9) if target - 96 * d < origin)
    week = target - 672 * weeks
    back = range(origin - 4, origin)
    return {
        "slot": slot,
        "weekday": day % 7 + 1,
        "is_closed": int(day % 7 == 6),
        "was_closed_yesterday": int(day % 7 == 0),
        "is_closed_tomorrow": int(day % 7 == 5),
        "usage_1_back_kwh": usage[origin - 1],
        "usage_8_back_kwh": usage[origin - 8],
        "mean_1h_kwh": mean(usage[origin - 4 : origin]),
        "mean_7d_kwh": mean(usage[origin - 672 : origin]),
        "today_kwh": sum(usage[today * 96 : origin]),
        "yesterday_kwh": sum(usage[today * 96 - 96 : today * 96]),
        "yesterday_until_now_kwh": sum(usage[today * 96 - 96 : origin - 96]),
        "today_above_usual_kwh": sum(usage[at] - usual(today, at % 96) for at in range(today * 96, origin)),
        "hour_above_usual_kwh": mean([usage[at] - usual(at // 96, at % 96) for at in back]),
        "four_hours_above_usual_kwh": mean([usage[at] - usual(at // 96, at % 96) for at in range(origin - 16, origin)]),
        "spread_4h_kwh": pstdev(usage[origin - 16 : origin]),
        "lowest_1h_kwh": min(usage[origin - 4 : origin]),
        "highest_1d_kwh": max(usage[origin - 96 : origin]),
        "same_slot_day_kwh": usage[target - 96 * days],
        "same_slot_week_kwh": usage[week],
        "same_slot_two_weeks_kwh": usage[week - 672],
        "same_hour_week_kwh": mean(usage[week - 2 : min(week + 3, origin)]),
        "slot_kind_1_kwh": usage[alike[-1] * 96 + slot],
        "slot_kind_4_kwh": mean([usage[d * 96 + slot] for d in alike[-4:]]),
        "slot_weekday_4_kwh": mean([usage[d * 96 + slot] for d in same_weekday[-4:]]),
        "hour_kind_8_kwh": mean([usage[d * 96 + s] for d in alike[-8:] for s in hour]),
        "day_kind_3_kwh": mean([sum(usage[d * 96 : d * 96 + 96]) for d in alike[-3:]]),
    }


def test_too_little_history_gives_nans_and_never_a_made_up_number():
    row = features_at(restless_readings(), FIRST + dt.timedelta(hours=1), 1).row(0, named=True)

    assert np.isnan([row[name] for name in (*LAG_FEATURES, *SIMILAR_FEATURES, "mean_1d_kwh", "usage_8_back_kwh")]).all()
    assert not np.isnan(row["mean_1h_kwh"])


def test_an_origin_has_the_same_features_alone_and_among_others():
    timeline = build_timeline(restless_readings(), plant=toy_plant(), tariff=toy_tariff(), ahead=1)
    among = FeatureBuilder(timeline).at_origin(np.array([3000, 40, 2000, 2001]))

    for row, origin in enumerate([3000, 40, 2000, 2001]):
        alone = FeatureBuilder(timeline).at_origin(np.array([origin]))
        assert {name: values.tobytes() for name, values in alone.items()} == {
            name: values[row : row + 1].tobytes() for name, values in among.items()
        }


def test_no_origin_has_no_features():
    timeline = build_timeline(restless_readings(), plant=toy_plant(), tariff=toy_tariff(), ahead=1)
    nothing = np.array([], dtype=np.int64)

    assert FeatureBuilder(timeline).matrix(nothing, nothing).shape == (0, len(FEATURES))


def test_each_origin_is_paired_with_each_lead_in_order():
    origins, leads = pair(np.array([20, 15]), 3)

    assert origins.tolist() == [20, 20, 20, 15, 15, 15]
    assert leads.tolist() == [1, 2, 3, 1, 2, 3]


def test_origin_features_have_one_row_for_the_end_of_each_reading():
    readings = restless_readings(days=16)

    frame = origin_features(readings, plant=toy_plant(), tariff=toy_tariff())

    assert frame.columns == ["origin", *ORIGIN_FEATURES]
    assert frame.height == readings.height
    assert frame["usage_1_back_kwh"].to_list() == readings["usage_kwh"].to_list()
    assert frame["origin"][0] == readings["interval_start"][0] + dt.timedelta(minutes=15)
