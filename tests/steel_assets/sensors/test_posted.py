"""What the sensor asks for when readings were posted, and that a run of it brings them into the lake."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import dagster as dg
import duckdb
import polars as pl
import pytest

from steel_assets import freshness
from steel_assets.definitions import build_defs, build_resources
from steel_assets.partitions import PlantMonth, range_tags
from steel_assets.settings import AssetsSettings
from steel_energy.inbox import Inbox
from steel_energy.lake import Lake
from steel_energy.sources.raw import PUBLISHED_HEADER
from steel_energy.testing import toy_plant, varied_readings

JOB = "take_in_posted"
JANUARY, MARCH, APRIL = (PlantMonth("toy", f"2018-{month}") for month in ("01", "03", "04"))
MakeProject = Callable[[Path], AssetsSettings]
ASSETS = ["raw_readings", "cleaned_readings", "repairs", "features"]


class TakenIn(NamedTuple):
    """A project after a run that the sensor asked for, and the readings that were posted before it."""

    settings: AssetsSettings
    instance: dg.DagsterInstance
    result: dg.ExecuteInProcessResult
    corrected: pl.DataFrame
    added: pl.DataFrame


def make_measured(settings: AssetsSettings) -> AssetsSettings:
    """The toy project with its first three months in a CSV, so that readings may follow on."""
    placed = build_resources(settings)["project"].take_in("toy").placed
    path = settings.home / "measured.csv"
    placed.select(list(PUBLISHED_HEADER)).rename(PUBLISHED_HEADER).write_csv(path)
    return settings.model_copy(update={"source": str(path)})


@pytest.fixture
def inbox(settings: AssetsSettings) -> Inbox:
    return Inbox(settings.inbox_dir)


@pytest.fixture
def sensor(settings: AssetsSettings) -> dg.SensorDefinition:
    return build_defs(settings).resolve_sensor_def("posted_readings")


def post(inbox: Inbox, *, first: dt.date, days: int = 1, batch_id: str) -> pl.DataFrame:
    skipped = (first - dt.date(2018, 1, 1)).days
    rows = varied_readings(days=skipped + days, plant=toy_plant()).tail(days * 96)
    inbox.add("toy", rows, batch_id=batch_id)
    return rows


def tick(sensor: dg.SensorDefinition, instance: dg.DagsterInstance, cursor: str | None = None) -> dg.SensorResult:
    context = dg.build_sensor_context(instance=instance, cursor=cursor)
    result = sensor(context)
    assert isinstance(result, dg.SensorResult)
    return result


def requested(result: dg.SensorResult) -> list[dg.RunRequest]:
    return list(result.run_requests or [])


def months_of(request: dg.RunRequest) -> tuple[str, str]:
    return tuple(request.tags[f"dagster/asset_partition_range_{edge}"].split("|")[0] for edge in ("start", "end"))


def recorded(instance: dg.DagsterInstance, request: dg.RunRequest, status: dg.DagsterRunStatus) -> str:
    """The id of a run of the request that stands as ``status``, as Dagster's daemon would have left it."""
    run = dg.DagsterRun(job_name=JOB, tags=dict(request.tags), status=status, run_id=dg._core.utils.make_new_run_id())
    return instance.add_run(run).run_id


def test_nothing_is_asked_for_where_nothing_was_posted(sensor: dg.SensorDefinition, instance: dg.DagsterInstance):
    result = tick(sensor, instance)

    assert requested(result) == []
    assert result.skip_reason == dg.SkipReason("nothing new was posted")


def test_all_new_batches_of_a_plant_are_one_run_and_are_asked_for_once(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, inbox: Inbox
):
    post(inbox, first=dt.date(2018, 4, 1), batch_id="one")
    post(inbox, first=dt.date(2018, 2, 28), days=2, batch_id="two")

    first = tick(sensor, instance)
    again = tick(sensor, instance, first.cursor)

    (request,) = requested(first)
    assert months_of(request) == ("2018-02", "2018-04")
    assert requested(again) == []
    assert json.loads(first.cursor or "") == json.loads(again.cursor or "")


def test_a_lost_cursor_asks_with_the_same_run_key_which_dagster_runs_once(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, inbox: Inbox
):
    post(inbox, first=dt.date(2018, 4, 1), batch_id="one")

    keys = [request.run_key for _ in range(2) for request in requested(tick(sensor, instance))]
    post(inbox, first=dt.date(2018, 4, 2), batch_id="two")
    (later,) = requested(tick(sensor, instance))

    assert keys[0] == keys[1] != later.run_key


def test_a_new_batch_waits_for_the_run_before_it(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, inbox: Inbox
):
    post(inbox, first=dt.date(2018, 4, 1), batch_id="one")
    first = tick(sensor, instance)
    recorded(instance, requested(first)[0], dg.DagsterRunStatus.STARTED)
    post(inbox, first=dt.date(2018, 4, 2), batch_id="two")

    waiting = tick(sensor, instance, first.cursor)

    assert requested(waiting) == []
    assert "toy waits for run" in str(waiting.skip_reason)
    assert waiting.cursor == first.cursor


@pytest.mark.parametrize(
    ("status", "first_month"),
    [(dg.DagsterRunStatus.FAILURE, "2018-02"), (dg.DagsterRunStatus.SUCCESS, "2018-04")],
)
def test_what_a_failed_run_left_undone_is_done_with_the_next_batch(
    sensor: dg.SensorDefinition,
    instance: dg.DagsterInstance,
    inbox: Inbox,
    status: dg.DagsterRunStatus,
    first_month: str,
):
    post(inbox, first=dt.date(2018, 2, 1), batch_id="one")
    first = tick(sensor, instance)
    recorded(instance, requested(first)[0], status)
    idle = tick(sensor, instance, first.cursor)
    post(inbox, first=dt.date(2018, 4, 1), batch_id="two")

    (next_run,) = requested(tick(sensor, instance, idle.cursor))

    assert requested(idle) == []
    assert months_of(next_run) == (first_month, "2018-04")


