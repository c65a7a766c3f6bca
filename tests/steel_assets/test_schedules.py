"""What the clock starts, tick by tick, for a toy plant with and without readings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import polars as pl
import pytest

from steel_assets.schedules import FORECAST, all_schedules
from steel_assets.sensors.posted import PLANT_TAG
from steel_energy.artifacts import write_bundle
from steel_energy.lake import CLEANED_READINGS, Lake, write_atomically
from steel_energy.testing import toy_facts, toy_plant, toy_readings

SEOUL = ZoneInfo("Asia/Seoul")
SUNDAY, MONDAY = dt.datetime(2018, 2, 4, 3, tzinfo=SEOUL), dt.datetime(2018, 2, 5, 9, tzinfo=SEOUL)
DAYS = 35  # of January and February: to the end of Sunday, 4 February
AT = {"retrain": SUNDAY, "watch": MONDAY, "weekly_report": MONDAY, "plan_ahead": MONDAY}
PLANTS = {"toy": toy_plant()}


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    """On disk: a schedule is handed a reference to it."""
    with dg.DagsterInstance.local_temp(str(tmp_path_factory.mktemp("dagster"))) as kept:
        yield kept


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    readings = toy_readings(days=DAYS)
    for month in ("2018-01", "2018-02"):
        lake.write(
            CLEANED_READINGS,
            "toy",
            month,
            readings.filter(pl.col("interval_start").dt.strftime("%Y-%m") == month),
        )
    return lake


def tick(
    name: str, lake: Lake, instance: dg.DagsterInstance, *, at: dt.datetime | None = None
) -> dg.ScheduleExecutionData:
    schedules = all_schedules(
        PLANTS, lake=lake, bundles_dir=lake.root / "bundles", status=dg.DefaultScheduleStatus.STOPPED
    )
    wanted = next(one for one in schedules if one.name == f"{name}_asia_seoul")
    context = dg.build_schedule_context(instance=instance, scheduled_execution_time=at or AT[name])
    return wanted.evaluate_tick(context)


def asked(name: str, lake: Lake, instance: dg.DagsterInstance, *, at: dt.datetime | None = None) -> dict[str, str]:
    requests = tick(name, lake, instance, at=at).run_requests or []
    assert len(requests) == 1
    return {
        tag: text for tag, text in requests[0].tags.items() if tag.startswith(("dagster/p", "dagster/asset", "steel"))
    }


def test_each_thing_has_its_time_on_the_plants_clock(lake: Lake):
    found = all_schedules(PLANTS, lake=lake, bundles_dir=lake.root, status=dg.DefaultScheduleStatus.STOPPED)

    assert {(one.name, one.job_name, one.cron_schedule, one.execution_timezone) for one in found} == {
        ("retrain_asia_seoul", "retrain", "0 3 * * 0", "Asia/Seoul"),
        ("watch_asia_seoul", "watch", "0 9 * * 1", "Asia/Seoul"),
        ("weekly_report_asia_seoul", "write_weekly_reports", "30 9 * * 1", "Asia/Seoul"),
        ("plan_ahead_asia_seoul", "plan_ahead", "15 0 * * *", "Asia/Seoul"),
    }


def test_plants_of_another_zone_have_schedules_of_their_own(lake: Lake):
    other = toy_plant(zone="Europe/Madrid").model_copy(update={"id": "otro"})
    twin = toy_plant().model_copy(update={"id": "twin"})

    found = all_schedules(
        {**PLANTS, "otro": other, "twin": twin},
        lake=lake,
        bundles_dir=lake.root,
        status=dg.DefaultScheduleStatus.STOPPED,
    )

    assert {one.execution_timezone for one in found if one.name.endswith("_europe_madrid")} == {"Europe/Madrid"}
    assert len(found) == 2 * 4


@pytest.mark.parametrize("name", AT)
def test_a_plant_without_readings_is_left_out_and_the_page_says_so(
    name: str, tmp_path: Path, instance: dg.DagsterInstance
):
    assert tick(name, Lake(tmp_path), instance).skip_message == "toy has no readings yet"


@pytest.mark.parametrize("name", ["watch", "weekly_report"])
def test_on_monday_the_week_that_is_over_is_asked_for(name: str, lake: Lake, instance: dg.DagsterInstance):
    assert asked(name, lake, instance) == {
        "dagster/asset_partition_range_start": "toy|2018-01-29",
        "dagster/asset_partition_range_end": "toy|2018-01-29",
        PLANT_TAG: "toy",
    }


def test_a_week_after_the_readings_have_ended_is_left_out(lake: Lake, instance: dg.DagsterInstance):
    message = tick("watch", lake, instance, at=MONDAY + dt.timedelta(weeks=1)).skip_message

    assert message == "toy has readings until 2018-02-05 00:00 alone, none of 2018-W06"


@pytest.mark.parametrize("name", ["retrain", "plan_ahead"])
def test_models_and_plans_are_asked_for_by_plant(name: str, lake: Lake, instance: dg.DagsterInstance):
    assert asked(name, lake, instance) == {"dagster/partition": "toy", PLANT_TAG: "toy"}


def test_a_model_that_has_seen_every_reading_is_not_trained_again(lake: Lake, instance: dg.DagsterInstance):
    seen = toy_facts(trained_until=dt.datetime(2018, 2, 5, tzinfo=SEOUL))
    write_bundle(lake.root / "bundles", seen, write=lambda folder: (folder / "model").write_text("m") and None)

    assert str(tick("retrain", lake, instance).skip_message).startswith("toy has no reading that its champion has not")


def test_a_model_that_lacks_the_newest_readings_is_trained_again(lake: Lake, instance: dg.DagsterInstance):
    seen = toy_facts(trained_until=dt.datetime(2018, 2, 4, tzinfo=SEOUL))
    write_bundle(lake.root / "bundles", seen, write=lambda folder: (folder / "model").write_text("m") and None)

    assert asked("retrain", lake, instance)


def test_a_plant_that_is_being_trained_is_not_trained_twice(lake: Lake, instance: dg.DagsterInstance):
    run = dg.DagsterRun("retrain", status=dg.DagsterRunStatus.STARTED, tags={"dagster/partition": "toy"})
    instance.add_run(run)

    message = tick("retrain", lake, instance).skip_message

    assert message == "toy is being trained already"
    instance.delete_run(run.run_id)


def test_the_next_days_are_not_planned_twice_from_the_same_reading_on(lake: Lake, instance: dg.DagsterInstance):
    planned = pl.DataFrame({"interval_start": [dt.datetime(2018, 2, 5, tzinfo=SEOUL)]})
    write_atomically(lake.newest_path(FORECAST, "toy"), planned.write_parquet)

    assert str(tick("plan_ahead", lake, instance).skip_message).startswith(
        "toy has a plan from the end of its readings"
    )


def test_the_same_tick_asks_for_the_same_run(lake: Lake, instance: dg.DagsterInstance):
    keys = {request.run_key for _ in range(2) for request in tick("watch", lake, instance).run_requests or []}

    assert keys == {f"toy {MONDAY.isoformat()}"}
