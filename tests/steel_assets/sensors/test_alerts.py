"""What the alert sensors make of Dagster's runs, and that they tell it once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import dagster as dg
import pytest

from steel_assets.alerting import Watch, failed_runs, first_error, plant_of
from steel_assets.definitions import build_defs
from steel_assets.settings import AssetsSettings
from steel_energy.alerts.settings import AlertSettings
from steel_energy.errors import SourceError
from steel_energy.plant import load_plants

PLANTS = {"toy"}
Run = Callable[..., str]


@dg.op(config_schema=bool)
def fetch(context) -> None:
    if context.op_config:
        raise SourceError("cannot be fetched: nobody answers\nsecond line", field="http://plant", remedy="look")


@dg.job
def nightly() -> None:
    fetch()


@pytest.fixture
def run(instance: dg.DagsterInstance) -> Run:
    """Runs the job; returns the run's id."""

    def execute(*, fails: bool, **tags: str) -> str:
        config = {"ops": {"fetch": {"config": fails}}}
        return nightly.execute_in_process(config, instance=instance, tags=tags, raise_on_error=False).run_id

    return execute


@pytest.fixture
def watch(settings: AssetsSettings) -> Watch:
    return Watch.over(load_plants(settings.plants_dir), settings, AlertSettings.model_construct())


def told(settings: AssetsSettings) -> list[dict[str, Any]]:
    file = settings.logs_dir / "alerts.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_a_failed_run_is_told_with_step_and_first_line_of_the_error(instance: dg.DagsterInstance, run: Run):
    run_id = run(fails=True, **{"dagster/partition": "2018-01|toy"})

    (failed,) = failed_runs(instance, plants=PLANTS)

    assert (failed.job, failed.plant, failed.run_id, failed.step) == ("nightly", "toy", run_id, "fetch")
    assert failed.error == "SourceError: http://plant: cannot be fetched: nobody answers"
    assert first_error(instance, run_id) == (failed.step, failed.error)


def test_a_later_run_of_the_same_plant_makes_a_failure_good(instance: dg.DagsterInstance, run: Run):
    for plant in ("toy", "other"):
        run(fails=True, **{"steel/plant": plant})
    run(fails=False, **{"steel/plant": "other"})
    before = [failed.plant for failed in failed_runs(instance, plants={"toy", "other"})]
    run(fails=False, **{"steel/plant": "toy"})

    assert before == ["toy"]
    assert list(failed_runs(instance, plants={"toy", "other"})) == []


def test_a_run_that_dagster_starts_again_is_no_failure_yet(instance: dg.DagsterInstance, run: Run):
    run(fails=True, **{"dagster/will_retry": "true"})

    assert list(failed_runs(instance, plants=PLANTS)) == []


def test_a_run_whose_process_was_killed_says_so(instance: dg.DagsterInstance):
    killed = dg.DagsterRun(
        job_name="nightly", status=dg.DagsterRunStatus.STARTED, run_id=dg._core.utils.make_new_run_id()
    )
    instance.add_run(killed)
    instance.report_run_failed(killed, "Run worker was killed")

    (failed,) = failed_runs(instance, plants=PLANTS)

    assert (failed.step, failed.error) == (None, "Run worker was killed")


@pytest.mark.parametrize(
    ("tags", "plant"),
    [
        ({"steel/plant": "toy"}, "toy"),
        ({"dagster/partition": "toy"}, "toy"),
        ({"dagster/partition": "2018-01|toy"}, "toy"),
        ({"dagster/asset_partition_range_start": "toy|2018-01-01"}, "toy"),
        ({"dagster/partition": "unknown"}, None),
        ({}, None),
    ],
)
def test_a_runs_plant_follows_from_its_tags(tags: dict[str, str], plant: str | None):
    assert plant_of(tags, PLANTS) == plant


def test_both_sensors_tell_a_failure_once(settings: AssetsSettings, instance: dg.DagsterInstance):
    config = {"ops": {"fetch": {"config": True}}}
    result = nightly.execute_in_process(
        config, instance=instance, tags={"dagster/partition": "toy"}, raise_on_error=False
    )
    (event,) = (one for one in result.all_events if one.event_type == dg.DagsterEventType.RUN_FAILURE)
    defs = build_defs(settings)
    at_once, every_minute = (defs.resolve_sensor_def(name) for name in ("run_failures", "alerts"))
    failure = dg.build_run_status_sensor_context(
        "run_failures", event, instance, result.dagster_run, partition_key="toy"
    ).for_run_failure()

    at_once(failure)
    skipped = every_minute(dg.build_sensor_context(instance=instance))

    (line,) = told(settings)
    assert line["subject"] == "[warning] toy: nightly failed in fetch"
    assert line["alerts"][0]["link"].endswith(f"/runs/{result.run_id}")
    assert skipped == dg.SkipReason("nothing to tell")


def test_a_failure_that_was_made_good_is_called_off_after_its_cool_down(
    watch: Watch, settings: AssetsSettings, instance: dg.DagsterInstance, run: Run
):
    now = dt.datetime.now(dt.UTC)
    run(fails=True, **{"dagster/partition": "toy"})
    watch.tell(watch.look_at_runs(instance), now=now)
    run(fails=False, **{"dagster/partition": "toy"})

    for hours in (1, 25, 26):
        watch.tell(watch.look_at_runs(instance), now=now + dt.timedelta(hours=hours))

    assert [line["subject"] for line in told(settings)] == [
        "[warning] toy: nightly failed in fetch",
        "[all clear] toy: nightly failed in fetch",
    ]


def test_a_training_after_which_the_champion_stayed_is_news(
    watch: Watch, settings: AssetsSettings, instance: dg.DagsterInstance
):
    metadata = {"is_promoted": False, "reason": "the champion stays: it is better"}
    instance.report_runless_asset_event(
        dg.AssetMaterialization(asset_key="champion", partition="toy", metadata=metadata)
    )
    now = dt.datetime.now(dt.UTC)

    for minutes in (0, 1):
        at = now + dt.timedelta(minutes=minutes)
        watch.tell(watch.look(instance, now=at), now=at)

    (line,) = told(settings)
    assert line["subject"] == "[info] toy: trained again, the champion stays"
    assert line["alerts"][0]["facts"] == ["Reason: the champion stays: it is better"]


def test_a_channel_that_takes_nothing_fails_the_tick_and_says_which(
    settings: AssetsSettings, instance: dg.DagsterInstance, run: Run
):
    run(fails=True)
    alerts = AlertSettings.model_validate({"webhook_url": "http://127.0.0.1:1/services/SECRET"})
    sensor = build_defs(settings, alerts=alerts).resolve_sensor_def("alerts")

    with pytest.raises(dg.Failure, match=r"the webhook at 127\.0\.0\.1: ConnectError") as raised:
        sensor(dg.build_sensor_context(instance=instance))

    assert "SECRET" not in str(raised.value)
    assert len(told(settings)) == 1


@pytest.mark.parametrize(("automation", "status"), [("off", "STOPPED"), ("on", "RUNNING")])
def test_the_sensors_run_by_themselves_where_automation_is_on(settings: AssetsSettings, automation: str, status: str):
    defs = build_defs(settings.model_copy(update={"automation": automation}))

    sensors = [defs.resolve_sensor_def(name) for name in ("alerts", "run_failures")]

    assert [sensor.default_status.value for sensor in sensors] == [status, status]