def test_what_is_posted_while_a_lost_run_is_about_to_be_done_again_waits_for_it(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, inbox: Inbox
):
    post(inbox, first=dt.date(2018, 2, 1), batch_id="one")
    first = tick(sensor, instance)
    lost = recorded(instance, requested(first)[0], dg.DagsterRunStatus.FAILURE)
    instance.add_run_tags(lost, {"dagster/will_retry": "true"})
    post(inbox, first=dt.date(2018, 4, 1), batch_id="two")
    before = tick(sensor, instance, first.cursor)
    instance.add_run_tags(lost, {"dagster/will_retry": "false"})

    (next_run,) = requested(tick(sensor, instance, before.cursor))

    assert requested(before) == []
    assert before.skip_reason == dg.SkipReason(f"toy waits for run {lost[:8]}")
    assert months_of(next_run) == ("2018-02", "2018-04")


def test_what_a_build_took_in_is_not_asked_for_again(
    settings: AssetsSettings, sensor: dg.SensorDefinition, instance: dg.DagsterInstance, inbox: Inbox
):
    post(inbox, first=dt.date(2018, 4, 1), batch_id="one")
    built = {freshness.POSTED: inbox.fingerprint("toy")}
    Lake(settings.lake_dir).write_facts(freshness.ASSET, "toy", built)

    after_build = tick(sensor, instance)
    post(inbox, first=dt.date(2018, 4, 2), batch_id="two")

    assert requested(after_build) == []
    assert len(requested(tick(sensor, instance, after_build.cursor))) == 1


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory, make_toy_project: MakeProject) -> Iterator[TakenIn]:
    """Three months from a CSV; then a day of March corrected and the first days of April posted, as the sensor asks."""
    settings = make_measured(make_toy_project(tmp_path_factory.mktemp("taken_in")))
    inbox = Inbox(settings.inbox_dir)
    with dg.DagsterInstance.ephemeral() as instance:
        run(settings, instance, "rebuild_months", tags=range_tags(JANUARY, MARCH))
        corrected = post(inbox, first=dt.date(2018, 3, 5), batch_id="one")
        added = post(inbox, first=dt.date(2018, 4, 1), days=2, batch_id="two")
        (request,) = requested(tick(build_defs(settings).resolve_sensor_def("posted_readings"), instance))
        result = run(settings, instance, JOB, tags=dict(request.tags))
        yield TakenIn(settings, instance, result, corrected, added)


def test_posted_readings_reach_the_lake_and_the_warehouse(taken_in: TakenIn):
    readings = Lake(taken_in.settings.lake_dir).read("cleaned_readings", "toy")

    assert taken_in.result.success
    posted = pl.concat([taken_in.corrected, taken_in.added])
    assert readings.filter(pl.col("interval_start").is_in(posted["interval_start"].implode())).equals(posted)
    assert readings.height == (31 + 28 + 31 + 2) * 96
    with duckdb.connect(str(taken_in.settings.warehouse_file), read_only=True) as connection:
        assert connection.execute("select count(*) from cleaned_readings").fetchall() == [(readings.height,)]


def test_the_lake_says_what_was_posted(taken_in: TakenIn):
    facts = Lake(taken_in.settings.lake_dir).read_facts("raw_readings", "toy") or {}

    assert (facts["rows_posted"], facts["rows_superseded"], facts["rows_waiting"]) == (3 * 96, 96, 0)
    assert facts["posted_until"] == facts["end"] == "2018-04-03T00:00:00+09:00"


def test_the_run_leaves_the_lake_as_a_build_of_all_months_would(taken_in: TakenIn):
    lake = Lake(taken_in.settings.lake_dir)
    after_sensor = {asset: lake.read(asset, "toy") for asset in ASSETS}

    run(taken_in.settings, taken_in.instance, "rebuild_months", tags=range_tags(JANUARY, APRIL))

    assert all(lake.read(asset, "toy").equals(frame) for asset, frame in after_sensor.items())


def test_readings_that_wait_behind_a_gap_are_told_by_a_check_that_blocks_nothing(taken_in: TakenIn):
    post(Inbox(taken_in.settings.inbox_dir), first=dt.date(2018, 4, 20), batch_id="three")

    result = run(taken_in.settings, taken_in.instance, JOB, tags=range_tags(APRIL, APRIL))

    failed = [check for check in result.get_asset_check_evaluations() if not check.passed]
    assert result.success
    assert {check.check_name for check in failed} == {"posted_in_use"}
    assert "96 wait, from 2018-04-20" in str(failed[0].metadata["actual"].value)


def test_simulated_readings_never_stay_beside_measured_ones(taken_in: TakenIn):

    result = run(
        taken_in.settings.model_copy(update={"source": "simulated"}),
        taken_in.instance,
        JOB,
        tags=range_tags(APRIL, APRIL),
    )

    failure = next(event for event in result.all_events if event.is_step_failure)
    assert "readings are simulated now, those of 2018-01 to 2018-03 are file" in str(failure.step_failure_data.error)


def run(
    settings: AssetsSettings, instance: dg.DagsterInstance, job: str, *, tags: dict[str, str]
) -> dg.ExecuteInProcessResult:
    definition = build_defs(settings).resolve_job_def(job)
    return definition.execute_in_process(instance=instance, tags=tags, raise_on_error=False)
