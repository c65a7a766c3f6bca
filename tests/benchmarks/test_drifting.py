"""What the benchmark of drift injects is what it says, and its tables count right."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest
from drifting.causes import Cause, others, shifts
from drifting.judging import Found, Judged
from drifting.scenes import Scene
from drifting.showing import either_table, false_alarm_table, missed_lines, size_rows, words_of

from steel_energy.calendar import in_zone
from steel_energy.cleaning.physics import contradicts
from steel_energy.plant import Plant
from steel_energy.schema import MEASURED, readings_schema, require_schema
from steel_energy.settings import PROJECT_ROOT
from steel_energy.simulation.shift import SHIFTS
from steel_energy.sites import Site
from steel_energy.tariff import load_tariff
from steel_energy.testing import varied_readings

CELLS = [column.name for column in MEASURED]
CAUSES = [*shifts(SHIFTS), *others()]


@pytest.mark.parametrize("cause", CAUSES, ids=words_of)
def test_a_cause_changes_what_comes_from_its_start_on_and_keeps_physics_if_it_says_so(
    cause: Cause, gwangyang: Plant
) -> None:
    readings = varied_readings(days=21, plant=gwangyang)
    start = in_zone(dt.datetime(2018, 1, 10, 10), gwangyang.zone)  # noqa: DTZ001

    sent = require_schema(cause.send(readings, start, gwangyang), readings_schema(gwangyang.zone))

    earlier = readings["interval_start"] < start
    assert sent.filter(earlier).equals(readings.filter(earlier))
    assert not sent.equals(readings)
    if cause.is_physical:
        assert not contradicts(sent.select(CELLS).to_numpy(), gwangyang).any()


def found(delay_days: float | None, *, ratio: float = 1.0) -> Found:
    cause, start = CAUSES[0], dt.datetime(2018, 10, 8, tzinfo=dt.UTC)
    return Found("2018", "real", cause, True, start, delay_days, ("level",) if delay_days else (), None, ratio)  # noqa: FBT003


def test_a_row_counts_what_was_found_in_a_week() -> None:
    table = size_rows([found(2.0), found(4.0, ratio=1.5), found(7.6), found(None)])

    assert table.splitlines()[2] == (
        "| `co2_level` +50 % | cleaned | 2 of 4 | 2 | 3.0 (4.0) | 0 of 4 | level 3x | 1.00 |"
    )


def test_what_was_missed_is_listed() -> None:
    assert missed_lines([found(7.0), found(None)]) == "missed: `co2_level` +50 %, cleaned, 2018, from Mon 08 Oct"


def test_alarms_of_stable_weeks_are_counted_for_40_weeks() -> None:
    week = dt.datetime(2018, 3, 12, tzinfo=dt.UTC)
    weeks = [Judged("2018", "real", week, (), ("level",)), *[Judged("2018", "real", week, ("level",), ())] * 19]

    row = false_alarm_table(weeks).splitlines()[2]

    assert row == "| 2018, champion trained once (1) | 20 | 1 | 2.0 | 19 | level 1x |  |  |"


def test_weeks_with_degraded_forecasts_are_false_alarms_too() -> None:
    week = dt.datetime(2018, 3, 12, tzinfo=dt.UTC)
    quiet, both = Judged("2018", "real", week, (), (), False), Judged("2018", "real", week, (), ("level",), True)  # noqa: FBT003

    row = false_alarm_table([quiet, both, replace(both, severe=()), replace(quiet, severe=("level",))]).splitlines()[2]

    assert row == "| 2018, champion trained once (1) | 4 | 2 | 20.0 | 0 | level 2x | 2 | 30.0 |"


def test_either_of_drift_and_errors_finds_a_shift_the_first_one_says_when() -> None:
    asked = [
        replace(found(delay_days), has_errors=True, degraded_days=degraded_days)
        for delay_days, degraded_days in ((6.0, 5.0), (7.6, 7.0), (None, None), (2.0, None))
    ]

    table = either_table([*asked, found(1.0)])

    assert table.splitlines()[2:] == ["| `co2_level` +50 % | 2 | 2 | 3 of 4 | 5.0 (7.0) |"]


def test_a_scene_that_knows_what_comes_later_is_trained_on_it_and_not_on_what_is_shifted(gwangyang: Plant) -> None:
    readings = varied_readings(days=21, plant=gwangyang)
    start, until = (in_zone(dt.datetime(2018, 1, day), gwangyang.zone) for day in (8, 15))  # noqa: DTZ001
    site = Site(gwangyang, load_tariff(gwangyang.tariff, tariffs_dir=PROJECT_ROOT / "data" / "tariffs"))
    scene = Scene("2018", "winter", site, readings, readings.clear(), until, knows_later=True)
    sent = readings.with_columns(pl.col("usage_kwh") + 1)

    new = scene.with_new(sent, start=start, until=until, cleaning=False).readings

    is_later = new["interval_start"] >= until
    assert new.filter(is_later).equals(readings.filter(pl.col("interval_start") >= until))
    assert new.filter(~is_later).equals(sent.filter(pl.col("interval_start") < until))
