"""Which weeks are watched once a run has taken posted readings in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from steel_assets.definitions import build_defs
from steel_assets.jobs import TAKE_IN_POSTED, WATCH
from steel_assets.sensors import watching_sensor
from steel_assets.sensors.posted import PLANT_TAG
from steel_assets.settings import AssetsSettings
from steel_energy.inbox import Inbox
from steel_energy.lake import CLEANED_READINGS, Lake
from steel_energy.testing import toy_plant, toy_readings

MONDAY = dt.date(2018, 1, 8)


@dg.op
def nothing() -> None: ...


@dg.job(name=TAKE_IN_POSTED.name)
def taking_in() -> None:
    nothing()


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    lake.write(CLEANED_READINGS, "toy", "2018-01", toy_readings(days=31))
    return lake


@pytest.fixture
def inbox(lake: Lake) -> Inbox:
    return Inbox(lake.root / "inbox")


@pytest.fixture
def sensor(lake: Lake, inbox: Inbox) -> dg.SensorDefinition:
    return watching_sensor({"toy": toy_plant()}, inbox=inbox, lake=lake, status=dg.DefaultSensorStatus.STOPPED)


def post(inbox: Inbox, first: dt.date, *, days: int = 1) -> None:
    rows = toy_readings(days=days, first=first)
    inbox.add("toy", rows, batch_id=f"{first} {days} {len(inbox.batches('toy'))}")


def taken_in(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, *, plant: str = "toy"
) -> list[dg.RunRequest] | dg.SkipReason:
    """What is asked for after a run has taken in what was posted."""
    result = taking_in.execute_in_process(instance=instance, tags={PLANT_TAG: plant})
    return after_run(sensor, instance, result)


def after_run(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, result: dg.ExecuteInProcessResult
) -> list[dg.RunRequest] | dg.SkipReason:
    context = dg.build_run_status_sensor_context(
        sensor_name=sensor.name,
        dagster_event=result.get_run_success_event(),
        dagster_instance=instance,
        dagster_run=result.dagster_run,
    )
    return sensor(context)  # type: ignore[no-any-return]


def weeks(requests: list[dg.RunRequest] | dg.SkipReason) -> list[tuple[str, str]]:
    assert not isinstance(requests, dg.SkipReason), requests
    edges = ("start", "end")
    return [tuple(one.tags[f"dagster/asset_partition_range_{edge}"] for edge in edges) for one in requests]


def watched(instance: dg.DagsterInstance, request: dg.RunRequest, status: dg.DagsterRunStatus) -> None:
    run_id = dg._core.utils.make_new_run_id()
    instance.add_run(dg.DagsterRun(WATCH.name, run_id=run_id, tags=dict(request.tags), status=status))


def test_the_weeks_of_the_new_readings_are_asked_for_in_one_run(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, inbox: Inbox
):
    post(inbox, MONDAY, days=8)

    assert weeks(taken_in(sensor, instance)) == [("toy|2018-01-08", "toy|2018-01-15")]


def test_the_same_run_asks_for_the_same_thing_however_often_it_is_looked_at(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, inbox: Inbox
):
    post(inbox, MONDAY)
    result = taking_in.execute_in_process(instance=instance, tags={PLANT_TAG: "toy"})

    keys = {request.run_key for _ in range(2) for request in after_run(sensor, instance, result)}

    assert len(keys) == 1


def test_what_came_while_the_run_was_on_waits_for_the_next(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, inbox: Inbox
):
    post(inbox, MONDAY)
    result = taking_in.execute_in_process(instance=instance, tags={PLANT_TAG: "toy"})
    post(inbox, MONDAY + dt.timedelta(weeks=2))

    assert weeks(after_run(sensor, instance, result)) == [("toy|2018-01-08", "toy|2018-01-08")]


@pytest.mark.parametrize(
    ("status", "first"),
    [(dg.DagsterRunStatus.SUCCESS, "toy|2018-01-15"), (dg.DagsterRunStatus.FAILURE, "toy|2018-01-08")],
    ids=["watched well", "failed"],
)
def test_weeks_of_a_watch_that_failed_are_watched_with_the_next_and_good_ones_are_not(
    sensor: dg.SensorDefinition,
    instance: dg.DagsterInstance,
    inbox: Inbox,
    status: dg.DagsterRunStatus,
    first: str,
):
    post(inbox, MONDAY)
    (request,) = taken_in(sensor, instance)
    watched(instance, request, status)
    post(inbox, MONDAY + dt.timedelta(weeks=1))

    assert weeks(taken_in(sensor, instance)) == [(first, "toy|2018-01-15")]


def test_a_failed_watch_that_a_person_ran_again_counts_as_good(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, inbox: Inbox
):
    post(inbox, MONDAY)
    (request,) = taken_in(sensor, instance)
    for status in (dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.SUCCESS):
        watched(instance, request, status)

    assert isinstance(taken_in(sensor, instance), dg.SkipReason)


def test_of_two_watches_that_belong_together_both_must_be_good(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, inbox: Inbox
):
    post(inbox, MONDAY)
    post(inbox, MONDAY + dt.timedelta(weeks=2))
    old, new = taken_in(sensor, instance)
    watched(instance, old, dg.DagsterRunStatus.FAILURE)
    watched(instance, new, dg.DagsterRunStatus.SUCCESS)

    assert weeks(taken_in(sensor, instance)) == [
        ("toy|2018-01-08", "toy|2018-01-08"),
        ("toy|2018-01-22", "toy|2018-01-22"),
    ]


def test_a_run_of_no_known_plant_asks_for_nothing(sensor: dg.SensorDefinition, instance: dg.DagsterInstance):
    assert isinstance(taken_in(sensor, instance, plant="sold"), dg.SkipReason)


def test_readings_that_the_lake_does_not_hold_are_not_watched(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, inbox: Inbox
):
    post(inbox, dt.date(2018, 3, 5))

    assert isinstance(taken_in(sensor, instance), dg.SkipReason)


def test_what_is_watched_can_be_watched(settings: AssetsSettings):
    keys = build_defs(settings).resolve_job_def("watch").partitions_def.get_partition_keys()

    assert "toy|2018-01-08" in keys
    assert pl.Series(keys).str.starts_with("toy|").all()
